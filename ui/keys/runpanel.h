// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/undo.h"
#include "ui/widgets/card.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace cachedeck {

class ElidedLabel;
class FigureGrid;

/// A run while it is under way, and what came of it.
class RunPanel : public Card {
  Q_OBJECT
 public:
  explicit RunPanel(QWidget* parent = nullptr);
  void begin(const QString& title, const QString& subtitle, bool undo, bool deletes);
  void setProgress(const keys::RunCounts& counts, double keysPerSecond, double probeMs, int page, const QString& waitsFor);
  using QWidget::show;
  void show(const keys::RunReport& report);
  void show(const keys::UndoReport& report);
  void showFailure(const Error& error);
  void showProblem(const QString& problem);
  bool isRunning() const { return m_running; }
  QString result() const;

 Q_SIGNALS:
  void cancelWanted();
  void undoWanted(const QString& id);
  void resumeWanted(const QString& id);
  void closed();

 private:
  void end(const QString& text, const char* tone, const QString& hint);
  void showCounts(const keys::RunCounts& counts);
  bool m_running = false, m_undoing = false, m_deletes = true;
  QString m_id;
  ElidedLabel *m_title, *m_subtitle;
  QProgressBar* m_bar;
  FigureGrid *m_counts, *m_pace;
  QLabel *m_waits, *m_result, *m_hint;
  QPushButton *m_cancel, *m_undo, *m_resume, *m_close;
};

}  // namespace cachedeck
