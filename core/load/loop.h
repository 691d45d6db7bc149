// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace cachedeck::load {

/// Monotonic time in nanoseconds.
std::int64_t monotonicNs();

/// An event loop of one thread over epoll (level-triggered) with a heap of timers: what a load generator needs and nothing more, since its cost is part of every request.
class Loop {
 public:
  /// Told when a descriptor is ready.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void ready(std::uint32_t events) = 0;
  };
  /// Told when its time has come. `token` is what it was armed with, so that an outdated one can be told.
  class Timer {
   public:
    virtual ~Timer() = default;
    virtual void due(std::int64_t dueNs, std::uint64_t token) = 0;
  };

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Events as of epoll. A watcher outlives the turn in which it is taken off: an event of that turn may still reach it.
  void watch(int fd, std::uint32_t events, Watcher& watcher);
  void change(int fd, std::uint32_t events, Watcher& watcher);
  void forget(int fd);
  void arm(std::int64_t dueNs, Timer& timer, std::uint64_t token);

  /// Until quit().
  void run();
  void quit() { m_quit = true; }
  /// After quit(): run() may be called again. Timers that were armed are forgotten.
  void resume() {
    m_quit = false;
    m_timers.clear();
  }
  /// From any thread: runs `task` on the loop's.
  void post(std::function<void()> task);

 private:
  struct Armed {
    std::int64_t dueNs;
    Timer* timer;
    std::uint64_t token;
    bool operator<(const Armed& other) const { return dueNs > other.dueNs; }  // the earliest on top
  };
  void wait();
  void fire();
  void runTasks();

  int m_epoll = -1, m_wake = -1;
  bool m_quit = false;
  std::vector<Armed> m_timers;
  std::mutex m_mutex;
  std::vector<std::function<void()>> m_tasks;
  std::atomic<bool> m_hasTasks{false};
};

}  // namespace cachedeck::load
