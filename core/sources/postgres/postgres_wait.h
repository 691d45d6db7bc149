// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace cachedeck {

/// Waits for a socket, a deadline or a stop request, whichever comes first. For one thread at a time.
class SocketWaiter {
 public:
  enum class Outcome { Ready, TimedOut, Stopped, Failed };

  SocketWaiter();
  ~SocketWaiter();
  SocketWaiter(const SocketWaiter&) = delete;
  SocketWaiter& operator=(const SocketWaiter&) = delete;

  /// `events` as poll(2) takes them. Failed means that the descriptor is no socket any more or the process has no
  /// descriptors left.
  Outcome wait(int socket, short events, const Deadline& deadline, const std::stop_token& stop);

 private:
  int m_wake = -1;  ///< eventfd that the stop request makes readable
};

/// Cuts a TCP connection once more than `limit` bytes came in during this object's life. libpq reads for as long as
/// there is something to read and announces no sizes, so that the reading thread gets no turn to stop a flood.
/// Does nothing for other sockets, whose peer is this machine.
class FloodGuard {
 public:
  FloodGuard(int socket, quint64 limit);
  ~FloodGuard();
  FloodGuard(const FloodGuard&) = delete;
  FloodGuard& operator=(const FloodGuard&) = delete;

  bool hasCut() const { return m_hasCut; }

 private:
  void watch(quint64 end, const std::stop_token& stop);

  int m_socket = -1;  ///< a duplicate, so that its number stays ours when libpq closes
  std::atomic<bool> m_hasCut = false;
  std::mutex m_mutex;
  std::condition_variable_any m_wake;
  std::jthread m_thread;
};

}  // namespace cachedeck
