// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/probe.h"
#include "tests/support/process.h"

namespace cachedeck::test {

PrometheusServer::PrometheusServer(const QString& config, const QStringList& more, const QByteArray& prefix)
    : TestServer(QStringLiteral("prometheus"), {QStringLiteral("prometheus")}),
      m_config(config.isEmpty() ? QStringLiteral("global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
                                                 "scrape_configs:\n"
                                                 "  - job_name: prometheus\n"
                                                 "    metrics_path: %1/metrics\n"
                                                 "    static_configs: [{targets: ['127.0.0.1:@PORT@']}]\n")
                                      .arg(QString::fromLatin1(prefix))
                                : config),
      m_more(more), m_prefix(prefix) {}

QString PrometheusServer::prepare() {
  const QString path = addFile(QStringLiteral("prometheus.yml"), filledIn(m_config).toUtf8());
  return path.isEmpty() ? QStringLiteral("prometheus.yml could not be written") : QString();
}

QString PrometheusServer::url() const { return QStringLiteral("http://%1%2").arg(address(), QString::fromLatin1(m_prefix)); }

QStringList PrometheusServer::arguments() {
  return QStringList{QStringLiteral("--config.file=@DIR@/prometheus.yml"), QStringLiteral("--storage.tsdb.path=@DIR@/data"),
                     QStringLiteral("--web.listen-address=127.0.0.1:@PORT@"), QStringLiteral("--web.enable-lifecycle"),
                     QStringLiteral("--web.external-url=") + url()} + m_more;
}

bool PrometheusServer::ready() {
  const int status = httpStatus(port(), m_prefix + "/-/ready");
  return status == 200 || status == 401 || status == 400;  // 401: a password is wanted; 400: TLS is
}

AlertmanagerServer::AlertmanagerServer(const QString& config, const QStringList& more)
    : TestServer(QStringLiteral("alertmanager"), {QStringLiteral("prometheus-alertmanager"), QStringLiteral("alertmanager")}),
      m_config(config.isEmpty() ? QStringLiteral("route: {receiver: none, group_wait: 1s, group_interval: 1s}\nreceivers: [{name: none}]\n")
                                : config),
      m_more(more) {}

QString AlertmanagerServer::prepare() {
  const QString path = addFile(QStringLiteral("alertmanager.yml"), filledIn(m_config).toUtf8());
  return path.isEmpty() ? QStringLiteral("alertmanager.yml could not be written") : QString();
}

QStringList AlertmanagerServer::arguments() {
  return QStringList{QStringLiteral("--config.file=@DIR@/alertmanager.yml"), QStringLiteral("--storage.path=@DIR@/data"),
                     QStringLiteral("--web.listen-address=127.0.0.1:@PORT@"),
                     QStringLiteral("--web.external-url=http://127.0.0.1:@PORT@"),
                     QStringLiteral("--cluster.listen-address=")} + m_more;  // else it opens 0.0.0.0:9094
}

bool AlertmanagerServer::ready() { return httpStatus(port(), "/-/ready") == 200; }

PushgatewayServer::PushgatewayServer(const QStringList& more)
    : TestServer(QStringLiteral("pushgateway"), {QStringLiteral("prometheus-pushgateway"), QStringLiteral("pushgateway")}), m_more(more) {}

QStringList PushgatewayServer::arguments() {
  return QStringList{QStringLiteral("--web.listen-address=127.0.0.1:@PORT@"), QStringLiteral("--persistence.file="),
                     QStringLiteral("--web.enable-admin-api")} + m_more;
}

bool PushgatewayServer::ready() { return httpStatus(port(), "/-/ready") == 200; }

RedisExporter::RedisExporter(quint16 redisPort, const QString& user, const QString& password)
    : TestServer(QStringLiteral("redis_exporter"), {QStringLiteral("prometheus-redis-exporter"), QStringLiteral("redis_exporter")}),
      m_redisPort(redisPort), m_user(user), m_password(password) {}

QStringList RedisExporter::arguments() {
  return {QStringLiteral("-redis.addr"), QStringLiteral("redis://127.0.0.1:%1").arg(m_redisPort), QStringLiteral("-web.listen-address"),
          QStringLiteral("127.0.0.1:@PORT@")};
}

QStringList RedisExporter::environment() {
  return {QStringLiteral("REDIS_USER=") + m_user, QStringLiteral("REDIS_PASSWORD=") + m_password};
}

bool RedisExporter::ready() { return httpStatus(port(), "/health") == 200; }

PostgresExporter::PostgresExporter(const QString& conninfo, const QString& queriesFile)
    : TestServer(QStringLiteral("postgres_exporter"), {QStringLiteral("prometheus-postgres-exporter"), QStringLiteral("postgres_exporter")}),
      m_conninfo(conninfo), m_queriesFile(queriesFile) {}

QStringList PostgresExporter::arguments() {
  QStringList all{QStringLiteral("--web.listen-address=127.0.0.1:@PORT@")};
  if (!m_queriesFile.isEmpty()) all << QStringLiteral("--extend.query-path=") + m_queriesFile;
  return all;
}

QStringList PostgresExporter::environment() { return {QStringLiteral("DATA_SOURCE_NAME=") + m_conninfo + QStringLiteral(" sslmode=disable")}; }

bool PostgresExporter::ready() { return httpStatus(port(), "/") == 200; }

}  // namespace cachedeck::test
