// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"
#include "tests/support/process.h"

#include <QDateTime>
#include <QTest>
#include <QUrl>

namespace cachedeck::test {

/// A password with everything that a form of quoting may trip over; another one for each source.
inline QString canary(const char* source) { return QStringLiteral("C4nary-%1'\"\\%@/ qzé").arg(QLatin1String(source)); }

/// Servers that want these passwords: Redis, a PostgreSQL with pg_stat_statements, a Prometheus that scrapes itself and one that is not there, an Alertmanager.
class SnapshotServers {
 public:
  /// Empty, or the reason why not.
  QString start() {
    const QString reason = startAll({&m_redis, &m_postgres, &m_alertmanager});
    if (!reason.isEmpty()) return reason;
    m_redis.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("requirepass"), canary("redis")});
    QString error;
    const auto sql = [&](const QString& statement) { return error.isEmpty() ? m_postgres.psql(statement, QStringLiteral("postgres"), QStringLiteral("postgres"), &error) : QByteArray(); };
    sql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    sql(QStringLiteral("CREATE EXTENSION pgcrypto"));
    sql(QStringLiteral("CREATE ROLE watcher LOGIN PASSWORD '%1'").arg(canary("postgres").replace(QLatin1Char('\''), QLatin1String("''"))));
    sql(QStringLiteral("GRANT pg_monitor TO watcher"));
    sql(QStringLiteral("CREATE TABLE risk AS SELECT g AS id, 'private-' || g AS owner FROM generate_series(1, 1000) g"));
    const QByteArray hash = sql(QStringLiteral("SELECT crypt(convert_from(decode('%1', 'hex'), 'UTF8'), gen_salt('bf', 4))").arg(QString::fromLatin1(canary("prometheus").toUtf8().toHex())));
    if (!error.isEmpty()) return error;
    m_prometheus.addFile(QStringLiteral("web.yml"), "basic_auth_users: {console: '" + hash + "'}\n");
    // "Over" fires for twenty seconds.
    m_prometheus.addFile(QStringLiteral("rules.yml"),
                         "groups:\n- name: cache\n  rules:\n"
                         "  - {alert: Always, expr: vector(1), labels: {severity: warning}, annotations: {summary: it is always so}}\n"
                         "  - {alert: Later, expr: vector(1) > 0, for: 1h}\n"
                         "  - {alert: Over, expr: vector(time()) < " + QByteArray::number(QDateTime::currentSecsSinceEpoch() + 20) + "}\n");
    return startAll({&m_prometheus});
  }

  RedisServer& redis() { return m_redis; }
  PostgresServer& postgres() { return m_postgres; }
  QByteArray redisCli(const QStringList& arguments) { return m_redis.cli(QStringList{QStringLiteral("-a"), canary("redis")} + arguments); }
  double infoOf(const char* field) {
    for (const QByteArray& line : redisCli({QStringLiteral("info")}).split('\n'))
      if (line.startsWith(QByteArray(field) + ':')) return line.mid(static_cast<qsizetype>(qstrlen(field)) + 1).trimmed().toDouble();
    return -1;
  }

  /// By source, the passwords in them.
  QMap<QString, QString> urls() const {
    const auto coded = [](const char* source) { return QString::fromLatin1(QUrl::toPercentEncoding(canary(source))); };
    return {{QStringLiteral("redis"), QStringLiteral("redis://:%1@%2").arg(coded("redis"), m_redis.address())},
            {QStringLiteral("postgres"), QStringLiteral("postgres://watcher:%1@%2/postgres").arg(coded("postgres"), m_postgres.address())},
            {QStringLiteral("prometheus"), QStringLiteral("http://console:%1@%2").arg(coded("prometheus"), m_prometheus.address())},
            {QStringLiteral("alertmanager"), QStringLiteral("http://console:%1@%2").arg(coded("alertmanager"), m_alertmanager.address())}};
  }

 private:
  RedisServer m_redis{{QStringLiteral("slowlog-log-slower-than 0"), QStringLiteral("maxmemory 64mb"), QStringLiteral("maxmemory-policy allkeys-lru")}};
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"), QStringLiteral("work_mem = 5MB")}};
  PrometheusServer m_prometheus{QStringLiteral("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['@DIR@/rules.yml']\nscrape_configs:\n"
                                               "- job_name: self\n  static_configs: [{targets: ['127.0.0.1:@PORT@']}]\n"
                                               "- job_name: gone\n  static_configs: [{targets: ['127.0.0.1:1']}]\n"),
                                {QStringLiteral("--web.config.file=@DIR@/web.yml")}};
  AlertmanagerServer m_alertmanager;
};

/// The first form of a password that stands in a text, or nothing.
inline QByteArray canaryIn(const QByteArray& text) {
  for (const char* source : {"redis", "postgres", "prometheus", "alertmanager"}) {
    const QByteArray plain = canary(source).toUtf8(), coded = plain.toPercentEncoding();
    for (const QByteArray& form : {QByteArray("C4nary-") + source, plain.mid(8), coded, plain.toBase64(), plain.toBase64(QByteArray::Base64UrlEncoding), ("console:" + plain).toBase64()})
      if (text.contains(form)) return form;
  }
  return {};
}

inline const snapshot::FactTable* tableOf(const QList<snapshot::FactTable>& facts, const char* id) {
  for (const snapshot::FactTable& table : facts)
    if (table.id == QLatin1String(id)) return &table;
  return nullptr;
}

/// The first row whose cell of a column is so; empty when there is none.
inline QStringList rowOf(const snapshot::FactTable* table, qsizetype column, const QString& cell) {
  if (table)
    for (const QStringList& row : table->rows)
      if (row.value(column) == cell) return row;
  return {};
}

}  // namespace cachedeck::test
