// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/probe.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>

namespace cachedeck::keys {

namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto every = 1ms;
constexpr auto quarter = 12500us;
constexpr std::chrono::milliseconds deadline{10000};

qint64 nowNs() { return Steady::now().time_since_epoch().count(); }

void raise(std::atomic<qint64>& value, qint64 to) {
  for (qint64 seen = value.load(std::memory_order_relaxed); seen < to && !value.compare_exchange_weak(seen, to, std::memory_order_relaxed);) continue;
}

}  // namespace

void Probe::aim(std::vector<RedisOptions> servers) {
  if (std::ranges::equal(servers, m_servers, {}, &RedisOptions::endpoint, &RedisOptions::endpoint)) return;
  stop();
  m_servers = std::move(servers);
  m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Probe::stop() {
  m_thread.request_stop();
  if (m_thread.joinable()) m_thread.join();
}

bool Probe::ask(RedisConnection& connection, const std::stop_token& stop) {
  if (!connection.isOpen() && !connection.open(stop)) return false;
  const qint64 sent = nowNs();
  m_sentNs.store(sent, std::memory_order_relaxed);
  const bool answered = connection.command({"PING"}, Deadline(deadline), stop).ok();
  m_sentNs.store(0, std::memory_order_relaxed);
  const qint64 us = (nowNs() - sent) / 1000;
  if (!answered) return true;
  add(us);
  raise(m_recent[m_quarter], us);
  return true;
}

void Probe::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  std::vector<std::unique_ptr<RedisConnection>> connections;
  for (const RedisOptions& server : m_servers) connections.push_back(std::make_unique<RedisConnection>(server));
  auto next = Steady::now(), quarterEnds = next + quarter;
  for (std::size_t at = 0; !stop.stop_requested(); at = (at + 1) % connections.size()) {
    if (!ask(*connections[at], stop)) never.wait_for(lock, stop, 200ms, [] { return false; });
    const auto now = Steady::now();
    if (now >= quarterEnds) {
      quarterEnds = now + quarter;
      m_quarter = (m_quarter + 1) % m_recent.size();
      m_recent[m_quarter].store(0, std::memory_order_relaxed);
    }
    next = std::max(next + every, now);
    never.wait_until(lock, stop, next, [] { return false; });
  }
}

void Probe::add(qint64 us) {
  const double octaves = std::log2(static_cast<double>(std::max<qint64>(us, 1)));
  const auto bucket = std::min(m_buckets.size() - 1, static_cast<std::size_t>(octaves * perOctave));
  m_buckets[bucket].fetch_add(1, std::memory_order_relaxed);
  m_count.fetch_add(1, std::memory_order_relaxed);
  raise(m_largestUs, us);
}

double Probe::recentMs() const {
  qint64 us = 0;
  for (const auto& longest : m_recent) us = std::max(us, longest.load(std::memory_order_relaxed));
  if (const qint64 sent = m_sentNs.load(std::memory_order_relaxed)) us = std::max(us, (nowNs() - sent) / 1000);
  return static_cast<double>(us) / 1000;
}

double Probe::percentile(double share) const {
  const auto wanted = static_cast<qint64>(std::ceil(share * static_cast<double>(count())));
  qint64 seen = 0;
  for (std::size_t i = 0; i < m_buckets.size(); ++i) {
    seen += m_buckets[i].load(std::memory_order_relaxed);
    if (seen > 0 && seen >= wanted) return std::exp2((static_cast<double>(i) + 0.5) / perOctave) / 1000;
  }
  return 0;
}

}  // namespace cachedeck::keys
