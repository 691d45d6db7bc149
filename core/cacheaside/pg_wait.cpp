// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_wait.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>

namespace cachedeck::cacheaside {

namespace {

int millisecondsUntil(Time deadline, Time now) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now).count();
  return static_cast<int>(std::min<long long>(left, INT_MAX));
}

}  // namespace

PgWait::~PgWait() {
  if (m_wake >= 0) close(m_wake);
}

PgWait::Outcome PgWait::wait(int socket, short events, Time deadline, const std::stop_token& stop) {
  const bool stoppable = stop.stop_possible();
  if (stoppable && m_wake < 0) m_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (socket < 0 || (stoppable && m_wake < 0)) return Outcome::Failed;
  const auto wake = [this] { eventfd_write(m_wake, 1); };
  std::optional<std::stop_callback<decltype(wake)>> callback;
  if (stoppable) callback.emplace(stop, wake);
  for (;;) {
    if (stop.stop_requested()) return Outcome::Stopped;
    const Time now = std::chrono::steady_clock::now();
    if (now >= deadline) return Outcome::TimedOut;  // also when bytes keep dripping in
    std::array<pollfd, 2> sets{{{socket, events, 0}, {m_wake, POLLIN, 0}}};
    const int ready = poll(sets.data(), stoppable ? 2 : 1, millisecondsUntil(deadline, now));
    if (ready < 0 && errno != EINTR) return Outcome::Failed;
    if (ready <= 0) continue;
    if (sets[0].revents & POLLNVAL) return Outcome::Failed;
    if (sets[0].revents && !stop.stop_requested()) return Outcome::Ready;
    eventfd_t left = 0;
    if (sets[1].revents) eventfd_read(m_wake, &left);  // perhaps of an earlier call's token
  }
}

bool readable(int socket) {
  pollfd set{socket, POLLIN, 0};
  return poll(&set, 1, 0) > 0;
}

}  // namespace cachedeck::cacheaside
