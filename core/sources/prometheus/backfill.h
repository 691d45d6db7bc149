// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/prometheus/prometheus_client.h"

#include <QLatin1String>

#include <span>
#include <utility>
#include <vector>

namespace cachedeck {

/// One time of the past with what Prometheus knows of it; a metric that is missing was not measured.
struct BackfillRow {
  qint64 wallMs = 0;
  std::vector<std::pair<QLatin1String, double>> values;
};

/// The step of history that fetchHistory() really asks for: `stepMs`, but at least 15 s and a 5,000th of the range.
qint64 backfillStepMs(qint64 fromMs, qint64 toMs, qint64 stepMs);

/// What Prometheus knows the past of: `history` is the `sourceId` to ask fetchHistory() for, `group` the source in whose samples these metrics
/// are, which is their group in History. The service's come with Prometheus's own.
struct PastPart {
  QLatin1String history;
  QLatin1String group;
  const char* title;
};
std::span<const PastPart> pastParts();

/// The step at which the past is asked for: Prometheus usually scrapes so, and the last hour is not coarse.
constexpr qint64 pastStepMs = 15'000;
/// Rows of such a past that are further apart have a gap between them: one row may be missing.
qint64 pastGapMs(qint64 fromMs, qint64 toMs);

/// The history of every metric of `sourceId` ("redis", "postgres", or "app" for the service) that the catalog has an
/// expression for, rows ascending in time, of the last 24 h before `toMs` at most. `selector` are label matchers that pick the
/// server; empty works where exactly one is scraped. Errors: Usage when several servers match (the message lists them),
/// NotFound when none does, and those of the client.
Result<std::vector<BackfillRow>> fetchHistory(PrometheusClient& client, const QString& sourceId, const QString& selector,
                                              qint64 fromMs, qint64 toMs, qint64 stepMs, std::stop_token stop);

}  // namespace cachedeck
