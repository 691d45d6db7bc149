// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/argv_secrets.h"
#include "app/cli/commands.h"
#include "app/cli/voice.h"
#include "app/console/console_command.h"
#include "core/base/log.h"
#include "core/base/redactor.h"

#include <CLI/CLI.hpp>

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <sstream>
#include <sys/prctl.h>
#include <sys/resource.h>

using namespace cachedeck;

namespace {

// Passwords live in this process's memory: no core file, no reading by other processes of the same user.
void hardenProcess() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error, not the end
#ifdef NDEBUG
  prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = takeArguments(argc, argv);
  hardenProcess();
  QCoreApplication::setApplicationVersion(QStringLiteral(CACHEDECK_VERSION));

  CLI::App app("Cachedeck: operations console for systems that read a database through a cache", "cachedeck");
  app.set_version_flag("--version", CACHEDECK_VERSION);
  std::function<int()> handler;
  const auto choose = [&handler](std::function<int()> chosen) { handler = std::move(chosen); };
  const Program program{argc, argv};
  addConsoleCommand(app, program, choose);
  addCommands(app, program, choose);

  std::vector<std::string> words;
  for (qsizetype i = arguments.list.size() - 1; i > 0; --i) words.push_back(arguments.list[i].toStdString());  // CLI11 wants them reversed
  if (arguments.heldPassword()) std::fprintf(stderr, "%s\n", qPrintable(passwordWarning()));
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, complaint;  // a mistyped option repeats its argument, which may hold a password
    const int code = app.exit(error, out, complaint);
    std::fputs(redact(QString::fromStdString(complaint.str())).toUtf8().constData(), stderr);
    if (code != 0) return 2;
    const Result<void> shown = writeOut(QByteArray::fromStdString(out.str()));
    if (!shown) std::fprintf(stderr, "cachedeck: %s\n", qPrintable(shown.error().message));
    return shown ? 0 : 1;
  }
  installLog(defaultLogFile());
  return handler();
}
