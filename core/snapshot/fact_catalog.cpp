// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"

namespace cachedeck::snapshot {

std::span<const FactInfo> factCatalog() {
  static const FactInfo rows[] = {
      {"redis-info", "Redis INFO", "redis", &redisInfoFacts},
      {"redis-config", "Redis configuration", "redis", &redisConfigFacts},
      {"redis-slowlog", "Redis slow log", "redis", &redisSlowLogFacts},
      {"postgres-settings", "PostgreSQL settings", "postgres", &postgresSettingsFacts},
      {"postgres-statements", "PostgreSQL statements", "postgres", &postgresStatementsFacts},
      {"prometheus-alerts", "Prometheus alerts", "prometheus", &prometheusAlertsFacts},
      {"prometheus-alerts-fired", "When alerts were firing", "prometheus", &prometheusFiringFacts},
      {"prometheus-rules", "Prometheus rules", "prometheus", &prometheusRulesFacts},
      {"prometheus-targets", "Prometheus targets", "prometheus", &prometheusTargetsFacts},
      {"alertmanager-alerts", "Alertmanager alerts", "alertmanager", &alertmanagerAlertsFacts},
      {"alertmanager-silences", "Alertmanager silences", "alertmanager", &alertmanagerSilencesFacts},
  };
  return rows;
}

}  // namespace cachedeck::snapshot
