// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace cachedeck {

/// "Live" with a dot, or "Paused" with two bars; checked means paused.
class LiveButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit LiveButton(QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString word() const;
};

}  // namespace cachedeck
