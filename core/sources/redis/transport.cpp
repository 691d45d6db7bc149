// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/transport.h"

#include "core/base/tls.h"
#include "core/sources/redis/redis_tls.h"

#include <QLocalSocket>
#include <QSslSocket>
#include <QTcpSocket>

#include <fcntl.h>
#include <sys/socket.h>

namespace cachedeck {

namespace {

constexpr qint64 readAtOnce = 64 << 10;

}  // namespace

Transport::Transport() = default;
Transport::~Transport() = default;

bool Transport::isOpen() const { return m_device != nullptr; }

void Transport::close() {
  m_tlsFault.clear();
  m_tcp = nullptr;
  m_local = nullptr;
  m_device.reset();
  m_shutdown.reset();
}

Result<void> Transport::open(const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop) {
  close();
  Result<UniqueFd> fd = dial(options, deadline, stop);
  if (!fd) return fd.error();
  Result<void> result = adopt(std::move(*fd), options, deadline, stop);
  if (stop.stop_requested()) result = fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (!result) close();
  return result;
}

Result<void> Transport::adopt(UniqueFd fd, const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop) {
  m_shutdown.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  const std::stop_callback onStop(stop, [this] { ::shutdown(m_shutdown.get(), SHUT_RDWR); });
  bool adopted = false;
  if (!options.socketPath.isEmpty()) {
    auto local = std::make_unique<QLocalSocket>();
    m_local = local.get();
    m_device = std::move(local);
    adopted = m_local->setSocketDescriptor(fd.get());
  } else {
    std::unique_ptr<QTcpSocket> tcp = options.tls ? std::make_unique<QSslSocket>() : std::make_unique<QTcpSocket>();
    m_tcp = tcp.get();
    m_device = std::move(tcp);
    adopted = m_tcp->setSocketDescriptor(fd.get());
  }
  if (!adopted || !m_shutdown.valid())
    return fail(Error::Kind::Io, QStringLiteral("The connection to %1 could not be used: %2.").arg(options.endpoint(), m_device->errorString()));
  fd.release();
  return options.tls ? encrypt(static_cast<QSslSocket&>(*m_tcp), options, deadline) : Result<void>();
}

Result<void> Transport::encrypt(QSslSocket& socket, const RedisOptions& options, const Deadline& deadline) {
  const Result<QSslConfiguration> configuration = tlsConfiguration({options.caFile, options.certificateFile, options.keyFile});
  if (!configuration) return configuration.error();
  socket.setSslConfiguration(*configuration);
  socket.setPeerVerifyName(options.verifiedName());
  QObject::connect(&socket, &QSslSocket::errorOccurred, &socket, [this, &socket](QAbstractSocket::SocketError error) {
    const bool ofTls = error == QAbstractSocket::SslInternalError || error == QAbstractSocket::SslHandshakeFailedError;
    if (ofTls && m_tlsFault.isEmpty()) m_tlsFault = socket.errorString();
  });
  socket.startClientEncryption();
  if (socket.waitForEncrypted(deadline.remainingMs())) return {};
  if (const QList<QSslError> causes = socket.sslHandshakeErrors(); !causes.isEmpty())
    return certificateError(options.endpoint(), options.verifiedName(), causes, socket.peerCertificate());
  if (!m_tlsFault.isEmpty()) return tlsAlertError(options, m_tlsFault);
  if (deadline.expired() || socket.error() == QAbstractSocket::SocketTimeoutError)
    return fail(Error::Kind::Tls, QStringLiteral("%1 did not begin TLS within %2. This port may be a plain one: turn TLS off, or use the server's tls-port.")
                                      .arg(options.endpoint(), secondsText(connectDeadline)));
  if (socket.error() == QAbstractSocket::RemoteHostClosedError)
    return fail(Error::Kind::Tls, QStringLiteral("%1 closed the connection during the TLS handshake. This port may not speak TLS, or the server refuses this client.").arg(options.endpoint()));
  return tlsAlertError(options, socket.errorString());
}

bool Transport::isConnected() const {
  return m_tcp ? m_tcp->state() == QAbstractSocket::ConnectedState : m_local && m_local->state() == QLocalSocket::ConnectedState;
}

void Transport::write(const QByteArray& bytes) {
  if (!isConnected()) return;
  m_device->write(bytes.constData(), bytes.size());  // a copy: the caller may wipe its own
  m_tcp ? m_tcp->flush() : m_local->flush();
}

std::optional<LinkFault> Transport::read(QByteArray& bytes, const Deadline& deadline, const std::stop_token& stop) {
  const std::stop_callback onStop(stop, [this] { ::shutdown(m_shutdown.get(), SHUT_RDWR); });
  for (;;) {
    if (stop.stop_requested()) return LinkFault{LinkFault::Kind::Cancelled, {}};
    const bool open = isConnected() || m_device->bytesAvailable() > 0;  // writing may have found the link broken, and closed it
    bytes = open ? m_device->read(readAtOnce) : QByteArray();
    if (!bytes.isEmpty()) return std::nullopt;
    if (!isConnected() || deadline.expired()) return fault(deadline);
    m_device->waitForReadyRead(deadline.remainingMs());
  }
}

LinkFault Transport::fault(const Deadline& deadline) const {
  if (isConnected() && deadline.expired()) return {LinkFault::Kind::Timeout, {}};
  const QString text = m_device->errorString();
  if (!m_tlsFault.isEmpty()) return {LinkFault::Kind::Tls, m_tlsFault};
  if (m_local) return {LinkFault::Kind::Closed, text};
  switch (m_tcp->error()) {
    case QAbstractSocket::RemoteHostClosedError: return {LinkFault::Kind::Closed, text};
    case QAbstractSocket::NetworkError: return {LinkFault::Kind::Reset, text};
    case QAbstractSocket::SocketTimeoutError: return {LinkFault::Kind::Timeout, text};
    default: return {LinkFault::Kind::Other, text};
  }
}

}  // namespace cachedeck
