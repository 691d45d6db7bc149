// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_command.h"

#include "app/cli/duration.h"
#include "app/cli/source_options.h"
#include "app/cli/watch.h"
#include "core/base/redactor.h"
#include "core/profiles/prompt.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>

#include <cstdio>

namespace cachedeck {

namespace {

struct WatchArguments {
  SourceOptions sources;
  std::string every = "1s";
  WatchOptions options;
};

int complain(const Error& error, int exitCode) {
  std::fprintf(stderr, "cachedeck watch: %s\n", qPrintable(redact(error.message)));
  return exitCode;
}

int run(WatchArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto every = parseDuration(QString::fromStdString(arguments.every));
  if (!every) return complain(every.error(), 2);
  arguments.options.every = *every;
  const auto secrets = Secrets::ofThisProcess();
  const auto profile = arguments.sources.profile(*secrets);
  if (!profile) return complain(profile.error(), 2);
  const auto resolved = resolveOrAsk(*secrets, *profile);
  if (!resolved) return complain(resolved.error(), resolved.error().isCancelled() ? 1 : 3);
  if (resolved->sources.isEmpty()) return complain(fail(Error::Kind::Usage, QStringLiteral("The profile has no enabled source.")), 2);
  return watchSources(resolved->sources, arguments.options);
}

}  // namespace

void addWatchCommand(CLI::App& app, const Program& program, const Choose& choose) {
  auto* command = app.add_subcommand("watch", "Print the figures of the Overview");
  const auto arguments = std::make_shared<WatchArguments>();
  arguments->sources.addTo(*command);
  command->add_flag("--json", arguments->options.json, "One JSON object a line, and nothing else on standard output");
  command->add_option("--every", arguments->every, "Time between lines")->type_name("TIME")->capture_default_str();
  command->add_option("--count", arguments->options.count, "Stop after so many lines; 0 = until Ctrl-C")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000'000));
  command->callback([arguments, program, choose] { choose([arguments, program] { return run(*arguments, program); }); });
}

}  // namespace cachedeck
