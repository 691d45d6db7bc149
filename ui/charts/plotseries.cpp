// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotpainter.h"

#include "ui/theme/colour.h"

#include <QLinearGradient>
#include <QPainter>

#include <span>

namespace cachedeck {

namespace {

constexpr double lineWidth = 1.6, edgeWidth = 1.3;
constexpr double dashOn = 4, dashOff = 3;

/// Calls `draw(first, last)` for every stretch of buckets without a gap.
template <typename Draw>
void eachStretch(const std::vector<Bucket>& buckets, Draw draw) {
  size_t begin = 0;
  while (begin < buckets.size()) {
    if (buckets[begin].isGap()) { ++begin; continue; }
    size_t end = begin;
    while (end < buckets.size() && !buckets[end].isGap()) ++end;
    draw(begin, end);
    begin = end;
  }
}

/// A line through the extremes of every bucket, the nearer one first, so that no spike is lost and none invented.
void zigzag(std::span<const Bucket> stretch, const PlotMap& map, std::vector<QLineF>& lines) {
  QPointF last(map.x(stretch.front()), map.y(stretch.front().mean));
  for (const Bucket& bucket : stretch) {
    const double x = map.x(bucket), high = map.y(bucket.max), low = map.y(bucket.min);
    const bool highFirst = std::abs(last.y() - high) < std::abs(last.y() - low);
    const QPointF first(x, highFirst ? high : low), second(x, highFirst ? low : high);
    if (first != last) lines.emplace_back(last, first);
    if (std::abs(high - low) > 0.3) {
      lines.emplace_back(first, second);
      last = second;
    } else {
      last = first;
    }
  }
}

/// Cuts lines into dashes along their length; a dash pattern of QPen would stroke the whole path.
std::vector<QLineF> dashed(const std::vector<QLineF>& lines) {
  std::vector<QLineF> out;
  double phase = 0;
  for (const QLineF& line : lines) {
    const double length = line.length();
    for (double at = 0; at < length;) {
      const bool on = phase < dashOn;
      const double step = std::min(length - at, (on ? dashOn : dashOn + dashOff) - phase);
      if (on) out.emplace_back(line.pointAt(at / length), line.pointAt((at + step) / length));
      at += step;
      phase += step + 1e-9;
      if (phase >= dashOn + dashOff) phase = 0;
    }
  }
  return out;
}

void strokeLines(QPainter& painter, const std::vector<QLineF>& lines, const QColor& colour, double width) {
  // Single lines: a wide antialiased polyline costs several times as much in the raster engine.
  painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::SquareCap));
  painter.drawLines(lines.data(), static_cast<int>(lines.size()));
}

void drawLonely(QPainter& painter, const QPointF& point, const QColor& colour) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(point, 1.8, 1.8);
}

void drawLine(QPainter& painter, const PlotMap& map, const PlotData::Series& series, const QColor& colour) {
  std::vector<QLineF> lines;
  lines.reserve(series.buckets.size() * 2);
  const bool isDashed = series.style == SeriesStyle::Dashed;
  eachStretch(series.buckets, [&](size_t begin, size_t end) {
    const std::span stretch(series.buckets.data() + begin, end - begin);
    const size_t before = lines.size();
    zigzag(stretch, map, lines);
    if (lines.size() == before) drawLonely(painter, {map.x(stretch.front()), map.y(stretch.front().mean)}, colour);
  });
  strokeLines(painter, isDashed ? dashed(lines) : lines, colour, isDashed ? edgeWidth : lineWidth);
}

/// Fills between the means and `floorOf(index)` for every stretch.
template <typename FloorY>
void fillStretches(QPainter& painter, const PlotMap& map, const PlotData::Series& series, const QBrush& brush, FloorY floorY) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(brush);
  std::vector<QPointF> shape;
  eachStretch(series.buckets, [&](size_t begin, size_t end) {
    shape.clear();
    for (size_t i = begin; i < end; ++i) shape.emplace_back(map.x(series.buckets[i]), map.y(series.buckets[i].mean));
    for (size_t i = end; i-- > begin;) shape.emplace_back(map.x(series.buckets[i]), floorY(i));
    painter.drawPolygon(shape.data(), static_cast<int>(shape.size()));
  });
}

