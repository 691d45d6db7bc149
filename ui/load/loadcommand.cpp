// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/loadcommand.h"

#include "core/base/text.h"
#include "core/profiles/secrets.h"
#include "ui/load/loadtext.h"
#include "ui/load/serverurl.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Load", text); }

QString option(const char* name, const QString& value) { return QLatin1String(name) + QLatin1Char(' ') + shellWord(value); }

bool isSecret(const load::Scenario& scenario, const std::string& name) { return std::find(scenario.secretVariables.begin(), scenario.secretVariables.end(), name) != scenario.secretVariables.end(); }

/// Whether the sandbox says this value to the command by itself.
bool isOfSandbox(const LoadTarget& target, const std::string& name, const std::string& value) {
  const auto known = target.variables.find(name);
  return !target.sandboxDir.isEmpty() && known != target.variables.end() && known->second == value;
}

/// What of the servers the command has to name: all that the workload reads through, else the Redis, whose guard and journal a run goes by.
QStringList namedServers(const LoadTarget& target, const RunRequest& request) {
  if (target.saved || !target.sandboxDir.isEmpty()) return {};
  QStringList names{QStringLiteral("redis")};
  if (request.scenario.target == load::Target::CacheAside) names << QStringLiteral("postgres");
  names.removeIf([&](const QString& name) { return !target.servers.contains(name); });
  return names;
}

QStringList serverWords(const LoadTarget& target, const RunRequest& request) {
  if (target.saved) return {option("--profile", target.profile)};
  if (!target.sandboxDir.isEmpty()) return {option("--sandbox-dir", target.sandboxDir)};
  QStringList words;
  for (const QString& name : namedServers(target, request)) words << QStringLiteral("--%1 %2").arg(name, shellWord(serverUrl(name, target.servers[name])));
  return words;
}

QStringList variableWords(const LoadTarget& target, const RunRequest& request) {
  QStringList words;
  for (const auto& [name, value] : request.variables) {
    const auto own = request.scenario.variables.find(name);
    const bool fromSandbox = isOfSandbox(target, name, value), otherInSandbox = !target.sandboxDir.isEmpty() && target.variables.contains(name) && !fromSandbox;
    // What is secret does not stand on a command line, where every process of the machine reads it.
    if (isSecret(request.scenario, name) || fromSandbox || (!otherInSandbox && own != request.scenario.variables.end() && own->second == value)) continue;
    words << option("--var", engineText(name) + QLatin1Char('=') + engineText(value));
  }
  return words;
}

}  // namespace

QString loadCommand(const LoadTarget& target, const RunRequest& request, const QString& file) {
  QStringList words{QStringLiteral("cachedeck load run"), shellWord(file.isEmpty() ? engineText(request.scenario.name) : file)};
  const bool sandboxService = !target.sandboxDir.isEmpty() && request.url.trimmed() == target.serviceUrl;
  if (request.scenario.target == load::Target::Http && !sandboxService) words << QStringLiteral("--url %1").arg(!urlProblem(request.url).isEmpty() ? QStringLiteral("URL") : shellWord(request.url.trimmed()));
  if (request.k6 && request.script.isEmpty()) words << QStringLiteral("--k6");  // a script is k6's anyhow
  words << serverWords(target, request);
  if (!target.cache.isEmpty()) words << option("--cache", target.cache);
  if (const QString phrase = runs::RunGuard::phraseFor(target.subject(), request.url, request.scenario); !phrase.isEmpty()) {
    if (target.environment == Environment::Production) words << option("--unlock", tr("why"));
    words << option("--confirm", phrase);
  }
  if (request.timeScale != 1) words << QStringLiteral("--time-scale %1").arg(QString::number(request.timeScale, 'g', 6));
  return (words + variableWords(target, request)).join(QLatin1Char(' '));
}

QStringList commandSecrets(const LoadTarget& target, const RunRequest& request) {
  QStringList names;
  for (const QString& server : namedServers(target, request)) {
    const QMap<QString, Secret>& secrets = target.servers[server].secrets;
    for (auto secret = secrets.begin(); secret != secrets.end(); ++secret)
      if (!secret->isEmpty()) names << secretVariable(server, secret.key());
  }
  for (const std::string& name : request.scenario.secretVariables) {
    const auto value = request.variables.find(name);
    if (value == request.variables.end() || !isOfSandbox(target, name, value->second)) names << QStringLiteral("CACHEDECK_LOAD_%1").arg(engineText(name, 60).toUpper());
  }
  return names;
}

}  // namespace cachedeck
