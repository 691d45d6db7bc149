// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/backfill_runner.h"

#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qint64 dayMs = 24 * 3600 * 1000LL;

Result<std::vector<BackfillRow>> fetch(const SourceSettings& settings, const QString& sourceId, qint64 nowMs, std::stop_token stop) {
  const auto http = httpSettings(settings, prometheusFields());
  if (!http) return http.error();
  PrometheusClient client(*http);
  const QString selector = settings.field(sourceId + QStringLiteral("_selector"));
  return fetchHistory(client, sourceId, selector, nowMs - dayMs, nowMs, pastStepMs, std::move(stop));
}

QLatin1String groupOf(const QString& sourceId) {
  const auto part = std::ranges::find(pastParts(), sourceId, &PastPart::history);
  return part == pastParts().end() ? QLatin1String("") : part->group;
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
        m_history.backfill(groupOf(sourceId), past, pastGapMs(now - dayMs, now));
      });
}

}  // namespace cachedeck
