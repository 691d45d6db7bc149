// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/availability.h"

#include "app/sample/log.h"

namespace cachedeck::sample {

void Availability::lost(const std::string& reason) {
  const std::lock_guard lock(m_mutex);
  if (!m_away.exchange(true)) logLine(std::string(m_name) + " is away: " + reason);
}

void Availability::foundAgain() {
  const std::lock_guard lock(m_mutex);
  if (m_away.exchange(false)) logLine(std::string(m_name) + " is back");
}

}  // namespace cachedeck::sample
