// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keysactions.h"
#include "ui/keys/keyscontroller.h"
#include "ui/keys/namespanel.h"
#include "ui/keys/planpanel.h"

#include <QWidget>

class QSplitter;
class QStackedWidget;

namespace cachedeck {

class ConsentPanel;
class FilterBar;
class KeyInspector;
class KeysList;
class KeysTree;
class KeyspaceView;
class LockBar;
class Notice;
class OperationsBar;
class RunPanel;

/// Browsing keys, and what is done to them: tree (with the keyspace's figures once it was analysed), list and inspector beside each other; a plan and its run take the place of list and inspector.
class KeysPage : public QWidget {
  Q_OBJECT
 public:
  /// `meanQueryMs`: how long the database takes for a query, where that is known.
  /// `load`: what a run in production is held back by, where that is known.
  explicit KeysPage(const Clock& clock, PlanPanel::MeanQuery meanQueryMs = {}, LoadSource load = {}, QWidget* parent = nullptr);
  ~KeysPage() override;

  void open(const KeysTarget& target);
  /// Has become known later than the rest of the target.
  void setPostgres(const std::optional<SourceSettings>& postgres);
  /// Nothing is open; `title` and `reason` say why, on an empty page.
  void close(const QString& title = {}, const QString& reason = {});
  /// For a picture of the page: the first key is inspected as soon as there is one, which nobody else does unasked.
  void fillForPicture();
  /// What would be interrupted by closing; empty when nothing is under way.
  QString underWay() const;

  KeysController& browsing() { return *m_browse; }
  KeysActions& actions() { return *m_act; }
  FilterBar* filterBar() const { return m_filterBar; }
  KeysTree* tree() const { return m_tree; }
  KeysList* list() const { return m_list; }
  KeyInspector* inspector() const { return m_inspector; }
  PlanPanel* planPanel() const { return m_plan; }
  KeyspaceView* keyspace() const { return m_keyspace; }
  ConsentPanel* consentPanel() const { return m_consent; }
  NamesPanel* namesPanel() const { return m_names; }
  RunPanel* runPanel() const { return m_run; }
  LockBar* lockBar() const { return m_lock; }
  OperationsBar* operationsBar() const { return m_operations; }

 Q_SIGNALS:
  /// The journal has this entry of something that was done here.
  void acted(const cachedeck::JournalEntry& entry);

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum Panel { Browse, Planning, Running, Naming, Consenting };  // beside the tree
  enum class Asking { Nothing, Undo, Resume, Flush };
  QWidget* build();
  void connectBrowsing();
  void connectActions();
  void connectPlan();
  void connectRun();
  void connectConsent();
  void scan(bool measured);
  void pickPrefix(const QByteArray& prefix);
  void beginPlan(const KeyScope& scope, keys::ActionKind kind);
  void beginRun(const keys::Action& action, const keys::RunOptions& options, const QString& typed);
  void beginUndo(const QString& id, const QString& title, const QString& subtitle);
  void beginResume(const QString& id, const QString& title, const QString& subtitle);
  void beginFlush();
  void ask(Asking what, const QString& title, const QString& subtitle);
  void consented(const QString& typed);
  void showUndo(const keys::UndoPreview& preview);
  void showResume(const keys::ResumePreview& preview);
  void showFlush(const keys::FlushPlan& plan);
  void showCommands();
  void turnTo(Panel panel);
  void backToKeys();
  void updateLocks();

  const Clock& m_clock;
  KeysController* m_browse;
  KeysActions* m_act;
  FilterBar* m_filterBar;
  LockBar* m_lock;
  OperationsBar* m_operations;
  KeysTree* m_tree;
  KeysList* m_list;
  KeyInspector* m_inspector;
  PlanPanel* m_plan;
  RunPanel* m_run;
  NamesPanel* m_names;
  ConsentPanel* m_consent;
  Asking m_asking = Asking::Nothing;
  std::optional<keys::UndoPreview> m_undoing;
  std::optional<keys::ResumePreview> m_resuming;
  std::optional<keys::FlushPlan> m_flushing;
  KeyspaceView* m_keyspace;
  QSplitter *m_outer, *m_left, *m_inner;
  QStackedWidget *m_whole, *m_right;
  Notice* m_nothing;
  keys::Selector m_filter;
  KeyRights m_rights;
  QTimer m_inspectSoon;  // the arrow keys may go over many rows
  bool m_scanned = false, m_picture = false, m_stale = false;
};

}  // namespace cachedeck
