// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/spawn.h"
#include "core/sandbox/templates.h"

#include <stop_token>

namespace cachedeck {

/// initdb of the sandbox's own cluster in DIR/postgres; the superuser's password lies in DIR/conf/superuser.
Result<LaunchSpec> initdbSpec(const TemplateValues& values, const std::optional<RunUser>& user);

/// Makes roles, the database "app" and pg_stat_statements; the tables are the sample service's affair.
Result<void> makeDatabase(const TemplateValues& values, std::stop_token stop);

/// Forgets what pg_stat_statements counted: the figures shall be the traffic's.
Result<void> resetStatements(const TemplateValues& values, std::stop_token stop);

}  // namespace cachedeck
