// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/server_table.h"

#include "core/sandbox/probe.h"
#include "core/sandbox/programs.h"

#include <array>

namespace cachedeck {
namespace {

bool isReady(quint16 port) { return httpStatus(port, "/-/ready") == 200; }
bool answersHealth(quint16 port) { return httpStatus(port, "/health") == 200; }
bool answersRoot(quint16 port) { return httpStatus(port, "/") == 200; }

// Every listen address is set: the defaults are 0.0.0.0, and Alertmanager's cluster port too.
constexpr std::array table{
    ServerInfo{"redis", "Redis", "redis-server", "redis-server", 0, "@DIR@/conf/redis.conf", "", redisTakesLeave},
    // SIGINT is the fast shutdown (SIGTERM waits for clients); SIGQUIT at our death, since SIGKILL would leave its children.
    ServerInfo{"postgres", "PostgreSQL", "postgres", "postgresql", 1,
               "-D|@DIR@/postgres|-c|config_file=@DIR@/conf/postgresql.conf|-c|hba_file=@DIR@/conf/pg_hba.conf", "", postgresAnswers, SIGINT,
               SIGQUIT},
    ServerInfo{"redis_exporter", "redis_exporter", "prometheus-redis-exporter|redis_exporter", "prometheus-redis-exporter", 2,
               "-redis.addr|redis://127.0.0.1:@REDIS_PORT@|-web.listen-address|127.0.0.1:@REDIS_EXPORTER_PORT@",
               "REDIS_USER=exporter|REDIS_PASSWORD=@EXPORTER_PASSWORD@", answersHealth},
    // queries.yaml gives the metric names of newer exporters' collector, which therefore stays off: see the file.
    ServerInfo{"postgres_exporter", "postgres_exporter", "prometheus-postgres-exporter|postgres_exporter", "prometheus-postgres-exporter", 2,
               "--web.listen-address=127.0.0.1:@POSTGRES_EXPORTER_PORT@|--extend.query-path=@DIR@/conf/queries.yaml",
               "DATA_SOURCE_NAME=host=127.0.0.1 port=@POSTGRES_PORT@ user=exporter password=@EXPORTER_PASSWORD@ dbname=postgres sslmode=disable",
               answersRoot},
    ServerInfo{"pushgateway", "Pushgateway", "prometheus-pushgateway|pushgateway", "prometheus-pushgateway", 0,
               "--web.listen-address=127.0.0.1:@PUSHGATEWAY_PORT@|--persistence.file=|--web.enable-admin-api", "", isReady},
    ServerInfo{"alertmanager", "Alertmanager", "prometheus-alertmanager|alertmanager", "prometheus-alertmanager", 0,
               "--config.file=@DIR@/conf/alertmanager.yml|--storage.path=@DIR@/alertmanager|--web.listen-address=127.0.0.1:@ALERTMANAGER_PORT@|"
               "--web.external-url=http://127.0.0.1:@ALERTMANAGER_PORT@|--cluster.listen-address=",
               "", isReady},
    ServerInfo{"prometheus", "Prometheus", "prometheus", "prometheus", 0,
               "--config.file=@DIR@/conf/prometheus.yml|--storage.tsdb.path=@DIR@/prometheus|--storage.tsdb.retention.time=6h|"
               "--web.listen-address=127.0.0.1:@PROMETHEUS_PORT@|--web.external-url=http://127.0.0.1:@PROMETHEUS_PORT@|--web.enable-lifecycle|"
               "--rules.alert.resend-delay=10s",
               "", isReady},
    // It makes its tables and their data itself, and is ready when they are there. Its times to live are a tenth of the reference
    // system's, so that expiry shows within a minute.
    ServerInfo{"sample", "The sample service", "cachedeck-sample", "cachedeck", 2,
               "--listen|127.0.0.1:@SAMPLE_PORT@|--postgres|postgresql://app@127.0.0.1:@POSTGRES_PORT@/app?sslmode=disable|"
               "--redis|redis://app@127.0.0.1:@REDIS_PORT@/0|--user|demo|--pool-mode|staging|--pool|max_idle_time=20s|--query-cost|20ms|--ttl|risk=30|--ttl|dashboard=40|"
               "--ttl|connector=50|--ttl|marketplace=60",
               "CACHEDECK_POSTGRES_PASSWORD=@APP_PASSWORD@|CACHEDECK_REDIS_PASSWORD=@APP_PASSWORD@|CACHEDECK_SAMPLE_PASSWORD=@SAMPLE_PASSWORD@",
               answersHealth},
};

}  // namespace

std::span<const ServerInfo> serverTable() { return table; }

Result<QMap<QString, QString>> findServerPrograms() {
  QMap<QString, QString> found;
  QStringList missing, packages;
  for (const ServerInfo& server : table) {
    const QStringList names = QString::fromLatin1(server.programs).split(QLatin1Char('|'));
    const QString path = findProgram(names);
    if (path.isEmpty()) {
      missing << names.first();
      packages << QString::fromLatin1(server.package);
    }
    found.insert(QString::fromLatin1(server.id), path);
  }
  if (missing.isEmpty()) return found;
  return fail(Error::Kind::NotFound, QStringLiteral("The sandbox needs %1, which %2 not installed. Install with: apt install %3")
                                         .arg(missing.join(QStringLiteral(", ")), missing.size() > 1 ? QStringLiteral("are") : QStringLiteral("is"),
                                              packages.join(QLatin1Char(' '))));
}

}  // namespace cachedeck
