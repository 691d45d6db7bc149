// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace cachedeck {

/// "Live" with a dot, or "Paused" with two bars; checked means paused. "Snapshot", and nothing to press, where nothing is measured.
class LiveButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit LiveButton(QWidget* parent = nullptr);
  void setKept(bool kept);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString word() const;
  bool m_kept = false;
};

}  // namespace cachedeck
