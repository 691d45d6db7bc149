// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fault_proxy.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <sys/socket.h>

namespace cachedeck::test {

namespace {

void resetSocket(QTcpSocket* socket) {
  const linger now{1, 0};
  ::setsockopt(static_cast<int>(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  socket->abort();
}

}  // namespace

/// One client with its connection to the server.
class FaultLink : public QObject {
 public:
  FaultLink(FaultProxy& proxy, QTcpSocket* client, quint16 upstreamPort, QObject* parent)
      : QObject(parent), m_proxy(proxy), m_client(client) {
    m_client->setParent(this);
    m_client->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_client, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    if (proxy.faults().silent) return;
    m_server = new QTcpSocket(this);
    connect(m_server, &QTcpSocket::connected, this, [this] {
      m_server->setSocketOption(QAbstractSocket::LowDelayOption, 1);
      upstream();
    });
    connect(m_client, &QTcpSocket::readyRead, this, &FaultLink::upstream);
    connect(m_server, &QTcpSocket::readyRead, this, &FaultLink::downstream);
    connect(m_server, &QTcpSocket::disconnected, this, [this] {
      downstream();
      m_serverGone = true;
      if (m_underWay == 0) m_client->disconnectFromHost();
    });
    connect(m_server, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
      if (error == QAbstractSocket::ConnectionRefusedError) resetSocket(m_client);
    });
    m_server->connectToHost(QHostAddress(QHostAddress::LocalHost), upstreamPort);
  }

  void cut(bool reset) { reset ? resetSocket(m_client) : m_client->disconnectFromHost(); }

 private:
  void upstream() {
    if (m_server->state() != QAbstractSocket::ConnectedState) return;
    const QByteArray bytes = m_client->readAll();
    if (!m_proxy.faults().blackhole) m_server->write(bytes);
  }

  void downstream() {
    const QByteArray bytes = m_server->readAll();
    const Faults faults = m_proxy.faults();
    if (bytes.isEmpty() || faults.blackhole) return;
    if (faults.latencyMs <= 0) return pass(bytes, faults);
    ++m_underWay;
    QTimer::singleShot(faults.latencyMs, Qt::PreciseTimer, this, [this, bytes, faults] {
      --m_underWay;
      pass(bytes, faults);
      if (m_serverGone && m_underWay == 0) m_client->disconnectFromHost();
    });
  }

  void pass(QByteArray bytes, const Faults& faults) {
    const qint64 from = m_passed;
    const auto within = [&](qint64 at) { return at >= from && at < from + bytes.size(); };
    const qint64 end = faults.dropAfter >= 0 ? faults.dropAfter : faults.resetAfter;
    if (within(faults.injectAt)) bytes.insert(faults.injectAt - from, faults.inject);
    const bool ends = end >= 0 && from + bytes.size() >= end;
    if (ends) bytes.truncate(qMax<qint64>(0, end - from));
    m_passed += bytes.size();
    send(bytes, faults.slice);
    if (!ends) return;
    m_client->flush();
    cut(faults.resetAfter >= 0);
  }

  void send(const QByteArray& bytes, int slice) {
    if (slice <= 0) {
      m_client->write(bytes);
      return;
    }
    for (qsizetype at = 0; at < bytes.size(); at += slice) {
      m_client->write(bytes.mid(at, slice));
      m_client->flush();  // a segment of its own, since Nagle's algorithm is off
    }
  }

  FaultProxy& m_proxy;
  QTcpSocket* m_client;
  QTcpSocket* m_server = nullptr;
  qint64 m_passed = 0;
  int m_underWay = 0;
  bool m_serverGone = false;
};

FaultProxy::FaultProxy(quint16 upstreamPort) : m_upstreamPort(upstreamPort), m_server(new QTcpServer) {
  QTcpServer* server = m_server.get();
  QObject::connect(server, &QTcpServer::newConnection, server, [this, server] {
    while (QTcpSocket* client = server->nextPendingConnection()) {
      ++m_connections;
      new FaultLink(*this, client, m_upstreamPort, server);
    }
  });
  server->moveToThread(&m_thread);
  m_thread.start();
  QMetaObject::invokeMethod(server, [this, server] {
    if (server->listen(QHostAddress::LocalHost)) m_port = server->serverPort();
  }, Qt::BlockingQueuedConnection);
}

FaultProxy::~FaultProxy() {
  QMetaObject::invokeMethod(m_server.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
  m_thread.quit();
  m_thread.wait();
}

void FaultProxy::set(const Faults& faults) {
  const std::lock_guard lock(m_mutex);
  m_faults = faults;
}

Faults FaultProxy::faults() const {
  const std::lock_guard lock(m_mutex);
  return m_faults;
}

void FaultProxy::cut(bool reset) {
  QTcpServer* server = m_server.get();
  QMetaObject::invokeMethod(server, [server, reset] {
    for (QObject* child : server->children())
      if (auto* link = dynamic_cast<FaultLink*>(child)) link->cut(reset);
  }, Qt::BlockingQueuedConnection);
}

}  // namespace cachedeck::test
