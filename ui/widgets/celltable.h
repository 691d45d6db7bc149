// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/rowlist.h"

#include <QAbstractTableModel>
#include <QSet>
#include <QTableView>

namespace cachedeck {

/// Cells of text under headings; the first column names, the others are figures or words.
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
  /// `words`: columns of words, which stand at the left as those with shapes do; figures stand at the right.
  void setTable(const QStringList& headings, const QList<Row>& rows, const QSet<int>& words = {});
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool isOfWords(int column) const { return column == 0 || m_words.contains(column); }
  /// Tab-separated lines, with the headings.
  QString toText() const;

 private:
  Qt::Alignment alignment(int column) const;
  QStringList m_headings;
  QList<Row> m_rows;
  QSet<int> m_words;
};

/// How tables of cells look and behave: nothing is picked or edited, no grid.
void dressTable(QTableView& table, const QString& name);

/// The key that copies: the table goes to the clipboard as text. False for any other key.
bool copyCells(const QKeyEvent& event, const CellTableModel& cells);

/// Such a table, as high as its rows.
class CellTable : public QTableView {
  Q_OBJECT
 public:
  explicit CellTable(const QString& name, QWidget* parent = nullptr);
  /// As CellTableModel::setTable().
  void setTable(const QStringList& headings, const QList<CellTableModel::Row>& rows, const QSet<int>& words = {});
  CellTableModel* cells() const { return m_cells; }
  /// How far the words of a column stand off its left edge: those behind figures, which end at theirs, would touch them otherwise.
  int indentOf(int column) const { return m_indents.value(column); }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void fit();
  int shorten(std::vector<int>& widths, int excess) const;
  CellTableModel* m_cells;
  QList<int> m_indents;
};

}  // namespace cachedeck
