// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/tilecatalog.h"

#include "ui/overview/figures_of.h"

#include <QCoreApplication>

#include <cmath>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)
#define TR(text) QT_TRANSLATE_NOOP("Tile", text)

QString tr(const char* text) { return QCoreApplication::translate("Tile", text); }

double recentHitRatio(const History& history, const TimeSpan& span) { return hitRatio(history, recentPart(span)); }

// Between two statements there is no mean time; the last quarter of a minute stands for now.
double recentQueryMean(const History& history, const TimeSpan& span) {
  const double last = history.last(ID("postgres.query_mean"));
  return std::isfinite(last) ? last : history.summary(ID("postgres.query_mean"), span.toMs - 15'000, span.toMs).mean;
}

QString sinceStart(const History& history) {
  const double lifetime = history.last(ID("redis.hit_ratio_lifetime"));
  return std::isnan(lifetime) ? QString() : tr("since start %1").arg(formatValue(lifetime, Unit::Percent));
}

QString noLimit(const History& history) {
  return history.lastMs(ID("redis.memory_used")) > 0 && std::isnan(history.last(ID("redis.memory_limit"))) ? tr("no limit set") : QString();
}

QString waiting(const History& history) {
  const double sessions = history.last(ID("postgres.waiting"));
  return std::isnan(sessions) ? QString() : tr("%1 waiting").arg(formatValue(sessions, Unit::Count));
}

const TileInfo tiles[] = {
    {.id = ID("hit_ratio"), .title = TR("Hit ratio"), .metric = ID("redis.hit_ratio"), .source = ID("redis"), .colour = 3,
     .value = recentHitRatio, .detail = sinceStart},
    {.id = ID("operations"), .title = TR("Operations"), .metric = ID("redis.ops"), .source = ID("redis"), .colour = 1},
    {.id = ID("memory"), .title = TR("Redis memory"), .metric = ID("redis.memory_used"), .source = ID("redis"), .colour = 6,
     .judged = ID("redis.memory_used_percent"), .limit = ID("redis.memory_limit"), .usedPercent = ID("redis.memory_used_percent"), .detail = noLimit},
    {.id = ID("connections"), .title = TR("PG connections"), .metric = ID("postgres.connections"), .source = ID("postgres"), .colour = 2,
     .limit = ID("postgres.max_connections"), .detail = waiting},
    {.id = ID("query_mean"), .title = TR("Query mean"), .metric = ID("postgres.query_mean"), .source = ID("postgres"), .colour = 4,
     .value = recentQueryMean},
    {.id = ID("evictions"), .title = TR("Evictions"), .metric = ID("redis.evicted"), .source = ID("redis"), .colour = 5},
};

#undef ID
#undef TR

/// How the end of the stretch differs from its beginning, both as means over a tenth of it: single samples jump.
void addTrend(TileFigures& out, const MetricInfo& metric, const History& history, const TimeSpan& span) {
  const qint64 tenth = (span.toMs - span.fromMs) / 10;
  const qint64 first = std::max(span.fromMs, history.firstMs(metric.id));
  const double before = history.summary(metric.id, first, first + tenth).mean, now = history.summary(metric.id, span.toMs - tenth, span.toMs).mean;
  if (!std::isfinite(before) || !std::isfinite(now)) return;
  const double change = now - before;
  if (history.last(metric.id) == 0 && change > 0) return;  // a rise beside a zero reads as a mistake
  const bool steady = std::abs(change) < 0.01 * std::max(std::abs(before), std::abs(now)) || change == 0;
  out.trend = steady ? TileFigures::Trend::Steady : change > 0 ? TileFigures::Trend::Up : TileFigures::Trend::Down;
  out.trendJudged = metric.judge != Judge::None;
  out.trendLevel = !steady && out.trendJudged && (change > 0) == (metric.judge == Judge::HighIsBad) ? Level::Warning : Level::Good;
  if (steady) out.delta = tr("steady");
  else if (metric.unit == Unit::Percent) out.delta = tr("%1 pt").arg(formatQuantity(std::abs(change), Unit::Percent).number);
  else if (const double share = 100 * std::abs(change) / before; before > 0 && share < 500) out.delta = tr("%1 %").arg(QString::number(share, 'f', share < 9.95 ? 1 : 0));
  else out.delta = formatValue(std::abs(change), metric.unit);
}

}  // namespace

std::span<const TileInfo> tileCatalog() { return tiles; }

TileFigures tileFigures(const TileInfo& tile, const History& history, const TimeSpan& span, int sparkPixels) {
  TileFigures out;
  const MetricInfo* metric = findMetric(tile.metric);
  if (!metric) return out;
  const double value = tile.value ? tile.value(history, span) : history.last(tile.metric);
  out.isKnown = history.lastMs(tile.metric) > 0;
  out.value = formatQuantity(value, metric->unit);
  if (const double limit = tile.limit.isEmpty() ? NAN : history.last(tile.limit); std::isfinite(limit)) {
    if (std::isfinite(value)) out.value = {formatNumberLike(value, limit, metric->unit), unitLike(limit, metric->unit)};  // both in one unit
    out.limit = QLatin1String("/ ") + roundValue(limit, metric->unit);
  }
  const MetricInfo* judged = tile.judged.isEmpty() ? metric : findMetric(tile.judged);
  out.level = judged ? judge(*judged, tile.judged.isEmpty() ? value : history.last(tile.judged)) : Level::Good;
  if (!tile.usedPercent.isEmpty()) out.usedPercent = history.last(tile.usedPercent);
  out.spark = history.window(tile.metric, span.fromMs, span.toMs, std::max(2, sparkPixels));
  addTrend(out, *metric, history, span);
  const qint64 first = std::max(span.fromMs, history.firstMs(tile.metric));
  if (tile.detail) out.detail = tile.detail(history);
  if (out.delta.isEmpty()) return out;
  // Apart from the change: "60 % of 64 MiB" would read as one figure.
  out.detail = out.detail.isEmpty() ? tr("vs %1 ago").arg(spanLength({first, span.toMs})) : QStringLiteral("· ") + out.detail;
  return out;
}

}  // namespace cachedeck
