// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/load/loadtarget.h"
#include "ui/load/scenarioshelf.h"
#include "ui/widgets/card.h"

class QButtonGroup;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace cachedeck {

class ElidedLabel;
class FigureGrid;
class Notice;
class Pill;
class ProfileChart;
class RowList;

/// A scenario before it runs: what it will do, against what, and the command that does the same.
class SetupPanel : public QWidget {
  Q_OBJECT
 public:
  explicit SetupPanel(QWidget* parent = nullptr);
  /// What is typed for a target is forgotten with the next one.
  void setTarget(const LoadTarget& target);
  void show(const ScenarioEntry& entry);
  /// Why nothing may be started just now; empty: it may.
  void setBlocked(const QString& reason);
  void setStarting(bool starting);
  void showProblem(const QString& problem);

  const ScenarioEntry& entry() const { return m_entry; }
  RunRequest request() const;
  /// What keeps Start from being pressed; empty: nothing.
  QString missing() const;
  QPushButton* startButton() const { return m_start; }
  QLineEdit* url() const { return m_url; }
  QLineEdit* host() const { return m_host; }
  QLineEdit* variable(const QString& name) const;
  void setTimeScale(double factor);
  QString command() const;

 Q_SIGNALS:
  void startWanted(const cachedeck::RunRequest& request);

 private:
  QWidget* buildHead();
  QWidget* buildCourse();
  QWidget* buildForm();
  QWidget* buildDetails();
  void buildVariables();
  void showDetails();
  void refresh();

  LoadTarget m_target;
  ScenarioEntry m_entry;
  double m_scale = 1;
  QString m_blocked, m_problem;
  bool m_starting = false;
  std::map<std::string, QLineEdit*> m_variables;

  ElidedLabel* m_title;
  QLabel *m_description, *m_message, *m_hostLabel;
  Pill* m_kind;
  ProfileChart* m_chart;
  FigureGrid* m_figures;
  QFormLayout* m_form;
  QLineEdit *m_url, *m_host;
  QButtonGroup* m_scales;
  QPlainTextEdit* m_command;
  RowList* m_details;
  QPushButton* m_start;
  QWidget* m_below;
  Card* m_broken;
  Notice* m_mistakes;
  Card* m_formCard;
};

}  // namespace cachedeck
