// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sample/wrk.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

WrkRun runWrk(const QString& base, const QStringList& paths, const QString& authorization, int connections, int seconds,
              const std::function<void()>& meanwhile) {
  QProcess wrk;
  const QStringList options{QStringLiteral("-t1"), QStringLiteral("-c%1").arg(connections), QStringLiteral("-d%1s").arg(seconds),
                            QStringLiteral("--timeout"), QStringLiteral("10s"), QStringLiteral("-s"), QStringLiteral(WRK_SCRIPT), base,
                            QStringLiteral("--"), QString::number(connections), authorization};
  wrk.start(QStringLiteral("wrk"), options + paths);
  if (!wrk.waitForStarted()) {
    std::fprintf(stderr, "wrk cannot be started. Install with: apt install wrk\n");
    std::exit(1);
  }
  while (!wrk.waitForFinished(500) && wrk.state() == QProcess::Running)
    if (meanwhile) meanwhile();
  const QList<QByteArray> lines = wrk.readAllStandardOutput().trimmed().split('\n');
  const QJsonObject report = QJsonDocument::fromJson(lines.last()).object();
  if (report.isEmpty()) {
    std::fprintf(stderr, "wrk reported nothing: %s\n", lines.join('\n').constData());
    std::exit(1);
  }
  const auto number = [&](const char* key) { return report.value(QLatin1String(key)).toDouble(); };
  const double rate = number("requests") / number("seconds");
  // By Little's law users / rate is the mean time from one request of a user to his next: his answer's time, and what wrk itself takes.
  const bool fits = number("measured") + number("errors") >= number("requests") && number("measured") <= number("requests") && number("mean") <= 1.05e3 * connections / rate;
  if (!fits) {
    std::fprintf(stderr, "wrk's latencies do not fit its rate: %s\n", lines.last().constData());
    std::exit(1);
  }
  return {rate, number("mean"), number("p95"), number("p99"), number("hits"), number("requests"), number("errors")};
}

double cpuSeconds(qint64 pid) {
  QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!stat.open(QIODevice::ReadOnly)) return 0;
  const QByteArray text = stat.readAll();
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  return (fields.value(11).toDouble() + fields.value(12).toDouble()) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}
