// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"
#include "core/keys/inspect_ask.h"

namespace cachedeck::keys {

namespace {

using Kind = Error::Kind;

/// One edit: WATCH and look, then SET inside MULTI. MULTI is opened and its answer read before the SET leaves: an account that may not use MULTI would
/// otherwise have it carried out at once, unguarded.
class Edit {
 public:
  Edit(RedisConnection& connection, const QByteArray& name, const std::stop_token& stop) : m_connection(connection), m_name(name), m_stop(stop) {}

  /// Watches the key and compares its value, of which no more than one byte beyond `before` is read.
  Result<void> begin(const QByteArray& before) {
    const std::vector<RedisCommand> commands{{"WATCH", m_name}, {"GETRANGE", m_name, "0", QByteArray::number(before.size())}, {"MULTI"}};
    const Result<std::vector<Reply>> asked = m_connection.pipeline(commands, deadlineFor(before), m_stop);
    if (!asked) return asked.error();
    const std::vector<Reply>& replies = *asked;
    lookups += countedLookups(commands[1], replies[1]);
    m_inMulti = !replies[2].isError();
    if (replies[1].isError() && replies[1].text().startsWith("WRONGTYPE")) return changed();
    for (const Reply& reply : replies)
      if (reply.isError()) return m_connection.error(reply);
    if (replies[0].type() != Reply::Type::Status || replies[1].type() != Reply::Type::Text || replies[2].type() != Reply::Type::Status)
      return misfit(m_connection, commands[1]);
    return replies[1].text() == QByteArrayView(before) ? Result<void>() : Result<void>(changed());
  }

  Result<void> commit(const QByteArray& after) {
    const std::vector<RedisCommand> commands{{"SET", m_name, after, "XX", "KEEPTTL"}, {"EXEC"}};
    const Result<std::vector<Reply>> replies = m_connection.pipeline(commands, deadlineFor(after), m_stop);
    if (!replies) return unknown(replies.error());
    const Reply& done = replies->back();
    if (replies->front().isError()) return m_connection.error(replies->front());
    if (done.isError()) return refused(done.text());
    if (done.type() == Reply::Type::Nil) return changed();
    if (done.root().size() != 1) return unknown(misfit(m_connection, commands.back()));
    return outcome(*done.root().begin());
  }

  /// Nothing stays watched on a connection that is used for other things afterwards.
  void giveUp() {
    const RedisCommand command{m_inMulti ? "DISCARD" : "UNWATCH"};
    if (!m_connection.isOpen()) return;
    const Result<Reply> freed = m_connection.command(command, Deadline(requestDeadline), m_stop);
    if (freed && freed->isError()) m_connection.close();
  }

  int lookups = 0;

 private:
  Deadline deadlineFor(const QByteArray& value) const { return Deadline(requestDeadline + std::chrono::seconds(value.size() >> 20)); }

  /// EXEC's own refusal comes wrapped: "EXECABORT Transaction discarded because of: NOPERM …".
  Error refused(QByteArrayView reply) const {
    const QByteArrayView because = ": ";
    const qsizetype at = reply.startsWith("EXECABORT") ? reply.indexOf(because) : -1;
    return serverError(m_connection.options(), at < 0 ? reply : reply.sliced(at + because.size()));
  }

  Result<void> outcome(const Reply::Item& reply) {
    if (reply.type() == Reply::Type::Status) return {};
    const QString endpoint = m_connection.options().endpoint();
    if (reply.isNil()) return fail(Kind::NotFound, QStringLiteral("The key on %1 is gone: it was deleted or has expired. It was not made anew.").arg(endpoint));
    if (!reply.isError()) return unknown(misfit(m_connection, {"SET"}));
    if (reply.text().startsWith("ERR syntax error"))
      return fail(Kind::Server, QStringLiteral("%1 is older than Redis 6 and cannot change a value without losing its expiry. Nothing was changed.").arg(endpoint));
    return serverError(m_connection.options(), reply.text());
  }

  Error changed() const {
    return fail(Kind::Busy, QStringLiteral("The value on %1 has changed since it was read. Nothing was written; read it again.").arg(m_connection.options().endpoint()));
  }

  /// The commands had left: EXEC may have been carried out.
  static Error unknown(Error error) {
    error.message += QStringLiteral(" It is not known whether the value was changed: look at it again.");
    return error;
  }

  RedisConnection& m_connection;
  const QByteArray& m_name;
  const std::stop_token& m_stop;
  bool m_inMulti = false;
};

}  // namespace

Result<void> editString(RedisConnection& connection, const QByteArray& name, const QByteArray& before, const QByteArray& after, const std::stop_token& stop, int* ownLookups) {
  if (qMax(before.size(), after.size()) > longestEdit)
    return fail(Kind::Usage, QStringLiteral("A value of more than %1 MB cannot be edited here.").arg(longestEdit >> 20));
  if (!connection.mayWrite())
    return fail(Kind::Permission, QStringLiteral("This connection to %1 only reads. Unlock the profile to change a value.").arg(connection.options().endpoint()));
  Edit edit(connection, name, stop);
  Result<void> result = edit.begin(before);
  if (result)
    result = edit.commit(after);
  else
    edit.giveUp();
  if (ownLookups) *ownLookups = edit.lookups;
  return result;
}

}  // namespace cachedeck::keys
