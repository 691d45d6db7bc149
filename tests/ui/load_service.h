// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <atomic>

namespace cachedeck::test {

/// A service on a free port of the loopback, on a thread of its own: each request is answered with 200, every tenth as a miss, every fiftieth with 503.
class LoadService {
 public:
  LoadService() {
    m_server = new QTcpServer;
    m_server->moveToThread(&m_thread);
    QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] {
      while (QTcpSocket* const socket = m_server->nextPendingConnection()) QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { answer(*socket); });
    });
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.start();
    QMetaObject::invokeMethod(m_server, [this] { m_server->listen(QHostAddress::LocalHost, 0); }, Qt::BlockingQueuedConnection);
  }
  ~LoadService() {
    m_thread.quit();
    m_thread.wait();
  }
  QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_server->serverPort()); }
  int requests() const { return m_requests; }
  void setFailing(bool failing) { m_failing = failing; }

 private:
  void answer(QTcpSocket& socket) {
    QByteArray waiting = socket.property("waiting").toByteArray() + socket.readAll();
    for (qsizetype end = waiting.indexOf("\r\n\r\n"); end >= 0; end = waiting.indexOf("\r\n\r\n")) {
      waiting.remove(0, end + 4);
      const int number = ++m_requests;
      const bool broken = m_failing && number % 50 == 0;
      socket.write(QByteArray("HTTP/1.1 ") + (broken ? "503 Service Unavailable" : "200 OK") + "\r\nContent-Length: 2\r\nX-Cache: " + (number % 10 == 0 ? "MISS" : "HIT") + "\r\n\r\nok");
    }
    socket.setProperty("waiting", waiting);
  }

  QThread m_thread;
  QTcpServer* m_server;
  std::atomic<int> m_requests = 0;
  std::atomic<bool> m_failing = false;
};

}  // namespace cachedeck::test
