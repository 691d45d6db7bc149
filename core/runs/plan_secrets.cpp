// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/plan_secrets.h"

#include <QProcessEnvironment>

namespace cachedeck::runs {

namespace {

/// Of a script nothing says which of its variables are secret: all are but these.
bool isOpen(const QString& name) { return !name.startsWith(QLatin1String("CACHEDECK_LOAD_")) || name.endsWith(QLatin1String("_URL")) || name.endsWith(QLatin1String("_USER")); }

}  // namespace

std::vector<Secret> secretsOf(const load::RunPlan& plan, bool isScript) {
  std::vector<Secret> secrets;
  const auto add = [&secrets](const QString& value) {
    if (!value.isEmpty()) secrets.push_back(Secret::fromString(value));
  };
  for (const std::string& name : plan.scenario.secretVariables)
    if (const auto value = plan.variables.find(name); value != plan.variables.end()) add(QString::fromStdString(value->second));
  if (!isScript) return secrets;
  for (const auto& [name, value] : plan.variables)
    if (const QString variable = QString::fromStdString(name); !isOpen(variable)) add(QString::fromStdString(value));
  const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const QString& name : environment.keys())
    if (!isOpen(name)) add(environment.value(name));
  return secrets;
}

}  // namespace cachedeck::runs
