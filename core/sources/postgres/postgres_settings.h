// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <map>

namespace cachedeck {

/// The rows of the connection form. "parameters" holds further libpq keywords as a connection string.
std::span<const FieldInfo> postgresFields();

/// Reads postgres://, postgresql:// or a libpq connection string ("host=… service=…"). Passwords go to the secrets; an
/// error never repeats any part of the text, since libpq's own texts do (a password with a space or a stray %).
Result<SourceSettings> postgresSettingsFromUrl(const QString& url);

/// libpq keyword → value, without secrets; later libpq itself adds the service file and the environment.
using PostgresParameters = std::map<QByteArray, QByteArray>;

/// What the settings say, the "parameters" field taken apart and checked against the keywords that this program allows.
Result<PostgresParameters> postgresParameters(const SourceSettings& settings);

}  // namespace cachedeck
