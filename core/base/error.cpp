// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace cachedeck {

bool Error::isRetryable() const {
  return kind != Kind::Usage && kind != Kind::Auth && kind != Kind::Cancelled;
}

QString kindName(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::Usage: return QStringLiteral("usage");
    case Error::Kind::NotFound: return QStringLiteral("not found");
    case Error::Kind::Refused: return QStringLiteral("refused");
    case Error::Kind::Unreachable: return QStringLiteral("unreachable");
    case Error::Kind::Timeout: return QStringLiteral("timeout");
    case Error::Kind::Tls: return QStringLiteral("tls");
    case Error::Kind::Auth: return QStringLiteral("auth");
    case Error::Kind::Permission: return QStringLiteral("permission");
    case Error::Kind::Busy: return QStringLiteral("busy");
    case Error::Kind::Protocol: return QStringLiteral("protocol");
    case Error::Kind::Server: return QStringLiteral("server");
    case Error::Kind::Io: return QStringLiteral("io");
    case Error::Kind::Cancelled: return QStringLiteral("cancelled");
  }
  return QStringLiteral("unknown");
}

}  // namespace cachedeck
