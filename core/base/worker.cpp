// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker.h"

#include <pthread.h>

namespace cachedeck {

Worker::Worker(const QString& name)
    : m_name(name), m_thread([this](std::stop_token stop) { run(std::move(stop)); }) {}

Worker::~Worker() {
  m_thread.request_stop();
  m_wake.notify_all();
  m_thread.join();
}

void Worker::push(Task task) {
  {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
  }
  m_wake.notify_one();
}

void Worker::atExit(std::function<void()> cleanup) {
  const std::lock_guard lock(m_mutex);
  m_cleanup = std::move(cleanup);
}

void Worker::run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), m_name.toLatin1().left(15).constData());
  while (!stop.stop_requested()) {
    Task task;
    {
      std::unique_lock lock(m_mutex);
      if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); })) break;
      task = std::move(m_tasks.front());
      m_tasks.pop_front();
    }
    task(stop);
  }
  const std::lock_guard lock(m_mutex);
  if (m_cleanup) m_cleanup();
}

}  // namespace cachedeck
