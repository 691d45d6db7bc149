// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_command.h"

#include "app/cli/load/load_history.h"
#include "app/cli/load/load_output.h"
#include "app/cli/load/load_runner.h"
#include "app/cli/voice.h"
#include "core/base/whole_file.h"
#include "core/load/bundled.h"
#include "core/load/k6_operator.h"
#include "core/load/schedule.h"
#include "core/load/url.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QJsonArray>

namespace cachedeck {

namespace {

constexpr Voice voice("load");

// A run that is not allowed is refused before it begins.
int complain(const Error& error) { return voice.complain(error, error.kind == Error::Kind::Permission ? 2 : exitCodeOf(error)); }

int run(const LoadArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto secrets = Secrets::ofThisProcess();
  Result<load::Scenario> scenario = arguments.made();
  if (!scenario) return complain(scenario.error());
  if (const Result<void> checked = arguments.checked(); !checked) return complain(checked.error());
  Result<LoadPlace> target = loadPlace(arguments, *scenario, *secrets);
  if (!target) return complain(target.error());
  return runLoad(arguments, std::move(*scenario), std::move(*target));
}

int list(bool json) {
  QJsonArray array;
  QString lines;
  for (const load::BundledScenario& bundled : load::bundledScenarios()) {
    const auto scenario = load::loadScenario(bundled.name);
    if (!scenario) return complain(fail(Error::Kind::Server, QString::fromStdString(scenario.error())));
    const qint64 seconds = load::lengthOf(scenario->executor).count() / 1000;
    if (json) array.append(QJsonObject{{QStringLiteral("name"), QString::fromStdString(scenario->name)}, {QStringLiteral("title"), QString::fromStdString(scenario->title)},
                                       {QStringLiteral("description"), QString::fromStdString(scenario->description)},
                                       {QStringLiteral("target"), scenario->target == load::Target::Http ? QStringLiteral("http") : QStringLiteral("cache-aside")},
                                       {QStringLiteral("executor"), QString::fromLatin1(load::executorName(scenario->executor.kind))}, {QStringLiteral("seconds"), seconds}});
    else lines += QStringLiteral("%1 %2 s  %3\n").arg(QString::fromStdString(scenario->name), -20).arg(seconds, 6).arg(QString::fromStdString(scenario->description));
  }
  return voice.print(json ? jsonLine({{QStringLiteral("scenarios"), array}}) : lines.toUtf8());
}

struct ExportArguments {
  LoadArguments load;
  bool fleet = false;
  load::K6Fleet operatorFleet;
};

int exportK6(const ExportArguments& arguments) {
  const Result<load::Scenario> scenario = arguments.load.made();
  if (!scenario) return complain(scenario.error());
  // A script for a wrong address would fail on the machine that it is carried to.
  if (const auto url = load::parseUrl(arguments.load.url); !url) return complain(fail(Error::Kind::Usage, QStringLiteral("--url: %1").arg(QString::fromStdString(url.error()))));
  const auto made = arguments.fleet ? load::k6TestRun(*scenario, arguments.load.url, arguments.operatorFleet) : load::k6Script(*scenario, arguments.load.url);
  if (!made) return complain(fail(Error::Kind::Usage, QString::fromStdString(made.error())));
  if (arguments.load.out.empty()) return voice.print(QByteArray::fromStdString(made->text));
  const Result<void> written = writeWhole(QByteArray::fromStdString(made->text), QString::fromStdString(arguments.load.out));
  return written ? 0 : complain(written.error());
}

/// The subcommands on kept runs.
struct HistoryRow {
  const char* name;
  const char* help;
  int least, most;   ///< runs it takes
  bool takesFormat, takesNote;
  int (*act)(const LoadHistoryArguments&);
};

constexpr HistoryRow historyRows[] = {
    {"runs", "List the runs that were kept, newest first", 0, 0, true, false, loadRuns},
    {"report", "Tell a run: summary, Markdown, JSON, or its seconds as CSV", 1, 1, true, false, loadReport},
    {"compare", "Hold runs against the first: changes, intervals, verdicts", 2, 20, true, false, loadCompare},
    {"scorecard", "Hold a run against the reference's targets; with two, before and after", 1, 2, true, false, loadScorecard},
    {"pin", "Make a run the baseline of its scenario and target", 1, 1, false, false, loadPin},
    {"unpin", "It is the baseline no more", 1, 1, false, false, loadUnpin},
    {"note", "Set a run's note and tags", 1, 1, false, true, loadNote},
    {"remove", "Remove a run's record", 1, 1, false, false, loadRemove},
};

void addHistory(CLI::App& load, const Program& program, const Choose& choose) {
  for (const HistoryRow& row : historyRows) {
    auto* command = load.add_subcommand(row.name, row.help);
    const auto arguments = std::make_shared<LoadHistoryArguments>();
    if (row.most > 0)
      command->add_option("run", arguments->runs, "Its id or the beginning of it, last, last-1, @baseline (the pinned run), or a scenario's name")->type_name("RUN")->required()->expected(int{row.least}, int{row.most});
    if (row.takesFormat) {
      command->add_flag("--json", arguments->json, "JSON, and nothing else on standard output");
      if (row.most > 0) command->add_option("--format", arguments->format, "text, md, json; report also csv; not given: as the file of --out ends, else text")->type_name("FORMAT");
      if (row.most > 0) command->add_option("--out", arguments->out, "Write it to this file; how that ends decides the form")->type_name("FILE");
    }
    if (row.takesNote) {
      command->add_option_function<std::string>("--note", [arguments](const std::string& text) { arguments->note = text; }, "The note; \"\" removes it")->type_name("TEXT");
      command->add_option("--tag", arguments->tags, "The tags, in place of those that it has; \"\" removes them")->type_name("WORD");
    }
    command->callback([&row, arguments, program, choose] {
      choose([&row, arguments, program] {
        Program mine = program;  // Qt takes its count by reference
        QCoreApplication application(mine.argc, mine.argv);
        return row.act(*arguments);
      });
    });
  }
}

}  // namespace

void addLoadCommand(CLI::App& app, const Program& program, const Choose& choose) {
  auto* load = app.add_subcommand("load", "Put load on a service or on Redis and PostgreSQL, and judge what came of it");
  load->require_subcommand(1);

  auto* listing = load->add_subcommand("list", "List the bundled scenarios");
  const auto json = std::make_shared<bool>(false);
  listing->add_flag("--json", *json, "One JSON object, and nothing else on standard output");
  listing->callback([json, choose] { choose([json] { return list(*json); }); });

  auto* running = load->add_subcommand("run", "Carry out a scenario, or requests to one URL; exit code 99 when a threshold is crossed, 3 when nothing was measured or the result is not valid");
  const auto arguments = std::make_shared<LoadArguments>();
  arguments->addTo(*running);
  running->callback([arguments, program, choose] { choose([arguments, program] { return run(*arguments, program); }); });

  auto* exporting = load->add_subcommand("export-k6", "Write a scenario as a k6 script, or as a TestRun of k6-operator for a fleet");
  const auto exported = std::make_shared<ExportArguments>();
  exporting->add_option("scenario", exported->load.scenario, "A bundled scenario or a file")->type_name("SCENARIO")->required();
  exporting->add_option("--url", exported->load.url, "Where its requests go")->type_name("URL")->required();
  exporting->add_option("--time-scale", exported->load.timeScale, "Times are multiplied by this, 0.001 to 100")->type_name("FACTOR");
  exporting->add_flag("--operator", exported->fleet, "A manifest for k6-operator instead of a script");
  exporting->add_option("--parallelism", exported->operatorFleet.parallelism, "Pods")->type_name("N")->check(CLI::Range(1, 1000))->capture_default_str();
  exporting->add_option("--namespace", exported->operatorFleet.nameSpace, "Of the manifest")->type_name("NAME");
  exporting->add_option("--out", exported->load.out, "Write it to this file")->type_name("FILE");
  exporting->callback([exported, choose] { choose([exported] { return exportK6(*exported); }); });

  addHistory(*load, program, choose);
}

}  // namespace cachedeck
