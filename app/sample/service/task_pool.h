// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cachedeck::sample {

/// Threads for work that may block; one more is started whenever none is free, up to a bound.
class TaskPool {
 public:
  using Task = std::function<void()>;
  TaskPool(std::size_t mostThreads, std::size_t mostWaiting) : m_mostThreads(mostThreads), m_mostWaiting(mostWaiting) {}
  ~TaskPool() { stop(); }

  /// False, and the task is not taken, when too many wait already or after stop(). Tasks must not throw.
  bool post(Task task);
  /// Carries out what waits, then ends the threads.
  void stop();

 private:
  void run();
  const std::size_t m_mostThreads, m_mostWaiting;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<Task> m_tasks;
  std::vector<std::thread> m_threads;
  std::size_t m_idle = 0;
  bool m_stopping = false;
};

}  // namespace cachedeck::sample
