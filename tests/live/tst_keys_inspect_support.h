// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/inspect.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

namespace cachedeck::test {

inline RedisOptions optionsOf(const RedisServer& server) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = server.port();
  return options;
}

/// A field of INFO.
inline qint64 infoOf(const RedisServer& server, const char* section, const QByteArray& field) {
  for (const QByteArray& line : server.cli({QStringLiteral("info"), QString::fromLatin1(section)}).split('\n'))
    if (line.startsWith(field + ':')) return line.mid(field.size() + 1).trimmed().toLongLong();
  return -1;
}

/// Hits and misses that the server has counted: INFO itself is none.
inline qint64 lookupsOf(const RedisServer& server) { return infoOf(server, "stats", "keyspace_hits") + infoOf(server, "stats", "keyspace_misses"); }

inline QString textOf(const Error& error) { return kindName(error.kind) + QLatin1String(": ") + error.message; }

/// Fills the server by a script on it, which is faster than commands.
inline QByteArray evalOn(const RedisServer& server, const char* script) { return server.cli({QStringLiteral("eval"), QString::fromLatin1(script), QStringLiteral("0")}); }

}  // namespace cachedeck::test
