// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/sources/postgres/postgres_target.h"

namespace cachedeck {

/// An attempt to connect that libpq gave up, as an Error. `libpqText` is PQerrorMessage in English with
/// PQERRORS_VERBOSE, so that it carries SQLSTATE and the server's source function, which no language setting of the
/// server changes.
Error connectFailure(const QString& libpqText, const PostgresTarget& target);

/// A statement that the server refused. `sqlState` five characters; `message` the server's text.
Error statementFailure(const QByteArray& sqlState, const QString& message, const QString& endpoint);

/// The link of an established connection broke with libpq's text.
Error brokenLink(const QString& libpqText, const QString& endpoint);

/// Server or library text as plain lines for Error::detail, secrets and source positions taken out.
QString failureDetail(const QString& libpqText);

}  // namespace cachedeck
