// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/scorecards.h"

#include "core/base/instants.h"
#include "core/runs/run_outcome.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

double meanOf(const Snapshot& snapshot, const char* metric) { return figureOf(snapshot, *findMetric(QLatin1String(metric))).mean; }

/// The metrics that rows of the scorecard read from servers.
void addServerSeries(runs::RunRecord& record, const Snapshot& snapshot) {
  for (const char* id : {"postgres.connections", "redis.memory_used", "redis.memory_used_percent", "postgres.query_mean", "app.cpu"}) {
    const SeriesGroup* group = nullptr;
    const SeriesGroup::Column* column = findColumn(snapshot, id, &group);
    if (!column || std::ranges::any_of(record.series, [&](const runs::ServerSeries& one) { return one.metric == QLatin1String(id); })) continue;
    runs::ServerSeries series{QString::fromLatin1(id), findMetric(QLatin1String(id))->unit, {}};
    for (size_t i = 0; i < std::min(group->timesMs.size(), column->values.size()); ++i) series.points.append({group->timesMs[i], column->values[i]});
    record.series.append(series);
  }
}

std::uint64_t counted(double value) { return std::isfinite(value) && value > 0 ? static_cast<std::uint64_t>(std::llround(std::min(value, 1e15))) : 0; }

/// Shares become counts of a million look-ups: the row reads their ratio again.
void addHits(load::StepFigures& all, const Snapshot& snapshot) {
  double percent = meanOf(snapshot, "app.hit_ratio");
  if (std::isnan(percent)) percent = meanOf(snapshot, "redis.hit_ratio");
  if (std::isnan(percent)) return;
  constexpr double lookups = 1e6;
  all.hits = counted(std::clamp(percent, 0.0, 100.0) / 100 * lookups);
  all.misses = static_cast<std::uint64_t>(lookups) - all.hits;
}

runs::RunRecord recordOfRange(const Snapshot& snapshot) {
  runs::RunRecord record;
  record.figures.startedMs = snapshot.fromMs;
  record.figures.elapsedMs = std::max<qint64>(1, snapshot.toMs - snapshot.fromMs);
  load::StepFigures& all = record.figures.all;
  const double requests = meanOf(snapshot, "app.requests") * static_cast<double>(record.figures.elapsedMs) / 1000, errors = meanOf(snapshot, "app.error_ratio");
  all.requests = counted(requests);
  all.failed = counted(requests * (std::isnan(errors) ? 0 : errors) / 100);
  load::TrendFigures trend;
  trend.meanMs = 1000 * meanOf(snapshot, "app.latency_mean");
  trend.p50Ms = 1000 * meanOf(snapshot, "app.latency_p50");
  trend.p95Ms = 1000 * meanOf(snapshot, "app.latency_p95");
  trend.p99Ms = 1000 * meanOf(snapshot, "app.latency_p99");
  if (!std::isnan(trend.meanMs) || !std::isnan(trend.p95Ms)) all.trend = trend;
  addHits(all, snapshot);
  return record;
}

/// Whether a run says how fast the system is: it came to its end, and what it measured counts. A crossed threshold is a measurement, too.
bool isFit(const runs::RunRecord& run) {
  using Outcome = runs::RunOutcome;
  const Outcome outcome = runs::outcomeOf(run);
  return run.figures.all.requests > run.figures.all.failed && run.figures.end != load::RunFigures::End::ThresholdAborted && (outcome == Outcome::Passed || outcome == Outcome::Failed || outcome == Outcome::NotJudged);
}

/// Requests to one URL, in place of what users of the system do.
bool isOfOneUrl(const runs::RunRecord& run) { return run.scenario == QLatin1String("url"); }

/// The newest that is fit, of a scenario where there is one.
const runs::RunRecord* judgedRun(const Snapshot& snapshot) {
  const auto rank = [](const runs::RunRecord& run) { return std::pair(!isOfOneUrl(run), run.figures.startedMs); };
  const runs::RunRecord* best = nullptr;
  for (const runs::RunRecord& run : snapshot.runs)
    if (isFit(run) && (!best || rank(run) > rank(*best))) best = &run;
  return best;
}

QString nameOf(const runs::RunRecord& run) {
  const QString name = isOfOneUrl(run) && !run.url.isEmpty() ? QStringLiteral("on ") + plainText(run.url, 120) : plainText(run.scenario, 80);
  return QStringLiteral("load run %1 of %2").arg(name, utcText(run.figures.startedMs));
}

/// Why it is about this run, or about none.
QString choiceNote(const Snapshot& snapshot, const ScoreSubject& subject) {
  if (!subject.isRun && snapshot.runs.isEmpty()) return QStringLiteral("Without a load run: what the servers and the service showed over the range. Its percentiles are means of the percentiles of each scrape.");
  if (!subject.isRun) return QStringLiteral("No load run of this range came to its end with a valid result: what the servers and the service showed over the range. Its percentiles are means of the percentiles of each scrape.");
  if (isOfOneUrl(subject.record)) return QStringLiteral("The load run asked for one URL only: it says little about the system as its users see it.");
  if (snapshot.runs.size() == 1) return {};
  return QStringLiteral("Of %1 load runs in this range it is about the newest of a scenario that came to its end with a valid result, the %2.").arg(snapshot.runs.size()).arg(subject.what);
}

}  // namespace

ScoreSubject scoreSubject(const Snapshot& snapshot) {
  ScoreSubject subject;
  const runs::RunRecord* run = judgedRun(snapshot);
  subject.isRun = run;
  subject.record = run ? *run : recordOfRange(snapshot);
  subject.what = run ? nameOf(*run) : QStringLiteral("figures of the range");
  addServerSeries(subject.record, snapshot);
  return subject;
}

runs::Scorecard scorecardOf(const Snapshot& snapshot, const Snapshot* before) {
  const ScoreSubject subject = scoreSubject(snapshot);
  std::optional<ScoreSubject> earlier;
  if (before) earlier = scoreSubject(*before);
  runs::Scorecard card = runs::scorecard(subject.record, earlier ? &earlier->record : nullptr);
  if (const QString note = choiceNote(snapshot, subject); !note.isEmpty()) card.notes.append(note);
  if (earlier && earlier->isRun != subject.isRun) card.notes.append(QStringLiteral("One side is a load run and the other is not: they do not measure the same."));
  if (earlier && earlier->isRun && subject.isRun && earlier->record.scenario != subject.record.scenario) card.notes.append(QStringLiteral("The two load runs are of different scenarios."));
  return card;
}

}  // namespace cachedeck::snapshot
