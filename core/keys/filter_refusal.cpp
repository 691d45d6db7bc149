// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/filter_refusal.h"

#include "core/base/text.h"
#include "core/keys/inspect.h"

namespace cachedeck::keys {

namespace {

/// One of the questions of askFacts(), in their order.
struct Question {
  bool asked, filters;
  const char* command;  ///< for people
  const char* right;    ///< as ACL SETUSER takes it
  const char* filter;   ///< the option of the commands
};

Error refused(const Question& question, const QByteArray& name, const Reply& reply, const RedisOptions& server) {
  const QString command = QString::fromLatin1(question.command), filter = QString::fromLatin1(question.filter), user = server.user.isEmpty() ? QStringLiteral("default") : printable(server.user.toUtf8(), 128);
  const QByteArray text = reply.text().toByteArray();
  const QString detail = printable(text);
  if (text.contains("LFU"))
    return fail(Error::Kind::Usage, QStringLiteral("The server evicts by frequency (maxmemory-policy with LFU) and so keeps no idle times. Choose keys without %1, by their TTL or size for example.").arg(filter), detail);
  if (!text.startsWith("NOPERM")) {
    const Error error = serverError(server, text);
    return fail(error.kind, QStringLiteral("Whether keys fit %1 could not be asked (%2): %3").arg(filter, command, error.message), detail);
  }
  if (text.contains("access") && text.contains("key"))
    return fail(Error::Kind::Permission, QStringLiteral("The account “%1” may not read the key %2, so whether it fits %3 is not known. Choose keys that the account may read, or let the administrator grant it these.")
                                             .arg(user, escaped(name.left(256)), filter), detail);
  return fail(Error::Kind::Permission, QStringLiteral("The account “%1” may not use %2, so which keys fit %3 is not known. Let the administrator grant %4, or choose keys without %3.")
                                           .arg(user, command, filter, QString::fromLatin1(question.right)), detail);
}

}  // namespace

std::optional<Error> filterRefusal(const Selector& selector, const FactNeeds& needs, const QByteArray& name, std::span<const Reply> answers, const RedisOptions& server) {
  const Question questions[] = {
      {needs.bytes, selector.bytesAbove.has_value(), "MEMORY USAGE", "+memory|usage", "--larger-than"},
      {needs.type, !selector.type.isEmpty(), "TYPE", "+type", "--type"},
      {needs.ttl, selector.ttlAboveMs || selector.ttlBelowMs || selector.withoutTtl, "PTTL", "+pttl", selector.withoutTtl ? "--no-ttl" : selector.ttlAboveMs ? "--ttl-above" : "--ttl-below"},
      {needs.idle, selector.idleAboveS.has_value(), "OBJECT IDLETIME", "+object|idletime", "--idle-above"},
  };
  std::size_t at = 0;
  for (const Question& question : questions) {
    if (!question.asked) continue;
    const Reply& answer = answers[at++];
    if (question.filters && answer.isError()) return refused(question, name, answer, server);
  }
  return {};
}

}  // namespace cachedeck::keys
