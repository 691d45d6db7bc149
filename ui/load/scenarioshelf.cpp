// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/scenarioshelf.h"

#include "core/base/text.h"
#include "core/load/bundled.h"
#include "core/profiles/privatefile.h"
#include "ui/load/loadtext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace cachedeck {

namespace {

constexpr qint64 longestFile = 1024 * 1024;  // no scenario is larger
constexpr int mostNames = 100;

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
  for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) entries.append(readScenario(file.absoluteFilePath()));
  return entries;
}

ScenarioEntry readScenario(const QString& file) { return entryOf(file.toStdString(), file); }

Result<QString> shelveScenario(const QString& file, const QString& folder) {
  const auto text = [](const char* words) { return QCoreApplication::translate("ScenarioShelf", words); };
  QFile source(file);
  if (!source.open(QIODevice::ReadOnly)) return fail(Error::Kind::Io, text("%1 cannot be read: %2.").arg(file, source.errorString()));
  const QByteArray bytes = source.read(longestFile);
  if (const Result<void> made = makePrivateFolder(folder); !made) return made.error();
  const QString base = QFileInfo(file).completeBaseName();
  for (int number = 1; number <= mostNames; ++number) {
    const QString place = QDir(folder).absoluteFilePath(number == 1 ? base + QStringLiteral(".json") : QStringLiteral("%1-%2.json").arg(base).arg(number));
    QFile there(place);
    if (there.exists() && there.open(QIODevice::ReadOnly) && there.read(longestFile) == bytes) return place;
    if (there.exists()) continue;
    if (const Result<void> written = writePrivateFile(place, bytes); !written) return written.error();
    return place;
  }
  return fail(Error::Kind::Io, text("There are too many scenarios called %1. Rename the file.").arg(base));
}

}  // namespace cachedeck
