// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/sources/redis/redis_options.h"

#include <chrono>
#include <stop_token>
#include <utility>

namespace cachedeck {

/// For finding the address, connecting and the TLS handshake together.
constexpr std::chrono::milliseconds connectDeadline{5000};
/// For each question to a server that is connected.
constexpr std::chrono::milliseconds requestDeadline{2000};
/// "5 s"
inline QString secondsText(std::chrono::milliseconds time) { return QStringLiteral("%1 s").arg(static_cast<double>(time.count()) / 1000); }

/// A file descriptor that is closed at the end of its life.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : m_fd(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : m_fd(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return m_fd; }
  bool valid() const { return m_fd >= 0; }
  int release() { return std::exchange(m_fd, -1); }
  void reset(int fd = -1);

 private:
  int m_fd = -1;
};

/// A connected, non-blocking socket to the options' server, each of its addresses tried in turn. Keepalive notices a
/// dead idle link within 11 s and TCP_USER_TIMEOUT one with bytes under way: each is blind to the other's case.
Result<UniqueFd> dial(const RedisOptions& options, const Deadline& deadline, const std::stop_token& stop);

}  // namespace cachedeck
