// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/hostile_server.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

namespace cachedeck::test {

namespace {

HostileServer::Script fromList(QList<QByteArray> answers, bool closeAfterLast) {
  return [answers = std::move(answers), closeAfterLast](const QByteArray&, int turn) {
    HostileAnswer answer;
    if (turn >= 0 && turn < answers.size()) answer.bytes = answers.at(turn);
    answer.close = closeAfterLast && turn + 1 >= answers.size();
    return answer;
  };
}

void give(QTcpSocket* socket, const HostileAnswer& answer) {
  socket->write(answer.bytes);
  if (answer.close) socket->disconnectFromHost();
}

}  // namespace

HostileServer::HostileServer(QList<QByteArray> answers, bool closeAfterLast)
    : HostileServer(fromList(std::move(answers), closeAfterLast)) {}

HostileServer::HostileServer(Script script) : m_script(std::move(script)), m_server(new QTcpServer) {
  QTcpServer* server = m_server.get();
  QObject::connect(server, &QTcpServer::newConnection, server, [this, server] {
    while (QTcpSocket* socket = server->nextPendingConnection()) {
      ++m_connections;
      QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
      QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, turn = 0]() mutable {
        give(socket, m_script(socket->readAll(), turn++));
      });
      give(socket, m_script(QByteArray(), -1));
    }
  });
  server->moveToThread(&m_thread);
  m_thread.start();
  QMetaObject::invokeMethod(server, [this, server] {
    if (server->listen(QHostAddress::LocalHost)) m_port = server->serverPort();
  }, Qt::BlockingQueuedConnection);
}

HostileServer::~HostileServer() {
  QMetaObject::invokeMethod(m_server.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
  m_thread.quit();
  m_thread.wait();
}

}  // namespace cachedeck::test
