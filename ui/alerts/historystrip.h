// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"

#include <QWidget>

namespace cachedeck {

/// When an alert was firing, as bands on a line of time. A click asks for the charts of that time; so do the arrows and Enter.
class HistoryStrip : public QWidget {
  Q_OBJECT
 public:
  explicit HistoryStrip(QWidget* parent = nullptr);
  void setBands(const QList<AlertBand>& bands, qint64 fromMs, qint64 toMs);
  const QList<AlertBand>& bands() const { return m_bands; }
  /// Where a time stands.
  double xOf(qint64 ms) const;
  QSize sizeHint() const override { return {320, 44}; }
  QSize minimumSizeHint() const override { return {120, 44}; }

 Q_SIGNALS:
  void showAt(qint64 fromMs, qint64 toMs);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QRectF rectOf(const AlertBand& band) const;
  /// -1: none is there.
  qsizetype bandAt(double x) const;
  static QString textOf(const AlertBand& band);
  void ask(const AlertBand& band);

  QList<AlertBand> m_bands;
  qint64 m_fromMs = 0, m_toMs = 0;
  qsizetype m_current = -1;  ///< of the keyboard
};

}  // namespace cachedeck
