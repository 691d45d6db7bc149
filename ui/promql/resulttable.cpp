// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/resulttable.h"

#include "ui/promql/promqltext.h"

#include <QHeaderView>

namespace cachedeck {

ResultTable::ResultTable(QWidget* parent) : QTableView(parent), m_cells(new CellTableModel(this)) {
  setModel(m_cells);
  dressTable(*this, tr("Result"));
  setTextElideMode(Qt::ElideMiddle);  // what tells series apart is at either end
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void ResultTable::setValues(const std::vector<PromqlAnswer::Value>& values, Unit unit) {
  QList<CellTableModel::Row> rows;
  for (const PromqlAnswer::Value& one : values) {
    CellTableModel::Cell value{valueText(one.value, unit)};
    if (!std::isfinite(one.value)) value.tone = RowList::Tone::Warning;
    if (unit != Unit::None || one.samples > 1) value.tip = valueText(one.value, Unit::None);
    if (one.samples > 1) value.tip += QLatin1Char('\n') + tr("the newest of %1 samples").arg(one.samples);
    rows.append({{one.labels, RowList::Tone::Plain, {}, one.labels}, value});
  }
  m_cells->setTable({tr("Series"), tr("Value")}, rows);
  horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  horizontalHeader()->setSectionResizeMode(1, QHeaderView::Fixed);
  horizontalHeader()->resizeSection(1, 170);
}

void ResultTable::keyPressEvent(QKeyEvent* event) {
  if (!copyCells(*event, *m_cells)) QTableView::keyPressEvent(event);
}

}  // namespace cachedeck
