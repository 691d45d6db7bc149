// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/rowlist.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace cachedeck {

/// Cells of text under headings; the first column names, the others are figures.
class CellTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  struct Cell {
    QString text;
    RowList::Tone tone = RowList::Tone::Plain;
    QString icon{};
    QString tip{};
  };
  using Row = QList<Cell>;
  using QAbstractTableModel::QAbstractTableModel;
  void setTable(const QStringList& headings, const QList<Row>& rows);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// Tab-separated lines, with the headings.
  QString toText() const;

 private:
  Qt::Alignment alignment(int column) const;
  QStringList m_headings;
  QList<Row> m_rows;
  QList<bool> m_withIcons;  ///< columns of words with shapes, which stand at the left
};

/// Such a table, as high as its rows.
class CellTable : public QTableView {
  Q_OBJECT
 public:
  explicit CellTable(const QString& name, QWidget* parent = nullptr);
  void setTable(const QStringList& headings, const QList<CellTableModel::Row>& rows);
  CellTableModel* cells() const { return m_cells; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void fit();
  CellTableModel* m_cells;
};

}  // namespace cachedeck
