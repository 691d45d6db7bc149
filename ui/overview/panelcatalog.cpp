// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/panelcatalog.h"

#include "core/metrics/format.h"
#include "ui/overview/figures_of.h"

#include <QCoreApplication>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)
#define TR(text) QT_TRANSLATE_NOOP("Panel", text)

QString tr(const char* text) { return QCoreApplication::translate("Panel", text); }

double mean(const History& history, const char* metric, const TimeSpan& span) {
  return history.summary(QLatin1String(metric), span.fromMs, span.toMs).mean;
}

// Blocks found over blocks asked for in the whole window: a mean of ratios would weigh idle seconds like busy ones.
double bufferHitRatio(const History& history, const TimeSpan& span) {
  const double hit = mean(history, "postgres.blocks_hit", span), read = mean(history, "postgres.blocks_read", span);
  return hit + read > 0 ? 100 * hit / (hit + read) : NAN;
}

GaugeData hitRatioGauge(const History& history, const TimeSpan& span) {
  const TimeSpan recent = recentPart(span);
  const MetricInfo* ratio = findMetric(ID("redis.hit_ratio"));
  const auto bar = [&](const QString& label, double percent) { return GaugeData::Bar{label, percent, judge(*ratio, percent)}; };
  GaugeData data;
  const double hits = mean(history, "redis.hits", recent), misses = mean(history, "redis.misses", recent);
  data.rings.push_back({tr("Redis"), tr("hits %1 · misses %2 %3").arg(formatNumberLike(hits, hits, Unit::PerSecond),
                                                                      formatNumberLike(misses, hits, Unit::PerSecond), unitLike(hits, Unit::PerSecond)),
                        hitRatio(history, recent), 3});
  data.rings.push_back({tr("PostgreSQL"), tr("blocks found in buffers"), bufferHitRatio(history, recent), 1});
  data.barTitle = tr("Redis over time");
  data.bars.push_back(bar(tr("lowest in view"), history.summary(ID("redis.hit_ratio"), span.fromMs, span.toMs).min));
  data.bars.push_back(bar(tr("whole range"), hitRatio(history, span)));
  data.bars.push_back(bar(tr("since start"), history.last(ID("redis.hit_ratio_lifetime"))));
  data.caption = tr("target ≥ %1 %").arg(ratio->warning);
  return data;
}

// What the tile shows and the gauge: a single second jumps.
double recentHitRatio(const History& history, const TimeSpan& span) { return hitRatio(history, recentPart(span)); }

QString windowNote(const History&, const TimeSpan& span) { return tr("last %1").arg(spanLength(recentPart(span))); }

QString memoryNote(const History& history, const TimeSpan&) {
  const double limit = history.last(ID("redis.memory_limit")), percent = history.last(ID("redis.memory_used_percent"));
  if (std::isnan(limit)) return history.lastMs(ID("redis.memory_used")) > 0 ? tr("no maxmemory set") : QString();
  return tr("%1 of %2").arg(formatValue(percent, Unit::Percent), roundValue(limit, Unit::Bytes));
}

QString connectionsNote(const History& history, const TimeSpan&) {
  const double limit = history.last(ID("postgres.max_connections"));
  return std::isnan(limit) ? QString() : tr("max %1").arg(roundValue(limit, Unit::Count));
}

QString offloadNote(const History& history, const TimeSpan& span) {
  const double misses = mean(history, "redis.misses", span), calls = mean(history, "postgres.calls", span);
  return misses > 0 && std::isfinite(calls) ? tr("%1 queries a miss").arg(formatValue(calls / misses, Unit::None)) : QString();
}

QString figureNote(const History& history, const char* metric, const char* words) {
  const MetricInfo* info = findMetric(QLatin1String(metric));
  const double value = history.last(info->id);
  return std::isnan(value) ? QString() : tr(words).arg(formatValue(value, info->unit));
}

QString errorsNote(const History& history, const TimeSpan&) { return figureNote(history, "app.error_ratio", TR("%1 errors")); }
QString meanNote(const History& history, const TimeSpan&) { return figureNote(history, "app.latency_mean", TR("mean %1")); }
QString allClassesNote(const History& history, const TimeSpan&) { return figureNote(history, "app.hit_ratio", TR("all %1")); }

QString poolNote(const History& history, const TimeSpan&) {
  const double limit = history.last(ID("app.pool_max"));
  return std::isnan(limit) ? QString() : tr("max %1").arg(roundValue(limit, Unit::Count));
}

