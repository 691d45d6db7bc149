// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/task_pool.h"

#include <system_error>

namespace cachedeck::sample {

bool TaskPool::post(Task task) {
  const std::lock_guard lock(m_mutex);
  if (m_stopping || m_tasks.size() >= m_mostWaiting) return false;
  if (m_idle <= m_tasks.size() && m_threads.size() < m_mostThreads) {
    try {
      m_threads.emplace_back([this] { run(); });
    } catch (const std::system_error&) {
      if (m_threads.empty()) return false;  // else those there are do it
    }
  }
  m_tasks.push_back(std::move(task));
  m_wake.notify_one();
  return true;
}

void TaskPool::run() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    ++m_idle;
    m_wake.wait(lock, [this] { return m_stopping || !m_tasks.empty(); });
    --m_idle;
    if (m_tasks.empty()) return;
    Task task = std::move(m_tasks.front());
    m_tasks.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes before we wait
    lock.lock();
  }
}

void TaskPool::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_all();
  for (std::thread& thread : m_threads) thread.join();
  m_threads.clear();
}

}  // namespace cachedeck::sample
