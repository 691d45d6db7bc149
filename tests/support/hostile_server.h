// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

class QTcpServer;

namespace cachedeck::test {

/// What a HostileServer does next on one connection.
struct HostileAnswer {
  QByteArray bytes;
  bool close = false;  ///< afterwards, with FIN
};

/// A TCP server on a free loopback port that answers with whatever bytes a test wants. Runs on a thread of its own.
class HostileServer {
 public:
  /// `received` is what arrived since the last answer, `turn` counts the answers of this connection from 0; turn -1 is
  /// the greeting, before anything arrived. Called on the server's thread.
  using Script = std::function<HostileAnswer(const QByteArray& received, int turn)>;

  explicit HostileServer(Script script);
  /// The n-th thing that arrives gets the n-th answer, what arrives later gets none.
  explicit HostileServer(QList<QByteArray> answers, bool closeAfterLast = false);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  quint16 port() const { return m_port; }
  int connections() const { return m_connections; }

 private:
  const Script m_script;
  quint16 m_port = 0;
  std::atomic<int> m_connections = 0;
  QThread m_thread;
  std::unique_ptr<QTcpServer> m_server;  // lives on m_thread
};

}  // namespace cachedeck::test
