// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/scenarioshelf.h"

#include "core/base/text.h"
#include "core/load/bundled.h"
#include "ui/load/loadtext.h"

#include <QDir>
#include <QFileInfo>

namespace cachedeck {

namespace {

ScenarioEntry entryOf(const std::string& nameOrFile, const QString& file) {
  ScenarioEntry entry;
  entry.file = file;
  entry.name = entry.title = file.isEmpty() ? engineText(nameOrFile) : QFileInfo(file).completeBaseName();
  const auto scenario = load::loadScenario(nameOrFile);
  if (!scenario) {
    QStringList lines;  // each begins with the file, which stands above them already
    for (QString line : QString::fromStdString(scenario.error()).split(QLatin1Char('\n'))) lines << printable(line.remove(file.isEmpty() ? QString() : file + QStringLiteral(", ")), 400);
    entry.problem = lines.join(QLatin1Char('\n'));
    return entry;
  }
  entry.scenario = *scenario;
  entry.name = engineText(scenario->name, 80);
  entry.title = scenario->title.empty() ? entry.name : engineText(scenario->title, 80);
  entry.description = engineText(scenario->description, 600);
  return entry;
}

}  // namespace

QList<ScenarioEntry> readScenarios(const QString& folder) {
  QList<ScenarioEntry> entries;
  for (const load::BundledScenario& bundled : load::bundledScenarios()) entries.append(entryOf(bundled.name, {}));
  if (folder.isEmpty()) return entries;
  for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) entries.append(entryOf(file.absoluteFilePath().toStdString(), file.absoluteFilePath()));
  return entries;
}

}  // namespace cachedeck
