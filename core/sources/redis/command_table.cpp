// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/command_table.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cachedeck {

namespace {

struct Row {
  std::string_view name;
  CommandAccess access;
  std::string_view subcommands = {};  ///< parted by a space; empty: any
};

using enum CommandAccess;

// Sorted by name. Left out on purpose: KEYS, MONITOR, DEBUG, EVAL and FCALL, CONFIG SET, SHUTDOWN, MIGRATE, SWAPDB and whatever else this program has no use for.
constexpr std::array rows = std::to_array<Row>({
    {"ACL", Read, "WHOAMI CAT"},
    {"ASKING", Read},
    {"AUTH", Read},
    {"CLIENT", Read, "SETNAME GETNAME LIST INFO ID"},
    {"CLUSTER", Read, "SLOTS SHARDS NODES INFO KEYSLOT MYID COUNTKEYSINSLOT"},
    {"COMMAND", Read, "INFO COUNT DOCS"},
    {"CONFIG", Read, "GET"},
    {"DBSIZE", Read},
    {"DISCARD", Write},
    {"DUMP", Read},
    {"ECHO", Read},
    {"EXEC", Write},
    {"EXISTS", Read},
    {"EXPIRETIME", Read},
    {"FLUSHALL", Write},
    {"FLUSHDB", Write},
    {"GET", Read},
    {"GETRANGE", Read},
    {"HGET", Read},
    {"HLEN", Read},
    {"HSCAN", Read},
    {"HSTRLEN", Read},
    {"INFO", Read},
    {"LASTSAVE", Read},
    {"LATENCY", Read, "LATEST HISTORY DOCTOR HISTOGRAM"},
    {"LINDEX", Read},
    {"LLEN", Read},
    {"LRANGE", Read},
    {"MEMORY", Read, "USAGE STATS DOCTOR"},
    {"MODULE", Read, "LIST"},
    {"MULTI", Write},
    {"OBJECT", Read, "ENCODING IDLETIME FREQ REFCOUNT"},
    {"PERSIST", Write},
    {"PEXPIREAT", Write},
    {"PEXPIRETIME", Read},
    {"PING", Read},
    {"PTTL", Read},
    {"READONLY", Read},
    {"READWRITE", Read},
    {"RENAMENX", Write},
    {"RESTORE", Write},
    {"ROLE", Read},
    {"SCAN", Read},
    {"SCARD", Read},
    {"SELECT", Read},
    {"SENTINEL", Read, "MASTERS MASTER REPLICAS SLAVES SENTINELS GET-MASTER-ADDR-BY-NAME CKQUORUM"},
    {"SET", Write},
    {"SLOWLOG", Read, "GET LEN"},
    {"SSCAN", Read},
    {"STRLEN", Read},
    {"TIME", Read},
    {"TTL", Read},
    {"TYPE", Read},
    {"UNLINK", Write},
    {"UNWATCH", Read},
    {"WAIT", Read},
    {"WATCH", Read},
    {"XINFO", Read},
    {"XLEN", Read},
    {"XRANGE", Read},
    {"ZCARD", Read},
    {"ZRANGE", Read},
    {"ZSCAN", Read},
});

bool isOneOf(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

std::string_view view(const QByteArray& bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

}  // namespace

CommandAccess commandAccess(const QList<QByteArray>& command) {
  if (command.isEmpty()) return Unknown;
  const QByteArray name = command.first().toUpper();
  const auto row = std::ranges::lower_bound(rows, view(name), {}, &Row::name);
  if (row == rows.end() || row->name != view(name)) return Unknown;
  if (row->subcommands.empty()) return row->access;
  const QByteArray subcommand = command.value(1).toUpper();
  return isOneOf(row->subcommands, view(subcommand)) ? row->access : Unknown;
}

}  // namespace cachedeck
