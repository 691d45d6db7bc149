// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/doctor_command.h"

#include "app/cli/named_servers.h"
#include "app/cli/run_beside.h"
#include "app/cli/sandbox_option.h"
#include "app/cli/voice.h"
#include "core/doctor/report_json.h"
#include "core/profiles/profile_fields.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QJsonDocument>

namespace cachedeck {

namespace {

struct DoctorArguments {
  SourceOptions sources;
  std::string service;
  SandboxOption sandbox;
  bool json = false;
};

constexpr Voice voice("doctor");

int exitCodeOf(const doctor::Report& report) {
  if (report.looked.isEmpty()) return 3;
  return report.isHealthy() ? 0 : 1;
}

int run(DoctorArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  SourceOptions sources = arguments.sources;
  doctor::Options options;
  options.serviceUrl = QString::fromStdString(arguments.service);
  if (arguments.sandbox.isGiven()) {
    const Result<SandboxInfo> sandbox = arguments.sandbox.running();
    if (!sandbox) return voice.complain(sandbox.error(), sandbox.error().kind == Error::Kind::Usage ? 2 : 3);
    sources.use(sandbox->urls);
    if (options.serviceUrl.isEmpty()) options.serviceUrl = sandbox->services.value(QStringLiteral("sample"));
  }
  const auto secrets = Secrets::ofThisProcess();
  const auto servers = namedServers(sources, *secrets);
  if (!servers) return voice.complain(servers.error().error, servers.error().exitCode);
  if (options.serviceUrl.isEmpty()) options.serviceUrl = servers->profile.fields.value(QLatin1String(serviceUrlField)).trimmed();
  const SystemClock clock;
  return runBeside([&](const std::stop_token& stop) {
    const doctor::Report report = doctor::examine(servers->sources, options, clock, stop);
    const int failed = voice.print(arguments.json ? QJsonDocument(reportJson(report)).toJson() : reportText(report).toUtf8());
    return failed != 0 ? failed : exitCodeOf(report);
  });
}

}  // namespace

void addDoctorCommand(CLI::App& app, const Program& program, const Choose& choose) {
  auto* command = app.add_subcommand("doctor", "Look for what is wrong with the servers, the exporters and the alerts, and say what to do");
  const auto arguments = std::make_shared<DoctorArguments>();
  arguments->sources.addTo(*command);
  const std::vector<CLI::Option*> named = command->get_options([](const CLI::Option* option) { return !option->get_type_name().empty(); });
  arguments->sandbox.addTo(*command, "The servers");
  for (const char* sandbox : {"--sandbox", "--sandbox-dir"})
    for (CLI::Option* option : named) command->get_option(sandbox)->excludes(option);
  command->add_option("--service", arguments->service, "URL of the service; default: the profile's")->type_name("URL");
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->callback([arguments, program, choose] { choose([arguments, program] { return run(*arguments, program); }); });
}

}  // namespace cachedeck
