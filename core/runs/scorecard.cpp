// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/scorecard.h"

#include "core/load/step_latency.h"
#include "core/metrics/sample_weights.h"
#include "core/runs/run_outcome.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::runs {

namespace {

constexpr double nsPerSecond = 1e9;
constexpr double megabyte = 1e6;

/// A server's metric while the load ran: where it was measured, and for how long each value stands.
struct Measured {
  double value, weight;
};
std::vector<Measured> measuredOf(const RunRecord& record, QLatin1String metric) {
  std::vector<Measured> measured;
  const qint64 from = record.figures.startedMs, to = from + record.figures.elapsedMs;
  for (const ServerSeries& series : record.series) {
    if (series.metric != metric) continue;
    std::vector<qint64> times;
    std::vector<float> values;
    for (const ServerSeries::Point& point : series.points) times.push_back(point.ms), values.push_back(static_cast<float>(point.value));
    const std::vector<double> weights = sampleWeights(times, values, from, to);
    for (size_t i = 0; i < weights.size(); ++i)
      if (weights[i] > 0) measured.push_back({series.points[static_cast<qsizetype>(i)].value, weights[i]});
  }
  return measured;
}

/// Over time, as the figures of a snapshot: a range holds samples of one second and of fifteen.
double meanOf(const RunRecord& record, const char* metric) {
  double sum = 0, total = 0;
  for (const Measured& one : measuredOf(record, QLatin1String(metric))) sum += one.value * one.weight, total += one.weight;
  return total > 0 ? sum / total : ScoreRow::none;
}

double highestOf(const RunRecord& record, const char* metric) {
  const std::vector<Measured> measured = measuredOf(record, QLatin1String(metric));
  return measured.empty() ? ScoreRow::none : std::ranges::max_element(measured, {}, &Measured::value)->value;
}

double percentile(const RunRecord& record, double percent) {
  return load::isTimed(record.figures.all) ? load::percentileNs(record.figures.all, percent) / nsPerSecond : ScoreRow::none;
}

double meanLatency(const RunRecord& record) {
  return load::isTimed(record.figures.all) ? load::meanNs(record.figures.all) / nsPerSecond : ScoreRow::none;
}

double errorRate(const RunRecord& record) {
  const load::StepFigures& all = record.figures.all;
  return all.requests ? 100 * static_cast<double>(all.failed) / static_cast<double>(all.requests) : ScoreRow::none;
}

double hitRate(const RunRecord& record) {
  const double ratio = record.figures.hitRatio();
  return ratio < 0 ? ScoreRow::none : 100 * ratio;
}

double throughput(const RunRecord& record) { return record.figures.all.requests ? record.figures.perSecond() : ScoreRow::none; }

#define TR(text) QT_TRANSLATE_NOOP("Runs", text)
constexpr double none = ScoreRow::none;
// Targets, alerts and bands of the reference system (its performance phase); where it gives an alert and no bands, the alert is the band.
const ScoreRow rows[] = {
    {"mean", TR("response time, mean"), Unit::Seconds, "150 ms", "15 ms", "15 ms", Judge::HighIsBad, true, 0.015, 0.05, 0.2, meanLatency, TR("all requests")},
    {"p95", TR("response time, p95"), Unit::Seconds, "250 ms", "45 ms", "< 100 ms", Judge::HighIsBad, false, 0.1, 0.1, 0.3,
     [](const RunRecord& r) { return percentile(r, 95); }, TR("all requests")},
    {"p99", TR("response time, p99"), Unit::Seconds, "500 ms", "100 ms", "< 200 ms", Judge::HighIsBad, false, 0.2, 0.2, 0.5,
     [](const RunRecord& r) { return percentile(r, 99); }, TR("all requests")},
    {"throughput", TR("throughput"), Unit::PerSecond, "500 /s", "2,000 /s", "> 1,000 /s", Judge::LowIsBad, false, 1000, 1000, 500, throughput, TR("all requests")},
    {"hit_rate", TR("cache hit rate"), Unit::Percent, "0 %", "75 %+", "> 75 %", Judge::LowIsBad, false, 75, 75, 50, hitRate, TR("requests that say hit or miss")},
    {"db_connections", TR("database connections"), Unit::Count, "40–50", "15–20", "< 30", Judge::HighIsBad, false, 30, 40, none,
     [](const RunRecord& r) { return highestOf(r, "postgres.connections"); }, TR("highest of the run")},
    {"redis_memory", TR("Redis memory"), Unit::Bytes, "", "~300 MB", "< 500 MB", Judge::HighIsBad, false, 500 * megabyte, none, none,
     [](const RunRecord& r) { return highestOf(r, "redis.memory_used"); }, TR("highest of the run")},
    {"redis_memory_share", TR("Redis memory of maxmemory"), Unit::Percent, "", "", "< 85 %", Judge::HighIsBad, false, 85, none, 85,
     [](const RunRecord& r) { return highestOf(r, "redis.memory_used_percent"); }, TR("highest of the run")},
    {"query_latency", TR("query latency, mean"), Unit::Seconds, "100 ms+", "< 100 ms", "< 1 s", Judge::HighIsBad, false, 1, 1, none,
     [](const RunRecord& r) { return meanOf(r, "postgres.query_mean"); }, TR("mean of the run")},
    {"error_rate", TR("error rate"), Unit::Percent, "", "", "< 0.1 %", Judge::HighIsBad, false, 0.1, 0.1, 1, errorRate, TR("all requests")},
    {"server_cpu", TR("server CPU"), Unit::Percent, "40–50 %", "15 %", "15 %", Judge::HighIsBad, true, 15, none, none,
     [](const RunRecord& r) { return meanOf(r, "app.cpu"); }, TR("the service's, of one core, mean of the run")},
};
#undef TR

/// The reference gives a good band "< 100", a warning "100–300" and a critical one "> 300"; of the other direction "> 75", "50–75", "< 50".
Level levelOf(const ScoreRow& row, double value) {
  const bool high = row.judge == Judge::HighIsBad;
  if (high ? value > row.critical : value < row.critical) return Level::Critical;
  const bool alertOnly = row.bound != row.warning;  // "> 40 warning": 40 itself is not beyond it
  if (alertOnly ? value > row.warning : (high ? value >= row.warning : value <= row.warning)) return Level::Warning;
  return Level::Good;
}

bool meets(const ScoreRow& row, double value) {
  if (row.inclusive && value == row.bound) return true;
  return row.judge == Judge::HighIsBad ? value < row.bound : value > row.bound;
}

ScoreLine lineOf(const ScoreRow& row, const RunRecord& record, const RunRecord* before) {
  ScoreLine line{&row, row.read(record), before ? row.read(*before) : none};
  if (!line.measured()) return line;
  line.met = meets(row, line.value);
  line.banded = !std::isnan(row.warning) || !std::isnan(row.critical);
  if (line.banded) line.level = levelOf(row, line.value);
  return line;
}

/// `which`: "The run", or which of two.
QStringList notesOf(const RunRecord& record, const QString& which) {
  QStringList notes;
  if (const QString caveat = caveatOf(record, which); !caveat.isEmpty()) notes.append(caveat);
  if (record.series.isEmpty()) notes.append(QStringLiteral("%1 has no figures of the servers: their rows are not measured.").arg(which));
  return notes;
}

}  // namespace

Scorecard scorecard(const RunRecord& record, const RunRecord* before) {
  Scorecard card;
  if (before) card.notes = notesOf(*before, QStringLiteral("The run before"));
  card.notes += notesOf(record, before ? QStringLiteral("The run after") : QStringLiteral("The run"));
  for (const ScoreRow& row : rows) {
    card.lines.append(lineOf(row, record, before));
    card.measured += card.lines.last().measured() ? 1 : 0;
    card.met += card.lines.last().met ? 1 : 0;
  }
  return card;
}

}  // namespace cachedeck::runs
