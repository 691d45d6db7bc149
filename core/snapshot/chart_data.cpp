// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/chart_data.h"

#include "core/metrics/format.h"
#include "core/snapshot/chart_axis.h"
#include "core/snapshot/chart_marks.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_text.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

using Style = ChartPanel::Style;
constexpr int pixelsPerBar = 5;

struct Samples {
  const SeriesGroup* group = nullptr;
  const SeriesGroup::Column* column = nullptr;
  explicit operator bool() const { return column; }
};

Samples samplesOf(const Snapshot& snapshot, const QByteArray& metric) {
  Samples found;
  found.column = findColumn(snapshot, metric, &found.group);
  return found;
}

double newest(const Snapshot& snapshot, const QByteArray& metric) {
  const Samples samples = samplesOf(snapshot, metric);
  if (!samples) return NAN;
  for (size_t i = std::min(samples.group->timesMs.size(), samples.column->values.size()); i-- > 0;)
    if (const float value = samples.column->values[i]; std::isfinite(value) && samples.group->timesMs[i] >= snapshot.fromMs && samples.group->timesMs[i] <= snapshot.toMs) return value;
  return NAN;
}

bool isZero(const Samples& samples) {
  return std::ranges::all_of(samples.column->values, [](float value) { return !std::isfinite(value) || value == 0; });
}

void addTo(ChartColumn& column, float value, double at, int samples) {
  if (value < column.min) { column.min = value; column.minFirst = false; }
  if (value > column.max) { column.max = value; column.minFirst = true; }
  column.mean += (value - column.mean) / static_cast<float>(samples);
  column.last = value;
  column.at = at;
}

/// The layers' upper edges at every time, so that all of them break where nothing was measured.
std::vector<float> stackedOn(const std::vector<float>& below, const std::vector<float>& values) {
  std::vector<float> sum(below);
  for (size_t i = 0; i < sum.size() && i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    sum[i] = std::isfinite(sum[i]) ? sum[i] + values[i] : values[i];
  }
  return sum;
}

void stack(ChartData::Line& line, const ChartData::Line* below) {
  size_t cursor = 0;
  for (const ChartColumn& column : line.columns) {
    while (below && cursor + 1 < below->columns.size() && below->columns[cursor + 1].at <= column.at) ++cursor;
    line.floor.push_back(below && !below->columns.empty() && below->columns[cursor].at == column.at ? below->columns[cursor].mean : 0);
  }
}

ChartData beginChart(const ChartPanel& panel, qint64 fromMs, qint64 toMs) {
  ChartData data;
  data.id = panel.id;
  data.title = panel.title;
  data.subtitle = panel.subtitle;
  data.unit = panel.unit;
  data.fromMs = fromMs;
  data.toMs = std::max(toMs, fromMs + 1);
  return data;
}

void addLines(ChartData& data, const Snapshot& snapshot, const ChartPanel& panel, int width) {
  std::vector<float> edges;
  const SeriesGroup* stackGroup = nullptr;
  qsizetype below = -1;
  for (const ChartPanel::Line& row : panel.lines) {
    const Samples samples = samplesOf(snapshot, row.metric);
    if (!samples || (row.onlyWhenSeen && isZero(samples))) continue;
    ChartData::Line line{row.label, row.colour, row.style, false, {}, {}, newest(snapshot, row.metric)};
    const bool stacked = row.style == Style::Stacked && (!stackGroup || stackGroup == samples.group);
    if (row.style == Style::Stacked && !stacked) line.style = Style::Line;
    if (stacked) edges = stackedOn(stackGroup ? edges : std::vector<float>(samples.group->timesMs.size(), NAN), samples.column->values);
    line.columns = decimate(samples.group->timesMs, stacked ? edges : samples.column->values, data.fromMs, data.toMs, row.style == Style::Bars ? width / pixelsPerBar : width);
    if (stacked) stack(line, below >= 0 ? &data.lines[below] : nullptr);
    data.lines.append(std::move(line));
    if (!stacked) continue;
    stackGroup = samples.group;
    below = data.lines.size() - 1;
  }
}

QString roundText(double value, Unit unit) {
  const QString number = formatNumberLike(value, value, unit), word = unitLike(value, unit);
  return word.isEmpty() ? number : number + QLatin1Char(' ') + word;
}

void addThresholds(ChartData& data, const Snapshot& snapshot, const ChartPanel& panel) {
  const MetricInfo* first = panel.lines.isEmpty() ? nullptr : findMetric(QLatin1String(panel.lines.first().metric.constData(), panel.lines.first().metric.size()));
  const bool below = first && first->judge == Judge::LowIsBad;
  Level worst = Level::Warning;
  for (const ChartPanel::Threshold& row : panel.thresholds) worst = std::max(worst, row.level);
  for (const ChartPanel::Threshold& row : panel.thresholds) {
    const double value = std::isnan(row.value) ? newest(snapshot, row.metric) * row.factor : row.value;
    if (!std::isfinite(value) || value <= 0) continue;
    data.thresholds.append({value, row.label.contains(QLatin1String("%1")) ? row.label.arg(roundText(value, panel.unit)) : row.label, row.level, row.level == worst, below});
  }
}

