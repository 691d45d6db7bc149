// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/undo.h"
#include "ui/widgets/card.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace cachedeck {

class CommandLine;
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
  /// Why the run is held back, with what can be done; empty: it goes on.
  void setHeld(const QString& reason);
  /// The commands that undo and resume, of what has ended.
  void setCommands(const QString& undo, const QString& resume);
  const QString& id() const { return m_id; }
  bool isRunning() const { return m_running; }
  QString result() const;

 Q_SIGNALS:
  void cancelWanted();
  void continueWanted();
  void undoWanted(const QString& id);
  void resumeWanted(const QString& id);
  void closed();

 private:
  void end(const QString& text, const char* tone, const QString& hint);
  void showCounts(const keys::RunCounts& counts);
  bool m_held = false, m_running = false, m_undoing = false, m_deletes = true;
  QString m_id;
  ElidedLabel *m_title, *m_subtitle;
  QProgressBar* m_bar;
  FigureGrid *m_counts, *m_pace;
  QLabel *m_waits, *m_result, *m_hint;
  CommandLine* m_command;
  QPushButton *m_cancel, *m_continue, *m_undo, *m_resume, *m_close;
};

}  // namespace cachedeck
