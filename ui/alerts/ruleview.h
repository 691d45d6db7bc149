// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"

#include <QUrl>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace cachedeck {

class CellTable;
class FactList;
class HistoryStrip;
class Notice;
class Pill;

/// One rule: what it asks, what it measures, when it was firing, and what Alertmanager makes of it.
class AlertRuleView : public QWidget {
  Q_OBJECT
 public:
  explicit AlertRuleView(QWidget* parent = nullptr);
  void setNothing();
  /// `manager`: null where none was read.
  void show(const RuleReading& reading, const AlertHistory& history, const ManagerReading* manager, qint64 nowMs);
  const QString& id() const { return m_id; }
  const PromLabels& matching() const { return m_matching; }
  QPlainTextEdit* expression() const { return m_expression; }
  QLabel* problem() const { return m_problem; }
  CellTable* values() const { return m_values; }
  CellTable* managed() const { return m_managed; }
  HistoryStrip* strip() const { return m_strip; }
  FactList* labels() const { return m_labels; }
  FactList* annotations() const { return m_annotations; }
  QPushButton* silenceButton() const { return m_silence; }
  QLabel* runbook() const { return m_runbook; }
  QPushButton* openButton() const { return m_open; }

 Q_SIGNALS:
  void showAt(qint64 fromMs, qint64 toMs);
  /// With what new silence's conditions begin.
  void silenceWanted(const PromLabels& labels);
  /// The desktop has nothing that opens the runbook.
  void notOpened(const QString& sentence);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* build();
  void fitExpression();
  QWidget* buildHead();
  void openRunbook();
  void showValues(const RuleReading& reading, qint64 nowMs);
  void showHistory(const RuleReading& reading, const AlertHistory& history);
  void showManaged(const RuleReading& reading, const ManagerReading* manager, qint64 nowMs);

  QString m_id;
  PromLabels m_matching;
  QUrl m_link;  ///< of the runbook; empty: its text can only be copied
  Notice* m_nothing;
  QWidget* m_body;
  Pill* m_state;
  QLabel *m_title, *m_facts, *m_problem, *m_noValues, *m_past, *m_noManaged, *m_runbook, *m_runbookTitle, *m_labelsTitle, *m_annotationsTitle;
  QPlainTextEdit* m_expression;
  QPushButton *m_silence, *m_open, *m_copy;
  CellTable *m_values, *m_managed;
  HistoryStrip* m_strip;
  FactList *m_labels, *m_annotations;
};

}  // namespace cachedeck
