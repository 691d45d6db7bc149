// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_link.h"
#include "core/load/scenario.h"

#include <memory>
#include <stop_token>
#include <string>

namespace cachedeck::load {

/// What the direct workload's keys begin with; no other key is touched.
inline constexpr char directPrefix[] = "cachedeck:load:";

std::string directKey(std::int64_t key);
/// What a row holds at first: its key, filled up in front with zeros, or its begin.
std::string directValue(std::int64_t key, int bytes);

/// The direct workload's keys before and after its schedule, over one blocking connection. All functions give what failed, or nothing; a stop ends them within a second.
class DirectCache {
 public:
  DirectCache(cacheaside::RedisSettings settings, std::stop_token stop);
  ~DirectCache();

  /// Looks the name up, connects, and tries whether the user may do with our keys what the workload does.
  std::string open(cacheaside::Time by);
  /// Removes all keys of the prefix: SCAN and UNLINK in pages.
  std::string flush(cacheaside::Time deadline);
  /// Stores all keys, the hottest last: a Redis that evicts keeps those.
  std::string warm(const CacheAsideWorkload& workload);
  const std::vector<cacheaside::Address>& addresses() const { return m_addresses; }

 private:
  std::string lookUp(cacheaside::Time by);
  std::string exchange(std::size_t commands, std::string_view command, cacheaside::Time by);
  std::string receive(cacheaside::Reply& reply, cacheaside::Time by);

  const cacheaside::RedisSettings m_settings;
  const std::stop_token m_stop;
  std::vector<cacheaside::Address> m_addresses;
  std::unique_ptr<cacheaside::RedisLink> m_link;
};

}  // namespace cachedeck::load
