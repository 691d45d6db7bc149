// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/reportlook.h"

#include "ui/overview/panelcatalog.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

namespace cachedeck {

namespace {

using snapshot::ChartColours;
using snapshot::ChartPanel;

QString tr(const char* text) { return text && *text ? QCoreApplication::translate("Panel", text) : QString(); }
QByteArray idOf(QLatin1String id) { return QByteArray(id.data(), id.size()); }

ChartPanel::Style styleOf(SeriesStyle style) {
  switch (style) {
    case SeriesStyle::Line: break;
    case SeriesStyle::Area: return ChartPanel::Style::Area;
    case SeriesStyle::Stacked: return ChartPanel::Style::Stacked;
    case SeriesStyle::Bars: return ChartPanel::Style::Bars;
    case SeriesStyle::Dashed: return ChartPanel::Style::Dashed;
  }
  return ChartPanel::Style::Line;
}

// The gauge of a Donut panel shows one moment; its series is what a report of a range draws.
ChartPanel panelOf(const PanelInfo& info) {
  ChartPanel panel{QString(info.id), tr(info.title), tr(info.subtitle), info.unit, {}, {}, info.reach, idOf(info.onlyWith)};
  for (const SeriesInfo& series : info.series) panel.lines.append({idOf(series.metric), seriesLabel(series), series.colour, styleOf(series.style), series.onlyWhenSeen});
  for (const ThresholdInfo& line : info.thresholds) panel.thresholds.append({line.level, tr(line.label), line.value, idOf(line.metric), line.factor});
  return panel;
}

ChartColours coloursOf(const Palette& palette) {
  ChartColours colours{palette.window.name(),  palette.card.name(),   palette.raised.name(), palette.border.name(), palette.grid.name(),    palette.axis.name(),     palette.text1.name(),
                       palette.text2.name(),   palette.text3.name(),  palette.accent.name(), palette.good.name(),   palette.warning.name(), palette.critical.name(), palette.stale.name(), {}};
  for (const QColor& colour : palette.series) colours.series.append(colour.name());
  return colours;
}

}  // namespace

const snapshot::ReportLook& reportLook() {
  static const snapshot::ReportLook look = [] {
    snapshot::ReportLook made;
    for (const PanelInfo& info : panelCatalog()) made.panels.append(panelOf(info));
    made.dark = coloursOf(Theme::paletteOf(true));
    made.light = coloursOf(Theme::paletteOf(false));
    return made;
  }();
  return look;
}

}  // namespace cachedeck