void drawArea(QPainter& painter, const PlotMap& map, const PlotData::Series& series, const QColor& colour) {
  QLinearGradient fade(0, map.area().top(), 0, map.area().bottom());
  fade.setColorAt(0, withAlpha(colour, 80));
  fade.setColorAt(1, withAlpha(colour, 4));
  painter.setRenderHint(QPainter::Antialiasing, false);  // its upper edge lies under the line
  const double bottom = map.area().bottom();
  fillStretches(painter, map, series, fade, [bottom](size_t) { return bottom; });
  painter.setRenderHint(QPainter::Antialiasing);
  drawLine(painter, map, series, colour);
}

void drawStacked(QPainter& painter, const PlotMap& map, const PlotData::Series& series, const QColor& colour) {
  painter.setRenderHint(QPainter::Antialiasing, false);
  fillStretches(painter, map, series, withAlpha(colour, 88), [&](size_t i) { return map.y(series.floor[i]); });
  painter.setRenderHint(QPainter::Antialiasing);
  std::vector<QLineF> lines;
  const auto hasHeight = [&](size_t i) { return series.buckets[i].mean > series.floor[i]; };
  eachStretch(series.buckets, [&](size_t begin, size_t end) {
    for (size_t from = begin; from < end;) {  // a layer without height has no edge: it would hide the one below
      size_t to = from;
      while (to < end && hasHeight(to)) ++to;
      if (to > from) zigzag(std::span(series.buckets.data() + from, std::min(end, to + 1) - from), map, lines);
      from = to + 1;
    }
  });
  strokeLines(painter, lines, colour, edgeWidth);
}

/// A bar stands for the time since the bucket before it, since a rate is measured backwards.
void drawBars(QPainter& painter, const PlotMap& map, const PlotData::Series& series, const QColor& colour) {
  const std::vector<Bucket>& buckets = series.buckets;
  const double pitch = buckets.size() > 1 ? (map.x(buckets.back().toMs) - map.x(buckets.front().toMs)) / static_cast<double>(buckets.size() - 1) : 6;
  const double space = pitch > 4 ? 1.5 : 0.4, bottom = map.area().bottom();
  painter.setRenderHint(QPainter::Antialiasing, pitch < 4);
  for (size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i].isGap()) continue;
    const double right = map.x(buckets[i].toMs), top = map.y(buckets[i].mean);
    const double left = i > 0 && !buckets[i - 1].isGap() ? map.x(buckets[i - 1].toMs) : std::min(map.x(buckets[i].fromMs), right - pitch);
    const double width = std::max(1.0, right - left - space);
    painter.fillRect(QRectF(right - width, top, width, bottom - top), withAlpha(colour, 150));
    painter.fillRect(QRectF(right - width, top, width, std::min(1.5, bottom - top)), colour);
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

}  // namespace

QColor seriesColour(const Palette& palette, int number, bool stale) {
  const QColor& colour = palette.series[static_cast<size_t>(std::clamp(number, 1, 8) - 1)];
  return stale ? mixed(colour, palette.stale, 0.65) : colour;
}

void paintSeries(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  painter.setRenderHint(QPainter::Antialiasing);
  for (const PlotData::Series& series : data.series) {
    const QColor colour = seriesColour(palette, series.colour, data.stale);
    switch (series.style) {
      case SeriesStyle::Line:
      case SeriesStyle::Dashed: drawLine(painter, map, series, colour); break;
      case SeriesStyle::Area: drawArea(painter, map, series, colour); break;
      case SeriesStyle::Stacked: drawStacked(painter, map, series, colour); break;
      case SeriesStyle::Bars: drawBars(painter, map, series, colour); break;
    }
  }
}

}  // namespace cachedeck
