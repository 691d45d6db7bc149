// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/svg_marks.h"

#include <QRectF>

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

constexpr double chipHeight = 16, bandHeight = 20, chipPadding = 6, gap = 2, textSize = 10, widest = 190;

struct Chip {
  QRectF rect;
  QString text;
  int colour;
};

Chip chipOf(const ChartData::Mark& mark, const QString& text, const PlotBox& box) {
  const double x = std::round(box.left + mark.from * box.width()) + 0.5, width = textWidth(text, textSize) + 2 * chipPadding;
  return {QRectF(std::clamp(x, box.left, std::max(box.left, box.right - width)), box.top - bandHeight + 2, width, chipHeight), text, mark.colour};
}

bool isFree(const QList<Chip>& chips, const Chip& chip, qsizetype besides) {
  for (qsizetype i = 0; i < chips.size(); ++i)
    if (i != besides && chips[i].rect.adjusted(-gap, 0, gap, 0).intersects(chip.rect)) return false;
  return true;
}

/// From a chip's left edge to the next one's, or to the plot's end.
double roomOf(const QList<Chip>& chips, const Chip& own, const PlotBox& box) {
  double end = box.right;
  for (const Chip& other : chips)
    if (other.rect.left() > own.rect.left()) end = std::min(end, other.rect.left() - gap);
  return end - own.rect.left();
}

/// A chip with its number and words: as much of them as has room at its right, or all at its left where the plot ends.
Chip worded(const QList<Chip>& chips, qsizetype own, const ChartData::Mark& mark, const PlotBox& box) {
  constexpr double fewest = 48;
  const QString number = QStringLiteral("%1  ").arg(mark.number);
  const double room = roomOf(chips, chips[own], box) - textWidth(number, textSize) - 2 * chipPadding;
  const Chip chip = chipOf(mark, number + fitText(mark.label, textSize, room >= fewest ? std::min(room, widest) : widest), box);
  return isFree(chips, chip, own) ? chip : chips[own];
}

QList<Chip> chipsOf(const ChartData& data, const PlotBox& box) {
  QList<Chip> chips;
  QList<const ChartData::Mark*> owners;
  for (auto mark = data.marks.rbegin(); mark != data.marks.rend(); ++mark) {
    const Chip chip = chipOf(*mark, mark->number > 0 ? QString::number(mark->number) : fitText(mark->label, textSize, widest), box);
    if (!isFree(chips, chip, -1)) continue;
    chips.append(chip);
    owners.append(&*mark);
  }
  for (qsizetype i = 0; i < chips.size(); ++i)
    if (owners[i]->number > 0) chips[i] = worded(chips, i, *owners[i], box);
  return chips;
}

}  // namespace

double markBand(const ChartData& data) { return data.marks.isEmpty() ? 0 : bandHeight; }

void drawStretches(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  for (const ChartData::Mark& mark : data.marks) {
    const double left = places.x(mark.from), right = places.x(mark.to);
    if (right - left < 4) continue;
    const QString colour = style.colours.ofSeries(mark.colour);
    svg.rect(left, places.box.top, right - left, places.box.height(), colour, 0.1);
    for (const double x : {left, right}) svg.line(x, places.box.top, x, places.box.bottom, {colour, 1, 0.6});
  }
}

void drawMarks(SvgText& svg, const ChartData& data, const ChartStyle& style, const PlotPlaces& places) {
  for (const ChartData::Mark& mark : data.marks) {
    const double x = std::round(places.x(mark.from)) + 0.5;
    svg.line(x, places.box.top - 2, x, places.box.bottom, {style.colours.ofSeries(mark.colour), 1.2, 0.8, QStringLiteral("2 3")});
  }
  for (const Chip& chip : chipsOf(data, places.box)) {
    svg.rect(chip.rect.x(), chip.rect.y(), chip.rect.width(), chip.rect.height(), style.colours.ofSeries(chip.colour), 0.28, 4);
    svg.text(chip.rect.x() + chipPadding, chip.rect.y() + 11.5, chip.text, {style.colours.text1, textSize, 500});
  }
}

}  // namespace cachedeck::snapshot
