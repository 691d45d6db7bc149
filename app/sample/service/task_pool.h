// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace cachedeck::sample {

/// Threads for work that may block; one more is started whenever none is free, up to a bound. Above a few, one that had nothing to do
/// for a while ends.
class TaskPool {
 public:
  using Task = std::function<void()>;
  struct Spans {
    std::chrono::milliseconds idle{10000};        ///< a thread without work ends after this
    std::chrono::milliseconds longestWait{5000};  ///< while a task waits for longer, no further one is taken
  };
  static constexpr std::size_t fewThreads = 4;

  TaskPool(std::size_t mostThreads, std::size_t mostWaiting) : TaskPool(mostThreads, mostWaiting, Spans()) {}
  TaskPool(std::size_t mostThreads, std::size_t mostWaiting, Spans spans) : m_mostThreads(mostThreads), m_mostWaiting(mostWaiting), m_spans(spans) {}
  ~TaskPool() { stop(); }

  /// False, and the task is dropped, when too many wait already, or one for too long, or after stop(). Tasks must not throw.
  bool post(Task task);
  /// Carries out what waits, then ends the threads.
  void stop();
  std::size_t threads() const;

 private:
  using Threads = std::list<std::thread>;
  struct Waiting {
    Task task;
    std::chrono::steady_clock::time_point since;
  };
  struct Sleeper {
    std::condition_variable wake;
    bool called = false;
  };
  bool startThread();
  void run(Threads::iterator self);
  bool waitForTask(std::unique_lock<std::mutex>& lock);
  void wakeOne();

  const std::size_t m_mostThreads, m_mostWaiting;
  const Spans m_spans;
  mutable std::mutex m_mutex;  // for all below
  std::deque<Waiting> m_tasks;
  Threads m_threads;
  Threads m_ended;                   // to be joined
  std::vector<Sleeper*> m_sleepers;  // the last one to fall asleep is woken first, so that those who are not needed sleep on
  bool m_stopping = false;
};

}  // namespace cachedeck::sample
