// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/scenarioshelf.h"

#include "core/base/text.h"
#include "core/load/bundled.h"
#include "core/profiles/privatefile.h"
#include "core/runs/k6_launch.h"
#include "ui/load/loadtext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace cachedeck {

namespace {

constexpr qint64 longestFile = 1024 * 1024, longestScript = 8 * longestFile;  // no scenario is larger; scripts may be bundles
constexpr int mostNames = 100;

QString text(const char* words) { return QCoreApplication::translate("ScenarioShelf", words); }

ScenarioEntry scriptEntry(const QString& file) {
  ScenarioEntry entry;
  entry.file = file;
  entry.isScript = true;
  entry.scenario = runs::scenarioOfScript(file);
  entry.name = entry.title = engineText(entry.scenario.name, 80);
  entry.description = text("A k6 script of your own. What it does stands in its options and functions; k6 runs it as it is.");
  QFile source(file);
  if (!source.open(QIODevice::ReadOnly)) entry.problem = text("The file cannot be read: %1.").arg(source.errorString());
  else if (source.size() > longestScript) entry.problem = text("The script is larger than 8 MiB.");
  else if (const QByteArray bytes = source.read(longestScript); bytes.trimmed().isEmpty()) entry.problem = text("The script is empty.");
  else if (bytes.contains('\0')) entry.problem = text("This is no text, and no script that k6 could run.");
  return entry;
}

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
  for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.json"), QStringLiteral("*.js"), QStringLiteral("*.mjs"), QStringLiteral("*.ts")}, QDir::Files, QDir::Name)) entries.append(readScenario(file.absoluteFilePath()));
  return entries;
}

ScenarioEntry readScenario(const QString& file) { return runs::isK6Script(file) ? scriptEntry(file) : entryOf(file.toStdString(), file); }

Result<QString> shelveScenario(const QString& file, const QString& folder) {
  QFile source(file);
  if (!source.open(QIODevice::ReadOnly)) return fail(Error::Kind::Io, text("%1 cannot be read: %2.").arg(file, source.errorString()));
  const QByteArray bytes = source.read(longestScript);
  if (const Result<void> made = makePrivateFolder(folder); !made) return made.error();
  const QString base = QFileInfo(file).completeBaseName(), suffix = runs::isK6Script(file) ? QFileInfo(file).suffix() : QStringLiteral("json");
  for (int number = 1; number <= mostNames; ++number) {
    const QString place = QDir(folder).absoluteFilePath((number == 1 ? base : QStringLiteral("%1-%2").arg(base).arg(number)) + QLatin1Char('.') + suffix);
    QFile there(place);
    if (there.exists() && there.open(QIODevice::ReadOnly) && there.read(longestScript) == bytes) return place;
    if (there.exists()) continue;
    if (const Result<void> written = writePrivateFile(place, bytes); !written) return written.error();
    return place;
  }
  return fail(Error::Kind::Io, text("There are too many scenarios called %1. Rename the file.").arg(base));
}

}  // namespace cachedeck
