// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/figures.h"
#include "core/load/http_answer.h"

#include <string>
#include <vector>

namespace cachedeck::load {

/// One request or operation that came to its end.
struct Outcome {
  std::size_t step = 0;
  std::int64_t latencyNs = 0;
  bool failed = false;
  FailureKind failure = FailureKind::Status;
  enum class Cache { Unknown, Hit, Miss } cache = Cache::Unknown;
  std::uint64_t bytesIn = 0, bytesOut = 0;
  int status = 0;
};

/// Counts what the users of a run report. Only the loop's thread calls it; its memory does not grow with time.
class Recorder {
 public:
  Recorder(std::vector<std::string> steps, std::vector<std::string> checks);

  void add(const Outcome& outcome) {
    StepFigures& step = m_steps[outcome.step];
    ++step.requests;
    step.latency.add(outcome.latencyNs);
    m_second.add(outcome.latencyNs);
    step.bytesIn += outcome.bytesIn;
    step.bytesOut += outcome.bytesOut;
    m_row.bytesIn += outcome.bytesIn;
    m_row.bytesOut += outcome.bytesOut;
    if (outcome.cache == Outcome::Cache::Hit) ++step.hits, ++m_row.hits;
    else if (outcome.cache == Outcome::Cache::Miss) ++step.misses, ++m_row.misses;
    if (outcome.status >= 0 && outcome.status < static_cast<int>(m_statuses.size())) ++m_statuses[static_cast<std::size_t>(outcome.status)];
    if (outcome.failed) ++step.failed, ++m_row.failed, ++m_failures[static_cast<std::size_t>(outcome.failure)];
  }
  /// A message of a failure, so that somebody can see what it was; the first twenty different ones are kept.
  void example(const std::string& text);
  /// Those of a user outside the schedule, which had the same names.
  void addChecks(const Recorder& other);
  void check(std::size_t index, bool passed) { passed ? ++m_checks[index].passed : ++m_checks[index].failed; }
  void iteration() { ++m_iterations, ++m_row.iterations; }
  void interrupted(std::uint64_t count = 1) { m_interrupted += count; }
  void dropped(std::uint64_t count = 1) { m_dropped += count, m_row.dropped += count; }
  /// How late the engine was with something that was due.
  void late(std::int64_t ns);
  void mark(std::int64_t atMs, std::string text);

  /// Ends the row of a second that lasted until `toMs` since the start.
  void endSecond(std::int64_t toMs, int users, int busy, double cpuPercent);
  /// Fills all but state and thresholds.
  void fill(RunFigures& figures) const;
  double meanCpuPercent() const;
  /// The longest latency so far; 0: no request ended.
  std::int64_t longestNs() const;
  /// A hundredth of what was due, and not just a few, began later than this: two late ticks of a run's first seconds say nothing.
  bool wasLaterThan(std::int64_t ns) const;

 private:
  static constexpr std::size_t mostRows = 7200;
  void mergeRows();

  std::vector<StepFigures> m_steps;
  std::vector<CheckFigures> m_checks;
  std::vector<SecondFigures> m_rows;
  std::vector<RunMark> m_marks;
  std::vector<std::uint64_t> m_statuses = std::vector<std::uint64_t>(1000);
  std::array<std::uint64_t, failureKindCount> m_failures{};
  std::map<std::string, std::uint64_t> m_examples;
  SecondFigures m_row;
  Histogram m_second, m_late;
  std::int64_t m_worstLateNs = 0, m_rowWidthMs = 1000, m_pendingMs = 0;
  std::uint64_t m_iterations = 0, m_interrupted = 0, m_dropped = 0;
};

}  // namespace cachedeck::load
