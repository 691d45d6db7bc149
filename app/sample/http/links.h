// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace cachedeck::sample {

/// Until when each open connection has to have done what it owes, by its descriptor. The HTTP library ends connections on which
/// nothing happens; a client that sends one byte a second is none of those, and is ended here.
class Links {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// For descriptors below this number.
  explicit Links(int most) : m_most(most), m_slots(std::make_unique<Slot[]>(static_cast<std::size_t>(most))) {}

  void opened(int descriptor, Time until);
  /// To be called before the descriptor is closed.
  void closed(int descriptor);
  /// The rest of a request, its begin having come, or the next request, or that an answer is taken.
  void owesRequest(int descriptor, Time until) { set(descriptor, until, Owes::Rest); }
  void owesNext(int descriptor, Time until) { set(descriptor, until, Owes::Next); }
  /// Nothing, while its request is worked on. False when it has been ended already.
  bool owesNothing(int descriptor);

  /// Ends those that are late, with a 408 where a request had begun; how many they were, without those that only were kept alive.
  std::size_t endLate(Time now);
  /// Rouses the library where a client has closed its half before the answer came: it overlooks that (0.9.75), and would keep the connection for a next
  /// request, while the client waits for its end.
  void rouseHalfClosed();

 private:
  // Nanoseconds of the clock, or one of these.
  static constexpr std::int64_t unused = 0, nothing = INT64_MAX, ended = -1;
  enum class Owes : std::uint8_t { First, Rest, Next };
  struct Slot {
    std::atomic<std::int64_t> due{unused};
    std::atomic<Owes> owes{Owes::First};
  };
  void rouse(std::span<const int> descriptors);
  void set(int descriptor, Time until, Owes owes);
  bool known(int descriptor) const { return descriptor >= 0 && descriptor < m_most; }

  const int m_most;
  const std::unique_ptr<Slot[]> m_slots;
  std::mutex m_mutex;  // a descriptor is not closed, and its number not used again, while it is looked at
};

}  // namespace cachedeck::sample
