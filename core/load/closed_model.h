// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"
#include "core/load/model.h"

#include <optional>

namespace cachedeck::load {

/// constant-vus, ramping-vus, shared-iterations, per-vu-iterations: a user that is free begins again, unless the rate that is allowed is used up: then a moment later.
class ClosedModel : public Model {
 public:
  explicit ClosedModel(const Parts& parts) : Model(parts), m_isPaced(parts.mostPerSecond < Caps{}.perSecond) {}
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
  void beginNext(VirtualUser& user);
  void refill(std::int64_t nowNs);

  const bool m_isPaced;  ///< somebody set a rate below what the engine refuses by itself
  double m_allowed = 0;  ///< iterations that may begin before the next tick
  std::int64_t m_refilledNs = 0;
  std::int64_t m_startNs = 0, m_pausedNs = 0, m_pausedSinceNs = 0, m_begun = 0;
  std::optional<int> m_level;
};

}  // namespace cachedeck::load
