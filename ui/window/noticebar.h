// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QFrame>

class QLabel;

namespace cachedeck {

/// One sentence across the window, with a shape for its level, until it is closed.
class NoticeBar : public QFrame {
  Q_OBJECT
 public:
  NoticeBar(Level level, const QString& text, QWidget* parent = nullptr);
  QString text() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void recolour();

  Level m_level;
  QLabel* m_icon;
  QLabel* m_text;
};

}  // namespace cachedeck
