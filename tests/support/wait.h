// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <thread>

namespace cachedeck::test {

/// Asks again and again until it is so; false after a minute, or as long as is said.
template <typename Condition>
bool becomes(Condition condition, std::chrono::milliseconds patience = std::chrono::minutes(1)) {
  const Deadline deadline(patience);
  while (!condition()) {
    if (deadline.expired()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  return true;
}

}  // namespace cachedeck::test
