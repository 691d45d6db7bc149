// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/keeper.h"

#include "app/sample/log.h"
#include "core/base/rest.h"

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

Keeper::Keeper(CacheAside& cache, const Database& database) : m_cache(cache), m_database(database) {
  lookAtCache();
  m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Keeper::run(const std::stop_token& stop) {
  for (restFor(1s, stop); !stop.stop_requested(); restFor(1s, stop)) {
    try {
      lookAtCache();
      m_database.lookAgain();
      settleDoubts();
    } catch (const std::exception& error) {
      logSparingly(error.what());
    }
  }
}

// A backend notices an outage when it is used, which may be never while nobody asks.
void Keeper::lookAtCache() {
  if (const Outcome<void> alive = m_cache.backend().probe(); !alive)
    m_cacheThere.lost(alive.error().message);
  else
    m_cacheThere.found();
}

void Keeper::removeAfter(int process, std::vector<std::string> patterns) {
  const std::lock_guard lock(m_mutex);
  // Beyond the bound, and when the service ends before, the TTL is what ends an old value.
  if (m_doubts.size() < 10000) m_doubts.push_back({process, std::move(patterns)});
}

void Keeper::settleDoubts() {
  std::vector<Doubt> doubts;
  {
    const std::lock_guard lock(m_mutex);
    doubts.swap(m_doubts);
  }
  bool reachable = true;
  for (Doubt& doubt : doubts) {
    const Outcome<bool> over = reachable ? m_database.isOver(doubt.process) : Outcome<bool>(false);
    reachable = reachable && over;
    if (over && *over)
      static_cast<void>(m_cache.invalidate(doubt.patterns));  // a cache that is away makes up for it
    else
      removeAfter(doubt.process, std::move(doubt.patterns));
  }
}

}  // namespace cachedeck::sample
