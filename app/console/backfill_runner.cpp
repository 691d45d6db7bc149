// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/backfill_runner.h"

#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"

namespace cachedeck {

namespace {

constexpr qint64 dayMs = 24 * 3600 * 1000LL;

// A shorter span at the finest step that Prometheus usually scrapes at, so that the last hour is not coarse.
constexpr qint64 stepMs = 15'000;

Result<std::vector<BackfillRow>> fetch(const SourceSettings& settings, const QString& sourceId, qint64 nowMs, std::stop_token stop) {
  const auto http = httpSettings(settings, prometheusFields());
  if (!http) return http.error();
  PrometheusClient client(*http);
  const QString selector = settings.field(sourceId + QStringLiteral("_selector"));
  return fetchHistory(client, sourceId, selector, nowMs - dayMs, nowMs, stepMs, std::move(stop));
}

/// The registry's id of the source in whose samples these metrics are, which is their group in the history; the service's come
/// with Prometheus's own.
QLatin1String groupOf(const QString& sourceId) {
  const SourceInfo* info = findSource(sourceId == serviceHistory() ? QStringLiteral("prometheus") : sourceId);
  return QLatin1String(info ? info->id : "");
}

}  // namespace

QString serviceHistory() { return QStringLiteral("app"); }

Backfill::Backfill(const SourceSettings& prometheus, History& history, const Clock& clock)
    : m_settings(prometheus), m_history(history), m_clock(clock) {}

void Backfill::fill(const QString& sourceId) {
  if (m_done.contains(sourceId)) return;
  m_done.insert(sourceId);
  const qint64 now = m_clock.now().wallMs;
  m_worker.post(
      this, [settings = m_settings, sourceId, now](std::stop_token stop) { return fetch(settings, sourceId, now, std::move(stop)); },
      [this, sourceId, now](Result<std::vector<BackfillRow>> rows) {
        if (!rows) {
          // Nothing scrapes this server: there is no past to show, and nothing for the operator to mend here. Which service is meant,
          // Prometheus's own notes ask already.
          const bool isNoted = sourceId == serviceHistory() && rows.error().kind == Error::Kind::Usage;
          if (rows.error().kind != Error::Kind::NotFound && !isNoted) Q_EMIT failed(sourceId, rows.error().message);
          return;
        }
        std::vector<std::pair<qint64, History::Values>> past;
        past.reserve(rows->size());
        for (BackfillRow& row : *rows) past.emplace_back(row.wallMs, std::move(row.values));
        m_history.backfill(groupOf(sourceId), past, 2 * backfillStepMs(now - dayMs, now, stepMs) + stepMs / 2);
      });
}

}  // namespace cachedeck
