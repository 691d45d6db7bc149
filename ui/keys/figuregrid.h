// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace cachedeck {

class ElidedLabel;

/// Small figures with their names above, some beside each other.
class FigureGrid : public QWidget {
  Q_OBJECT
 public:
  struct Figure {
    QString name, value;
  };
  explicit FigureGrid(int columns, QWidget* parent = nullptr);
  void setFigures(const QList<Figure>& figures);
  /// The value under a name; empty without it.
  QString value(const QString& name) const;

 private:
  struct Cell {
    QWidget* widget;
    QLabel* name;
    ElidedLabel* value;
  };
  const int m_columns;
  QGridLayout* m_grid;
  QList<Cell> m_cells;
  QList<Figure> m_figures;
};

}  // namespace cachedeck
