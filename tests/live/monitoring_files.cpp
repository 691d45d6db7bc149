// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/monitoring_files.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

namespace cachedeck::test {

QString shipped(const QString& name) { return QStringLiteral(MONITORING_DIR "/") + name; }

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Run readYaml(const QString& path, const QString& schema) {
  QStringList arguments{QStringLiteral(YAML_READER), path};
  if (!schema.isEmpty()) arguments << schema;
  return runCommand(QStringLiteral("/usr/bin/python3"), arguments);  // Debian's, which has Debian's packages
}

QJsonObject dashboard(const QString& name) { return QJsonDocument::fromJson(contentOf(shipped(QStringLiteral("grafana/dashboards/") + name))).object(); }

QStringList dashboardNames() { return QDir(shipped(QStringLiteral("grafana/dashboards"))).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name); }

Run fillInForCompose(const QString& out, const QStringList& more) {
  const QStringList good{QStringLiteral("EXPORTER_PASSWORD=exporter-0123456789"),
                         QStringLiteral("CONSOLE_PASSWORD=console-0123456789"),
                         QStringLiteral("APP_PASSWORD=app-012345678901234"),
                         QStringLiteral("SLACK_CRITICAL_URL=https://hooks.slack.com/services/T0/B0/critical"),
                         QStringLiteral("SLACK_PERFORMANCE_URL=https://hooks.slack.com/services/T0/B0/performance"),
                         QStringLiteral("REDIS_MAXMEMORY=512mb")};
  return runCommand(QStringLiteral("env"), good + more + QStringList{QStringLiteral("sh"), shipped(QStringLiteral("compose/fill-in.sh")), QStringLiteral(MONITORING_DIR), out});
}

}  // namespace cachedeck::test
