// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_errors.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/sources/redis/redis_tls.h"

namespace cachedeck {

namespace {

using Kind = Error::Kind;

/// What a reply that begins so means; %1 is the server. The first row that fits counts.
struct Row {
  const char* begin;
  Kind kind;
  const char* sentence;
};

const Row rows[] = {
    {"NOAUTH", Kind::Auth, "%1 asks for a password, and none is set. Enter user and password."},
    {"WRONGPASS", Kind::Auth, "%1 does not accept this user and password. Check both, and that the user is switched on."},
    {"ERR invalid password", Kind::Auth, "%1 does not accept this password. Check it."},
    {"ERR AUTH <password> called without any password", Kind::Auth, "%1 has no password for its default user. Leave the password empty, or enter the user that it belongs to."},
    {"ERR Client sent AUTH, but no password is set", Kind::Auth, "%1 has no password. Leave the password empty."},
    {"ERR wrong number of arguments for 'auth'", Kind::Auth, "%1 is older than Redis 6 and knows no user names. Leave the user empty."},
    {"NOPERM", Kind::Permission, "This account may not run a command on %1 that is needed. Let the administrator grant it (ACL SETUSER)."},
    {"DENIED Redis is running in protected mode", Kind::Permission, "%1 is in protected mode and takes only local connections. Set a password, or bind and protected-mode in its configuration."},
    {"LOADING", Kind::Busy, "%1 is loading its data into memory and does not answer yet."},
    {"BUSY", Kind::Busy, "%1 is busy with a script and answers nothing else. It ends by itself, or by SCRIPT KILL."},
    {"MASTERDOWN", Kind::Busy, "%1 is a replica that has lost its master and does not serve its old data (replica-serve-stale-data no)."},
    {"CLUSTERDOWN", Kind::Busy, "%1 says that its cluster is down: not every slot has a node."},
    {"ERR max number of clients", Kind::Busy, "%1 is full: it has as many clients as maxclients allows. Close some, or raise maxclients."},
    {"ERR DB index is out of range", Kind::Usage, "%1 has no database of this number. Enter a smaller one."},
    {"ERR SELECT is not allowed in cluster mode", Kind::Usage, "%1 is part of a cluster, which has database 0 only. Enter 0."},
    {"MISCONF", Kind::Server, "%1 cannot save its data and refuses commands. Look at its log and disk (rdb_last_bgsave_status)."},
    {"ERR unknown command", Kind::Server, "%1 does not know a command that is needed. It may be renamed or switched off there, or this is not Redis itself."},
};

}  // namespace

Error serverError(const RedisOptions& options, QByteArrayView reply) {
  const QString text = redact(printable(reply.toByteArray()));
  for (const Row& row : rows)
    if (reply.startsWith(row.begin)) return fail(row.kind, QString::fromUtf8(row.sentence).arg(options.endpoint()), text);
  return fail(Kind::Server, QStringLiteral("%1 answered with an error: %2").arg(options.endpoint(), text));
}

bool isAlive(QByteArrayView errorReply) {
  for (const char* begin : {"NOPERM", "MASTERDOWN", "MISCONF", "CLUSTERDOWN", "ERR unknown command"})
    if (errorReply.startsWith(begin)) return true;
  return false;
}

Error replyError(const RedisOptions& options, const ReplyFault& fault) {
  const QString endpoint = options.endpoint();
  switch (fault.kind) {
    case ReplyFault::Kind::Http:
      return fail(Kind::Protocol, QStringLiteral("%1 is an HTTP server, not Redis. Check the port.").arg(endpoint));
    case ReplyFault::Kind::Tls:
      return fail(Kind::Protocol, QStringLiteral("%1 speaks TLS. Turn TLS on (rediss://).").arg(endpoint));
    case ReplyFault::Kind::Resp3:
      return fail(Kind::Protocol, QStringLiteral("The answer of %1 is not a RESP2 reply: it %2. The connection was closed.").arg(endpoint, fault.what));
    case ReplyFault::Kind::Foreign:
      return fail(Kind::Protocol, QStringLiteral("%1 is not a Redis server: what it sends begins with “%2”. Check the port.").arg(endpoint, fault.what));
    case ReplyFault::Kind::Cut:
      return fail(Kind::Unreachable, QStringLiteral("%1 closed the connection in the middle of a reply. The server or a proxy in between went away.").arg(endpoint));
    case ReplyFault::Kind::TooBig:
      return fail(Kind::Protocol, QStringLiteral("The answer of %1 is larger than what is read: it %2. The connection was closed.").arg(endpoint, fault.what));
    case ReplyFault::Kind::Broken:
      break;
  }
  return fail(Kind::Protocol, QStringLiteral("The answer of %1 is broken: it %2. The connection was closed.").arg(endpoint, fault.what));
}

Error linkError(const RedisOptions& options, const LinkFault& fault, bool heard, std::chrono::milliseconds waited) {
  const QString endpoint = options.endpoint();
  const QString detail = printable(fault.text);
  switch (fault.kind) {
    case LinkFault::Kind::Cancelled:
      return fail(Kind::Cancelled, QStringLiteral("Cancelled."));
    case LinkFault::Kind::Tls:
      return tlsAlertError(options, fault.text);
    case LinkFault::Kind::Timeout:
      if (heard) return fail(Kind::Timeout, QStringLiteral("%1 did not answer within %2. The server hangs, is overloaded, or the link is broken.").arg(endpoint, secondsText(waited)));
      return fail(Kind::Timeout, QStringLiteral("%1 accepted the connection but did not answer within %2. Is this Redis, and is it running?").arg(endpoint, secondsText(waited)));
    case LinkFault::Kind::Closed:
    case LinkFault::Kind::Reset:
      if (!heard && !options.tls && options.socketPath.isEmpty())
        return fail(Kind::Unreachable, QStringLiteral("%1 closed the connection without an answer. Is this Redis, and may it expect TLS (rediss://)?").arg(endpoint), detail);
      if (!heard) return fail(Kind::Unreachable, QStringLiteral("%1 closed the connection without an answer. Is this Redis?").arg(endpoint), detail);
      return fail(Kind::Unreachable, QStringLiteral("%1 closed the connection. The server stopped, or somebody ended this client.").arg(endpoint), detail);
    case LinkFault::Kind::Other:
      break;
  }
  return fail(Kind::Unreachable, QStringLiteral("The connection to %1 broke: %2.").arg(endpoint, detail));
}

}  // namespace cachedeck
