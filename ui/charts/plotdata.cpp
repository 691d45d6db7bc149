// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotdata.h"

#include "core/metrics/format.h"
#include "ui/charts/scale.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace cachedeck {

namespace {

constexpr double pixelsPerBar = 4.5, pixelsPerBucket = 1;

int bucketsFor(SeriesStyle style, double width) {
  return std::max(2, static_cast<int>(width / (style == SeriesStyle::Bars ? pixelsPerBar : pixelsPerBucket)));
}

void addTo(Bucket& run, const Bucket& part, double before) {
  run.toMs = part.toMs;
  run.min = std::min(run.min, part.min);
  run.max = std::max(run.max, part.max);
  run.mean = static_cast<float>((run.mean * before + part.mean) / (before + 1));
}

/// The runs of samples within one bucket, and the gaps between them.
void appendRuns(std::vector<Bucket>& out, QLatin1String metric, const History& history, const Bucket& bucket) {
  double samples = 0;
  for (const Bucket& part : history.window(metric, bucket.fromMs, bucket.toMs, std::numeric_limits<int>::max())) {
    if (part.fromMs < bucket.fromMs || part.toMs > bucket.toMs) continue;
    if (part.isGap() || samples == 0) {
      out.push_back(part);
      samples = part.isGap() ? 0 : 1;
    } else {
      addTo(out.back(), part, samples++);
    }
  }
}

/// A bucket that lasts much longer than the others holds a gap between its samples: a line must not run across it.
std::vector<Bucket> withGaps(std::vector<Bucket> buckets, QLatin1String metric, const History& history) {
  const auto length = [](const Bucket& bucket) { return bucket.toMs - bucket.fromMs; };
  std::vector<qint64> lengths;
  for (const Bucket& bucket : buckets)
    if (!bucket.isGap()) lengths.push_back(length(bucket));
  if (lengths.empty()) return buckets;
  std::nth_element(lengths.begin(), lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2), lengths.end());
  const qint64 longest = lengths[lengths.size() / 2] * 3 / 2 + 1500;
  if (std::none_of(buckets.begin(), buckets.end(), [&](const Bucket& b) { return !b.isGap() && length(b) > longest; })) return buckets;
  std::vector<Bucket> out;
  out.reserve(buckets.size() + 8);
  for (const Bucket& bucket : buckets) {
    if (!bucket.isGap() && length(bucket) > longest) appendRuns(out, metric, history, bucket);
    else out.push_back(bucket);
  }
  return out;
}

/// Where stacking stands at a time: the upper edge of the layer below, 0 without one.
float edgeAt(const PlotData::Series* below, qint64 atMs, size_t& cursor) {
  if (!below || below->buckets.empty()) return 0;
  const std::vector<Bucket>& edges = below->buckets;
  while (cursor + 1 < edges.size() && edges[cursor + 1].fromMs <= atMs) ++cursor;
  return edges[cursor].isGap() ? 0 : edges[cursor].mean;
}

/// Lays a series on the one below; both share their times when they come from one source.
void stack(PlotData::Series& series, const PlotData::Series* below) {
  size_t cursor = 0;
  series.floor.reserve(series.buckets.size());
  for (Bucket& bucket : series.buckets) {
    const float floor = edgeAt(below, bucket.fromMs, cursor);
    series.floor.push_back(floor);
    if (bucket.isGap()) continue;
    bucket.mean += floor;
    bucket.min = bucket.max = bucket.mean;
  }
}

bool isBelowBad(const PanelInfo& panel) {
  const MetricInfo* metric = panel.series.empty() ? nullptr : findMetric(panel.series.front().metric);
  return metric && metric->judge == Judge::LowIsBad;
}

void addThresholds(PlotData& data, const PanelInfo& panel, const History& history) {
  const bool below = isBelowBad(panel);
  Level worst = Level::Warning;
  for (const ThresholdInfo& row : panel.thresholds) worst = std::max(worst, row.level);
  for (const ThresholdInfo& row : panel.thresholds) {
    const double value = std::isnan(row.value) ? history.last(row.metric) * row.factor : row.value;
    if (!std::isfinite(value) || value <= 0) continue;
    const QString label = QCoreApplication::translate("Panel", row.label);
    data.thresholds.push_back({value, label.contains(QLatin1String("%1")) ? label.arg(roundValue(value, panel.unit)) : label,
                               row.level, row.level == worst, below});
  }
}

}  // namespace

bool PlotData::isEmpty() const {
  return std::all_of(series.begin(), series.end(), [](const Series& s) {
    return std::all_of(s.buckets.begin(), s.buckets.end(), [](const Bucket& bucket) { return bucket.isGap(); });
  });
}

QString seriesLabel(const SeriesInfo& series) {
  if (series.label) return QCoreApplication::translate("Panel", series.label);
  const MetricInfo* metric = findMetric(series.metric);
  return metric ? QCoreApplication::translate("Metric", metric->name) : QString(series.metric);
}

QString roundValue(double value, Unit unit) {
  const QString number = formatNumberLike(value, value, unit), word = unitLike(value, unit);
  return word.isEmpty() ? number : number + QLatin1Char(' ') + word;
}

PlotData buildPlot(const PanelInfo& panel, const History& history, const TimeSpan& span, double widthPixels,
                   const QSet<QLatin1String>& hidden) {
  PlotData data;
  data.span = span;
  data.series.reserve(panel.series.size());
  const PlotData::Series* below = nullptr;
  for (const SeriesInfo& row : panel.series) {
    if (hidden.contains(row.metric)) continue;
    data.series.push_back({seriesLabel(row), row.metric, row.colour, row.style,
                           withGaps(history.window(row.metric, span.fromMs, span.toMs, bucketsFor(row.style, widthPixels)), row.metric, history), {}});
    if (row.style != SeriesStyle::Stacked) continue;
    stack(data.series.back(), below);
    below = &data.series.back();
  }
  addThresholds(data, panel, history);
  return data;
}

void fitScale(PlotData& data, const PanelInfo& panel, ValueScale& scale, int wantedTicks) {
  double low = NAN, high = NAN;
  for (const PlotData::Series& series : data.series)
    for (const Bucket& bucket : series.buckets) {
      if (bucket.isGap() || bucket.toMs < data.span.fromMs) continue;
      const bool usesMean = series.style == SeriesStyle::Bars;
      low = std::fmin(low, bucket.min);
      high = std::fmax(high, usesMean ? bucket.mean : bucket.max);
    }
  const bool percent = panel.unit == Unit::Percent;
  double top = high;
  for (const PlotData::Threshold& line : data.thresholds) {
    if (percent) low = std::fmin(low, line.value);
    else if (line.value <= high * panel.reach) top = std::fmax(top, line.value * 1.04);
  }
  scale.fit(low, top, wantedTicks);
  data.low = scale.low();
  data.high = scale.high();
  std::erase_if(data.thresholds, [&](const auto& line) { return line.value > data.high || line.value < data.low; });
}

}  // namespace cachedeck
