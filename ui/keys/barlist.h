// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace cachedeck {

/// Rows of label, bar and figure; with a second figure, before and after stand one above the other.
class BarList : public QWidget {
  Q_OBJECT
 public:
  struct Row {
    QString label;
    qint64 value = 0;
    qint64 after = -1;  ///< -1: none
    QString text;       ///< instead of the number
  };
  /// `series`: number of the palette's series colour, from 0.
  explicit BarList(int series, QWidget* parent = nullptr);
  void setRows(const QList<Row>& rows);
  const QList<Row>& rows() const { return m_rows; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int rowHeight() const;
  const int m_series;
  QList<Row> m_rows;
};

}  // namespace cachedeck
