// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_summary.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/load/step_latency.h"
#include "core/runs/figures_json.h"
#include "core/runs/json_numbers.h"

#include <QJsonArray>

namespace cachedeck::runs {

namespace {

constexpr double nsPerMs = 1e6;

void readFigures(const QJsonObject& json, RunSummary& summary) {
  const auto number = [&json](const char* name) { return numberOf(json[QLatin1String(name)]); };
  summary.startedMs = wholeOf(json[QLatin1String("started_ms")]);
  summary.elapsedMs = wholeOf(json[QLatin1String("elapsed_ms")]);
  summary.requests = countOf(json[QLatin1String("requests")]);
  summary.errors = countOf(json[QLatin1String("errors")]);
  summary.dropped = countOf(json[QLatin1String("dropped")]);
  summary.perSecond = number("rps");
  summary.meanMs = number("mean_ms");
  summary.p50Ms = number("p50_ms");
  summary.p95Ms = number("p95_ms");
  summary.p99Ms = number("p99_ms");
  summary.maxMs = number("max_ms");
  summary.hitRatio = fitted<double>(json[QLatin1String("hit_ratio")].toDouble(-1));
  summary.thresholds = json[QLatin1String("thresholds")].toInt();
  summary.failedThresholds = json[QLatin1String("failed_thresholds")].toInt();
}

void addFigures(const RunSummary& summary, QJsonObject& json) {
  json[QLatin1String("started_ms")] = summary.startedMs;
  json[QLatin1String("elapsed_ms")] = summary.elapsedMs;
  json[QLatin1String("requests")] = countValue(summary.requests);
  json[QLatin1String("errors")] = countValue(summary.errors);
  json[QLatin1String("dropped")] = countValue(summary.dropped);
  json[QLatin1String("rps")] = numberValue(summary.perSecond);
  const auto ms = [&summary](double value) { return summary.requests > 0 ? numberValue(value) : QJsonValue(QJsonValue::Null); };
  json[QLatin1String("mean_ms")] = ms(summary.meanMs);
  json[QLatin1String("p50_ms")] = ms(summary.p50Ms);
  json[QLatin1String("p95_ms")] = ms(summary.p95Ms);
  json[QLatin1String("p99_ms")] = ms(summary.p99Ms);
  json[QLatin1String("max_ms")] = ms(summary.maxMs);
  json[QLatin1String("hit_ratio")] = summary.hitRatio < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(summary.hitRatio);
  json[QLatin1String("thresholds")] = summary.thresholds;
  json[QLatin1String("failed_thresholds")] = summary.failedThresholds;
}

void takeFigures(const load::RunFigures& figures, RunSummary& summary) {
  const auto ms = [&](double percent) { return load::percentileNs(figures.all, percent) / nsPerMs; };
  summary.startedMs = figures.startedMs;
  summary.elapsedMs = figures.elapsedMs;
  summary.requests = figures.all.requests;
  summary.errors = figures.all.failed;
  summary.dropped = figures.dropped;
  summary.perSecond = figures.perSecond();
  summary.meanMs = load::meanNs(figures.all) / nsPerMs;
  summary.p50Ms = ms(50);
  summary.p95Ms = ms(95);
  summary.p99Ms = ms(99);
  summary.maxMs = load::maxNs(figures.all) / nsPerMs;
  summary.hitRatio = figures.hitRatio();
  summary.thresholds = static_cast<int>(figures.thresholds.size());
  for (const auto& verdict : figures.thresholds) summary.failedThresholds += verdict.passed ? 0 : 1;
  summary.limited = redact(textOf(figures.limited));
  summary.end = endWord(figures.end);
}

}  // namespace

QStringList cleanTags(const QStringList& tags) {
  QStringList clean;
  for (const QString& tag : tags)
    if (const QString text = redact(printable(tag.trimmed(), 64)); !text.isEmpty() && !clean.contains(text)) clean.append(text);
  return clean;
}

RunSummary summaryOf(const RunRecord& record) {
  RunSummary summary;
  summary.id = record.id;
  summary.scenario = redact(record.scenario);
  summary.url = withoutUserInfo(record.url);
  summary.profile = redact(record.profile);
  summary.environment = record.environment;
  summary.cache = redact(record.cache);
  summary.note = redact(record.note);
  summary.engine = redact(record.engine);
  summary.target = record.target;
  summary.tags = cleanTags(record.tags);
  takeFigures(record.figures, summary);
  summary.partial = record.partial;
  if (record.partial) summary.writer = record.writer;
  return summary;
}

QJsonObject toJson(const RunSummary& summary) {
  QJsonObject json{{QStringLiteral("format"), QLatin1String(recordFormat)},
                   {QStringLiteral("version"), recordVersion},
                   {QStringLiteral("id"), summary.id},
                   {QStringLiteral("scenario"), summary.scenario},
                   {QStringLiteral("url"), summary.url},
                   {QStringLiteral("profile"), summary.profile},
                   {QStringLiteral("environment"), summary.environment},
                   {QStringLiteral("cache"), summary.cache},
                   {QStringLiteral("note"), summary.note},
                   {QStringLiteral("end"), summary.end},
                   {QStringLiteral("target"), targetWord(summary.target)},
                   {QStringLiteral("tags"), QJsonArray::fromStringList(summary.tags)},
                   {QStringLiteral("limited"), summary.limited}};
  if (!summary.engine.isEmpty()) json[QLatin1String("engine")] = summary.engine;
  addFigures(summary, json);
  if (!summary.partial) return json;
  json[QLatin1String("partial")] = true;
  json[QLatin1String("writer")] = writerToJson(summary.writer);
  return json;
}

Result<RunSummary> summaryFromJson(const QJsonObject& json, qint64 nowMs) {
  if (auto fits = checkFormat(json); !fits) return fits.error();
  const auto text = [&json](const char* name) { return json[QLatin1String(name)].toString(); };
  RunSummary summary;
  summary.id = text("id");
  summary.scenario = text("scenario");
  summary.url = text("url");
  summary.profile = text("profile");
  summary.environment = text("environment");
  summary.cache = text("cache");
  summary.note = text("note");
  summary.engine = text("engine");
  summary.end = text("end");
  summary.target = text("target") == QLatin1String("cache-aside") ? load::Target::CacheAside : load::Target::Http;
  summary.tags = tagsFromJson(json[QLatin1String("tags")]);
  summary.limited = text("limited");
  readFigures(json, summary);
  summary.partial = json[QLatin1String("partial")].toBool();
  if (summary.partial) summary.writer = writerFromJson(json[QLatin1String("writer")]);
  summary.state = stateOf(summary.partial, summary.writer, nowMs);
  return summary;
}

}  // namespace cachedeck::runs
