// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/dial.h"

#include "core/base/resolver.h"

#include <QFile>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace cachedeck {

namespace {

constexpr int stopCheckMs = 50;

void setOption(int fd, int level, int name, int value) {
  // A kernel without one of these still gives a working link, and requests have deadlines of their own.
  static_cast<void>(::setsockopt(fd, level, name, &value, sizeof value));
}

void setLinkOptions(int fd) {
  setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, 5);
  setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 2);
  setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
  setOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 10000);
}

/// 0 when connected, else an errno; ECANCELED after a stop, ETIMEDOUT at the deadline.
int waitConnected(int fd, const Deadline& deadline, const std::stop_token& stop) {
  for (;;) {
    if (stop.stop_requested()) return ECANCELED;
    pollfd entry{fd, POLLOUT, 0};
    const int ready = ::poll(&entry, 1, qMin(deadline.remainingMs(), stopCheckMs));
    if (ready < 0 && errno != EINTR) return errno;
    if (ready > 0) break;
    if (deadline.expired()) return ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

int connectAddress(const QHostAddress& address, quint16 port, UniqueFd& fd, const Deadline& deadline, const std::stop_token& stop) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (address.protocol() == QAbstractSocket::IPv6Protocol) {
    auto& in6 = reinterpret_cast<sockaddr_in6&>(storage);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    in6.sin6_scope_id = address.scopeId().toUInt();
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    std::memcpy(&in6.sin6_addr, &bytes, sizeof bytes);
    size = sizeof in6;
  } else {
    auto& in = reinterpret_cast<sockaddr_in&>(storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in.sin_addr.s_addr = htonl(address.toIPv4Address());
    size = sizeof in;
  }
  fd.reset(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return errno;
  setLinkOptions(fd.get());
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0) return 0;
  return errno == EINPROGRESS ? waitConnected(fd.get(), deadline, stop) : errno;
}

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled.")); }

QString systemText(int code) { return QString::fromLocal8Bit(std::strerror(code)); }

Error tcpError(const QString& endpoint, int code) {
  switch (code) {
    case ECANCELED: return cancelled();
    case ECONNREFUSED:
      return fail(Error::Kind::Refused, QStringLiteral("Nothing listens on %1 (connection refused). Is Redis running there, and is the port right?").arg(endpoint));
    case ETIMEDOUT:
      return fail(Error::Kind::Timeout, QStringLiteral("No answer from %1 within %2. Is the host up, and does a firewall drop the connection?").arg(endpoint, secondsText(connectDeadline)));
    case EHOSTUNREACH: case ENETUNREACH: case EHOSTDOWN: case ENETDOWN: case EADDRNOTAVAIL:
      return fail(Error::Kind::Unreachable, QStringLiteral("There is no network route to %1 (%2). Check the network or VPN.").arg(endpoint, systemText(code)));
    case EACCES: case EPERM:
      return fail(Error::Kind::Unreachable, QStringLiteral("This machine does not let the program connect to %1 (%2). Check its firewall.").arg(endpoint, systemText(code)));
    case EMFILE: case ENFILE:
      return fail(Error::Kind::Io, QStringLiteral("The connection to %1 could not be opened, since too many files are open here.").arg(endpoint));
    default:
      return fail(Error::Kind::Unreachable, QStringLiteral("The connection to %1 could not be opened: %2.").arg(endpoint, systemText(code)));
  }
}

Result<UniqueFd> dialTcp(const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop) {
  const Result<QList<QHostAddress>> addresses = resolveHost(options.host, deadline, stop);
  if (!addresses) return addresses.error();
  int code = ETIMEDOUT;
  qsizetype left = addresses->size();
  for (const QHostAddress& address : *addresses) {
    const Deadline share(std::chrono::milliseconds(deadline.remainingMs() / left--));  // one silent address must not eat the others' time
    UniqueFd fd;
    code = connectAddress(address, options.port, fd, share, stop);
    if (code == 0) return fd;
    if (code == ECANCELED) break;
  }
  return tcpError(options.endpoint(), code);
}

Error socketError(const QString& path, int code) {
  switch (code) {
    case ENOENT:
      return fail(Error::Kind::Refused, QStringLiteral("There is no Unix socket “%1”. Is Redis running with this unixsocket?").arg(path));
    case ECONNREFUSED:
      return fail(Error::Kind::Refused, QStringLiteral("Nothing listens on the Unix socket “%1”. It may be left over from a server that is gone.").arg(path));
    case EACCES: case EPERM:
      return fail(Error::Kind::Permission, QStringLiteral("This account may not open the Unix socket “%1”. Check its permissions (unixsocketperm).").arg(path));
    case EAGAIN:
      return fail(Error::Kind::Timeout, QStringLiteral("The Unix socket “%1” accepted no connection within %2. The server hangs or is overloaded.").arg(path, secondsText(connectDeadline)));
    default:
      return fail(Error::Kind::Unreachable, QStringLiteral("The Unix socket “%1” could not be opened: %2.").arg(path, systemText(code)));
  }
}

Result<UniqueFd> dialSocket(const QString& path, const Deadline& deadline, const std::stop_token& stop) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const QByteArray bytes = QFile::encodeName(path);
  if (bytes.size() >= static_cast<qsizetype>(sizeof address.sun_path))
    return fail(Error::Kind::Usage, QStringLiteral("The path of the Unix socket is longer than the %1 bytes that the system allows.").arg(sizeof address.sun_path - 1));
  std::memcpy(address.sun_path, bytes.constData(), static_cast<size_t>(bytes.size()));
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return socketError(path, errno);
  for (;;) {
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    if (errno != EAGAIN || deadline.expired()) return socketError(path, errno);
    if (stop.stop_requested()) return cancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(stopCheckMs));  // the server's queue is full
  }
}

}  // namespace

void UniqueFd::reset(int fd) {
  if (m_fd >= 0) ::close(m_fd);
  m_fd = fd;
}

Result<UniqueFd> dial(const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop) {
  return options.socketPath.isEmpty() ? dialTcp(options, deadline, stop) : dialSocket(options.socketPath, deadline, stop);
}

}  // namespace cachedeck
