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

QString missingPast(const PastPart& part, const Error& error) { return missingSentence(QStringLiteral("The past of %1").arg(QString::fromUtf8(part.title)), error); }

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
  for (const PastPart& part : pastParts()) {
    if (stop.stop_requested()) break;
    const QString history = part.history;
    const Result<std::vector<BackfillRow>> rows = fetchHistory(client, history, settings->field(history + QStringLiteral("_selector")), fromMs, toMs, pastStepMs, stop);
    if (!rows) {
      // A server that is no source here, or no service, need not be scraped.
      if (sources.contains(history) || rows.error().kind != Error::Kind::NotFound) past.missing += redact(missingPast(part, rows.error()));
      continue;
    }
    SeriesBuilder builder(part.group.latin1());
    for (const BackfillRow& row : *rows) builder.add(row.wallMs, row.values, false, pastGapMs(fromMs, toMs));
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
