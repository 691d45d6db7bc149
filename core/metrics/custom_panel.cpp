// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/custom_panel.h"

#include "core/base/text.h"

#include <QJsonArray>

#include <algorithm>
#include <limits>

namespace cachedeck {

namespace {

constexpr qsizetype longestTitle = 120, longestQuery = 8000;

struct UnitRow {
  Unit unit;
  const char* key;
};
constexpr UnitRow units[] = {{Unit::None, "none"},       {Unit::Count, "count"},          {Unit::PerSecond, "per_second"}, {Unit::Percent, "percent"},
                             {Unit::Bytes, "bytes"},     {Unit::BytesPerSecond, "bytes_per_second"}, {Unit::Seconds, "seconds"}};

/// As it may stand in a profile; without a query there is none.
std::optional<CustomPanel> tidied(CustomPanel panel) {
  panel.query = panel.query.trimmed();
  if (panel.query.isEmpty() || panel.query.size() > longestQuery) return std::nullopt;
  panel.title = printable(panel.title.simplified(), longestTitle);
  if (panel.title.isEmpty()) panel.title = printable(panel.query.simplified(), longestTitle);
  return panel;
}

}  // namespace

QLatin1String unitKey(Unit unit) {
  for (const UnitRow& row : units)
    if (row.unit == unit) return QLatin1String(row.key);
  return {};
}

std::optional<Unit> unitOfKey(const QString& key) {
  for (const UnitRow& row : units)
    if (key == QLatin1String(row.key)) return row.unit;
  return std::nullopt;
}

int CustomPanels::add(CustomPanel panel) {
  std::optional<CustomPanel> tidy = tidied(std::move(panel));
  if (!tidy || panels.size() >= most || next == std::numeric_limits<int>::max()) return 0;
  tidy->number = next++;
  panels.append(*tidy);
  return tidy->number;
}

bool CustomPanels::remove(int number) {
  return panels.removeIf([number](const CustomPanel& panel) { return panel.number == number; }) > 0;
}

QJsonObject customPanelsJson(const CustomPanels& panels) {
  QJsonArray rows;
  for (const CustomPanel& panel : panels.panels)
    rows.append(QJsonObject{{QStringLiteral("number"), panel.number}, {QStringLiteral("title"), panel.title}, {QStringLiteral("query"), panel.query}, {QStringLiteral("unit"), QString(unitKey(panel.unit))}});
  return {{QStringLiteral("next"), panels.next}, {QStringLiteral("panels"), rows}};
}

CustomPanels customPanelsOf(const QJsonObject& json) {
  CustomPanels read;
  const QJsonArray rows = json.value(QLatin1String("panels")).toArray();
  for (const QJsonValue& value : rows) {
    const QJsonObject row = value.toObject();
    const int number = row.value(QLatin1String("number")).toInt();
    const bool taken = std::any_of(read.panels.begin(), read.panels.end(), [number](const CustomPanel& one) { return one.number == number; });
    const std::optional<CustomPanel> panel = tidied({row.value(QLatin1String("title")).toString(), row.value(QLatin1String("query")).toString(),
                                                     unitOfKey(row.value(QLatin1String("unit")).toString()).value_or(Unit::None), number});
    if (!panel || number <= 0 || number == std::numeric_limits<int>::max() || taken || read.panels.size() >= CustomPanels::most) continue;
    read.panels.append(*panel);
    read.next = std::max(read.next, number + 1);
  }
  read.next = std::max(read.next, json.value(QLatin1String("next")).toInt());
  return read;
}

}  // namespace cachedeck
