// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keysactions.h"
#include "ui/keys/keyscontroller.h"
#include "ui/keys/namespanel.h"
#include "ui/widgets/card.h"

#include <QTimer>

class QAction;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace cachedeck {

class ElidedLabel;
class KeyListModel;
class Notice;

/// The keys of a scope, and below them what can be done with them.
class KeysList : public Card {
  Q_OBJECT
 public:
  explicit KeysList(const Clock& clock, QWidget* parent = nullptr);
  KeyListModel& model() { return *m_model; }
  QTableView* view() const { return m_view; }

  void begin(const KeyScope& scope, const keys::Selector& filter);
  void append(const QList<NameBlock>& names);
  void setProgress(qint64 scanned, qint64 expected, qint64 matched, bool running);
  void showFailure(const Error& error);
  void setRows(const QList<RowFacts>& rows, qint64 skewMs);
  /// Why nothing can be done at all ("" when it can), and what the account may not.
  void setRights(const QString& locked, const KeyRights& rights);
  /// What the buttons would act on.
  KeyScope scope() const;
  /// Asks for the facts of visible rows again.
  void refreshFacts();
  void pickFirst();
  /// What was done to this server lately, newest first: offered for undo.
  void setOperations(const QList<OperationState>& operations);
  /// Why the database may not be emptied; empty when it may.
  void setFlushForbidden(const QString& why);

 Q_SIGNALS:
  void rowsWanted(const QList<QByteArray>& names);
  void keyPicked(const QByteArray& name);
  void rightsWanted(const QByteArray& name);
  void actionWanted(cachedeck::keys::ActionKind kind);
  void retryWanted();
  /// A plan of keys that are named elsewhere.
  void namesWanted(cachedeck::NamesPanel::From from);
  void flushWanted();
  void undoWanted(const cachedeck::keys::OperationRow& row);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* buildTable();
  QWidget* buildActions();
  QPushButton* buildMore();
  void addShortcuts();
  void copyNames() const;
  void fetchVisible();
  void sayPicked();
  std::pair<int, int> visibleRows() const;
  void updateScopes();
  void updateButtons();
  void say();
  QList<QByteArray> picked(qsizetype most) const;

  const Clock& m_clock;
  KeyListModel* m_model;
  QTableView* m_view;
  QStackedWidget* m_stack;
  Notice* m_notice;
  ElidedLabel* m_subtitle;
  QLabel* m_more;
  QComboBox* m_scopes;
  QPushButton *m_undo, *m_softly, *m_retime, *m_delete;
  QAction* m_flush = nullptr;
  int m_picked = 0;  // rows
  KeyScope m_listed;
  keys::Selector m_filter;
  QTimer m_lookSoon, m_second;
  qint64 m_scanned = 0, m_expected = 0, m_matched = 0;
  bool m_running = false, m_failed = false, m_askedRights = false;
  QString m_locked;
  KeyRights m_rights;
};

}  // namespace cachedeck
