// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/histogram.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cachedeck::load {

/// Why a request failed. Each has a row in failureKinds().
enum class FailureKind : std::uint8_t {
  Resolve,      ///< the name of the host is not known
  Connect,      ///< refused or unreachable
  Tls,          ///< handshake or certificate
  Timeout,      ///< no whole answer within the scenario's timeout
  Closed,       ///< the server closed before a whole answer
  Garbage,      ///< not an HTTP answer
  TooLarge,     ///< header or body beyond the cap
  WrongLength,  ///< more bytes than Content-Length said, or two lengths
  Redirects,    ///< more than the scenario allows, or to somewhere unfit
  Status,       ///< 400 and above
  Template,     ///< a ${variable} that no step extracted
  Redis,        ///< an error reply or a broken link of the direct workload
  Postgres,
  LocalLimit,   ///< this machine has no more sockets or ports
  Unanswered,   ///< no whole answer when the run's graceful stop was over, though it had waited as long as that
};
constexpr std::size_t failureKindCount = 15;
/// "timeout", "closed", …: for JSON, tags and tables.
const char* failureName(FailureKind kind);

/// What another program that made the load (k6) says of latencies; NaN: it does not say.
struct TrendFigures {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  double meanMs = unknown, minMs = unknown, p50Ms = unknown, p90Ms = unknown, p95Ms = unknown, p99Ms = unknown, maxMs = unknown;
};

/// Counts and latencies of one step, or of all.
struct StepFigures {
  std::string name;
  std::uint64_t requests = 0, failed = 0;
  std::uint64_t hits = 0, misses = 0;  ///< X-Cache, or the workload's own look-ups
  std::uint64_t bytesIn = 0, bytesOut = 0;
  Histogram latency;
  std::optional<TrendFigures> trend;  ///< in place of the histogram, which is empty then; step_latency.h reads both
};

/// A second of the run, or of a long run several in one row.
struct SecondFigures {
  std::int64_t fromMs = 0, widthMs = 1000;  ///< since the start
  std::uint64_t requests = 0, failed = 0, hits = 0, misses = 0, dropped = 0, iterations = 0, bytesIn = 0, bytesOut = 0;
  double meanMs = 0, p50Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0;
  int users = 0;          ///< virtual users at its end
  int busy = 0;           ///< of them, in an iteration
  double lateMs = 0;      ///< how late the engine itself was with what was due, worst of the second
  double cpuPercent = 0;  ///< of one processor, the engine's own
};

struct CheckFigures {
  std::string name;
  std::uint64_t passed = 0, failed = 0;
};

struct ThresholdVerdict {
  std::string metric, expression;
  bool passed = true;
  bool known = false;  ///< there were samples
  double value = 0;    ///< in the metric's unit: milliseconds, a share, a count
};

/// Something that happened in a run: cache prepared, event done, users changed, paused.
struct RunMark {
  std::int64_t atMs = 0;  ///< since the start
  std::string text;
};

/// A run as far as it has come, or at its end.
struct RunFigures {
  std::int64_t startedMs = 0;   ///< wall clock, ms since the Unix epoch
  std::int64_t elapsedMs = 0;
  std::int64_t pausedMs = 0;    ///< of them, in which the schedule stood still
  StepFigures all;
  std::vector<StepFigures> steps;
  std::vector<SecondFigures> seconds;
  std::array<std::uint64_t, failureKindCount> failures{};
  std::map<std::string, std::uint64_t> failureExamples;  ///< a few messages with how often, at most 20
  std::vector<CheckFigures> checks;
  std::vector<ThresholdVerdict> thresholds;
  std::vector<RunMark> marks;
  std::uint64_t iterations = 0, interrupted = 0, dropped = 0;
  std::map<int, std::uint64_t> statuses;
  int users = 0, mostUsers = 0;
  double cpuSeconds = 0;          ///< of the engine's threads
  double lateP99Ms = 0;           ///< how late sends were against their due time
  std::string limited;            ///< why the result is not valid: the generator was the bottleneck; empty: it was not
  enum class State { Preparing, Running, Paused, Stopping, Ended } state = State::Preparing;
  enum class End { None, Completed, Stopped, ThresholdAborted, Failed } end = End::None;
  std::string problem;            ///< End::Failed: what failed, on what, what to try
  bool thresholdsPassed() const {
    for (const ThresholdVerdict& verdict : thresholds)
      if (!verdict.passed) return false;
    return true;
  }
  double hitRatio() const {  ///< 0 to 1; -1: nothing was looked up
    const std::uint64_t looked = all.hits + all.misses;
    return looked ? static_cast<double>(all.hits) / static_cast<double>(looked) : -1;
  }
  std::int64_t scheduleMs() const { return elapsedMs - pausedMs; }  ///< how far the schedule has come
  double perSecond() const { return scheduleMs() > 0 ? 1000.0 * static_cast<double>(all.requests) / static_cast<double>(scheduleMs()) : 0; }
};

}  // namespace cachedeck::load
