// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/recorder.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostExamples = 20, longestExample = 300, mostMarks = 1000;

/// Two rows as one. Percentiles cannot be merged: the mean and the median by weight, of the others the larger.
SecondFigures joined(const SecondFigures& a, const SecondFigures& b) {
  SecondFigures row = b;
  row.fromMs = a.fromMs;
  row.widthMs = a.widthMs + b.widthMs;
  const auto requests = static_cast<double>(a.requests + b.requests);
  const auto weighted = [&](double of, double with) { return requests > 0 ? (of * static_cast<double>(a.requests) + with * static_cast<double>(b.requests)) / requests : 0; };
  row.meanMs = weighted(a.meanMs, b.meanMs);
  row.p50Ms = weighted(a.p50Ms, b.p50Ms);
  row.p95Ms = std::max(a.p95Ms, b.p95Ms);
  row.p99Ms = std::max(a.p99Ms, b.p99Ms);
  row.maxMs = std::max(a.maxMs, b.maxMs);
  row.lateMs = std::max(a.lateMs, b.lateMs);
  row.cpuPercent = (a.cpuPercent * static_cast<double>(a.widthMs) + b.cpuPercent * static_cast<double>(b.widthMs)) / static_cast<double>(std::max<std::int64_t>(1, row.widthMs));
  row.requests += a.requests;
  row.failed += a.failed;
  row.hits += a.hits;
  row.misses += a.misses;
  row.dropped += a.dropped;
  row.iterations += a.iterations;
  row.bytesIn += a.bytesIn;
  row.bytesOut += a.bytesOut;
  return row;
}

}  // namespace

const char* failureName(FailureKind kind) {
  static constexpr const char* names[failureKindCount] = {"resolve", "connect", "tls", "timeout", "closed", "garbage", "too_large", "wrong_length", "redirects", "status", "template", "redis", "postgres", "local_limit", "unanswered"};
  return names[static_cast<std::size_t>(kind)];
}

Recorder::Recorder(std::vector<std::string> steps, std::vector<std::string> checks) {
  for (std::string& name : steps) {
    m_steps.emplace_back();
    m_steps.back().name = std::move(name);
  }
  for (std::string& name : checks) m_checks.push_back({std::move(name), 0, 0});
}

void Recorder::example(const std::string& text) {
  const std::string cut = text.substr(0, longestExample);
  if (const auto known = m_examples.find(cut); known != m_examples.end()) ++known->second;
  else if (m_examples.size() < mostExamples) m_examples.emplace(cut, 1);
}

void Recorder::addChecks(const Recorder& other) {
  for (std::size_t i = 0; i < m_checks.size() && i < other.m_checks.size(); ++i) {
    m_checks[i].passed += other.m_checks[i].passed;
    m_checks[i].failed += other.m_checks[i].failed;
  }
}

void Recorder::late(std::int64_t ns) {
  m_late.add(ns);
  m_worstLateNs = std::max(m_worstLateNs, ns);
}

void Recorder::mark(std::int64_t atMs, std::string text) {
  if (m_marks.size() < mostMarks) m_marks.push_back({atMs, std::move(text)});
}

void Recorder::endSecond(std::int64_t toMs, int users, int busy, double cpuPercent) {
  m_row.widthMs = toMs - m_row.fromMs;
  if (m_row.widthMs <= 0) return;
  m_row.requests = m_second.count();
  const std::vector<double> at = m_second.percentilesNs({50, 95, 99});
  m_row.meanMs = m_second.meanNs() / 1e6;
  m_row.p50Ms = at[0] / 1e6;
  m_row.p95Ms = at[1] / 1e6;
  m_row.p99Ms = at[2] / 1e6;
  m_row.maxMs = static_cast<double>(m_second.maxNs()) / 1e6;
  m_row.users = users;
  m_row.busy = busy;
  m_row.cpuPercent = cpuPercent;
  m_row.lateMs = static_cast<double>(m_worstLateNs) / 1e6;
  // In a long run a row holds several seconds.
  if (!m_rows.empty() && m_rows.back().widthMs + m_row.widthMs <= m_rowWidthMs + m_rowWidthMs / 100) m_rows.back() = joined(m_rows.back(), m_row);
  else m_rows.push_back(m_row);
  if (m_rows.size() >= mostRows) mergeRows();
  m_row = {};
  m_row.fromMs = toMs;
  m_second.clear();
  m_worstLateNs = 0;
}

void Recorder::mergeRows() {
  std::vector<SecondFigures> merged;
  merged.reserve(m_rows.size() / 2 + 1);
  for (std::size_t i = 0; i < m_rows.size(); i += 2) merged.push_back(i + 1 < m_rows.size() ? joined(m_rows[i], m_rows[i + 1]) : m_rows[i]);
  m_rows = std::move(merged);
  m_rowWidthMs *= 2;
}

void Recorder::fill(RunFigures& figures) const {
  figures.steps = m_steps;
  figures.all = {};
  for (const StepFigures& step : m_steps) {
    figures.all.requests += step.requests;
    figures.all.failed += step.failed;
    figures.all.hits += step.hits;
    figures.all.misses += step.misses;
    figures.all.bytesIn += step.bytesIn;
    figures.all.bytesOut += step.bytesOut;
    figures.all.latency.merge(step.latency);
  }
  figures.seconds = m_rows;
  figures.failures = m_failures;
  figures.failureExamples = m_examples;
  figures.checks = m_checks;
  figures.marks = m_marks;
  figures.iterations = m_iterations;
  figures.interrupted = m_interrupted;
  figures.dropped = m_dropped;
  figures.lateP99Ms = m_late.percentileNs(99) / 1e6;
  figures.statuses.clear();
  for (std::size_t status = 1; status < m_statuses.size(); ++status)
    if (m_statuses[status]) figures.statuses[static_cast<int>(status)] = m_statuses[status];
}

std::int64_t Recorder::longestNs() const {
  std::uint64_t longest = 0;
  for (const StepFigures& step : m_steps) longest = std::max(longest, step.latency.maxNs());
  return static_cast<std::int64_t>(longest);
}

bool Recorder::wasLaterThan(std::int64_t ns) const {
  constexpr double fewest = 10;  // as comparisons want beyond a percentile
  const auto all = static_cast<double>(m_late.count());
  return all > fewest && m_late.percentileNs(std::min(99.0, 100 * (1 - fewest / all))) > static_cast<double>(ns);
}

double Recorder::meanCpuPercent() const {
  double sum = 0, width = 0;
  for (const SecondFigures& row : m_rows) {
    sum += row.cpuPercent * static_cast<double>(row.widthMs);
    width += static_cast<double>(row.widthMs);
  }
  return width > 0 ? sum / width : 0;
}

}  // namespace cachedeck::load
