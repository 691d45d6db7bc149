// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscontroller.h"
#include "ui/widgets/card.h"

#include <functional>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class BarList;
class CommandLine;
class ElidedLabel;
class FigureGrid;
class Notice;
class RuleForm;

/// A plan and the decision about it: what it would touch, before and after, what refilling costs, what undo keeps, and the confirmation. Nothing here is a
/// default button, and Enter never confirms.
class PlanPanel : public Card {
  Q_OBJECT
 public:
  using MeanQuery = std::function<std::optional<double>()>;  ///< milliseconds
  explicit PlanPanel(MeanQuery meanQueryMs, QWidget* parent = nullptr);

  /// A plan is under way.
  void begin(const KeysTarget& target, const KeyScope& scope, keys::ActionKind kind);
  void setProgress(qint64 scanned, qint64 expected, qint64 matched);
  using QWidget::show;
  /// `consent`: the phrase that has to be typed, and what commands say.
  void show(const keys::Plan& plan, const Consent& consent);
  void setConsent(const Consent& consent);
  /// The names that the command reads are in their file, or why not.
  void showListWritten(const QString& problem);
  void showFailure(const Error& error);
  /// Why it cannot be carried out now (read-only, not allowed); empty when it can.
  void setLocked(const QString& why, const KeyRights& rights);
  void showProblem(const QString& problem);
  RuleForm* rule() const { return m_rule; }
  QString command() const;
  QLineEdit* confirmation() const { return m_typed; }
  QPushButton* button() const { return m_go; }
  const KeyScope& scope() const { return m_scope; }

 Q_SIGNALS:
  void cancelled();
  void planAgain();
  /// The command that is copied reads names from a file, which has to be written first.
  void listWanted(const cachedeck::KeyScope& scope);
  void confirmed(const cachedeck::keys::Action& action, const cachedeck::keys::RunOptions& options, const QString& typed);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildPlan();
  QWidget* buildDecision();
  QWidget* buildFindings();
  QWidget* buildWaiting();
  QWidget* buildFooter();
  void describe();
  void decide();
  void update();

  const MeanQuery m_meanQueryMs;
  KeysTarget m_target;
  KeyScope m_scope;
  std::optional<keys::Plan> m_plan;
  QString m_phrase, m_locked, m_problem;
  Consent m_consent;
  KeyRights m_rights;
  bool m_sent = false;

  QStackedWidget* m_stack;
  ElidedLabel *m_title, *m_subtitle;
  QProgressBar* m_bar;
  QLabel *m_waiting, *m_undo, *m_refill, *m_changes, *m_samples, *m_ask, *m_message;
  CommandLine* m_command;
  Notice* m_notice;
  RuleForm* m_rule;
  FigureGrid* m_figures;
  BarList *m_ttls, *m_types, *m_prefixes;
  QLineEdit* m_typed;
  QPushButton *m_go, *m_cancel;
  QWidget* m_footer;
};

}  // namespace cachedeck
