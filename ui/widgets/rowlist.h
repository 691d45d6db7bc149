// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace cachedeck {

/// Rows under headings: a shape, a text with a quieter line below it, and a figure at the right. Plain text, elided; the whole is in the tooltip.
class RowList : public QWidget {
  Q_OBJECT
 public:
  enum class Tone { Plain, Quiet, Good, Warning, Critical };
  struct Row {
    QString text, detail, value;
    QString icon;
    Tone tone = Tone::Plain;  ///< of the icon and the value
    bool heading = false;
  };
  explicit RowList(QWidget* parent = nullptr);
  void setRows(const QList<Row>& rows);
  const QList<Row>& rows() const { return m_rows; }
  /// In a wide list a row's figure stands no farther than this from the left edge, near its name; headings go on to the right one. 0: all the way.
  void setReach(int reach);
  static Row heading(const QString& text, const QString& value = {}) { return {text, {}, value, {}, Tone::Quiet, true}; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  static int heightOf(const Row& row, bool first);
  QList<Row> m_rows;
  int m_reach = 0;
};

}  // namespace cachedeck
