// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/links.h"

#include "app/sample/http/plain_answer.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace cachedeck::sample {

void Links::opened(int descriptor, Time until) {
  if (!known(descriptor)) return;
  m_slots[static_cast<std::size_t>(descriptor)].owes = Owes::First;
  m_slots[static_cast<std::size_t>(descriptor)].due = until.time_since_epoch().count();
}

void Links::closed(int descriptor) {
  if (!known(descriptor)) return;
  const std::lock_guard lock(m_mutex);
  m_slots[static_cast<std::size_t>(descriptor)].due = unused;
}

void Links::set(int descriptor, Time until, Owes owes) {
  if (!known(descriptor)) return;
  Slot& slot = m_slots[static_cast<std::size_t>(descriptor)];
  slot.owes.store(owes, std::memory_order_relaxed);
  // One that was ended in between is shut down, and closed soon, whatever stands here.
  slot.due.store(until.time_since_epoch().count(), std::memory_order_release);
}

bool Links::owesNothing(int descriptor) {
  return !known(descriptor) || m_slots[static_cast<std::size_t>(descriptor)].due.exchange(nothing, std::memory_order_acq_rel) != ended;
}

std::size_t Links::endLate(Time now) {
  const std::int64_t present = now.time_since_epoch().count();
  std::size_t count = 0;
  for (int descriptor = 0; descriptor < m_most; ++descriptor) {
    Slot& slot = m_slots[static_cast<std::size_t>(descriptor)];
    std::int64_t due = slot.due.load(std::memory_order_acquire);
    if (due <= unused || due > present) continue;
    const std::lock_guard lock(m_mutex);
    if (!slot.due.compare_exchange_strong(due, ended)) continue;
    const Owes owes = slot.owes.load(std::memory_order_relaxed);
    if (owes == Owes::Rest) sendPlainAnswer(descriptor, "408 Request Timeout", 408, "The request did not arrive in time.");
    shutdown(descriptor, SHUT_RDWR);
    if (owes != Owes::Next) ++count;
  }
  return count;
}

void Links::rouseHalfClosed() {
  std::array<int, 256> some;
  std::size_t count = 0;
  for (int descriptor = 0; descriptor < m_most; ++descriptor) {
    const Slot& slot = m_slots[static_cast<std::size_t>(descriptor)];
    const std::int64_t due = slot.due.load(std::memory_order_relaxed);
    if (due > unused && due != nothing && slot.owes.load(std::memory_order_relaxed) == Owes::Next) some[count++] = descriptor;
    if (count < some.size()) continue;
    rouse(some);
    count = 0;
  }
  rouse(std::span(some).first(count));
}

void Links::rouse(std::span<const int> descriptors) {
  std::array<pollfd, 256> watched;
  const std::lock_guard lock(m_mutex);
  nfds_t count = 0;
  for (const int descriptor : descriptors)
    if (m_slots[static_cast<std::size_t>(descriptor)].due.load(std::memory_order_relaxed) > unused) watched[count++] = {descriptor, POLLRDHUP, 0};
  if (poll(watched.data(), count, 0) <= 0) return;
  // What is left to be sent still is; the call only makes the socket readable once more.
  for (nfds_t i = 0; i < count; ++i)
    if (watched[i].revents & POLLRDHUP) shutdown(watched[i].fd, SHUT_RD);
}

}  // namespace cachedeck::sample
