// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/managedmodels.h"

#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class Notice;

/// Alertmanager: what it is, its alerts and its silences.
class ManagerPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ManagerPanel(QWidget* parent = nullptr);
  /// Nothing to show, and why.
  void setNothing(const QString& icon, const QString& title, const QString& sentence, const QString& button = {});
  void setReading(const ManagerReading& reading);
  /// It was read, but does not answer now.
  void setProblem(const QString& sentence);
  bool hasReading() const { return m_read; }
  const ManagerReading& reading() const { return m_reading; }
  QListView* alerts() const { return m_alerts; }
  QListView* silences() const { return m_silences; }
  QPushButton* silenceButton() const { return m_silence; }
  QPushButton* expireButton() const { return m_expire; }
  QLabel* status() const { return m_status; }
  Notice* nothing() const { return m_nothing; }

 Q_SIGNALS:
  /// With what the new silence's conditions begin; empty: with nothing.
  void silenceWanted(const PromLabels& labels);
  void expireWanted(const cachedeck::Silence& silence);
  void retryWanted();

 private:
  QWidget* build();
  QWidget* buildSection(QLabel* title, QPushButton* button, QStackedWidget* stack, QListView* list, QLabel* none);
  void updateButtons();
  bool m_read = false;
  ManagerReading m_reading;
  ManagedAlertModel* m_alertModel;
  SilenceModel* m_silenceModel;
  QStackedWidget *m_pages, *m_alertStack, *m_silenceStack;
  Notice *m_nothing, *m_problem;
  QLabel *m_status, *m_receivers, *m_alertsTitle, *m_silencesTitle;
  QListView *m_alerts, *m_silences;
  QPushButton *m_silence, *m_expire;
};

}  // namespace cachedeck