constexpr const char* notScraped = TR("Prometheus scraped no service in this time.");

const std::vector<PanelInfo>& rows() {
  static const std::vector<PanelInfo> catalog{
      {.id = ID("hit_ratio"), .title = TR("Hit ratio"), .subtitle = "",
       .description = TR("Share of look-ups that Redis and PostgreSQL's buffers answered from memory"),
       .kind = PanelInfo::Kind::Donut, .unit = Unit::Percent, .sources = {ID("redis")},
       .series = {{ID("redis.hit_ratio"), 3, SeriesStyle::Area}},
       .thresholds = {{Level::Warning, TR("target %1"), 75}},
       .judged = ID("redis.hit_ratio"), .judgedValue = recentHitRatio, .noteWords = {ID("INFO"), ID("loading")},
       .idle = TR("There were no key look-ups in this time."), .alertWords = {ID("keyspace_"), ID("hit_ratio")}, .note = windowNote, .gauge = hitRatioGauge},
      {.id = ID("operations"), .title = TR("Operations"), .subtitle = TR("Redis"),
       .description = TR("Commands, hits and misses of Redis per second"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("redis")},
       .series = {{ID("redis.ops"), 1, SeriesStyle::Area, TR("all")}, {ID("redis.hits"), 3}, {ID("redis.misses"), 5}},
       .noteWords = {ID("INFO"), ID("loading")},
       .alertWords = {ID("keyspace_"), ID("evicted_keys"), ID("rejected_connections"), ID("redis_up == 0"), ID("redis_master_link"), ID("redis_connected_slaves")}},
      {.id = ID("memory"), .title = TR("Redis memory"), .subtitle = "",
       .description = TR("Memory that Redis uses and the process holds, against maxmemory"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Bytes, .sources = {ID("redis")},
       .series = {{ID("redis.memory_used"), 6, SeriesStyle::Area}, {ID("redis.memory_rss"), 8, SeriesStyle::Dashed}},
       .thresholds = {{Level::Warning, TR("warn 75 %"), NAN, ID("redis.memory_limit"), 0.75},
                      {Level::Critical, TR("maxmemory %1"), NAN, ID("redis.memory_limit"), 1}},
       .reach = 4, .judged = ID("redis.memory_used_percent"), .noteWords = {ID("INFO"), ID("loading"), ID("memory")}, .alertWords = {ID("redis_memory"), ID("evicted_keys")}, .note = memoryNote},
      {.id = ID("connections"), .title = TR("PostgreSQL connections"), .subtitle = TR("by state"),
       .description = TR("Client sessions of PostgreSQL by state"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Count, .sources = {ID("postgres")},
       .series = {{ID("postgres.active"), 1, SeriesStyle::Stacked}, {ID("postgres.idle"), 8, SeriesStyle::Stacked},
                  {ID("postgres.idle_in_transaction"), 2, SeriesStyle::Stacked}, {ID("postgres.waiting"), 5, SeriesStyle::Stacked},
                  {ID("postgres.other"), 4, SeriesStyle::Stacked, nullptr, true}},
       .thresholds = {{Level::Warning, TR("warn %1"), 40},
                      {Level::Critical, TR("max_connections %1"), NAN, ID("postgres.max_connections"), 1}},
       .reach = 1.6, .judged = ID("postgres.connections"), .alertWords = {ID("pg_stat_activity"), ID("numbackends"), ID("blocked_sessions"), ID("pg_up == 0")}, .note = connectionsNote},
      {.id = ID("query_time"), .title = TR("Query performance"), .subtitle = TR("PostgreSQL"),
       .description = TR("Mean and slowest execution time of the statements that finished"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Seconds, .sources = {ID("postgres")},
       .series = {{ID("postgres.query_max"), 4}, {ID("postgres.query_mean"), 2, SeriesStyle::Area}},
       .thresholds = {{Level::Warning, TR("warn %1"), 1}}, .judged = ID("postgres.query_mean"),
       .noteWords = {ID("Query times")}, .idle = TR("No statement finished in this time."),
       .alertWords = {ID("pg_stat_statements")}},
      {.id = ID("query_rate"), .title = TR("Query throughput"), .subtitle = TR("PostgreSQL"),
       .description = TR("Statements finished and transactions ended per second"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("postgres")},
       .series = {{ID("postgres.calls"), 1, SeriesStyle::Bars}, {ID("postgres.transactions"), 2}},
       .noteWords = {ID("Query times")}},
      {.id = ID("offload"), .title = TR("Database offload"), .subtitle = TR("what the cache does not answer"),
       .description = TR("Redis misses against statements of PostgreSQL per second: with a working cache they go together"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("redis"), ID("postgres")},
       .series = {{ID("postgres.calls"), 1, SeriesStyle::Area, TR("PostgreSQL calls")}, {ID("redis.misses"), 5, SeriesStyle::Line, TR("Redis misses")}},
       .noteWords = {ID("INFO"), ID("loading"), ID("Query times")}, .columns = 2, .note = offloadNote},
      // The service, as Prometheus scrapes it: its pool's limit is there as long as the service is, idle or not.
      {.id = ID("requests"), .title = TR("Requests"), .subtitle = TR("service"),
       .description = TR("Requests that the service answered, and those that failed, per second"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::PerSecond, .sources = {ID("prometheus")},
       .series = {{ID("app.requests"), 1, SeriesStyle::Area, TR("all")}, {ID("app.errors"), 5}},
       .judged = ID("app.error_ratio"), .noteWords = {ID("service's figures")}, .idle = notScraped, .alertWords = {ID("http_errors"), ID("http_requests_total"), ID("cache_up")}, .onlyWith = ID("app.pool_max"),
       .note = errorsNote},
      {.id = ID("latency"), .title = TR("Latency"), .subtitle = TR("service"),
       .description = TR("Time within which half, 95 and 99 of 100 requests to the service were answered"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Seconds, .sources = {ID("prometheus")},
       .series = {{ID("app.latency_p50"), 3, SeriesStyle::Line, TR("p50")}, {ID("app.latency_p95"), 1, SeriesStyle::Line, TR("p95")},
                  {ID("app.latency_p99"), 4, SeriesStyle::Line, TR("p99")}},
       .thresholds = {{Level::Warning, TR("p95 warn %1"), 0.1}, {Level::Critical, TR("p95 critical %1"), 0.3}},
       .reach = 1.7, .judged = ID("app.latency_p95"), .noteWords = {ID("service's figures")},
       .idle = TR("The service answered no request in this time."), .alertWords = {ID("http_request_duration")}, .onlyWith = ID("app.pool_max"), .note = meanNote},
      {.id = ID("hit_ratio_by_class"), .title = TR("Hit ratio by class"), .subtitle = TR("service"),
       .description = TR("Share of the service's cacheable answers that came from its cache, by class of endpoint"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Percent, .sources = {ID("prometheus")},
       .series = {{ID("app.hit_ratio_risk"), 3, SeriesStyle::Line, TR("risk")}, {ID("app.hit_ratio_dashboard"), 1, SeriesStyle::Line, TR("dashboard")},
                  {ID("app.hit_ratio_connector"), 2, SeriesStyle::Line, TR("connector")}, {ID("app.hit_ratio_marketplace"), 6, SeriesStyle::Line, TR("apps")}},
       .thresholds = {{Level::Warning, TR("target %1"), 75}},
       .judged = ID("app.hit_ratio"), .noteWords = {ID("service's figures")}, .idle = TR("The service asked its cache for nothing in this time."),
       .alertWords = {ID("cache_hit"), ID("cache_requests")}, .onlyWith = ID("app.pool_max"), .note = allClassesNote},
      {.id = ID("pool"), .title = TR("Pool in use"), .subtitle = TR("service"),
       .description = TR("Connections of the service's pool, in use and idle, and the requests that wait for one"),
       .kind = PanelInfo::Kind::Chart, .unit = Unit::Count, .sources = {ID("prometheus")},
       .series = {{ID("app.pool_in_use"), 1, SeriesStyle::Stacked, TR("in use")}, {ID("app.pool_idle"), 8, SeriesStyle::Stacked, TR("idle")},
                  {ID("app.pool_waiting"), 5, SeriesStyle::Line, TR("waiting")}},
       .thresholds = {{Level::Critical, TR("max %1"), NAN, ID("app.pool_max"), 1}},
       .judged = ID("app.pool_waiting"), .noteWords = {ID("service's figures")}, .idle = notScraped, .alertWords = {ID("pool_")}, .onlyWith = ID("app.pool_max"),
       .note = poolNote},
  };
  return catalog;
}

#undef ID
#undef TR

}  // namespace

std::span<const PanelInfo> panelCatalog() { return rows(); }

}  // namespace cachedeck
