// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/runcurves.h"

#include "core/runs/recorded_metrics.h"
#include "core/metrics/metric.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)
#define TR(text) QT_TRANSLATE_NOOP("Panel", text)

constexpr const char* noRequest = TR("No request ended in this time.");
constexpr const char* notRecorded = TR("This server said nothing while the run went on.");

constexpr std::int64_t leastWidthMs = 300;

const std::vector<PanelInfo>& rows() {
  static const std::vector<PanelInfo> panels{
      {.id = ID("load_throughput"), .title = TR("Throughput"), .subtitle = TR("this run"), .description = TR("Requests that ended, and those that failed, per second of the run"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("load")}, .series = {{ID("load.requests"), 1, SeriesStyle::Area, TR("requests")}}, .idle = noRequest},
      {.id = ID("load_latency"), .title = TR("Latency"), .subtitle = TR("this run"), .description = TR("Time within which half, 95 and 99 of 100 requests of a second were answered, and the slowest"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Seconds, .sources = {ID("load")},
       .series = {{ID("load.p50"), 3, SeriesStyle::Line, TR("p50")}, {ID("load.p95"), 1, SeriesStyle::Line, TR("p95")}, {ID("load.p99"), 4, SeriesStyle::Line, TR("p99")}, {ID("load.max"), 8, SeriesStyle::Dashed, TR("max")}},
       .idle = noRequest, .columns = 2},
      {.id = ID("load_errors"), .title = TR("Errors"), .subtitle = TR("this run"), .description = TR("Requests that failed, and iterations that could not be started, per second"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("load")}, .series = {{ID("load.failed"), 5, SeriesStyle::Area, TR("failed")}, {ID("load.dropped"), 2, SeriesStyle::Line, TR("dropped")}}, .idle = noRequest},
      {.id = ID("load_hits"), .title = TR("Hit ratio"), .subtitle = TR("as answers say it"), .description = TR("Share of the answers that say they came from the cache"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Percent, .sources = {ID("load")}, .series = {{ID("load.hit_ratio"), 3, SeriesStyle::Area, TR("hits")}},
       .idle = TR("No answer said whether it came from the cache (X-Cache), or k6 made the load, which tells it of whole runs alone.")},
      {.id = ID("load_users"), .title = TR("Users"), .subtitle = TR("virtual"), .description = TR("Virtual users, and those of them in an iteration"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Count, .sources = {ID("load")}, .series = {{ID("load.users"), 6, SeriesStyle::Area, TR("users")}, {ID("load.busy"), 2, SeriesStyle::Line, TR("in an iteration")}}, .idle = TR("The run was over before its first second.")},
      {.id = ID("load_redis_ops"), .title = TR("Redis operations"), .subtitle = "", .description = TR("Commands, hits and misses of Redis per second"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("redis")}, .series = {{ID("redis.ops"), 1, SeriesStyle::Area, TR("all")}, {ID("redis.hits"), 3}, {ID("redis.misses"), 5}},
       .noteWords = {ID("INFO"), ID("loading")}, .idle = notRecorded},
      {.id = ID("load_redis_memory"), .title = TR("Redis memory"), .subtitle = "", .description = TR("Memory that Redis uses and the process holds"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Bytes, .sources = {ID("redis")}, .series = {{ID("redis.memory_used"), 6, SeriesStyle::Area}, {ID("redis.memory_rss"), 8, SeriesStyle::Dashed}},
       .thresholds = {{Level::Critical, TR("maxmemory %1"), NAN, ID("redis.memory_limit"), 1}}, .noteWords = {ID("INFO"), ID("loading"), ID("memory")}, .idle = notRecorded},
      {.id = ID("load_connections"), .title = TR("PostgreSQL connections"), .subtitle = "", .description = TR("Client sessions of PostgreSQL by state"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Count, .sources = {ID("postgres")},
       .series = {{ID("postgres.active"), 1, SeriesStyle::Stacked}, {ID("postgres.idle"), 8, SeriesStyle::Stacked}, {ID("postgres.idle_in_transaction"), 2, SeriesStyle::Stacked, nullptr, true},
                  {ID("postgres.waiting"), 5, SeriesStyle::Stacked, nullptr, true}},
       .thresholds = {{Level::Warning, TR("warn %1"), 40}}, .reach = 1.6, .idle = notRecorded},
      {.id = ID("load_query_time"), .title = TR("Query time"), .subtitle = TR("PostgreSQL"), .description = TR("Mean and slowest execution time of the statements that finished"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Seconds, .sources = {ID("postgres")}, .series = {{ID("postgres.query_max"), 4, SeriesStyle::Line, TR("max")}, {ID("postgres.query_mean"), 2, SeriesStyle::Area, TR("mean")}},
       .noteWords = {ID("Query times")}, .idle = TR("No statement finished in this time.")},
  };
  return panels;
}

double perSecond(std::uint64_t count, const load::SecondFigures& second) { return 1000.0 * static_cast<double>(count) / static_cast<double>(std::max<std::int64_t>(1, second.widthMs)); }

}  // namespace

std::span<const PanelInfo> loadPanels() { return rows(); }

const SecondNames loadNames{ID("load.requests"), ID("load.failed"), ID("load.dropped"), ID("load.mean"), ID("load.p50"), ID("load.p95"), ID("load.p99"), ID("load.max"), ID("load.hit_ratio"), ID("load.users"), ID("load.busy")};

void appendSeconds(History& history, QLatin1String group, const SecondNames& names, qint64 startedMs, const std::vector<load::SecondFigures>& seconds, std::size_t first, bool byK6) {
  for (std::size_t i = first; i < seconds.size(); ++i) {
    const load::SecondFigures& second = seconds[i];
    if (second.widthMs < leastWidthMs && i > 0) continue;  // of the moment in which a run ended: a rate of it says nothing
    const double looked = static_cast<double>(second.hits + second.misses);
    const auto latency = [&](double ms) { return second.requests > 0 && ms > 0 ? ms / 1000 : NAN; };  // of nothing: it was not told
    history.append(group, startedMs + second.fromMs + second.widthMs,
                   {{names.requests, perSecond(second.requests, second)},
                    {names.failed, perSecond(second.failed, second)},
                    {names.dropped, perSecond(second.dropped, second)},
                    {names.mean, latency(second.meanMs)},
                    {names.p50, latency(second.p50Ms)},
                    {names.p95, latency(second.p95Ms)},
                    {names.p99, latency(second.p99Ms)},
                    {names.max, latency(second.maxMs)},
                    {names.hitRatio, looked > 0 ? 100 * static_cast<double>(second.hits) / looked : NAN},
                    {names.users, second.users},
                    {names.busy, byK6 ? NAN : static_cast<double>(second.busy)}},
                   false, second.widthMs * 5 / 2);
  }
}

void RunCurves::begin(qint64 startedMs, const QString& engine) {
  m_history.clear();
  m_startedMs = startedMs;
  m_seconds = 0;
  m_byK6 = engine == QLatin1String(runs::k6Engine);
}

void RunCurves::add(const load::RunFigures& figures) {
  const std::vector<load::SecondFigures>& seconds = figures.seconds;
  if (m_seconds == 0) m_startedMs = figures.startedMs;  // the clock starts when the preparation is over
  // A long run puts several seconds into one row, and the rows before it are fewer then: what is drawn stays.
  if (seconds.size() < m_seconds) m_seconds = seconds.size();
  appendSeconds(m_history, ID("load"), loadNames, m_startedMs, seconds, m_seconds, m_byK6);
  m_seconds = seconds.size();
}

void RunCurves::follow(const History& live) {
  for (const runs::RecordedMetrics& row : runs::recordedMetrics()) {
    qint64 newest = 0, known = 0;
    for (const QLatin1String metric : row.metrics) {
      newest = std::max(newest, live.lastMs(metric));
      known = std::max(known, m_history.lastMs(metric));
    }
    if (newest <= std::max(known, m_startedMs - 1500)) continue;
    History::Values values;
    for (const QLatin1String metric : row.metrics)
      if (live.lastMs(metric) > 0) values.emplace_back(metric, live.last(metric));
    m_history.append(row.source, newest, values, false, row.source == ID("prometheus") ? 20'000 : 4000);
  }
}

void RunCurves::show(const runs::RunRecord& record) {
  begin(record.figures.startedMs, record.engine);
  add(record.figures);
  for (const runs::RecordedMetrics& row : runs::recordedMetrics()) {
    std::map<qint64, History::Values> samples;
    for (const runs::ServerSeries& series : record.series)
      for (const QLatin1String metric : row.metrics)
        if (series.metric == metric)
          for (const runs::ServerSeries::Point& point : series.points) samples[point.ms].emplace_back(metric, point.value);
    for (const auto& [at, values] : samples) m_history.append(row.source, at, values, false, row.source == ID("prometheus") ? 20'000 : 4000);
  }
}

QList<runs::ServerSeries> RunCurves::series(qint64 fromMs, qint64 toMs) const {
  QList<runs::ServerSeries> all;
  for (const runs::RecordedMetrics& row : runs::recordedMetrics())
    for (const QLatin1String metric : row.metrics) {
      const MetricInfo* info = findMetric(metric);
      runs::ServerSeries series{metric, info ? info->unit : Unit::None, {}};
      for (const Bucket& bucket : m_history.window(metric, fromMs, toMs, std::numeric_limits<int>::max()))
        if (!bucket.isGap()) series.points.append({bucket.toMs, static_cast<double>(bucket.mean)});
      if (!series.points.isEmpty()) all.append(series);
    }
  return all;
}

#undef ID
#undef TR

}  // namespace cachedeck
