// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/eventmarks.h"

#include "ui/charts/alertmarks.h"
#include "ui/charts/plotpainter.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetricsF>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr double shortestRunPixels = 4, chipPadding = 6, reachPixels = 5;
constexpr double widestChip = 190, widestShare = 0.55;

int colourOf(ActionEvent::Kind kind) {
  switch (kind) {
    case ActionEvent::Kind::Delete: return 5;
    case ActionEvent::Kind::Undo: return 3;
    case ActionEvent::Kind::Load: return 6;
    case ActionEvent::Kind::Ttl:
    case ActionEvent::Kind::Edit:
    case ActionEvent::Kind::Other: return 4;
  }
  return 4;
}

QString detailOf(const ActionEvent& event) {
  QString text = event.toMs > 0 ? QCoreApplication::translate("EventMark", "%1 to %2").arg(clockTime(event.fromMs), clockTime(event.toMs))
                                : QCoreApplication::translate("EventMark", "since %1").arg(clockTime(event.fromMs));
  if (event.state == ActionEvent::State::UnderWay) text += QLatin1Char('\n') + QCoreApplication::translate("EventMark", "under way");
  if (!event.detail.isEmpty()) text += QLatin1Char('\n') + event.detail;
  return text;
}

/// Where an event ends on the plot; an interrupted one is no more than its beginning, since nobody knows.
qint64 drawnEnd(const ActionEvent& event, const TimeSpan& span) {
  if (event.state == ActionEvent::State::UnderWay) return span.toMs;
  return event.toMs > 0 ? event.toMs : event.fromMs;
}

}  // namespace

QString clockTime(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("HH:mm:ss")); }

void markActions(PlotData& data, const QList<ActionEvent>& events, double widthPixels) {
  const double perMs = widthPixels / std::max(1.0, data.span.seconds() * 1e3);
  for (const ActionEvent& event : events) {
    const qint64 end = drawnEnd(event, data.span);
    if (event.fromMs > data.span.toMs || end < data.span.fromMs) continue;
    const bool lasted = static_cast<double>(end - event.fromMs) * perMs >= shortestRunPixels;
    const bool goesOn = event.state == ActionEvent::State::UnderWay;
    if (lasted) data.runs.push_back({event.fromMs, goesOn ? 0 : end, QString(), colourOf(event.kind)});
    // Begun before what is shown: its name stands where the plot begins.
    data.marks.push_back({event.fromMs, event.label, colourOf(event.kind), lasted ? (goesOn ? data.span.toMs : end) : 0, detailOf(event)});
  }
}

std::vector<MarkChip> markChips(const PlotData& data, const QRectF& area, const QFontMetricsF& metrics) {
  const PlotMap map(area, data);
  const double widest = std::min(widestChip, area.width() * widestShare);
  std::vector<MarkChip> chips;
  for (auto mark = data.marks.rbegin(); mark != data.marks.rend(); ++mark) {
    const double x = std::round(map.x(mark->atMs)) + 0.5;
    const bool reachesIn = mark->toMs > 0 && map.x(mark->toMs) > area.left();
    if (x > area.right() || (x < area.left() && !reachesIn)) continue;
    const QString text = metrics.elidedText(mark->label, Qt::ElideRight, widest);
    const double width = metrics.horizontalAdvance(text) + 2 * chipPadding;
    const QRectF rect(std::clamp(x, area.left(), std::max(area.left(), area.right() - width)), area.top() + 1, width, metrics.height() + 4);
    if (std::ranges::none_of(chips, [&](const MarkChip& other) { return other.rect.intersects(rect); })) chips.push_back({rect, text, &*mark});
  }
  return chips;
}

QStringList marksAt(const PlotData& data, const QRectF& area, const QFontMetricsF& metrics, const QPointF& point) {
  if (!area.contains(point)) return {};
  const PlotMap map(area, data);
  const auto chips = markChips(data, area, metrics);
  const auto said = [](const PlotData::Mark& mark) { return mark.detail.isEmpty() ? mark.label : mark.label + QLatin1Char('\n') + mark.detail; };
  for (const MarkChip& chip : chips)
    if (chip.rect.contains(point)) return {said(*chip.mark)};
  QStringList found;
  for (const PlotData::Mark& mark : data.marks) {
    const double from = map.x(mark.atMs) - reachPixels, to = std::max(map.x(mark.atMs), mark.toMs > 0 ? map.x(mark.toMs) : 0.0) + reachPixels;
    if (point.x() >= from && point.x() <= to) found << said(mark);
  }
  found << alertsAt(data, area, point);
  constexpr qsizetype most = 6;
  if (found.size() > most) {
    const qsizetype more = found.size() - most;
    found = found.first(most);
    found << QCoreApplication::translate("EventMark", "and %1 more").arg(more);
  }
  return found;
}

QString markToolTip(const QStringList& marks) {
  QString text;
  for (const QString& mark : marks) text += QLatin1String("<p>") + mark.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")) + QLatin1String("</p>");
  return text;
}

}  // namespace cachedeck
