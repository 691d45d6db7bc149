// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/http_connection.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

constexpr HttpRole serviceRole{"the service", "its users get no answer", "Start it and read its log.", "restart it", "the profile's field “URL of the service”", Severity::Critical};
constexpr HttpRole pushgatewayRole{"Pushgateway",
                                   "load runs cannot push their figures",
                                   "Start it (systemctl start prometheus-pushgateway), or take it out of the profile.",
                                   "restart it: systemctl restart prometheus-pushgateway",
                                   "its target in scrape_configs of prometheus.yml",
                                   Severity::Warning};

}  // namespace

Findings serviceHealth(const Evidence& evidence) {
  const ServiceEvidence& service = evidence.service;
  Findings found = httpConnection(serviceRole, service.server);
  const QString status = service.health.value(QLatin1String("status")).toString();
  const QJsonObject database = service.health.value(QLatin1String("database")).toObject(), cache = service.health.value(QLatin1String("cache")).toObject();
  const QString seen = QStringLiteral("/health answers %1%2").arg(QString::number(service.status), status.isEmpty() ? QString() : QStringLiteral(", status “%1”").arg(clean(status, 60)));
  const bool cacheAway = cache.contains(QLatin1String("available")) && !cache.value(QLatin1String("available")).toBool() && cache.value(QLatin1String("backend")).toString() != QLatin1String("none");
  if (cacheAway || !evidence.prometheus.answers.value(QStringLiteral("cache_down")).empty())
    found += Finding{{}, Severity::Critical, QStringLiteral("The service's own connection to the cache fails: every request goes to the database."), cacheAway ? seen : QStringLiteral("its cache_up is 0"),
                     evidence.redis.server.error ? QStringLiteral("Mend Redis first (cache-connection): it does not answer here either.")
                                                 : QStringLiteral("Compare address, user, password and TLS of its cache with what works here, and read its log; ACL LOG in Redis shows what was refused.")};
  if (service.server.reached() && service.status >= 400)
    found += Finding{{}, Severity::Critical, QStringLiteral("The service says that it is not healthy."), database.contains(QLatin1String("problem")) ? QStringLiteral("%1: %2").arg(seen, clean(database.value(QLatin1String("problem")).toString(), 200)) : seen,
                     QStringLiteral("Read its log. Where it is the database: compare its address and account with what works here.")};
  return found;
}

Findings pushgatewayConnection(const Evidence& evidence) { return httpConnection(pushgatewayRole, evidence.pushgateway); }

}  // namespace cachedeck::doctor
