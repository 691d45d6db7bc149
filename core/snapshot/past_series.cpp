// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/past_series.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/recording/recording_read.h"
#include "core/snapshot/fact_text.h"
#include "core/snapshot/series_builder.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <QFile>

namespace cachedeck::snapshot {

namespace {

constexpr qint64 stepMs = 15'000;  // as Prometheus usually scrapes

qint64 maxStepMs(qint64 fromMs, qint64 toMs) { return 2 * backfillStepMs(fromMs, toMs, stepMs) + stepMs / 2; }

/// What history is of, and the group of History that it goes to: the service's figures come with Prometheus's own.
struct Part {
  const char* history;
  const char* group;
  const char* title;
};
constexpr Part parts[] = {{"redis", "redis", "Redis"}, {"postgres", "postgres", "PostgreSQL"}, {"app", "prometheus", "the service"}};

QString missingPast(const Part& part, const Error& error) { return missingSentence(QStringLiteral("The past of %1").arg(QString::fromUtf8(part.title)), error); }

}  // namespace

LiveSeries pastSeries(const QMap<QString, SourceSettings>& sources, qint64 fromMs, qint64 toMs, const std::stop_token& stop) {
  LiveSeries past;
  const auto settings = sources.find(QStringLiteral("prometheus"));
  if (settings == sources.end()) return past;
  const Result<HttpSettings> http = httpSettings(*settings, prometheusFields());
  if (!http) {
    past.missing += missingSentence(QStringLiteral("The past"), http.error());
    return past;
  }
  PrometheusClient client(*http);
  for (const Part& part : parts) {
    if (stop.stop_requested()) break;
    const QString history = QLatin1String(part.history);
    const Result<std::vector<BackfillRow>> rows = fetchHistory(client, history, settings->field(history + QStringLiteral("_selector")), fromMs, toMs, stepMs, stop);
    if (!rows) {
      // A server that is no source here, or no service, need not be scraped.
      if (sources.contains(history) || rows.error().kind != Error::Kind::NotFound) past.missing += redact(missingPast(part, rows.error()));
      continue;
    }
    SeriesBuilder builder(part.group);
    for (const BackfillRow& row : *rows) builder.add(row.wallMs, row.values, false, maxStepMs(fromMs, toMs));
    if (!rows->empty()) past.series.push_back(builder.group());
  }
  return past;
}

LiveSeries recordedSeries(const RecordedPast& recorded, qint64 fromMs, qint64 toMs, const std::stop_token& stop) {
  LiveSeries known;
  if (recorded.file.isEmpty() || (!recorded.isNamed && !QFile::exists(recorded.file))) return known;
  Result<std::vector<SeriesGroup>> series = recording::readRecording(recorded.file, fromMs, toMs, stop);
  if (!series) {
    if (!series.error().isCancelled()) known.missing += redact(missingSentence(QStringLiteral("The recording"), series.error()));
    return known;
  }
  known.series = std::move(*series);
  if (known.series.empty() && recorded.isNamed) known.missing += QStringLiteral("The recording %1 has nothing of this range.").arg(printable(recorded.file, 300));
  return known;
}

}  // namespace cachedeck::snapshot
