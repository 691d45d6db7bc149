// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/model.h"

#include <optional>

namespace cachedeck::load {

/// constant-vus, ramping-vus, shared-iterations, per-vu-iterations: a user that is free begins again.
class ClosedModel : public Model {
 public:
  explicit ClosedModel(const Parts& parts) : Model(parts) {}
  void start(std::int64_t nowNs) override;
  void tick(std::int64_t nowNs) override;
  void setPaused(bool paused, std::int64_t nowNs) override;
  void setLevel(double level, std::int64_t nowNs) override;
  void iterationEnded(VirtualUser& user, bool completed) override;

 private:
  bool countsIterations() const;
  bool mayBegin(const VirtualUser& user) const;
  void setUsers(int wanted, std::int64_t nowNs);
  void beginAll();

  std::int64_t m_startNs = 0, m_pausedNs = 0, m_pausedSinceNs = 0, m_begun = 0;
  std::optional<int> m_level;
};

}  // namespace cachedeck::load
