// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/selector.h"
#include "ui/widgets/card.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace cachedeck {

/// Which keys are looked at: pattern, type, TTL, idle time, size; and how far the scan is.
class FilterBar : public Card {
  Q_OBJECT
 public:
  explicit FilterBar(QWidget* parent = nullptr);
  /// What stands in the fields; Usage error with the field that is wrong.
  Result<keys::Selector> filter() const;
  void setProgress(qint64 scanned, qint64 expected, qint64 matched, bool running);
  void setBusy(bool busy);
  QString progressText() const;
  QLineEdit* pattern() const { return m_pattern; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 Q_SIGNALS:
  void scanWanted();
  void stopWanted();

 private:
  QLineEdit* field(const QString& name, const QString& placeholder, int width);
  void start();
  Result<void> readTtl(keys::Selector& selector) const;

  QLineEdit *m_pattern, *m_ttlTime, *m_idle, *m_size;
  QComboBox *m_type, *m_ttl;
  QPushButton* m_scan;
  QProgressBar* m_bar;
  QLabel* m_text;
  bool m_running = false;
};

}  // namespace cachedeck
