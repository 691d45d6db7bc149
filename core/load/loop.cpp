// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <system_error>
#include <unistd.h>

namespace cachedeck::load {

std::int64_t monotonicNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Loop::Loop() : m_epoll(epoll_create1(EPOLL_CLOEXEC)), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (m_epoll < 0 || m_wake < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
}

Loop::~Loop() {
  if (m_wake >= 0) close(m_wake);
  if (m_epoll >= 0) close(m_epoll);
}

void Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
}

void Loop::change(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event);
}

void Loop::forget(int fd) { epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr); }

void Loop::arm(std::int64_t dueNs, Timer& timer, std::uint64_t token) {
  m_timers.push_back({dueNs, &timer, token});
  std::push_heap(m_timers.begin(), m_timers.end());
}

void Loop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    m_hasTasks = true;
  }
  const std::uint64_t one = 1;
  (void)!write(m_wake, &one, sizeof one);
}

void Loop::runTasks() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(m_mutex);
    tasks.swap(m_tasks);
    m_hasTasks = false;
  }
  for (auto& task : tasks) task();
}

void Loop::fire() {
  // One that is armed again for now has to wait for the next turn, or sockets would starve.
  std::size_t most = m_timers.size();
  const std::int64_t now = monotonicNs();
  while (most-- > 0 && !m_timers.empty() && m_timers.front().dueNs <= now && !m_quit) {
    std::pop_heap(m_timers.begin(), m_timers.end());
    const Armed armed = m_timers.back();
    m_timers.pop_back();
    armed.timer->due(armed.dueNs, armed.token);
  }
}

void Loop::wait() {
  std::array<epoll_event, 256> events;
  timespec most{};
  timespec* until = nullptr;
  if (!m_timers.empty()) {
    const std::int64_t left = std::max<std::int64_t>(0, m_timers.front().dueNs - monotonicNs());
    most = {static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
    until = &most;
  }
  const int count = epoll_pwait2(m_epoll, events.data(), static_cast<int>(events.size()), until, nullptr);
  for (int i = 0; i < count && !m_quit; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr) {
      static_cast<Watcher*>(event.data.ptr)->ready(event.events);
    } else {
      std::uint64_t woken = 0;
      (void)!read(m_wake, &woken, sizeof woken);
    }
  }
}

void Loop::run() {
  prctl(PR_SET_TIMERSLACK, 1000);  // ns; the default adds 50 µs to every arrival
  while (!m_quit) {
    wait();
    if (m_hasTasks) runTasks();
    fire();
  }
}

}  // namespace cachedeck::load
