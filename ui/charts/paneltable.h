// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotdata.h"

#include <QAbstractTableModel>
#include <QDialog>

namespace cachedeck {

/// What a chart shows, as rows of time and values: for screen readers, and for copying.
class PanelTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  PanelTableModel(const PanelInfo& panel, const History& history, const TimeSpan& span, QObject* parent = nullptr);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// The rows as lines of tab-separated plain text, with the headings.
  QString toText() const;

 private:
  Unit m_unit;
  QStringList m_headings;
  std::vector<qint64> m_times;
  std::vector<std::vector<double>> m_values;  // by series
};

class PanelTableDialog : public QDialog {
  Q_OBJECT
 public:
  PanelTableDialog(const PanelInfo& panel, const History& history, const TimeSpan& span, QWidget* parent = nullptr);
};

}  // namespace cachedeck
