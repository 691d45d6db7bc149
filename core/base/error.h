// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

/// What went wrong: the kind drives behaviour (retry, ask again, give up), the message is for the operator.
struct Error {
  enum class Kind {
    Usage,        ///< wrong argument or field; retrying the same is useless
    NotFound,     ///< a file, binary or object is not there
    Refused,      ///< nothing listens: the host says so, or there is no such socket
    Unreachable,  ///< the host name is not known, there is no route, or the link broke
    Timeout,      ///< no answer within the deadline
    Tls,          ///< handshake or certificate
    Auth,         ///< wrong or missing credentials: ask again, never retry by itself
    Permission,   ///< the account may not do this
    Busy,         ///< the server is full, loading, or starting up
    Protocol,     ///< the peer does not speak what was expected
    Server,       ///< the server answered with an error of its own
    Io,           ///< local file or process failure
    Cancelled,    ///< the caller asked to stop
  };
  Kind kind = Kind::Server;
  /// One or two sentences: what failed, on what, what to try. Plain text, never markup, never a secret.
  QString message;
  /// Further lines (certificate digest, server text) for the form and the log; may be empty.
  QString detail;

  bool isCancelled() const { return kind == Kind::Cancelled; }
  /// False where repeating the same attempt cannot help or may lock an account out.
  bool isRetryable() const;
};

/// Short lower-case word of the kind ("timeout"), for JSON and the log.
QString kindName(Error::Kind kind);

}  // namespace cachedeck
