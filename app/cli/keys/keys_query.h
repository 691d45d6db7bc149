// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_arguments.h"
#include "app/cli/keys/keys_forecast.h"

namespace cachedeck {

/// The names that --sql and --template stand for, from the profile's PostgreSQL.
Result<QList<QByteArray>> namesOfQuery(const KeysArguments& arguments, Secrets& secrets);

/// How long the profile's PostgreSQL takes for a query, by pg_stat_statements since its last reset. No password is asked for.
MeanQuery meanQueryOf(const SourceOptions& sources, Secrets& secrets);

}  // namespace cachedeck
