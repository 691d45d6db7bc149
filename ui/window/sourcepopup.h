// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace cachedeck {

/// What there is to know of a source's state: sentence, error, who answers, notes, and Retry. Plain text, selectable.
class SourcePopup : public QFrame {
  Q_OBJECT
 public:
  explicit SourcePopup(QWidget* parent = nullptr);
  void setState(const QString& id, const QString& title, const SourceState& state, qint64 nowMs);
  QString sourceId() const { return m_id; }
  /// Opens below a widget, inside its screen.
  void openBelow(const QWidget* anchor);

 Q_SIGNALS:
  void retryRequested(const QString& id);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_id;
  QLabel* m_title;
  QLabel* m_state;
  QLabel* m_identity;
  QLabel* m_error;
  QLabel* m_detail;
  QLabel* m_notes;
  QPushButton* m_retry;
};

}  // namespace cachedeck
