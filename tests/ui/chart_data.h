// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/metrics/history.h"
#include "core/sources/poller.h"

#include <cmath>

namespace cachedeck::charttest {

/// A clock that stands where the test puts it.
struct FixedClock : Clock {
  qint64 wallMs = 1'750'000'000'000;
  Instant now() const override { return {wallMs * 1'000'000, wallMs}; }
};

/// Repeatable noise in [-1, 1).
class Noise {
 public:
  double operator()() {
    m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(m_state >> 11) / static_cast<double>(1ULL << 52) - 1;
  }

 private:
  quint64 m_state = 42;
};

/// What Redis and PostgreSQL might say for `seconds` up to `endMs`: steady traffic with a burst in the second half.
void fill(History& history, qint64 endMs, int seconds);
void fillRedis(History& history, qint64 endMs, int seconds);
void fillPostgres(History& history, qint64 endMs, int seconds);
/// What Prometheus might say of the service under the same traffic; not part of fill().
void fillService(History& history, qint64 endMs, int seconds);

SourceState live(qint64 sinceMs);
SourceState failed(qint64 lastGoodMs, qint64 retryAtMs, const QString& message);

/// For QTest::failOnWarning: every warning but that of the offscreen platform, which cannot tell size hints.
inline const char* const anyWarning = "^(?!This plugin does not support propagateSizeHints).*";

}  // namespace cachedeck::charttest
