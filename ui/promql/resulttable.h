// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/promql/promqlcontroller.h"
#include "ui/widgets/celltable.h"

namespace cachedeck {

/// The values of a query, one row a series. Scrolls; Ctrl+C copies all of it.
class ResultTable : public QTableView {
  Q_OBJECT
 public:
  explicit ResultTable(QWidget* parent = nullptr);
  void setValues(const std::vector<PromqlAnswer::Value>& values, Unit unit);
  CellTableModel* cells() const { return m_cells; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  CellTableModel* m_cells;
};

}  // namespace cachedeck
