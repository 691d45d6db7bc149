// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/undo.h"
#include "tests/support/process.h"

#include <QTemporaryDir>

namespace cachedeck::test {

/// A Redis server and everything that the key engine needs beside it.
class KeysBench {
 public:
  explicit KeysBench(const QStringList& config = {});
  QString start() { return m_server.start(); }
  RedisServer& server() { return m_server; }
  RedisOptions options() const;

  QByteArray cli(const QStringList& arguments) const { return m_server.cli(arguments); }
  QByteArray digest() const { return cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  qint64 size() const { return cli({QStringLiteral("dbsize")}).toLongLong(); }
  void flush() const { cli({QStringLiteral("flushall")}); }
  /// Commands with any bytes, past the engine; the replies as text, errors with a leading "-".
  QList<QByteArray> raw(const std::vector<RedisCommand>& commands) const;
  /// NAME → its absolute expiry.
  QMap<QByteArray, qint64> expiries(const QList<QByteArray>& names) const;

  Result<keys::Plan> plan(const keys::Selector& selector, bool detailed = true);
  Result<keys::Plan> plan(const QByteArray& pattern, bool detailed = true);
  keys::RunPlace place() { return {m_dir.filePath(QStringLiteral("undo")), m_key, m_journal, QStringLiteral("test"), QStringLiteral("development"), m_clock}; }
  WritePermit permit() { return *m_guard.permit(QStringLiteral("test"), m_clock); }
  Result<keys::RunReport> run(const keys::Plan& plan, const keys::Action& action, const keys::RunOptions& options = {}, const std::stop_token& stop = {});
  Result<keys::UndoReport> undo(const QString& id);
  QString folder() const { return m_dir.path(); }
  Journal& journal() { return m_journal; }
  const Clock& clock() const { return m_clock; }
  keys::RunProgress progress;

 private:
  QTemporaryDir m_dir;
  RedisServer m_server;
  SystemClock m_clock;
  Secret m_key{QByteArray(32, 'k')};
  Journal m_journal;
  keys::Guard m_guard;
};

/// Names that break tools: wildcards, spaces, quotes, newlines, NUL, bytes that are no UTF-8, 10 kB, look-alikes of each other's patterns.
QList<QByteArray> hostileNames();

}  // namespace cachedeck::test
