// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/probe.h"

#include <functional>

namespace cachedeck::keys {

/// How many keys the next page has, so that others wait no longer for the server than a budget: half as many when the probe went over it, slowly more when it is calm.
class Pace {
 public:
  /// `budgetMs` 0: no budget, all pages are `page` long. `keysPerSecond` 0: no bound.
  Pace(int page, double budgetMs, double keysPerSecond, const Probe& probe) : Pace(page, budgetMs, keysPerSecond, [&probe] { return probe.recentMs(); }) {}
  /// `recentMs`: how long others have waited of late.
  Pace(int page, double budgetMs, double keysPerSecond, std::function<double()> recentMs);

  int page() const { return m_page; }
  /// After a page of so many keys: sets the next one's size, and waits where the budget or the bound asks for it.
  void after(qsizetype keys, const std::stop_token& stop);

 private:
  const int m_largest;
  const double m_budgetMs, m_keysPerSecond;
  const std::function<double()> m_recentMs;
  int m_page;
  double m_allowance = 0;  // keys that may still be handled now, under the bound
  std::chrono::steady_clock::time_point m_last = std::chrono::steady_clock::now();
};

}  // namespace cachedeck::keys
