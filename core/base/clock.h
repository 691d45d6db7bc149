// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <chrono>
#include <ctime>

namespace cachedeck {

/// One moment on both clocks: steady for differences, wall for people. Replayed by tests.
struct Instant {
  qint64 steadyNs = 0;  ///< nanoseconds since boot, time asleep included: a rate over a suspended night is not a spike
  qint64 wallMs = 0;    ///< milliseconds since the Unix epoch

  /// Seconds from `earlier` to this one on the steady clock.
  double secondsSince(const Instant& earlier) const {
    return static_cast<double>(steadyNs - earlier.steadyNs) * 1e-9;
  }
};

/// Where the current time comes from. Passed in, never read deep inside.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

/// The machine's clocks.
class SystemClock : public Clock {
 public:
  Instant now() const override {
    using namespace std::chrono;
    timespec sinceBoot{};
    clock_gettime(CLOCK_BOOTTIME, &sinceBoot);
    return {qint64{sinceBoot.tv_sec} * 1'000'000'000 + sinceBoot.tv_nsec,
            duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
  }
};

/// A point in time after which a request is given up.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds after) : m_end(std::chrono::steady_clock::now() + after) {}
  /// Milliseconds left, 0 when over.
  int remainingMs() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_end - std::chrono::steady_clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
  }
  bool expired() const { return remainingMs() == 0; }

 private:
  std::chrono::steady_clock::time_point m_end;
};

}  // namespace cachedeck
