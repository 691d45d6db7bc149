// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/undo.h"
#include "tests/support/process.h"

#include <QTemporaryDir>

#include <atomic>

namespace cachedeck::test {

/// Commands with any bytes to a loopback server, past the engine; the replies as text, errors with a leading "-".
QList<QByteArray> rawCommands(quint16 port, const std::vector<RedisCommand>& commands);

/// Stands in the middle of a run or an undo, which goes no further before the test has done what is to happen in its middle: a machine that stood still was too late for it.
class Gate {
 public:
  /// For RunOptions and UndoOptions: it holds back while it is shut, once so many keys are handled.
  std::function<std::optional<QString>()> at(const keys::RunProgress& progress, qint64 handled) {
    return [this, &progress, handled] { return m_open || progress.counts().handled() < handled ? std::nullopt : std::optional(reason()); };
  }
  void open() { m_open = true; }
  static QString reason() { return QStringLiteral("the test is not there yet"); }

 private:
  std::atomic<bool> m_open = false;
};

/// Everything that the key engine needs beside servers.
class KeysDesk {
 public:
  KeysDesk();
  virtual ~KeysDesk() = default;
  /// What the profile names.
  virtual RedisOptions options() const = 0;

  Result<keys::Plan> plan(const keys::Selector& selector, bool detailed = true);
  Result<keys::Plan> plan(const QByteArray& pattern, bool detailed = true);
  keys::RunPlace place() { return {m_dir.filePath(QStringLiteral("undo")), m_key, m_journal, QStringLiteral("test"), QStringLiteral("development"), m_clock}; }
  WritePermit permit() { return *m_guard.permit(QStringLiteral("test"), m_clock); }
  Result<keys::RunReport> run(const keys::Plan& plan, const keys::Action& action, const keys::RunOptions& options = {}, const std::stop_token& stop = {});
  Result<keys::RunReport> resume(const QString& id, const keys::RunOptions& options = {});
  Result<keys::UndoReport> undo(const QString& id);
  QString folder() const { return m_dir.path(); }
  Journal& journal() { return m_journal; }
  const Clock& clock() const { return m_clock; }
  keys::RunProgress progress;

 private:
  QTemporaryDir m_dir;
  SystemClock m_clock;
  Secret m_key{QByteArray(32, 'k')};
  Journal m_journal;
  keys::Guard m_guard;
};

/// The same with a Redis server.
class KeysBench : public KeysDesk {
 public:
  explicit KeysBench(const QStringList& config = {});
  QString start() { return m_server.start(); }
  RedisServer& server() { return m_server; }
  RedisOptions options() const override { return optionsFor(m_server.port()); }
  static RedisOptions optionsFor(quint16 port);

  QByteArray cli(const QStringList& arguments) const { return m_server.cli(arguments); }
  QByteArray digest() const { return cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  qint64 size() const { return cli({QStringLiteral("dbsize")}).toLongLong(); }
  void flush() const { cli({QStringLiteral("flushall")}); }
  QList<QByteArray> raw(const std::vector<RedisCommand>& commands) const { return rawCommands(m_server.port(), commands); }
  /// NAME → its absolute expiry.
  QMap<QByteArray, qint64> expiries(const QList<QByteArray>& names) const;

 private:
  RedisServer m_server;
};

/// Names that break tools: wildcards, spaces, quotes, newlines, NUL, bytes that are no UTF-8, 10 kB, look-alikes of each other's patterns.
QList<QByteArray> hostileNames();

}  // namespace cachedeck::test
