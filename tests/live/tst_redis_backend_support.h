// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_backend.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

#include <memory>

namespace cachedeck::test {

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// Redis on that port. The timeout of a command is long where a test wants none, so that a busy machine is no outage.
inline std::unique_ptr<RedisBackend> backendOn(quint16 port, std::chrono::milliseconds timeout = 20s) {
  RedisSettings settings;
  settings.port = port;
  settings.connectTimeout = timeout;
  settings.commandTimeout = timeout;
  return std::make_unique<RedisBackend>(settings);
}

inline QByteArray got(Backend& backend, const std::string& key) {
  const auto value = backend.get(key);
  return !value ? "failed: " + QByteArray::fromStdString(value.error().message) : *value ? QByteArray::fromStdString(**value) : QByteArray("nothing");
}

inline std::uint64_t sum(const Outcome<std::vector<std::uint64_t>>& counts) {
  std::uint64_t out = 0;
  if (counts)
    for (const std::uint64_t count : *counts) out += count;
  return out;
}

inline QByteArray cli(const RedisServer& server, const QByteArrayList& arguments) {
  QStringList list;
  for (const QByteArray& argument : arguments) list += QString::fromUtf8(argument);
  return server.cli(list);
}

/// Keys that nobody asks for, through which a removal by pattern has to look.
inline void fill(const RedisServer& server, int keys) {
  cli(server, {"eval", "for i = 1, tonumber(ARGV[1]) do redis.call('set', 'filler:' .. i, 'x') end", "0", QByteArray::number(keys)});
}

/// One figure of INFO.
inline qint64 info(const RedisServer& server, const QByteArray& name) {
  for (const QByteArray& line : cli(server, {"info", "everything"}).split('\n'))
    if (line.startsWith(name + ':')) return line.mid(name.size() + 1).trimmed().toLongLong();
  return -1;
}

inline const char* kind(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::Usage: return "usage";
    case Failure::Kind::Timeout: return "timeout";
    case Failure::Kind::Unavailable: return "unavailable";
    case Failure::Kind::Auth: return "auth";
    case Failure::Kind::Query: return "query";
    case Failure::Kind::Closed: return "closed";
  }
  return "";
}

constexpr int patience = 60'000;  // ms for what takes less than a second on an idle machine

}  // namespace cachedeck::test
