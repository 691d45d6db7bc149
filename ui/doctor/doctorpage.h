// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/doctor/doctor.h"
#include "ui/doctor/doctortarget.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class Notice;
class ReportView;

/// Examines the servers of the profile and says what is the matter, by what it was seen, and what to do.
class DoctorPage : public QWidget {
  Q_OBJECT
 public:
  /// Runs on a worker.
  using Examiner = std::function<doctor::Report(const DoctorTarget& target, const std::stop_token& stop)>;

  /// The clock outlives the page.
  explicit DoctorPage(const Clock& clock, QWidget* parent = nullptr);
  /// Another examiner, for tests.
  DoctorPage(const Clock& clock, Examiner examiner, QWidget* parent = nullptr);
  ~DoctorPage() override;

  /// Whom to look at; none: nothing is connected. The report of another profile goes.
  void open(const std::optional<DoctorTarget>& target);
  /// Nothing can be looked at, and why.
  void close(const QString& title, const QString& text);
  void examine();
  void cancel();
  bool isExamining() const { return m_examining; }

  QPushButton* button() const { return m_button; }
  QPushButton* copyButton() const { return m_copy; }
  QLabel* state() const { return m_state; }
  ReportView* view() const { return m_view; }
  /// The report as it is copied; empty without one.
  QString markdown() const;

 Q_SIGNALS:
  void examined(bool healthy);

 private:
  QWidget* buildHead();
  void showReport(const doctor::Report& report);
  void showNothing();
  void update();

  const Clock& m_clock;
  const Examiner m_examiner;
  std::optional<DoctorTarget> m_target;
  std::optional<doctor::Report> m_report;
  bool m_examining = false;
  qint64 m_beganMs = 0, m_examinedMs = 0;
  QTimer m_tick;
  QPushButton *m_button, *m_copy;
  QProgressBar* m_progress;
  QLabel *m_title, *m_state;
  QStackedWidget* m_stack;
  Notice* m_nothing;
  ReportView* m_view;
  std::unique_ptr<Worker> m_worker;  ///< last: what it does calls back into what stands above
};

}  // namespace cachedeck
