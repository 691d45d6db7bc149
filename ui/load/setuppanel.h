// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/load/loadtarget.h"
#include "ui/load/scenarioshelf.h"
#include "ui/widgets/card.h"

class QAction;
class QButtonGroup;
class QFormLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace cachedeck {

class ElidedLabel;
class EngineChoice;
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
  /// Why k6 cannot make the load; empty: it can.
  void setK6(const QString& hindrance);
  void showProblem(const QString& problem);

  const ScenarioEntry& entry() const { return m_entry; }
  RunRequest request() const;
  /// What keeps Start from being pressed; empty: nothing.
  QString missing() const;
  QPushButton* startButton() const { return m_start; }
  QLineEdit* url() const { return m_url; }
  QLineEdit* host() const { return m_host; }
  QLineEdit* variable(const QString& name) const;
  EngineChoice* engine() const { return m_engine; }
  void setTimeScale(double factor);
  QString command() const;
  /// What the command takes from the environment, as a sentence below it.
  /// In the menu of the export, in the order of ExportForm.
  const QList<QAction*>& exports() const { return m_exports; }

 Q_SIGNALS:
  void startWanted(const cachedeck::RunRequest& request);
  void exportWanted(const cachedeck::RunRequest& request, cachedeck::ExportForm form);

 private:
  QWidget* buildHead();
  QWidget* buildCourse();
  QWidget* buildForm();
  QWidget* buildScales();
  static QLabel* formLabel(const QString& text, const char* tone = "secondary");
  QHBoxLayout* buildCommandHead();
  QString phrase() const;
  QWidget* buildDetails();
  void buildVariables();
  void showDetails();
  void showScript();
  void showCommand();
  QString notDone() const;
  void refresh();

  LoadTarget m_target;
  ScenarioEntry m_entry;
  double m_scale = 1;
  QString m_blocked, m_problem, m_noK6;
  bool m_starting = false;
  std::map<std::string, QLineEdit*> m_variables;

  ElidedLabel* m_title;
  QLabel *m_description, *m_message, *m_hostLabel, *m_secrets;
  Pill* m_kind;
  ProfileChart* m_chart;
  Notice* m_scriptNote;
  FigureGrid* m_figures;
  QFormLayout* m_form;
  QLineEdit *m_url, *m_host;
  QButtonGroup* m_scales;
  QWidget* m_scaleRow;
  EngineChoice* m_engine;
  QPlainTextEdit* m_command;
  RowList* m_details;
  QPushButton *m_start, *m_export;
  QList<QAction*> m_exports;
  QWidget* m_below;
  Card* m_broken;
  Notice* m_mistakes;
  Card* m_formCard;
};

}  // namespace cachedeck
