// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/rule_check.h"

#include "core/base/text.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <array>

namespace cachedeck {

namespace {

constexpr qint64 largestFile = 4 * 1024 * 1024;
constexpr qsizetype mostLines = 400, longestLine = 1000;
constexpr int patienceMs = 60'000, beatMs = 100;

/// A file is what its top-level keys say.
struct KindRow {
  const char* key;
  const char* verb;
  const char* noun;
};
// Of tests first: they name rule_files, as a configuration does.
constexpr std::array kinds = std::to_array<KindRow>({{"tests", "test", "rules"}, {"groups", "check", "rules"}, {"scrape_configs", "check", "config"}, {"rule_files", "check", "config"}});

Result<const KindRow*> kindOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return fail(Error::Kind::NotFound, QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()));
  const QString text = QString::fromUtf8(file.read(largestFile));
  for (const KindRow& row : kinds)
    if (QRegularExpression(QStringLiteral("^%1\\s*:").arg(QLatin1String(row.key)), QRegularExpression::MultilineOption).match(text).hasMatch()) return &row;
  return fail(Error::Kind::Usage, QStringLiteral("%1 holds neither rules (groups:), tests of rules (tests:) nor a configuration of Prometheus (scrape_configs:).").arg(path));
}

/// Without colours.
QStringList plainLines(const QByteArray& output) {
  static const QRegularExpression colours(QStringLiteral("\x1b\\[[0-9;]*m"));
  QStringList lines = QString::fromUtf8(output).remove(colours).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  if (lines.size() > mostLines) lines = lines.last(mostLines);
  for (QString& line : lines) line = printable(line.replace(QLatin1Char('\t'), QLatin1String("    ")), longestLine);
  return lines;
}

}  // namespace

Result<RuleCheck> checkRuleFile(const QString& file, std::stop_token stop) {
  const QString path = QFileInfo(file).absoluteFilePath();
  const Result<const KindRow*> kind = kindOf(path);
  if (!kind) return kind.error();
  const QString program = QStandardPaths::findExecutable(QStringLiteral("promtool"));
  if (program.isEmpty()) return fail(Error::Kind::NotFound, QStringLiteral("There is no promtool on this machine's PATH. It comes with Prometheus: apt install prometheus."));
  RuleCheck check;
  check.arguments = {QLatin1String((*kind)->verb), QLatin1String((*kind)->noun), path};
  QProcess process;
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.setWorkingDirectory(QFileInfo(path).path());
  process.setStandardInputFile(QProcess::nullDevice());
  process.start(program, check.arguments, QIODevice::ReadOnly);
  if (!process.waitForStarted(patienceMs)) return fail(Error::Kind::Io, QStringLiteral("%1 could not be started: %2.").arg(program, process.errorString()));
  QByteArray output;
  for (const QDeadlineTimer deadline(patienceMs); process.state() != QProcess::NotRunning;) {
    process.waitForFinished(beatMs);
    output = (output + process.readAll()).right(largestFile);
    if (!stop.stop_requested() && !deadline.hasExpired()) continue;
    process.kill();
    process.waitForFinished(beatMs * 20);
    if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
    return fail(Error::Kind::Timeout, QStringLiteral("promtool was not ready with %1 in a minute.").arg(path));
  }
  check.lines = plainLines((output + process.readAll()).right(largestFile));
  check.passed = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
  return check;
}

}  // namespace cachedeck
