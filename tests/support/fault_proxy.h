// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QThread>

#include <atomic>
#include <memory>
#include <mutex>

class QTcpServer;

namespace cachedeck::test {

/// What a FaultProxy does to the bytes that go from the server to the client. Offsets count from the start of each connection.
struct Faults {
  int latencyMs = 0;         ///< every answer arrives so much later
  int slice = 0;             ///< answers come in pieces of so many bytes; 0 = as they are
  bool blackhole = false;    ///< bytes of both ways are taken and go nowhere: a half-open link
  bool silent = false;       ///< new connections are accepted, and nothing else happens
  qint64 dropAfter = -1;     ///< closes (FIN) after so many bytes of answer
  qint64 resetAfter = -1;    ///< resets (RST) after so many bytes of answer
  qint64 injectAt = -1;      ///< puts `inject` in front of this byte of the answer
  QByteArray inject;
};

/// A TCP proxy on a free loopback port that breaks links on purpose. Runs on a thread of its own; every call is safe
/// from the test's thread.
class FaultProxy {
 public:
  explicit FaultProxy(quint16 upstreamPort);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  quint16 port() const { return m_port; }
  /// For bytes and connections from now on.
  void set(const Faults& faults);
  void clear() { set(Faults()); }
  /// Ends every open connection, with FIN or RST.
  void cut(bool reset = false);
  int connections() const { return m_connections; }

 private:
  friend class FaultLink;
  Faults faults() const;

  const quint16 m_upstreamPort;
  quint16 m_port = 0;
  std::atomic<int> m_connections = 0;
  mutable std::mutex m_mutex;
  Faults m_faults;
  QThread m_thread;
  std::unique_ptr<QTcpServer> m_server;  // lives on m_thread; owns the links
};

}  // namespace cachedeck::test
