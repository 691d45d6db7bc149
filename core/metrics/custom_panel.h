// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace cachedeck {

/// A chart of the person's own: a query to Prometheus, in words of the person.
struct CustomPanel {
  QString title;
  QString query;
  Unit unit = Unit::None;
  int number = 0;  ///< names its series in History, "custom.<number>.…"; given by CustomPanels::add
  bool operator==(const CustomPanel&) const = default;
};

/// The own charts of a profile, as its settings keep them.
struct CustomPanels {
  static constexpr qsizetype most = 24;

  QList<CustomPanel> panels;
  int next = 1;  ///< numbers are not given twice, since History still holds what was drawn under the old one

  /// Its number, or 0: there are as many as may be, or it asks nothing.
  int add(CustomPanel panel);
  bool remove(int number);
  bool operator==(const CustomPanels&) const = default;
};

/// {"next": 3, "panels": [{"number", "title", "query", "unit"}]}
QJsonObject customPanelsJson(const CustomPanels& panels);
/// What is no panel in it is left out, and texts are cut to a bearable length.
CustomPanels customPanelsOf(const QJsonObject& json);

/// "none", "count", "per_second", "percent", "bytes", "bytes_per_second", "seconds".
QLatin1String unitKey(Unit unit);
std::optional<Unit> unitOfKey(const QString& key);

/// One line of an own chart.
struct CustomSeries {
  QByteArray metric;  ///< its id in History
  QString label;      ///< plain, printable
  bool operator==(const CustomSeries&) const = default;
};

/// An own chart and what its query gave last.
struct CustomPanelState {
  CustomPanel panel;
  QList<CustomSeries> series;
  QString trouble{};  ///< a sentence: why there is nothing, or not all; empty: all is well
  bool operator==(const CustomPanelState&) const = default;
};

}  // namespace cachedeck
