// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ownedpanel.h"

#include "core/base/text.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr size_t mostLines = 8;  // as many as there are series colours
constexpr qsizetype longestText = 200;

QByteArray shown(const QString& text) { return printable(text, longestText).toUtf8(); }

QByteArray label(const QString& text) { return printable(text, 80).toUtf8(); }

}  // namespace

OwnPanelRow::OwnPanelRow(const OwnPanelText& text) {
  const size_t count = std::min(text.lines.size(), mostLines);
  bytes.reserve(8 + 2 * count);  // never moves: the row points into it
  const QByteArray id = text.id.toLatin1(), source = text.source.toLatin1();
  row.id = QLatin1String(keep(id), id.size());
  row.title = keep(shown(text.title));
  row.subtitle = keep(shown(text.subtitle));
  row.description = keep(shown(text.description));
  row.kind = PanelInfo::Kind::Chart;
  row.unit = text.unit;
  row.sources = {QLatin1String(keep(source), source.size())};
  row.idle = text.idle.isEmpty() ? nullptr : keep(printable(text.idle, 600).toUtf8());
  for (size_t i = 0; i < count; ++i) {
    const QByteArray& metric = text.lines[i].metric;
    const QLatin1String name(keep(metric), metric.size());
    row.series.push_back({name, static_cast<int>(i) + 1, count == 1 ? SeriesStyle::Area : SeriesStyle::Line, keep(label(text.lines[i].label))});
  }
}

const char* OwnPanelRow::keep(const QByteArray& text) {
  bytes.push_back(text);
  return bytes.back().constData();
}

}  // namespace cachedeck
