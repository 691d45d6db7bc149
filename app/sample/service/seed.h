// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/pool.h"

namespace cachedeck::sample {

/// Makes the tables that are missing and fills them with data that is the same each time (its dates reach back from today): `rows` risks, 200 connectors,
/// 500 apps. With `anew` they are dropped first. Several services may do it at once: one does, the others wait. True when there is new
/// data, so that what was cached of older data has to go.
cacheaside::Outcome<bool> seedDatabase(cacheaside::Pool& pool, long rows, bool anew, std::stop_token stop);

}  // namespace cachedeck::sample
