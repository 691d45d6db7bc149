// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartpanel.h"

#include <QByteArray>

namespace cachedeck {

/// A panel that no catalog describes: its texts come from a person or a server.
struct OwnPanelText {
  struct Line {
    QByteArray metric;  ///< id in History
    QString label;
  };
  QString id, title, subtitle, description;
  QString idle;    ///< why there is nothing; may be empty
  QString source;  ///< id of the source whose state it shows
  Unit unit = Unit::None;
  std::vector<Line> lines;  ///< at most eight
};

/// What the views in a PanelInfo point to.
struct OwnPanelRow {
  explicit OwnPanelRow(const OwnPanelText& text);
  OwnPanelRow(const OwnPanelRow&) = delete;
  OwnPanelRow& operator=(const OwnPanelRow&) = delete;

  std::vector<QByteArray> bytes;
  PanelInfo row;

 private:
  const char* keep(const QByteArray& text);
};

/// A ChartPanel that holds its own row; the base comes first, so that the row outlives the panel.
class OwnedPanel : private OwnPanelRow, public ChartPanel {
 public:
  OwnedPanel(const OwnPanelText& text, const History& history, TimeView& view, QWidget* parent = nullptr) : OwnPanelRow(text), ChartPanel(row, history, view, parent) {}
};

}  // namespace cachedeck
