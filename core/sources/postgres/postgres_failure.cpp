// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_failure.h"

#include "core/base/redactor.h"
#include "core/base/text.h"

#include <QRegularExpression>

#include <optional>

namespace cachedeck {

namespace {

using Kind = Error::Kind;

/// One answer of the server inside a libpq text.
struct ServerAnswer {
  QString state;     ///< SQLSTATE
  QString message;
  QString function;  ///< of the server's source, from the LOCATION line
};

std::optional<ServerAnswer> serverAnswer(const QString& text) {
  static const QRegularExpression answer(QStringLiteral("\\S+:  ([0-9A-Z]{5}): ([^\\n]*)"));
  static const QRegularExpression location(QStringLiteral("LOCATION:  (\\w+), "));
  std::optional<ServerAnswer> best;
  for (auto all = answer.globalMatch(text); all.hasNext();) {
    const auto match = all.next();
    const ServerAnswer found{match.captured(1), match.captured(2), location.match(text, match.capturedEnd()).captured(1)};
    // With sslmode=prefer there are two attempts: a wrong password says more than the missing entry of the other.
    if (!best || found.state == QStringLiteral("28P01")) best = found;
  }
  return best;
}

struct Names {
  QString endpoint, user, database;
};

Error refusedLogin(const ServerAnswer& answer, const Names& on) {
  if (answer.function == QStringLiteral("ClientAuthentication") && answer.message.contains(QStringLiteral("certificate")))
    return fail(Kind::Tls, QStringLiteral("%1 wants a valid client certificate. Choose a client certificate and its key.").arg(on.endpoint));
  if (answer.function == QStringLiteral("ClientAuthentication"))
    return fail(Kind::Permission, QStringLiteral("%1 has no pg_hba.conf entry that lets user “%2” into database “%3” from this computer. Add one, or try another TLS mode.").arg(on.endpoint, on.user, on.database));
  if (answer.message.contains(QStringLiteral("not permitted")))
    return fail(Kind::Permission, QStringLiteral("Role “%2” may not log in to %1. Run: ALTER ROLE … LOGIN, or use another user.").arg(on.endpoint, on.user));
  if (answer.function == QStringLiteral("InitializeSessionUserId"))
    return fail(Kind::Auth, QStringLiteral("%1 has no role “%2”, or it may not log in. Check the user.").arg(on.endpoint, on.user));
  return fail(Kind::Auth, QStringLiteral("%1 refused to authenticate user “%2”. Check the user, and the method that pg_hba.conf asks for.").arg(on.endpoint, on.user));
}

Error tooMany(const ServerAnswer& answer, const Names& on) {
  if (answer.function == QStringLiteral("InitializeSessionUserId") || answer.message.contains(QStringLiteral("for role")))
    return fail(Kind::Busy, QStringLiteral("Role “%2” has used up its CONNECTION LIMIT on %1. Close other sessions of it or raise the limit.").arg(on.endpoint, on.user));
  if (answer.function == QStringLiteral("CheckMyDatabase") || answer.message.contains(QStringLiteral("for database")))
    return fail(Kind::Busy, QStringLiteral("Database “%2” on %1 has used up its CONNECTION LIMIT. Close other sessions or raise the limit.").arg(on.endpoint, on.database));
  if (answer.function == QStringLiteral("InitPostgres") || answer.message.contains(QStringLiteral("reserved")))
    return fail(Kind::Busy, QStringLiteral("%1 is full: the remaining connections are reserved for superusers. Trying again.").arg(on.endpoint));
  return fail(Kind::Busy, QStringLiteral("%1 is full: max_connections is reached. Trying again.").arg(on.endpoint));
}

Error notReady(const ServerAnswer& answer, const Names& on) {
  if (answer.message.contains(QStringLiteral("shutting down")))
    return fail(Kind::Busy, QStringLiteral("%1 is shutting down. Trying again.").arg(on.endpoint));
  if (answer.message.contains(QStringLiteral("recovery")))
    return fail(Kind::Busy, QStringLiteral("%1 is in recovery and does not take connections yet. Trying again.").arg(on.endpoint));
  return fail(Kind::Busy, QStringLiteral("%1 is starting up. Trying again.").arg(on.endpoint));
}

Error answerFailure(const ServerAnswer& answer, const Names& on) {
  const QString& state = answer.state;
  if (state == QStringLiteral("28P01"))
    return fail(Kind::Auth, QStringLiteral("%1 refused the password of user “%2”. Enter it again.").arg(on.endpoint, on.user));
  if (state == QStringLiteral("28000")) return refusedLogin(answer, on);
  if (state == QStringLiteral("3D000"))
    return fail(Kind::NotFound, QStringLiteral("%1 has no database “%2”. Check its name.").arg(on.endpoint, on.database));
  if (state == QStringLiteral("42501"))
    return fail(Kind::Permission, QStringLiteral("User “%2” may not connect to database “%3” on %1. Run: GRANT CONNECT ON DATABASE …").arg(on.endpoint, on.user, on.database));
  if (state == QStringLiteral("53300")) return tooMany(answer, on);
  if (state == QStringLiteral("57P03")) return notReady(answer, on);
  if (state.startsWith(QStringLiteral("57P")))
    return fail(Kind::Unreachable, QStringLiteral("%1 ended the session while it began. Trying again.").arg(on.endpoint));
  if (state == QStringLiteral("55000"))
    return fail(Kind::Permission, QStringLiteral("Database “%2” on %1 does not accept connections. Choose another database.").arg(on.endpoint, on.database));
  return fail(Kind::Server, QStringLiteral("%1 refused the connection (SQLSTATE %2): %3").arg(on.endpoint, state, printable(redact(answer.message))));
}

/// A sentence for a pattern in libpq's or the C library's own English; %1 endpoint, %2 user.
struct LibraryRow {
  const char* pattern;
  Kind kind;
  const char* sentence;
};
constexpr LibraryRow libraryRows[] = {
    {"no password supplied", Kind::Auth, "%1 asks for the password of user “%2”, and none is given. Enter it, or put it into ~/.pgpass."},
    {"server does not support SSL", Kind::Tls, "%1 does not offer TLS, but this connection requires it. Turn ssl on there, or choose another TLS mode."},
    {"does not match host name", Kind::Tls, "The certificate of %1 is for another host name. Use the name that stands in the certificate."},
    {"could not get server's host name", Kind::Tls, "The certificate of %1 holds no name to compare. Use the name that stands in the certificate."},
    {"certificate verify failed", Kind::Tls, "The certificate of %1 cannot be trusted."},
    {"root certificate file", Kind::NotFound, "There is no file with CA certificates to check %1 with. Choose a CA file, or put it at ~/.postgresql/root.crt."},
    {"could not read root certificate", Kind::Tls, "The file with CA certificates for %1 cannot be read as PEM certificates. Choose another."},
    {"weak sslmode", Kind::Usage, "The system's CA certificates can only be used with TLS mode verify-full. Choose it for %1."},
    {"has group or world access", Kind::Tls, "The client key for %1 can be read by others, so it is not used. Run chmod 600 on it."},
    {"but not private key file", Kind::NotFound, "The client certificate for %1 has no key file. Choose the client key."},
    {"could not read certificate file", Kind::Tls, "The client certificate for %1 cannot be read. Choose a PEM file that exists."},
    {"key values mismatch", Kind::Tls, "The client certificate for %1 and its key do not belong together. Choose the right pair."},
    {"certificate does not match private key", Kind::Tls, "The client certificate for %1 and its key do not belong together. Choose the right pair."},
    {"could not load private key file", Kind::Tls, "The client key for %1 cannot be read. Check the file and its password."},
    {"alert unknown ca", Kind::Tls, "%1 does not trust our client certificate. Use one from a CA that the server knows."},
    {"alert certificate required", Kind::Tls, "%1 needs a client certificate. Choose a client certificate and its key."},
    {"alert certificate expired", Kind::Tls, "%1 says that our client certificate has expired. Renew it."},
    {"alert protocol version", Kind::Tls, "%1 and this program share no TLS version. The server needs TLS 1.2 or later."},
    {"unsupported protocol", Kind::Tls, "%1 and this program share no TLS version. The server needs TLS 1.2 or later."},
    {"invalid response to SSL negotiation", Kind::Protocol, "What answers at %1 is not PostgreSQL. Check the port."},
    {"expected authentication request", Kind::Protocol, "What answers at %1 is not PostgreSQL. Check the port."},
    {"SSL error", Kind::Tls, "The TLS handshake with %1 failed. See the details."},
    {"SSL SYSCALL", Kind::Unreachable, "%1 closed the connection during the TLS handshake. Check the server's log."},
    {"authentication method", Kind::Auth, "%1 asks for an authentication method that this program does not have. Check pg_hba.conf."},
    {"authentication requirement", Kind::Auth, "%1 does not authenticate in the way that is required here. Check pg_hba.conf and require_auth."},
    {"channel binding", Kind::Auth, "%1 cannot do the channel binding that is required here. Check TLS and channel_binding."},
    {"requirepeer", Kind::Auth, "The socket %1 belongs to another system user than requirepeer asks for. Check both."},
    {"session is read-only", Kind::Server, "%1 is read-only, and a writable server is asked for (target_session_attrs). Check the hosts."},
    {"session is not read-only", Kind::Server, "%1 is writable, and a read-only server is asked for (target_session_attrs). Check the hosts."},
    {"is in hot standby mode", Kind::Server, "%1 is a standby, and a primary is asked for (target_session_attrs). Check the hosts."},
    {"is not in hot standby mode", Kind::Server, "%1 is a primary, and a standby is asked for (target_session_attrs). Check the hosts."},
    {"could not parse network address", Kind::Usage, "The address in hostaddr is not a network address. Write it as 192.0.2.1 or 2001:db8::1."},
    {"No such file or directory", Kind::Refused, "There is no socket %1. Is the server running, and is this its socket directory?"},
    {"Permission denied", Kind::Permission, "This user may not open %1. Check the permissions of the socket."},
    {"Connection refused", Kind::Refused, "Nothing listens at %1. Is PostgreSQL running, and is this its port?"},
    {"No route to host", Kind::Unreachable, "%1 cannot be reached: no route to the host. Check network and address."},
    {"Network is unreachable", Kind::Unreachable, "%1 cannot be reached: there is no network to it. Check network and address."},
    {"Connection timed out", Kind::Timeout, "%1 does not answer. Check address, port and firewall."},
    {"Too many open files", Kind::Io, "There are no file descriptors left to connect to %1. Raise the limit (ulimit -n)."},
    {"server closed the connection", Kind::Unreachable, "%1 closed the connection before it answered. Is this PostgreSQL? If so, see its log."},
    {"Connection reset by peer", Kind::Unreachable, "%1 cut the connection before it answered. Is this PostgreSQL? If so, see its log."},
    {"Broken pipe", Kind::Unreachable, "%1 cut the connection before it answered. Is this PostgreSQL? If so, see its log."},
};

QString ignoredFileHint(const PostgresTarget& target) {
  if (target.passwordFile.isEmpty()) return {};
  return QStringLiteral(" %1 is passed over because others can read it: run chmod 600 on it.").arg(printable(target.passwordFile));
}

}  // namespace

QString failureDetail(const QString& libpqText) {
  static const QRegularExpression position(QStringLiteral("^LOCATION:  "));
  QStringList lines;
  for (const QString& line : redact(libpqText).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
    if (!position.match(line).hasMatch()) lines += printable(line.trimmed(), 500);
  return lines.mid(0, 20).join(QLatin1Char('\n'));
}

Error connectFailure(const QString& libpqText, const PostgresTarget& target) {
  const Names names{target.text(), target.user, target.database};
  const QString detail = failureDetail(libpqText);
  if (const auto answer = serverAnswer(libpqText)) {
    Error error = answerFailure(*answer, names);
    error.detail = detail;
    return error;
  }
  for (const LibraryRow& row : libraryRows) {
    if (!libpqText.contains(QLatin1String(row.pattern))) continue;
    QString message = QString::fromUtf8(row.sentence).replace(QStringLiteral("%2"), names.user).replace(QStringLiteral("%1"), names.endpoint);
    if (row.kind == Kind::Auth) message += ignoredFileHint(target);
    return fail(row.kind, message, detail);
  }
  return fail(Kind::Protocol, QStringLiteral("The connection to %1 failed. See the details.").arg(names.endpoint), detail);
}

}  // namespace cachedeck
