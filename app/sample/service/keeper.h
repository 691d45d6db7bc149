// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/service/database.h"
#include "core/cacheaside/cache_aside.h"

#include <mutex>
#include <thread>

namespace cachedeck::sample {

/// Looks after cache and database once a second, on a thread of its own, so that an outage shows in figures and log while nobody asks for
/// anything, and no request has to find out.
class Keeper {
 public:
  /// Cache and database must outlive this. Has looked once when this returns.
  Keeper(cacheaside::CacheAside& cache, const Database& database);
  ~Keeper() { stop(); }

  /// That process may yet commit a change, of which these patterns are to be removed: done once more when it has ended.
  void removeAfter(int process, std::vector<std::string> patterns);
  void stop() { m_thread = std::jthread(); }

 private:
  struct Doubt {
    int process;
    std::vector<std::string> patterns;
  };
  void run(const std::stop_token& stop);
  void lookAtCache();
  void settleDoubts();

  cacheaside::CacheAside& m_cache;
  const Database& m_database;
  Availability m_cacheThere{"the cache"};
  std::mutex m_mutex;
  std::vector<Doubt> m_doubts;
  std::jthread m_thread;  // last: ends first
};

}  // namespace cachedeck::sample
