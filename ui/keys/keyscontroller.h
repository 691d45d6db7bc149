// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/keys/inspect.h"
#include "ui/keys/keyscan.h"
#include "ui/keys/keyscope.h"

#include <QTimer>

namespace cachedeck {

/// What a list shows of one key besides its name.
struct RowFacts {
  QByteArray name;
  bool exists = true;
  QByteArray type;           ///< empty: not known
  bool hasTtl = false;       ///< the expiry is known
  qint64 expiresAtMs = -1;   ///< server's clock; -1: no expiry
  qint64 bytes = -1;
};

/// Facts and the first piece of a value.
struct Inspection {
  keys::KeyFacts facts;
  keys::ValuePage page;
  QString problem;  ///< why there is no value
};

/// What the account may do with the keys on show: empty, or why not.
struct KeyRights {
  QString remove, retime, undo, edit;
};

/// Browsing: every question to Redis on a Worker of its own purpose, values back on the window's thread.
class KeysController : public QObject {
  Q_OBJECT
 public:
  explicit KeysController(const Clock& clock, QObject* parent = nullptr);
  ~KeysController() override;

  void open(const KeysTarget& target);
  void close();
  void setPostgres(const std::optional<SourceSettings>& postgres) { m_target.postgres = postgres; }
  bool isOpen() const { return m_work != nullptr; }
  const KeysTarget& target() const { return m_target; }

  /// Goes through all keys of the filter, for the tree and the list. `measured`: with type, size and TTL of each.
  void scan(const keys::Selector& filter, bool measured);
  /// Fills only the list.
  void list(const KeyScope& scope);
  /// Stops both.
  void stop();
  bool isScanning() const { return m_treeMail != nullptr; }
  bool isListing() const { return m_listMail != nullptr || m_treeFillsList; }

  /// The level below this prefix is looked at from now on.
  void openLevel(const QByteArray& prefix);
  void fetchRows(const QList<QByteArray>& names);
  void inspect(const QByteArray& name);
  void fetchMore(const QByteArray& name, const QByteArray& type, const QByteArray& position);
  void askRights(const QByteArray& name);
  /// Server's wall clock minus this machine's, in ms, as far as it is known.
  qint64 clockSkewMs() const { return m_skewMs; }

 Q_SIGNALS:
  /// The list begins anew.
  void listBegan(const cachedeck::KeyScope& scope);
  void namesCame(const QList<cachedeck::NameBlock>& names);
  /// `matched` of `scanned` keys, as far as the scan has come; `expected` of the database.
  void listMoved(qint64 scanned, qint64 expected, qint64 matched, bool running);
  void treeBegan();
  void treeCame(const cachedeck::TreeShot& shot);
  void levelCame(const cachedeck::PrefixLevel& level);
  void treeMoved(qint64 scanned, qint64 expected, qint64 matched, bool running);
  void treeEnded(const cachedeck::ScanEnd& end);
  void failed(const cachedeck::Error& error);
  void rowsCame(const QList<cachedeck::RowFacts>& rows);
  void inspected(const cachedeck::Inspection& inspection);
  void inspectFailed(const QByteArray& name, const cachedeck::Error& error);
  void moreCame(const QByteArray& name, const cachedeck::keys::ValuePage& page);
  void rightsCame(const cachedeck::KeyRights& rights);

 private:
  struct Work;  // the workers and what belongs to their threads
  void look();
  bool deliver(ScanMail& mail);  // whether that was all
  void finishTree(const std::shared_ptr<ScanMail>& mail, const Result<ScanEnd>& end);
  void finishList(const std::shared_ptr<ScanMail>& mail, const Result<ScanEnd>& end);
  void endTree(const Result<ScanEnd>& end);
  void endList(const Result<ScanEnd>& end);
  void stopList();

  const Clock& m_clock;
  KeysTarget m_target;
  std::shared_ptr<ScanMail> m_treeMail, m_listMail;
  std::optional<Result<ScanEnd>> m_treeEnd, m_listEnd;  // told once all its names are handed over
  bool m_treeFillsList = false;
  QTimer m_ticks;
  qint64 m_skewMs = 0;
  std::unique_ptr<Work> m_work;
};

}  // namespace cachedeck
