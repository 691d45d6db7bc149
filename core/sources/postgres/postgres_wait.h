// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <stop_token>

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

/// Bytes that came in on a TCP connection so far; 0 for other sockets, whose peer is this machine.
quint64 bytesReceived(int socket);

/// Lets a fast peer run at most a little ahead: libpq goes on reading for as long as there is something to read, and
/// whoever limits an answer's size gets no turn meanwhile.
void keepReceiveBufferSmall(int socket);

}  // namespace cachedeck
