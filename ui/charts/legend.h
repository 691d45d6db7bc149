// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

#include <QAbstractButton>
#include <QWidget>

namespace cachedeck {

/// One series in the legend: its line, name and live value. A click or the space key shows or hides it.
class LegendEntry : public QAbstractButton {
  Q_OBJECT
 public:
  LegendEntry(const SeriesInfo& series, QWidget* parent);
  void setValue(const QString& value, bool stale);
  QString value() const { return m_value; }
  QSize sizeHint() const override;

 Q_SIGNALS:
  void widened();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const SeriesInfo& m_series;
  const QString m_label;
  QString m_value;
  bool m_stale = false;
  int m_widestValue = 0;  // grows only, so that entries do not move with every figure
};

/// The entries of a panel in as many rows as the width needs.
class LegendRow : public QWidget {
  Q_OBJECT
 public:
  LegendRow(const PanelInfo& panel, QWidget* parent);
  const std::vector<LegendEntry*>& entries() const { return m_entries; }
  void setShown(size_t entry, bool shown);

 Q_SIGNALS:
  void toggled(QLatin1String metric, bool shown);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void layOut();
  std::vector<LegendEntry*> m_entries;
};

}  // namespace cachedeck