void fitAxis(ChartData& data, double reach) {
  double low = NAN, high = NAN;
  for (const ChartData::Line& line : data.lines)
    for (const ChartColumn& column : line.columns) {
      const bool usesMean = line.style == Style::Bars || line.style == Style::Stacked;
      low = std::fmin(low, usesMean ? column.mean : column.min);
      high = std::fmax(high, usesMean ? column.mean : column.max);
    }
  double top = high;
  for (const ChartData::Threshold& line : data.thresholds) {
    if (data.unit == Unit::Percent) low = std::fmin(low, line.value);
    else if (line.value <= high * reach) top = std::fmax(top, line.value * 1.04);
  }
  const ValueAxis axis = valueAxis(data.unit, low, top);
  data.low = axis.low;
  data.high = axis.high;
  data.step = axis.step;
  data.thresholds.removeIf([&](const ChartData::Threshold& line) { return line.value > data.high || line.value < data.low; });
}

/// A copy whose times count from the beginning, of the lines that one panel draws.
Snapshot fromZero(const Snapshot& snapshot, const ChartPanel& panel) {
  Snapshot moved;
  moved.toMs = snapshot.toMs - snapshot.fromMs;
  for (const SeriesGroup& group : snapshot.series) {
    SeriesGroup copy{group.name, group.timesMs, {}};
    for (const SeriesGroup::Column& column : group.columns)
      if (std::ranges::any_of(panel.lines, [&](const ChartPanel::Line& line) { return line.metric == column.metric; })) copy.columns.push_back(column);
    for (qint64& ms : copy.timesMs) ms -= snapshot.fromMs;
    moved.series.push_back(std::move(copy));
  }
  return moved;
}

}  // namespace

bool ChartData::isEmpty() const {
  return std::ranges::all_of(lines, [](const Line& line) { return line.columns.empty(); });
}

std::vector<ChartColumn> decimate(std::span<const qint64> timesMs, std::span<const float> values, qint64 fromMs, qint64 toMs, int columns) {
  std::vector<ChartColumn> out;
  const double length = std::max(1.0, static_cast<double>(toMs - fromMs));
  int current = -1, samples = 0;
  bool broken = true;
  qint64 before = 0;
  for (size_t i = 0; i < std::min(timesMs.size(), values.size()); ++i) {
    if (timesMs[i] < fromMs || timesMs[i] > toMs) continue;
    broken = broken || timesMs[i] - before > longestStepMs;
    before = timesMs[i];
    if (!std::isfinite(values[i])) {
      broken = true;
      continue;
    }
    const double at = static_cast<double>(timesMs[i] - fromMs) / length;
    const int column = static_cast<int>(at * std::max(1, columns));
    if (column == current && !broken) {
      addTo(out.back(), values[i], at, ++samples);
      continue;
    }
    out.push_back({at, values[i], values[i], values[i], values[i], true, broken});
    current = column;
    samples = 1;
    broken = false;
  }
  return out;
}

ChartData chartOf(const Snapshot& snapshot, const ChartPanel& panel, int width) {
  ChartData data = beginChart(panel, snapshot.fromMs, snapshot.toMs);
  addLines(data, snapshot, panel, width);
  addThresholds(data, snapshot, panel);
  fitAxis(data, panel.reach);
  data.marks = chartMarks(snapshot);
  return data;
}

ChartData overlaidChart(const Snapshot& before, const Snapshot& after, const ChartPanel& panel, int width) {
  ChartPanel flat = panel;
  for (ChartPanel::Line& line : flat.lines) line.style = Style::Line;  // stacks and areas of two would hide each other
  ChartData data = beginChart(panel, 0, std::max(before.toMs - before.fromMs, after.toMs - after.fromMs));
  data.relative = true;
  addLines(data, fromZero(before, flat), flat, width);
  for (ChartData::Line& line : data.lines) line.faded = true;
  addLines(data, fromZero(after, flat), flat, width);
  addThresholds(data, after, panel);
  fitAxis(data, panel.reach);
  return data;
}

QList<ChartPanel> panelsOf(const Snapshot& snapshot, const ReportLook& look) {
  QList<ChartPanel> panels;
  for (const ChartPanel& panel : look.panels)
    if (panel.onlyWith.isEmpty() || findColumn(snapshot, panel.onlyWith)) panels.append(panel);
  return panels;
}

}  // namespace cachedeck::snapshot
