// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/dial.h"

#include <QByteArray>

#include <memory>
#include <optional>

class QAbstractSocket;
class QIODevice;
class QLocalSocket;
class QSslSocket;

namespace cachedeck {

/// Why a link gives no bytes.
struct LinkFault {
  enum class Kind { Timeout, Closed, Reset, Tls, Cancelled, Other };
  Kind kind = Kind::Other;
  QString text;  ///< of the system or of OpenSSL
};

/// A link to a server: TCP, TLS or a Unix socket behind one face. Blocks within the caller's deadline; a stop shuts the
/// socket down, so that a blocked wait returns at once. Used and destroyed on one thread.
class Transport {
 public:
  Transport();
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  Result<void> open(const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop);
  void close();
  bool isOpen() const;

  /// As many of the bytes as the system takes leave at once, the others during the next read().
  void write(const QByteArray& bytes);
  /// What has arrived, at least one byte, or why there is nothing. After a fault there will never be more.
  std::optional<LinkFault> read(QByteArray& bytes, const Deadline& deadline, const std::stop_token& stop);

 private:
  Result<void> adopt(UniqueFd fd, const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop);
  Result<void> encrypt(QSslSocket& socket, const RedisOptions& options, const Deadline& deadline);
  LinkFault fault(const Deadline& deadline) const;
  bool isConnected() const;

  QString m_tlsFault;  // what OpenSSL said first: Qt's own error is soon overwritten by that of the closing socket
  std::unique_ptr<QIODevice> m_device;
  QAbstractSocket* m_tcp = nullptr;   // m_device, by its own type
  QLocalSocket* m_local = nullptr;
  UniqueFd m_shutdown;  // a second descriptor of the socket: Qt may close its own at any time, and numbers are used again
};

}  // namespace cachedeck
