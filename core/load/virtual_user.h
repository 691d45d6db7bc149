// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loop.h"

#include <cstdint>
#include <memory>

namespace cachedeck::load {

class VirtualUser;

/// Who gives users their iterations.
class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  /// The user is free: it may be given the next iteration at once. `completed`: the iteration came to its end, in whatever way its requests ended.
  virtual void iterationEnded(VirtualUser& user, bool completed) = 0;
};

/// One virtual user: carries one iteration at a time out, on the loop's thread.
class VirtualUser {
 public:
  virtual ~VirtualUser() = default;
  /// `intendedNs`: when the iteration should have begun, or 0: now. The first request's latency counts from there.
  virtual void begin(std::int64_t intendedNs) = 0;
  /// Gives up what is under way; nobody is told.
  virtual void cutOff() = 0;
  /// Before it is cut off: a request that has waited for its answer for `longNs` is recorded as one that was not answered.
  virtual void recordUnanswered(std::int64_t nowNs, std::int64_t longNs) = 0;
  /// Looks whether what is under way takes too long.
  virtual void watchDeadline(std::int64_t nowNs) = 0;

  bool isBusy() const { return m_busy; }
  int index() const { return m_index; }

  bool leaving = false;  ///< it shall get no further iteration
  std::int64_t leaveByNs = 0;  ///< and is cut off then
  std::int64_t iterationsDone = 0;

 protected:
  explicit VirtualUser(int index) : m_index(index) {}
  bool m_busy = false;

 private:
  int m_index;
};

/// Makes the users of one target.
class UserFactory {
 public:
  virtual ~UserFactory() = default;
  virtual std::unique_ptr<VirtualUser> make(int index, Dispatcher& dispatcher) = 0;
};

}  // namespace cachedeck::load
