// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace cachedeck {

/// "Live" with a dot, or "Paused" with two bars; checked means paused. "No data" with a ring while no source is live. "Snapshot", and nothing to press, where nothing is measured.
class LiveButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit LiveButton(QWidget* parent = nullptr);
  void setKept(bool kept);
  /// Whether any source is.
  void setLive(bool live);
  QString word() const;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QColor colour() const;
  void updateTip();
  bool m_kept = false, m_live = false;
};

}  // namespace cachedeck
