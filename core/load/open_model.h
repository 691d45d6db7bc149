// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/model.h"

#include <deque>
#include <optional>

namespace cachedeck::load {

/// constant-arrival-rate, ramping-arrival-rate: iterations are due by the clock. Where no user is free, an arrival waits, and its wait is part of its latency; one that never got
/// a user is dropped, and counted.
class OpenModel : public Model, public Loop::Timer {
 public:
  explicit OpenModel(const Parts& parts) : Model(parts) {}
  void start(std::int64_t nowNs) override;
  void tick(std::int64_t nowNs) override;
  void setPaused(bool paused, std::int64_t nowNs) override;
  void setLevel(double level, std::int64_t nowNs) override;
  void iterationEnded(VirtualUser& user, bool completed) override;
  void due(std::int64_t dueNs, std::uint64_t token) override;

 protected:
  std::size_t waiting() const override { return m_waiting.size(); }
  void dropWaiting() override;

 private:
  std::int64_t nextDueNs() const;
  std::int64_t endNs() const;
  void armNext();
  void arrive(std::int64_t intendedNs);
  VirtualUser* freeUser();

  std::int64_t m_startNs = 0, m_pausedNs = 0, m_pausedSinceNs = 0, m_lastDueNs = 0, m_arrivals = 0;
  std::uint64_t m_token = 0;
  std::optional<double> m_level;  ///< iterations a second, set by hand
  std::vector<VirtualUser*> m_free;
  std::deque<std::int64_t> m_waiting;
};

}  // namespace cachedeck::load
