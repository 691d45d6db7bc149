// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/load_run.h"
#include "core/sources/source.h"

#include <QMap>

namespace cachedeck::runs {

/// Redis and PostgreSQL of a profile's sources, for the direct workload. Usage errors: one is missing, or the Redis is one that the workload cannot speak to.
Result<load::DirectTarget> directTarget(const QMap<QString, SourceSettings>& sources);

/// What a record of the direct workload has as its URL, by which its baseline is found: "redis://127.0.0.1:6379", with another database than 0 behind it. Without user and password.
QString directAddress(const load::DirectTarget& direct);

}  // namespace cachedeck::runs
