// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/custom_panel.h"
#include "ui/charts/timeview.h"
#include "ui/promql/promqlcontroller.h"

#include <QMap>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace cachedeck {

class ExampleQueries;
class FrameClock;
class Notice;
class PromqlChart;
class QueryBox;
class ResultTable;

/// Queries to Prometheus in its own language: written with completion, shown as a table and a chart, kept on the Overview.
class PromqlPage : public QWidget {
  Q_OBJECT
 public:
  /// All outlive the page.
  PromqlPage(const Clock& clock, TimeView& view, FrameClock& frames, QWidget* parent = nullptr);
  ~PromqlPage() override;

  /// Whom to ask; none: the profile has no Prometheus. Each profile has queries of its own.
  void open(const std::optional<SourceSettings>& prometheus, const QString& profile);
  /// Nobody can be asked, and why.
  void close(const QString& title, const QString& text);
  void run();
  /// For a picture of the window: the first example, as soon as there is one.
  void fillForPicture();

  PromqlController& controller() { return *m_controller; }
  QueryBox* box() const { return m_box; }
  QPushButton* runButton() const { return m_run; }
  QPushButton* addButton() const { return m_add; }
  QLineEdit* title() const { return m_title; }
  QComboBox* unit() const { return m_unit; }
  QLabel* state() const { return m_state; }
  Notice* message() const { return m_message; }
  QListWidget* history() const { return m_history; }
  ResultTable* table() const { return m_table; }
  PromqlChart* chart() const { return m_chart; }
  ExampleQueries* examples() const { return m_examples; }

 Q_SIGNALS:
  /// Keep it on the Overview.
  void panelWanted(const cachedeck::CustomPanel& panel);

 private:
  QWidget* buildHistory();
  QWidget* buildQuery();
  QWidget* buildResult();
  void connectParts();
  void showAnswer(const PromqlAnswer& answer);
  void showResult();
  void fitTable();
  void showHistory();
  void showNames(const QStringList& names);
  void runExample(const QString& query);
  void remember(const QString& query);
  void update();
  void viewChanged();
  void ask(const QString& query);
  void add();
  TimeSpan wantedSpan() const;
  Unit chosenUnit() const;
  Unit chartUnit() const;

  const Clock& m_clock;
  TimeView& m_view;
  FrameClock& m_frames;
  PromqlController* m_controller;
  QString m_profile;
  QMap<QString, QStringList> m_asked;  ///< by profile, the newest first
  std::optional<PromqlAnswer> m_answer;
  int m_range = 0;          ///< when it was asked,
  bool m_askedLive = false;  ///< and whether the charts moved with time
  bool m_fills = false;      ///< with an example
  QTimer m_again, m_look;
  QueryBox* m_box;
  QPushButton *m_run, *m_add;
  QLineEdit* m_title;
  QComboBox* m_unit;
  QLabel* m_state;
  Notice *m_message, *m_nothing, *m_none;
  ExampleQueries* m_examples;
  QListWidget* m_history;
  QStackedWidget *m_histories, *m_results;
  QSplitter* m_both;
  bool m_isOwnSplit = false;  ///< somebody moved it
  ResultTable* m_table;
  PromqlChart* m_chart;
};

}  // namespace cachedeck
