// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/prometheus_age.h"

#include <algorithm>

namespace cachedeck::doctor {

double sinceLoaded(const PrometheusEvidence& prometheus) {
  return prometheus.loadedMs > 0 && prometheus.nowMs > 0 ? static_cast<double>(prometheus.nowMs - prometheus.loadedMs) / 1000 : std::numeric_limits<double>::infinity();
}

bool isDiscovering(const PrometheusEvidence& prometheus) {
  if (sinceLoaded(prometheus) > discoverySeconds) return false;
  return !prometheus.jobs || std::any_of(prometheus.jobs->begin(), prometheus.jobs->end(), [&](const QString& job) {
    return std::none_of(prometheus.targets.begin(), prometheus.targets.end(), [&](const PromTarget& target) { return target.pool == job; });
  });
}

bool isYoung(const PrometheusEvidence& prometheus) {
  double interval = 1;
  for (const PromTarget& target : prometheus.targets) interval = std::max(interval, target.scrapeIntervalSeconds);
  for (const PromRuleGroup& group : prometheus.groups) interval = std::max(interval, group.intervalSeconds);
  // A first scrape, a second one for what has to grow, and an evaluation after both. One job that is scraped once an hour does not excuse the others.
  return isDiscovering(prometheus) || sinceLoaded(prometheus) < std::min(3 * interval, 120.0);
}

}  // namespace cachedeck::doctor
