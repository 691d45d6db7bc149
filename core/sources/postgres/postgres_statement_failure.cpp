// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_failure.h"

namespace cachedeck {

Error statementFailure(const QByteArray& sqlState, const QString& message, const QString& endpoint) {
  const QString detail = failureDetail(message);
  if (sqlState == "57014")
    return fail(Error::Kind::Busy, QStringLiteral("%1 cancelled our statement because it took too long. The server is overloaded, or a catalog is locked.").arg(endpoint), detail);
  if (sqlState == "55P03")
    return fail(Error::Kind::Busy, QStringLiteral("Our statement waited too long for a lock on %1. Another session holds a system catalog.").arg(endpoint), detail);
  if (sqlState == "57P01")
    return fail(Error::Kind::Unreachable, QStringLiteral("%1 ended our session (shutdown or pg_terminate_backend). Connecting again.").arg(endpoint), detail);
  if (sqlState == "57P02" || sqlState == "57P03")
    return fail(Error::Kind::Unreachable, QStringLiteral("%1 ended our session because a server process crashed. Connecting again.").arg(endpoint), detail);
  if (sqlState == "57P05" || sqlState == "25P03")
    return fail(Error::Kind::Unreachable, QStringLiteral("%1 ended our session for being idle. Connecting again.").arg(endpoint), detail);
  if (sqlState == "42501")
    return fail(Error::Kind::Permission, QStringLiteral("Our role may not run a statement on %1 (%2). Grant it what the statement reads; for the server's own figures that is pg_monitor.").arg(endpoint, detail.section(QLatin1Char('\n'), 0, 0)), detail);
  if (sqlState.startsWith("53"))
    return fail(Error::Kind::Busy, QStringLiteral("%1 is out of memory, disk or other resources (SQLSTATE %2).").arg(endpoint, QString::fromLatin1(sqlState)), detail);
  return fail(Error::Kind::Server, QStringLiteral("%1 answered with an error (SQLSTATE %2). See the details.").arg(endpoint, QString::fromLatin1(sqlState)), detail);
}

Error brokenLink(const QString& libpqText, const QString& endpoint) {
  const QString detail = failureDetail(libpqText);
  if (libpqText.contains(QStringLiteral("timed out")))
    return fail(Error::Kind::Unreachable, QStringLiteral("The link to %1 is dead: nothing was acknowledged. Connecting again.").arg(endpoint), detail);
  if (libpqText.contains(QStringLiteral("lost synchronization")) || libpqText.contains(QStringLiteral("unexpected message")) ||
      libpqText.contains(QStringLiteral("unexpected response")) || libpqText.contains(QStringLiteral("insufficient data")) ||
      libpqText.contains(QStringLiteral("extraneous data")))
    return fail(Error::Kind::Protocol, QStringLiteral("%1 sent a reply that breaks the PostgreSQL protocol. Connecting again.").arg(endpoint), detail);
  return fail(Error::Kind::Unreachable, QStringLiteral("%1 closed the connection before the whole answer came. Connecting again.").arg(endpoint), detail);
}

}  // namespace cachedeck
