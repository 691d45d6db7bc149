// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/facts.h"

namespace cachedeck::keys {

void askFacts(const FactNeeds& needs, const QByteArray& name, std::vector<RedisCommand>& commands) {
  if (needs.bytes) commands.push_back({"MEMORY", "USAGE", name});
  if (needs.type) commands.push_back({"TYPE", name});
  if (needs.ttl) commands.push_back({"PTTL", name});
  if (needs.idle) commands.push_back({"OBJECT", "IDLETIME", name});
}

ScanFacts readFacts(const FactNeeds& needs, std::span<const Reply> replies, OwnLookups& own) {
  ScanFacts facts;
  std::size_t at = 0;
  const auto next = [&]() -> const Reply& { return replies[at++]; };
  const auto counted = [&](bool there) {
    ++(there ? own.hits : own.misses);
    if (!there) facts.exists = false;
  };
  if (needs.bytes) {
    const Reply& reply = next();
    if (reply.type() == Reply::Type::Integer) facts.bytes = reply.integer();
    if (reply.type() == Reply::Type::Nil) facts.exists = false;
  }
  if (needs.type) {
    const Reply& reply = next();
    if (reply.type() == Reply::Type::Status) {
      counted(reply.text() != QByteArrayView("none"));
      if (facts.exists) facts.type = reply.text().toByteArray();
    }
  }
  if (needs.ttl) {
    const Reply& reply = next();
    if (reply.type() == Reply::Type::Integer) {
      counted(reply.integer() != -2);
      if (reply.integer() >= -1) facts.ttlMs = reply.integer();
    }
  }
  if (needs.idle) {
    const Reply& reply = next();
    if (reply.type() == Reply::Type::Integer) facts.idleSeconds = reply.integer();
    if (!reply.isError() || reply.text().contains("LFU")) counted(reply.type() != Reply::Type::Nil);
  }
  return facts;
}

}  // namespace cachedeck::keys
