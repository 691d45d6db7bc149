// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"
#include "core/cacheaside/memory_backend.h"

#include <QByteArray>

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace cachedeck::test {

using namespace cachedeck::cacheaside;

/// Memory that can be away, refuse to store, and tells what was asked of it.
class FakeBackend : public MemoryBackend {
 public:
  std::atomic<bool> here = true;
  std::atomic<bool> refusesToStore = false;
  std::atomic<int> gets = 0;
  std::function<void()> onGet;  ///< before each look-up
  std::function<void()> onSet;  ///< before each storing
  std::vector<std::chrono::milliseconds> ttls;
  std::vector<std::string> removed;
  std::string forbidden;  ///< a key that may not be read

  bool available() const override { return here; }
  Outcome<std::optional<std::string>> get(const std::string& key) override {
    ++gets;
    if (onGet) onGet();
    if (!here) return away();
    if (key == forbidden) return notAllowed();
    return MemoryBackend::get(key);
  }
  Outcome<std::vector<std::optional<std::string>>> getMany(std::span<const std::string> keys) override {
    if (std::ranges::find(keys, forbidden) != keys.end()) return notAllowed();
    return MemoryBackend::getMany(keys);
  }
  Outcome<void> set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) override {
    if (onSet) onSet();
    if (!here || refusesToStore) return away();
    {
      const std::scoped_lock lock(m_mutex);
      ttls.push_back(ttl);
    }
    return MemoryBackend::set(key, value, ttl);
  }

 protected:
  Outcome<std::vector<std::uint64_t>> removeBy(std::span<const std::string> patterns, Time deadline) override {
    {
      const std::scoped_lock lock(m_mutex);
      removed.insert(removed.end(), patterns.begin(), patterns.end());
    }
    if (!here) return away();
    return MemoryBackend::removeBy(patterns, deadline);
  }

 private:
  static Failure away() { return {Failure::Kind::Unavailable, "away"}; }
  static Failure notAllowed() { return {Failure::Kind::Query, "not allowed"}; }
  std::mutex m_mutex;
};

/// An executor whose tasks run when the test says so.
struct Queue {
  std::deque<std::function<void()>> tasks;
  CacheAside::Executor executor() {
    return [this](std::function<void()> task) { tasks.push_back(std::move(task)); };
  }
  void runFirst() {
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }
  void runLast() {
    const auto task = std::move(tasks.back());
    tasks.pop_back();
    task();
  }
};

inline Compute gives(const std::string& value) {
  return [value] { return Outcome<Computed>(Computed{value, true}); };
}

inline QByteArray described(const Outcome<Answer>& answer) {
  if (!answer) return "failed: " + QByteArray::fromStdString(answer.error().message);
  const char* source = answer->source == Answer::Source::Hit ? "hit " : answer->source == Answer::Source::Miss ? "miss " : "shared ";
  return source + QByteArray::fromStdString(*answer->value);
}

inline QByteArray described(const ClassStats& stats) {
  return QByteArray("hits %1 misses %2 bypassed %3 shared %4 computed %5 failed %6 stored %7 discarded %8")
      .replace("%1", QByteArray::number(static_cast<quint64>(stats.hits)))
      .replace("%2", QByteArray::number(static_cast<quint64>(stats.misses)))
      .replace("%3", QByteArray::number(static_cast<quint64>(stats.bypassed)))
      .replace("%4", QByteArray::number(static_cast<quint64>(stats.shared)))
      .replace("%5", QByteArray::number(static_cast<quint64>(stats.computed)))
      .replace("%6", QByteArray::number(static_cast<quint64>(stats.failed)))
      .replace("%7", QByteArray::number(static_cast<quint64>(stats.stored)))
      .replace("%8", QByteArray::number(static_cast<quint64>(stats.discarded)));
}

/// A table of numbers in front of which a cache stands; every number only grows. Readers check that they never get one that is older than
/// what had been written and made known before they asked.
class Staleness {
 public:
  explicit Staleness(CacheAside& cache) : m_cache(cache) {}

  void read(int row) {
    const int known = m_known[index(row)];
    const Outcome<Answer> answer = m_cache.fetch(0, key(row), [&]() -> Outcome<Computed> {
      const int value = m_rows[index(row)];
      std::this_thread::yield();  // the database answers, and on the way the value grows old
      return Computed{std::to_string(value), true};
    });
    if (!answer || std::stoi(*answer->value) < known) ++stale;
  }
  /// Changes the row and invalidates by pattern; false when the cache could not.
  bool change(int row, Time deadline = in(usualRemovalTime)) {
    const int value = ++m_rows[index(row)];
    const auto removed = m_cache.invalidate(std::array<std::string, 2>{"risk:list:*", "risk:id:" + std::to_string(row)}, deadline);
    makeKnown(row, value);
    return removed.ok();
  }
  /// Changes the row through the cache.
  void write(int row) {
    int value = 0;
    const Outcome<Answer> answer = m_cache.write(0, key(row), [&]() -> Outcome<Computed> {
      value = ++m_rows[index(row)];
      std::this_thread::yield();
      return Computed{std::to_string(value), true};
    });
    if (!answer) ++stale;
    makeKnown(row, value);
  }
  static constexpr int rows = 4;
  std::atomic<int> stale = 0;

 private:
  static std::size_t index(int row) { return static_cast<std::size_t>(row); }
  static std::string key(int row) { return "risk:id:" + std::to_string(row); }
  void makeKnown(int row, int value) {
    std::atomic<int>& known = m_known[index(row)];
    for (int old = known; old < value && !known.compare_exchange_weak(old, value);) {
    }
  }
  CacheAside& m_cache;
  std::array<std::atomic<int>, rows> m_rows{}, m_known{};
};

}  // namespace cachedeck::test
