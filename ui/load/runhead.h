// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_outcome.h"
#include "ui/widgets/card.h"

#include <optional>

class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace cachedeck {

class ElidedLabel;
class Pill;

/// The head of a run: what it is, how far it is, and what can be done with it.
class RunHead : public Card {
  Q_OBJECT
 public:
  explicit RunHead(QWidget* parent = nullptr);
  /// `levelCap`: the most that may be asked for.
  void begin(const runs::RunRecord& record, const load::Scenario& scenario, double levelCap);
  void move(const load::RunFigures& figures);
  /// One that has ended. `pinned`: it is the baseline; `comparable`: there is another one to compare it with.
  void show(const runs::RunRecord& record);
  /// The runs shown from now on are of a snapshot that was taken then: nothing of them can be changed or repeated, and note and tags are text. Nothing: they are not.
  void setKept(std::optional<qint64> takenMs);
  /// Pinning is offered only of a run that others can be held against.
  void setPinned(bool pinned, bool comparable);
  /// Whether the profile has a Pushgateway, and whether it is being asked just now.
  void setPushable(bool pushable, bool pushing = false);
  QPushButton* pushButton() const { return m_push; }
  QPushButton* stopButton() const { return m_stop; }
  QPushButton* pauseButton() const { return m_pause; }
  QPushButton* againButton() const { return m_again; }
  QPushButton* pinButton() const { return m_pin; }
  QDoubleSpinBox* level() const { return m_level; }
  QLineEdit* note() const { return m_note; }
  QLineEdit* tags() const { return m_tags; }
  /// Of a kept run, in place of the fields; hidden where empty.
  ElidedLabel* keptNote() const { return m_keptNote; }
  ElidedLabel* keptTags() const { return m_keptTags; }
  QString state() const;
  /// How far it is, or of a run that has ended, what its state rests on.
  QString progress() const;

 Q_SIGNALS:
  void stopWanted();
  void pauseWanted(bool paused);
  void levelWanted(double level);
  void againWanted();
  void pinWanted(bool pinned);
  void baselineWanted();
  void pushWanted();
  void noteWanted(const QString& note);
  void tagsWanted(const QStringList& tags);

 private:
  void setRunning(bool running);
  QString progressOf(const load::RunFigures& figures) const;
  void followLevel(const load::RunFigures& figures);
  QHBoxLayout* buildControls();
  QWidget* buildWords();
  QWidget* buildKeptWords();
  void showWords(const runs::RunRecord& record);

  bool m_paused = false, m_pinned = false, m_pushable = false, m_byK6 = false;
  bool m_levelByHand = false;  ///< what the operator asked for stays in the field
  std::optional<qint64> m_keptMs;
  runs::RunOutcome m_outcome = runs::RunOutcome::UnderWay;
  load::Executor m_executor;
  qint64 m_lengthMs = 0;
  ElidedLabel *m_title, *m_where;
  QLabel* m_progress;
  QLabel* m_levelLabel;
  Pill* m_state;
  QProgressBar* m_bar;
  QDoubleSpinBox* m_level;
  QPushButton *m_stop, *m_pause, *m_again, *m_pin, *m_baseline, *m_push;
  QWidget *m_words, *m_keptWords;
  QLineEdit *m_note, *m_tags;
  ElidedLabel *m_keptNote, *m_keptTags;
};

}  // namespace cachedeck
