// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_command.h"

#include "app/cli/voice.h"
#include "core/sandbox/sandbox.h"
#include "core/sandbox/supervisor.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>

#include <memory>
#include <string>

namespace cachedeck {
namespace {

struct Options {
  std::string dir;
  bool json = false;
  SupervisorOptions supervisor;

  QString directory() const { return QString::fromStdString(dir); }
};

QString text(const char* source) { return QCoreApplication::translate("SandboxCommand", source); }

constexpr Voice voice("sandbox");

int complain(const Error& error) {
  QTextStream out(stderr);
  out << error.message << '\n';
  const QStringList lines = error.detail.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  for (const QString& line : lines) out << "  " << line << '\n';
  return error.kind == Error::Kind::NotFound ? 1 : exitCodeOf(error);  // no sandbox runs, or a server is not installed
}

QString infoText(const SandboxInfo& info) {
  QString lines;
  const QJsonObject texts = info.toJson();
  for (const char* name : {"redis", "postgres", "prometheus", "alertmanager", "pushgateway", "sample"}) {
    const QString key = QString::fromLatin1(name);
    if (texts.contains(key)) lines += QStringLiteral("  %1  %2\n").arg(key, -12).arg(texts.value(key).toString());
  }
  lines += QStringLiteral("  %1  %2/log/slack.jsonl\n").arg(text("messages"), -12).arg(info.dir);
  return lines + QStringLiteral("  %1  %2\n").arg(text("directory"), -12).arg(info.dir);
}

int print(const SandboxInfo& info, bool json, const QString& title, const QString& hint) {
  if (json) return voice.print(QJsonDocument(info.toJson()).toJson(QJsonDocument::Indented));
  return voice.print((title + QLatin1Char('\n') + infoText(info) + (hint.isEmpty() ? hint : hint + QLatin1Char('\n'))).toUtf8());
}

QString stopHint(const SandboxInfo& info) { return text("Stop it with: cachedeck sandbox down --dir %1").arg(info.dir); }

int up(const Options& options) {
  const auto progress = [&options](const QString& step) {
    if (!options.json) QTextStream(stderr) << step << QStringLiteral(" …\n");
  };
  const Result<SandboxInfo> info = sandboxUp({options.directory(), {}}, progress, {});
  if (!info) return complain(info.error());
  return print(*info, options.json, text("The sandbox is ready."), stopHint(*info));
}

int down(const Options& options) {
  if (const Result<void> done = sandboxDown(options.directory()); !done) return complain(done.error());
  return voice.print(options.json ? QByteArray("{\"stopped\": true}\n") : text("The sandbox is stopped; nothing of it is left.").toUtf8() + '\n');
}

int status(const Options& options) {
  const QList<SandboxInfo> all = options.json || !options.dir.empty() ? QList<SandboxInfo>() : sandboxList();
  if (all.size() > 1) {
    for (const SandboxInfo& info : all)
      if (const int failed = print(info, false, text("A sandbox is running."), stopHint(info)); failed != 0) return failed;
    return 0;
  }
  const Result<SandboxInfo> info = sandboxStatus(options.directory());
  if (!info) return complain(info.error());
  return print(*info, options.json, info->owned ? text("A sandbox is running; it belongs to a console and ends with it.") : text("A sandbox is running."),
               info->owned ? QString() : stopHint(*info));
}

int supervise(const Options& options) {
  SupervisorOptions all = options.supervisor;
  all.dir = options.directory();
  return superviseSandbox(all);
}

}  // namespace

void addSandboxCommand(CLI::App& app, std::function<void(std::function<int()>)> choose) {
  struct Row {
    const char* name;
    const char* help;
    int (*run)(const Options&);
  };
  static constexpr Row rows[] = {
      {"up", "Start real servers with data and traffic on this machine, and leave them running", up},
      {"down", "Stop a sandbox and remove its directory", down},
      {"status", "Show the running sandbox", status},
      {"supervise", "", supervise},
  };
  auto options = std::make_shared<Options>();
  CLI::App* sandbox = app.add_subcommand("sandbox", "Real servers to try things on: Redis, PostgreSQL, Prometheus and what belongs to them");
  sandbox->require_subcommand(1);
  for (const Row& row : rows) {
    CLI::App* command = sandbox->add_subcommand(row.name, row.help);
    command->add_option("--dir", options->dir, "The sandbox's directory: empty, or not there yet");
    if (row.run == supervise) {
      command->group("");  // not for people
      command->add_option("--owner-fd", options->supervisor.ownerFd);
      command->add_option("--status-fd", options->supervisor.statusFd);
      command->add_flag("--detached", options->supervisor.detached);
    } else {
      command->add_flag("--json", options->json, "Print one JSON object with URLs (throw-away passwords in them), directory and pids");
    }
    command->callback([options, choose, run = row.run] { choose([options, run] { return run(*options); }); });
  }
}

}  // namespace cachedeck
