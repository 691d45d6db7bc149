// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/redis_connection.h"

#include <array>
#include <atomic>
#include <thread>

namespace cachedeck::keys {

/// Measures a server from outside while something works on it: a PING every millisecond on a connection of its own.
class Probe {
 public:
  /// Measures nothing yet.
  Probe() = default;
  explicit Probe(RedisOptions options) { aim({std::move(options)}); }
  /// From now on these servers, in turn; what was measured before stays.
  void aim(std::vector<RedisOptions> servers);
  ~Probe() { stop(); }
  void stop();

  /// The longest round trip of the last 50 ms or so, in ms; one that is still under way counts with the time it has taken. 0 while nothing is known.
  double recentMs() const;
  qint64 count() const { return m_count.load(std::memory_order_relaxed); }
  /// Of all round trips, in ms, within 2.2 %; 0 when there are none.
  double percentile(double share) const;
  double largestMs() const { return static_cast<double>(m_largestUs.load(std::memory_order_relaxed)) / 1000; }

 private:
  static constexpr int perOctave = 32;
  void run(const std::stop_token& stop);
  bool ask(RedisConnection& connection, const std::stop_token& stop);
  void add(qint64 microseconds);

  std::vector<RedisOptions> m_servers;  // changed only while the thread does not run
  std::array<std::atomic<qint64>, 32 * perOctave> m_buckets{};
  std::array<std::atomic<qint64>, 4> m_recent{};  // longest of each quarter of the last 50 ms
  std::size_t m_quarter = 0;
  std::atomic<qint64> m_count{0}, m_largestUs{0}, m_sentNs{0};
  std::jthread m_thread;
};

}  // namespace cachedeck::keys
