// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/scenario.h"

#include <cstdint>

namespace cachedeck::load {

/// Whether iterations start at a rate (open model) or when a user is free (closed).
bool isOpenModel(ExecutorKind kind);
/// k6's name: "constant-vus", …
const char* executorName(ExecutorKind kind);
/// How many users a closed executor wants at a moment of its schedule, by k6's rule (linear ramps in steps of one user; a user going down stops one step later). 0 after its length.
int usersAt(const Executor& executor, Millis at);
/// When iteration `index` (from 0) of an open executor starts, in nanoseconds since the start, by k6's rule: at a constant rate the first at 0 and none at the end or later; on a ramp where
/// the area under the rate reaches `index` + 1, the last maybe at the end itself. −1: it does not start. Never earlier than that of `index` − 1.
std::int64_t startOf(const Executor& executor, std::int64_t index);
/// Iterations a second that an open executor starts at a moment. 0 after its length.
double rateAt(const Executor& executor, Millis at);
/// The most users or the highest rate a second that the executor asks for.
double peakOf(const Executor& executor);

}  // namespace cachedeck::load
