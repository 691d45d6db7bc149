// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/requestplan.h"

#include "core/load/k6_export.h"

#include <QProcessEnvironment>

namespace cachedeck {

load::RunPlan planOf(const RunRequest& request, const LoadTarget& target) {
  load::RunPlan plan;
  plan.scenario = request.timeScale == 1 ? request.scenario : load::scaled(request.scenario, request.timeScale);
  plan.baseUrl = request.scenario.target == load::Target::Http ? request.url.trimmed().toStdString() : std::string();
  plan.variables = request.variables;
  if (!request.script.isEmpty())  // which reads them from its environment
    for (const auto& [name, value] : target.variables) plan.variables[load::k6Environment(name)] = value;
  plan.tls = target.tls;
  if (target.direct) plan.direct = *target.direct;
  plan.caps = target.caps;
  plan.hands = target.hands;
  return plan;
}

std::vector<Secret> secretsOf(const RunRequest& request, const load::RunPlan& plan) {
  std::vector<Secret> secrets;
  for (const std::string& name : request.scenario.secretVariables)
    if (const auto value = plan.variables.find(name); value != plan.variables.end() && !value->second.empty()) secrets.push_back(Secret(QByteArray::fromStdString(value->second)));
  if (request.script.isEmpty()) return secrets;
  const auto add = [&](const QString& name, const QString& value) {
    const bool open = name.endsWith(QLatin1String("_URL")) || name.endsWith(QLatin1String("_USER"));
    if (name.startsWith(QLatin1String("CACHEDECK_LOAD_")) && !open && !value.isEmpty()) secrets.push_back(Secret::fromString(value));
  };
  for (const auto& [name, value] : plan.variables) add(QString::fromStdString(name), QString::fromStdString(value));
  const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const QString& name : environment.keys()) add(name, environment.value(name));
  return secrets;
}

Result<std::unique_ptr<runs::RunningLoad>> startLoad(const RunRequest& request, load::RunPlan plan, const load::LoadPermit& permit) {
  return request.k6 ? runs::RunningLoad::start(runs::K6Plan{std::move(plan), request.script}, permit) : runs::RunningLoad::start(std::move(plan), permit);
}

}  // namespace cachedeck
