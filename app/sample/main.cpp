// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/argv_secrets.h"
#include "app/sample/log.h"
#include "app/sample/program.h"
#include "app/sample/signals.h"

#include <cstdio>
#include <cstdlib>

using namespace cachedeck::sample;

namespace {

// libpq's own way to get a password: it stands in no connection string and in no message.
void usePostgresPassword() {
  const char* password = std::getenv("CACHEDECK_POSTGRES_PASSWORD");
  if (password && *password) setenv("PGPASSWORD", password, 1);
  if (const char* used = std::getenv("PGPASSWORD")) hideInLog(used);
}

}  // namespace

int main(int argc, char** argv) {
  const TakenArguments arguments = takeArguments(argc, argv);
  for (const std::string& secret : arguments.secrets) hideInLog(secret);
  usePostgresPassword();
  std::variant<Options, Ending> options = readOptions(arguments.list);
  if (const Ending* ending = std::get_if<Ending>(&options)) {
    if (ending->code == 0)
      std::fputs(ending->text.c_str(), stdout);
    else
      logLine(ending->text + " See cachedeck-sample --help.");
    return ending->code;
  }
  if (!arguments.secrets.empty())
    logLine("a password on the command line can be seen by others while the program starts, and stays in the shell's history; "
            "the environment is better (--help names the variables)");
  StopSignals signals;
  return runService(std::get<Options>(options), signals);
}
