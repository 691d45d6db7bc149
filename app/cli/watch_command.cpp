// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_command.h"

#include "app/cli/duration.h"
#include "app/cli/named_servers.h"
#include "app/cli/voice.h"
#include "app/cli/watch.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>

namespace cachedeck {

namespace {

struct WatchArguments {
  SourceOptions sources;
  std::string every = "1s";
  WatchOptions options;
};

constexpr Voice voice("watch");

int run(WatchArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto every = parseDuration(QString::fromStdString(arguments.every));
  if (!every) return voice.complain(every.error(), 2);
  arguments.options.every = *every;
  const auto secrets = Secrets::ofThisProcess();
  const auto servers = namedServers(arguments.sources, *secrets);
  if (!servers) return voice.complain(servers.error().error, servers.error().exitCode);
  return watchSources(servers->sources, arguments.options);
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
