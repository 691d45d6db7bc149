// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/recorder.h"
#include "core/load/scenario.h"
#include "core/load/virtual_user.h"

#include <deque>
#include <memory>
#include <vector>

namespace cachedeck::load {

/// Who gives out iterations: by users that are always busy (closed), or at a rate (open). Runs on the loop's thread.
class Model : public Dispatcher {
 public:
  struct Parts {
    Loop& loop;
    Recorder& recorder;
    UserFactory& users;
    const Executor& executor;
    int mostUsers;
    double mostPerSecond;
  };
  static std::unique_ptr<Model> make(const Parts& parts);

  /// The schedule begins at this moment.
  virtual void start(std::int64_t nowNs) = 0;
  /// Ten times a second: the schedule moves on.
  virtual void tick(std::int64_t nowNs) = 0;
  virtual void setPaused(bool paused, std::int64_t nowNs) = 0;
  virtual void setLevel(double level, std::int64_t nowNs) = 0;

  /// No new iteration; what runs may end until `byNs`.
  void finish(std::int64_t byNs);
  /// Cuts everything off.
  void abort();
  /// The schedule is over and nobody is busy any more.
  bool isOver() const { return m_finishing && m_busy == 0 && waiting() == 0; }
  /// The schedule itself has ended, users may still be busy.
  bool isFinishing() const { return m_finishing; }
  int users() const { return static_cast<int>(m_users.size()) - m_gone; }
  int mostUsersSoFar() const { return m_most; }
  int busy() const { return m_busy; }

 protected:
  explicit Model(const Parts& parts) : m_parts(parts) {}
  virtual std::size_t waiting() const { return 0; }
  virtual void dropWaiting() {}
  VirtualUser* addUser();
  void begin(VirtualUser& user, std::int64_t intendedNs);
  /// Deadlines of requests, of users that leave, of the graceful stop.
  void watch(std::int64_t nowNs);
  void cutOff(VirtualUser& user);
  std::int64_t longWaitNs(Millis graceful) const;

  Parts m_parts;
  std::vector<std::unique_ptr<VirtualUser>> m_users;
  int m_busy = 0, m_gone = 0, m_most = 0;
  bool m_finishing = false, m_paused = false;
  std::int64_t m_finishByNs = 0;
};

}  // namespace cachedeck::load
