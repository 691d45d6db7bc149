// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotpainter.h"

#include "ui/charts/alertmarks.h"
#include "ui/charts/eventmarks.h"
#include "ui/theme/colour.h"

#include <QPainter>

namespace cachedeck {

namespace {

void paintBands(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  const QRectF& area = map.area();
  for (const PlotData::Threshold& line : data.thresholds) {
    if (!line.band) continue;
    const double y = map.y(line.value);
    const QRectF band = line.beyondIsBelow ? QRectF(QPointF(area.left(), y), area.bottomRight())
                                           : QRectF(area.topLeft(), QPointF(area.right(), y));
    painter.fillRect(band, withAlpha(lineColour(palette, line.level), 15));
  }
}

/// 5/4 dashes without antialiasing: cheap, and crisp on the pixel grid.
void dashLine(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& colour, double on, double off) {
  const QLineF whole(from, to);
  const double length = whole.length();
  std::vector<QLineF> dashes;
  for (double at = 0; at < length; at += on + off)
    dashes.emplace_back(whole.pointAt(at / length), whole.pointAt(std::min(1.0, (at + on) / length)));
  painter.setPen(QPen(colour, 1.2, Qt::SolidLine, Qt::FlatCap));
  painter.drawLines(dashes.data(), static_cast<int>(dashes.size()));
}

void paintThresholds(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  painter.setFont(Theme::instance().font(TextRole::Mark));
  const QRectF& area = map.area();
  const double textHeight = QFontMetricsF(painter.font()).height();
  double lastLabel = -1e9, lastBaseline = -1e9;
  for (const PlotData::Threshold& line : data.thresholds) {
    const QColor colour = data.stale ? mixed(lineColour(palette, line.level), palette.stale, 0.5) : lineColour(palette, line.level);
    const double y = std::round(map.y(line.value)) + 0.5;
    dashLine(painter, {area.left(), y}, {area.right(), y}, colour, 5, 4);
    // The label stands left above its line, or below it where the plot ends or another label is.
    const bool fits = y - textHeight - 1 >= area.top() && std::abs(y - lastLabel) > textHeight + 2;
    const QPointF baseline(area.left() + 6, fits ? y - 4 : y + textHeight - 2);
    if (!fits && std::abs(baseline.y() - lastBaseline) < textHeight) continue;  // three lines on one spot: the legend of two will do
    // A plate, so that a series that runs along the line does not strike the words out.
    const QFontMetricsF metrics(painter.font());
    painter.fillRect(QRectF(baseline.x() - 2, baseline.y() - metrics.ascent(), metrics.horizontalAdvance(line.label) + 4, textHeight), withAlpha(palette.card, 200));
    painter.setPen(readable(colour, palette.card));
    painter.drawText(baseline, line.label);
    lastLabel = y;
    lastBaseline = baseline.y();
  }
}

void paintRuns(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  painter.setFont(Theme::instance().font(TextRole::Mark));
  const QRectF& area = map.area();
  for (const PlotData::Run& run : data.runs) {
    const double left = std::max(area.left(), map.x(run.fromMs));
    const double right = run.toMs ? std::min(area.right(), map.x(run.toMs)) : area.right();
    if (right <= left) continue;
    const QColor colour = seriesColour(palette, run.colour, data.stale);
    painter.fillRect(QRectF(left, area.top(), right - left, area.height()), withAlpha(colour, 26));
    painter.setPen(QPen(withAlpha(colour, 150), 1));
    painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()));
    painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()));
    painter.setPen(readable(colour, mixed(palette.card, colour, 0.1)));
    painter.drawText(QPointF(left + 5, area.top() + 14), run.label);
  }
}

void paintMarks(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  painter.setFont(Theme::instance().font(TextRole::Mark));
  const QFontMetricsF metrics(painter.font());
  const QRectF& area = map.area();
  for (const PlotData::Mark& mark : data.marks) {
    const double x = std::round(map.x(mark.atMs)) + 0.5;
    if (x < area.left() || x > area.right()) continue;
    dashLine(painter, {x, area.top()}, {x, area.bottom()}, withAlpha(seriesColour(palette, mark.colour, data.stale), 200), 2, 3);
  }
  for (const MarkChip& chip : markChips(data, area, metrics)) {
    const QColor colour = seriesColour(palette, chip.mark->colour, data.stale), ground = mixed(palette.card, colour, 0.28);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(chip.rect, 4, 4);
    painter.setPen(readable(colour, ground));
    painter.drawText(chip.rect, Qt::AlignCenter | Qt::TextSingleLine, chip.text);
  }
}

void paintEndDots(QPainter& painter, const PlotMap& map, const PlotData& data, const Palette& palette) {
  for (const PlotData::Series& series : data.series) {
    if (series.buckets.empty() || series.buckets.back().isGap() || series.style == SeriesStyle::Bars) continue;
    const Bucket& end = series.buckets.back();
    const QPointF at(std::clamp(map.x(end.toMs), map.area().left(), map.area().right()), map.y(end.mean));
    const QColor colour = seriesColour(palette, series.colour, data.stale);
    painter.setPen(Qt::NoPen);
    if (series.style != SeriesStyle::Stacked) {
      painter.setBrush(withAlpha(colour, 60));
      painter.drawEllipse(at, 6, 6);
    }
    if (series.style == SeriesStyle::Stacked || series.style == SeriesStyle::Dashed) continue;
    painter.setBrush(colour);
    painter.setPen(QPen(palette.card, 1.4));
    painter.drawEllipse(at, 3.6, 3.6);
  }
}

}  // namespace

QColor lineColour(const Palette& p, Level level) { return level == Level::Critical ? p.critical : p.warning; }

void paintPlot(QPainter& painter, const QRectF& area, const PlotData& data, const Palette& palette) {
  const PlotMap map(area, data);
  painter.save();
  painter.setClipRect(area.adjusted(0, -2, 1, 1), Qt::IntersectClip);
  paintBands(painter, map, data, palette);
  paintRuns(painter, map, data, palette);
  paintAlerts(painter, area, data, palette);
  paintSeries(painter, map, data, palette);
  paintThresholds(painter, map, data, palette);
  paintMarks(painter, map, data, palette);
  painter.restore();
  if (!data.following || data.stale) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintEndDots(painter, map, data, palette);
  painter.restore();
}

}  // namespace cachedeck
