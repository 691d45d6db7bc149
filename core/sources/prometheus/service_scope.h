// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/prometheus/prometheus_client.h"

namespace cachedeck {

/// The series of the service that the "app." metrics are about.
struct ServiceScope {
  QString matchers;  ///< what goes between braces
  QStringList jobs;  ///< the Prometheus jobs that scrape it
};

/// Finds the service by its pool's limit, which every instance always reports, in the `lookbackSeconds` before `atMs` (0 =
/// now), so that one that is down is still known. `selector` is a normalized one and says what is summed; empty works where one
/// job has such series. Errors: NotFound when nothing matches, Usage when several jobs do, and those of the client.
Result<ServiceScope> findService(PrometheusClient& client, const QString& selector, qint64 lookbackSeconds, qint64 atMs,
                                 std::stop_token stop, std::chrono::milliseconds deadline = {});

/// The longest scrape interval of the jobs' targets in seconds, 0 where the server does not tell.
double scrapeIntervalOf(const std::vector<PromTarget>& targets, const QStringList& jobs);

/// `promql` for times at which an instance of the service answers its scrapes; nothing else. A rate would go on over the rest of its
/// window after the service died.
QString whileScraped(const QString& promql, const QString& matchers);

}  // namespace cachedeck
