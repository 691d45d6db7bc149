// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/alertmarks.h"

#include "ui/charts/eventmarks.h"
#include "ui/charts/plotpainter.h"
#include "ui/theme/colour.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr double stripHeight = 4, thinHeight = 2, leastWidth = 3, textGap = 5, besideStrip = 12, reachPixels = 3;
constexpr int tint = 16;

/// Over the height of the plot; one that was short is seen still.
QRectF rectOf(const PlotData::Alert& alert, const PlotMap& map) {
  const QRectF& area = map.area();
  const double begin = map.x(alert.fromMs), end = alert.toMs > 0 ? map.x(alert.toMs) : area.right();
  const double left = std::max(area.left(), begin), right = std::min(area.right(), std::max(end, begin + leastWidth));
  return {left, area.top(), right - left, area.height()};
}

}  // namespace

bool isAbout(const PanelInfo& panel, const QString& query) {
  return std::ranges::any_of(panel.alertWords, [&](QLatin1String word) { return query.contains(word); });
}

void markAlerts(PlotData& data, const QList<ChartAlert>& alerts, const PanelInfo& panel) {
  for (const ChartAlert& alert : alerts) {
    if ((alert.toMs > 0 && alert.toMs < data.span.fromMs) || alert.fromMs > data.span.toMs) continue;
    QString said = alert.level == Level::Critical ? QCoreApplication::translate("AlertMark", "%1, critical") : QCoreApplication::translate("AlertMark", "%1, warning");
    said = said.arg(alert.label) + QLatin1Char('\n') + (alert.toMs > 0 ? QCoreApplication::translate("AlertMark", "firing from %1 to %2").arg(clockTime(alert.fromMs), clockTime(alert.toMs))
                                                                       : QCoreApplication::translate("AlertMark", "firing since %1").arg(clockTime(alert.fromMs)));
    if (!alert.detail.isEmpty()) said += QLatin1Char('\n') + alert.detail;
    data.alerts.push_back({alert.fromMs, alert.toMs, alert.level, isAbout(panel, alert.query), alert.label, said});
  }
  // The worst is painted last, so that it is on top.
  std::ranges::stable_sort(data.alerts, {}, &PlotData::Alert::level);
}

void paintAlerts(QPainter& painter, const QRectF& area, const PlotData& data, const Palette& palette) {
  const PlotMap map(area, data);
  painter.setFont(Theme::instance().font(TextRole::Mark));
  const QFontMetricsF metrics(painter.font());
  double textEnd = area.left();
  for (const PlotData::Alert& alert : data.alerts) {
    const QRectF rect = rectOf(alert, map);
    if (rect.width() <= 0) continue;
    const QColor colour = lineColour(palette, alert.level);
    if (alert.isAbout) painter.fillRect(rect, withAlpha(colour, tint));
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), alert.isAbout ? stripHeight : thinHeight), withAlpha(colour, alert.isAbout ? 220 : 170));
  }
  for (auto alert = data.alerts.rbegin(); alert != data.alerts.rend(); ++alert) {
    if (!alert->isAbout) continue;
    const QRectF rect = rectOf(*alert, map);
    const double left = std::max(rect.left(), textEnd) + textGap, wide = metrics.horizontalAdvance(alert->label);
    if (left + wide > rect.right()) continue;  // it is in the tooltip
    // Below the place where chips and names of runs stand.
    const double baseline = area.top() + stripHeight + metrics.height() + (data.marks.empty() && data.runs.empty() ? 0 : metrics.height() + 4);
    painter.setPen(readable(lineColour(palette, alert->level), palette.card));
    painter.drawText(QPointF(left, baseline), alert->label);
    textEnd = left + wide;
  }
}

QStringList alertsAt(const PlotData& data, const QRectF& area, const QPointF& point) {
  const PlotMap map(area, data);
  QStringList found;
  for (auto alert = data.alerts.rbegin(); alert != data.alerts.rend(); ++alert) {
    const QRectF rect = rectOf(*alert, map);
    const bool inReach = alert->isAbout || point.y() <= area.top() + besideStrip;
    if (inReach && point.x() >= rect.left() - reachPixels && point.x() <= rect.right() + reachPixels) found << alert->said;
  }
  return found;
}

}  // namespace cachedeck
