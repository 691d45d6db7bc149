// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"
#include "core/keys/inspect_ask.h"

#include <limits>

namespace cachedeck::keys {

namespace {

/// The questions about one key, in three writes: what is free (a key that is gone costs no look-up), what does not touch the key, and last its length, which does.
class FactQuestions {
 public:
  FactQuestions(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop) : m_connection(connection), m_stop(stop) { m_facts.name = name; }

  Result<KeyFacts> run() {
    Result<void> result = askSize();
    if (result && m_facts.exists) result = askState();
    if (result && m_facts.exists) result = askRest();
    if (!result) return result.error();
    if (m_facts.exists) return m_facts;
    KeyFacts gone;
    gone.name = m_facts.name;
    gone.ownLookups = m_facts.ownLookups;
    return gone;
  }

 private:
  using Replies = std::vector<Reply>;

  Result<Replies> ask(const std::vector<RedisCommand>& commands) {
    Result<Replies> replies = m_connection.pipeline(commands, Deadline(requestDeadline), m_stop);
    for (size_t i = 0; replies && i < commands.size(); ++i) m_facts.ownLookups += countedLookups(commands[i], (*replies)[i]);
    return replies;
  }

  /// The number in a reply; nothing where the server refused or the key is gone.
  Result<std::optional<qint64>> number(const RedisCommand& command, const Reply& reply) {
    if (reply.isError() || reply.type() == Reply::Type::Nil) return std::optional<qint64>();
    if (reply.type() != Reply::Type::Integer || reply.integer() < -2) return misfit(m_connection, command);
    return std::optional<qint64>(reply.integer());
  }

  Result<void> read(const RedisCommand& command, const Reply& reply, std::optional<qint64>& into) {
    const Result<std::optional<qint64>> value = number(command, reply);
    if (!value) return value.error();
    into = *value;
    return {};
  }

  Result<void> readTime(const RedisCommand& command, const Reply& reply) {
    m_nowMs.reset();
    if (reply.isError()) return {};
    std::vector<qint64> parts;
    for (const Reply::Item& item : reply.root()) {
      const std::optional<qint64> part = item.type() == Reply::Type::Text ? digitsOf(item.text()) : std::nullopt;
      if (part && *part < (qint64{1} << 42)) parts.push_back(*part);
    }
    if (reply.root().size() != 2 || parts.size() != 2) return misfit(m_connection, command);
    m_nowMs = parts[0] * 1000 + parts[1] / 1000;
    return {};
  }

  Result<void> askSize() {
    const RedisCommand usage{"MEMORY", "USAGE", m_facts.name};
    const Result<Replies> replies = ask({usage});
    if (!replies) return replies.error();
    m_facts.exists = replies->front().type() != Reply::Type::Nil;
    return read(usage, replies->front(), m_facts.bytes);
  }

  Result<void> askState() {
    const QByteArray& name = m_facts.name;
    const std::vector<RedisCommand> commands{{"TYPE", name}, {"OBJECT", "IDLETIME", name}, {"TIME"}, {"PEXPIRETIME", name}, {"OBJECT", "ENCODING", name}, {"OBJECT", "REFCOUNT", name}};
    const Result<Replies> asked = ask(commands);
    if (!asked) return asked.error();
    const Replies& replies = *asked;
    if (replies[0].isError()) return m_connection.error(replies[0]);
    if (replies[0].type() != Reply::Type::Status) return misfit(m_connection, commands[0]);
    m_facts.type = replies[0].text().toByteArray();
    m_facts.exists = m_facts.type != "none";
    m_isLfu = replies[1].isError() && replies[1].text().toByteArray().contains("LFU maxmemory policy");
    if (replies[4].type() == Reply::Type::Text) m_facts.encoding = replies[4].text().toByteArray();
    else if (!replies[4].isError() && replies[4].type() != Reply::Type::Nil) return misfit(m_connection, commands[4]);
    Result<void> result = read(commands[1], replies[1], m_facts.idleSeconds);
    if (result) result = readTime(commands[2], replies[2]);
    if (result) result = read(commands[3], replies[3], m_expiresAt);
    if (result) result = read(commands[5], replies[5], m_facts.references);
    if (m_expiresAt == -2) m_facts.exists = false;
    return result;
  }

  /// What depends on the first answers. The length comes last, since it touches the key.
  Result<void> askRest() {
    const QByteArray length = lengthCommand(m_facts.type);
    const bool needsTtl = !m_expiresAt || (*m_expiresAt >= 0 && !m_nowMs);
    std::vector<RedisCommand> commands;
    if (m_isLfu) commands.push_back({"OBJECT", "FREQ", m_facts.name});
    if (needsTtl) commands.insert(commands.end(), {{"TIME"}, {"PTTL", m_facts.name}});
    if (!length.isEmpty()) commands.push_back({length, m_facts.name});
    if (commands.empty()) return finishExpiry();
    const Result<Replies> replies = ask(commands);
    if (!replies) return replies.error();
    Result<void> result;
    for (size_t i = 0; result && i < commands.size(); ++i) result = readRest(commands[i], (*replies)[i]);
    return result ? finishExpiry() : result;
  }

  Result<void> readRest(const RedisCommand& command, const Reply& reply) {
    if (command.first() == "OBJECT") return read(command, reply, m_facts.frequency);
    if (command.first() == "TIME") return readTime(command, reply);
    if (command.first() == "PTTL") return readTtl(command, reply);
    if (reply.isError() && reply.text().startsWith("WRONGTYPE")) return changedType(m_connection);
    std::optional<qint64> length;
    const Result<void> result = read(command, reply, length);
    m_facts.length = length.value_or(-1);
    return result;
  }

  Result<void> readTtl(const RedisCommand& command, const Reply& reply) {
    const Result<void> result = read(command, reply, m_ttl);
    if (!result) return result;
    // Without both there is nothing to say, and "no expiry" would be wrong.
    if (!m_ttl) return reply.isError() ? m_connection.error(reply) : misfit(m_connection, command);
    if (*m_ttl == -2) m_facts.exists = false;
    return {};
  }

  /// The instant and the time left, one from the other by the server's clock: the program's own may be wrong.
  Result<void> finishExpiry() {
    if (m_ttl ? *m_ttl < 0 : *m_expiresAt < 0) return {};
    const bool knowsInstant = m_expiresAt && *m_expiresAt >= 0;
    if (!knowsInstant && !m_nowMs) return fail(Error::Kind::Permission, QStringLiteral("This account may ask %1 neither for its clock (TIME) nor for the instant at which a key expires.").arg(m_connection.options().endpoint()));
    m_facts.expiresAtMs = knowsInstant ? *m_expiresAt : qMin(*m_ttl, std::numeric_limits<qint64>::max() - *m_nowMs) + *m_nowMs;
    m_facts.ttlMs = m_ttl ? *m_ttl : qMax<qint64>(0, *m_expiresAt - *m_nowMs);
    return {};
  }

  RedisConnection& m_connection;
  const std::stop_token& m_stop;
  KeyFacts m_facts;
  std::optional<qint64> m_nowMs, m_expiresAt, m_ttl;
  bool m_isLfu = false;
};

}  // namespace

Result<KeyFacts> keyFacts(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop) {
  return FactQuestions(connection, name, stop).run();
}

}  // namespace cachedeck::keys
