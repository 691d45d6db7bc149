// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_record.h"

#include "core/base/instants.h"
#include "core/load/scenario_json.h"
#include "core/runs/json_numbers.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSysInfo>
#include <QThread>

#include <unistd.h>

namespace cachedeck::runs {

namespace {

// Written every 5 s; three of them lost may be a slow disk.
constexpr qint64 silenceMs = 30'000;

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.read(1 << 16) : QByteArray();
}

/// The rest of the first line of a /proc file that begins with `key`, behind the colon.
QString procField(const QString& path, const QByteArray& key) {
  for (const QByteArray& line : contentOf(path).split('\n'))
    if (line.startsWith(key)) return QString::fromUtf8(line.mid(line.indexOf(':') + 1).trimmed());
  return {};
}

/// When the process started, in ticks since boot; 0: there is none, or it is a zombie.
qint64 startTicks(qint64 pid) {
  const QByteArray text = contentOf(QStringLiteral("/proc/%1/stat").arg(pid));
  // "pid (name) S …": the name may hold spaces and brackets, so count from the last bracket.
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X") return 0;
  return fields[19].toLongLong();
}

QString bootId() { return QString::fromLatin1(contentOf(QStringLiteral("/proc/sys/kernel/random/boot_id")).trimmed()); }

}  // namespace

QString newRunId(qint64 nowMs) {
  const QString time = utc(nowMs).toString(QStringLiteral("yyyyMMdd-HHmmsszzz"));
  return QStringLiteral("%1-%2").arg(time).arg(QRandomGenerator::system()->generate() & 0xffffff, 6, 16, QLatin1Char('0'));
}

bool isRunId(const QString& text) {
  static const QRegularExpression shape(QStringLiteral("\\A[0-9]{8}-[0-9]{9}-[0-9a-f]{6}\\z"));
  return shape.match(text).hasMatch();
}

LoadHost thisHost() {
  LoadHost host{QSysInfo::machineHostName(), QStringLiteral("%1, %2 %3").arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(), QSysInfo::kernelVersion()),
                procField(QStringLiteral("/proc/cpuinfo"), "model name"), QThread::idealThreadCount(), 0};
  if (host.cpu.isEmpty()) host.cpu = QSysInfo::currentCpuArchitecture();
  host.memoryBytes = qint64{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return host;
}

RunWriter thisWriter(qint64 nowMs) {
  return {QSysInfo::machineHostName(), bootId(), QCoreApplication::applicationPid(), startTicks(QCoreApplication::applicationPid()), nowMs};
}

RunState stateOf(bool partial, const RunWriter& writer, qint64 nowMs) {
  if (!partial) return RunState::Complete;
  const bool here = writer.host == QSysInfo::machineHostName() && writer.boot == bootId();
  // A state folder on a network disk: of another machine's processes only the age of the file tells.
  const bool elsewhere = !writer.host.isEmpty() && writer.host != QSysInfo::machineHostName();
  if (!here) return elsewhere && nowMs - writer.wroteMs < silenceMs ? RunState::Running : RunState::Interrupted;
  const qint64 ticks = startTicks(writer.pid);
  return ticks != 0 && ticks == writer.startTicks ? RunState::Running : RunState::Interrupted;
}

RunRecord beginRecord(const load::Scenario& scenario, const QString& url, qint64 nowMs) {
  RunRecord record;
  record.id = newRunId(nowMs);
  record.scenario = textOf(scenario.name);
  record.target = scenario.target;
  record.definition = QJsonDocument::fromJson(QByteArray::fromStdString(load::scenarioToJson(scenario))).object();
  record.url = withoutUserInfo(url);
  for (const auto& [name, value] : scenario.tags) record.labels[textOf(name)] = textOf(value);
  record.console = QCoreApplication::applicationVersion();
  record.host = thisHost();
  record.figures.startedMs = nowMs;
  record.partial = true;
  record.writer = thisWriter(nowMs);
  return record;
}

void labelTimeScale(RunRecord& record, double factor) {
  if (factor != 1) record.labels[QStringLiteral("time_scale")] = QString::number(factor, 'g', 4);
}

}  // namespace cachedeck::runs
