// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

namespace cachedeck {

/// Reads redis://[user[:password]@]host[:port][/db], rediss:// (TLS; ?ca=, cert=, key=, servername=) and
/// unix:///path?db=N (also redis+unix:// and redis-socket://); user, password and db may stand in the query as well, and
/// master, the name of a Sentinel's primary.
/// Everything is percent-decoded. Errors (Usage) name the part that is wrong and never repeat the URL, since a
/// misplaced character makes any part of it a piece of the password.
Result<SourceSettings> redisSettingsFromUrl(const QString& url);

}  // namespace cachedeck
