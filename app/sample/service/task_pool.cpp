// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/task_pool.h"

#include <algorithm>
#include <system_error>

namespace cachedeck::sample {

bool TaskPool::post(Task task) {
  const auto now = std::chrono::steady_clock::now();
  Threads ended;
  bool taken = false;
  {
    const std::lock_guard lock(m_mutex);
    ended.swap(m_ended);
    const bool full = m_tasks.size() >= m_mostWaiting || (!m_tasks.empty() && now - m_tasks.front().since > m_spans.longestWait);
    if (!m_stopping && !full && (!m_sleepers.empty() || startThread())) {
      m_tasks.push_back({std::move(task), now});
      wakeOne();
      taken = true;
    }
  }
  for (std::thread& thread : ended) thread.join();
  return taken;
}

// False when there is no thread at all.
bool TaskPool::startThread() {
  if (m_threads.size() >= m_mostThreads) return true;
  const auto self = m_threads.emplace(m_threads.end());
  try {
    *self = std::thread([this, self] { run(self); });
  } catch (const std::system_error&) {
    m_threads.erase(self);  // those there are do it
  }
  return !m_threads.empty();
}

void TaskPool::wakeOne() {
  if (m_sleepers.empty()) return;
  Sleeper* sleeper = m_sleepers.back();
  m_sleepers.pop_back();
  sleeper->called = true;
  sleeper->wake.notify_one();
}

void TaskPool::run(Threads::iterator self) {
  std::unique_lock lock(m_mutex);
  while (waitForTask(lock)) {
    Task task = std::move(m_tasks.front().task);
    m_tasks.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes before we wait
    lock.lock();
  }
  if (!m_stopping) m_ended.splice(m_ended.end(), m_threads, self);
}

// False when this thread is to end.
bool TaskPool::waitForTask(std::unique_lock<std::mutex>& lock) {
  while (m_tasks.empty()) {
    if (m_stopping) return false;
    Sleeper sleeper;
    m_sleepers.push_back(&sleeper);
    const bool called = sleeper.wake.wait_for(lock, m_spans.idle, [&] { return sleeper.called; });
    if (called) continue;
    std::erase(m_sleepers, &sleeper);
    if (m_threads.size() > fewThreads) return false;
  }
  return true;
}

void TaskPool::stop() {
  Threads all;
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
    while (!m_sleepers.empty()) wakeOne();
    all.splice(all.end(), m_threads);
    all.splice(all.end(), m_ended);
  }
  for (std::thread& thread : all) thread.join();
}

std::size_t TaskPool::threads() const {
  const std::lock_guard lock(m_mutex);
  return m_threads.size();
}

}  // namespace cachedeck::sample
