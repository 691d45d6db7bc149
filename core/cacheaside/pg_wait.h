// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <stop_token>

namespace cachedeck::cacheaside {

/// Waits for a socket, a deadline or a stop request, whichever comes first. For one thread at a time.
class PgWait {
 public:
  enum class Outcome { Ready, TimedOut, Stopped, Failed };

  PgWait() = default;
  ~PgWait();
  PgWait(const PgWait&) = delete;
  PgWait& operator=(const PgWait&) = delete;

  /// `events` as poll(2) takes them. Failed means that the process has no descriptors left.
  Outcome wait(int socket, short events, Time deadline, const std::stop_token& stop);

 private:
  int m_wake = -1;  ///< an eventfd that the stop request makes readable; made for the first token that can ask
};

/// Whether anything is to be read from the socket, its end included; does not wait.
bool readable(int socket);

}  // namespace cachedeck::cacheaside
