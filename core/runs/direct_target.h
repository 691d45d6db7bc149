// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/load_run.h"
#include "core/sources/source.h"

#include <QMap>

namespace cachedeck::runs {

/// Redis and PostgreSQL of a profile's sources, for the direct workload. Usage errors: one is missing, or the Redis is one that the workload cannot speak to.
Result<load::DirectTarget> directTarget(const QMap<QString, SourceSettings>& sources);

}  // namespace cachedeck::runs
