// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/replica.h"
#include "core/keys/servers.h"

#include <chrono>
#include <cmath>
#include <deque>
#include <functional>
#include <map>

namespace cachedeck::keys {

/// How far the replicas of one primary are behind, over time. A replica says once a second what it has: what was written since then is no lag.
class LagWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Bounds {
    qint64 bytes = 0;  ///< 0: none
    std::chrono::seconds silence{0};
  };
  /// The primary's INFO replication at this moment. The reason to wait, or nothing.
  std::optional<QString> look(const QString& primary, QByteArrayView infoReplication, Time now, const Bounds& bounds);

 private:
  std::map<QString, std::deque<std::pair<Time, qint64>>> m_offsets;  // of each primary, the last seconds
};

/// The server's hit ratio without this program's own look-ups, against what it was at the beginning.
class HitRatioWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds window{10};
  static constexpr double leastLookups = 100;  ///< of a window, to say anything

  explicit HitRatioWatch(double drop) : m_drop(drop) {}
  /// keyspace_hits and keyspace_misses of all primaries together, own ones subtracted. Counters that go back (a restart, a reset) begin the window anew. The reason to wait, or nothing.
  std::optional<QString> look(qint64 hits, qint64 misses, Time now);
  /// Percent; NaN while it is not known.
  double before() const { return m_before; }

 private:
  struct Sample {
    Time at;
    qint64 hits = 0, misses = 0;
  };
  const double m_drop;
  double m_before = NAN;
  std::deque<Sample> m_samples;
};

/// Why nothing more should be done to the servers now: the owner says so, replicas lag, the hit ratio falls. Asked between pages.
class HoldBack {
 public:
  using Asked = std::function<std::optional<QString>()>;
  HoldBack(Servers& servers, const LagWatch::Bounds& bounds, double hitRatioDrop, const Asked& owner)
      : m_servers(servers), m_bounds(bounds), m_asksRatio(hitRatioDrop > 0), m_owner(owner), m_ratio(hitRatioDrop) {}
  /// `own`: look-ups of this operation so far. The servers are asked four times a second at most.
  Result<std::optional<QString>> look(const OwnLookups& own, const std::stop_token& stop);
  /// Takes up to two seconds to learn the hit ratio before anything is done; nothing when nobody wants to know.
  Result<void> begin(const std::stop_token& stop);

 private:
  Result<std::optional<QString>> ask(const OwnLookups& own, const std::stop_token& stop);

  Servers& m_servers;
  const LagWatch::Bounds m_bounds;
  const bool m_asksRatio;
  const Asked& m_owner;
  LagWatch m_lag;
  HitRatioWatch m_ratio;
  LagWatch::Time m_asked{};
};

}  // namespace cachedeck::keys
