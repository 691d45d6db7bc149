// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/snapshot/stretch.h"
#include "ui/charts/timeview.h"
#include "ui/widgets/card.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTimer;

namespace cachedeck {

/// Two times of what is on show, to be held against each other.
struct ComparedTimes {
  snapshot::Stretch first, second;
  QString firstTitle, secondTitle;
};

/// The form that chooses them: a stretch, and what it is compared with. Says which times these are before anything is done.
class ComparePanel : public Card {
  Q_OBJECT
 public:
  /// Both outlive the panel.
  ComparePanel(const Clock& clock, const TimeView& view, QWidget* parent = nullptr);
  /// Empty: times can be compared; else the reason why not.
  void setHindrance(const QString& reason);
  /// A snapshot is on show, which ends then: no time is after it. None: the present is the end.
  void setEnd(std::optional<qint64> endMs);
  void setBusy(bool busy);
  /// What the form says. Usage where the other time cannot be read.
  Result<ComparedTimes> times() const;
  QComboBox* second() const { return m_second; }
  QComboBox* first() const { return m_first; }
  QLineEdit* other() const { return m_other; }
  QPushButton* takeOverButton() const { return m_takeOver; }
  QPushButton* button() const { return m_button; }
  QString said() const;

 Q_SIGNALS:
  void compareRequested(const cachedeck::ComparedTimes& times);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void build();
  qint64 endMs() const;
  snapshot::Stretch secondStretch() const;
  bool isOther() const;
  void takeOver();
  void compare();
  void update();
  const Clock& m_clock;
  const TimeView& m_view;
  QString m_hindrance;
  std::optional<qint64> m_end;
  bool m_busy = false;
  QComboBox *m_second, *m_first;
  QLineEdit* m_other;
  QPushButton *m_takeOver, *m_button;
  QLabel* m_said;
  QTimer* m_tick;  ///< the times move while somebody looks
};

}  // namespace cachedeck
