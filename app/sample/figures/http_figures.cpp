// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/figures/http_figures.h"

#include "core/cacheaside/latency.h"

#include <algorithm>

namespace cachedeck::sample {
namespace {

prometheus::Labels named(std::string_view label, Method method) {
  return {{"route", std::string(label)}, {"method", std::string(methodName(method))}};
}

prometheus::Histogram::BucketBoundaries bounds() { return {cacheaside::Latency::bounds.begin(), cacheaside::Latency::bounds.end()}; }

}  // namespace

HttpFigures::HttpFigures(prometheus::Registry& registry, std::span<const std::string_view> labels)
    : m_labels(labels),
      m_requests(prometheus::BuildCounter().Name("http_requests_total").Help("Answered requests by method, route and status code.").Register(registry)),
      m_errors(prometheus::BuildCounter().Name("http_request_errors_total").Help("Requests answered with a status of 500 or more.").Register(registry)),
      m_durations(prometheus::BuildHistogram()
                      .Name("http_request_duration_seconds")
                      .Help("Time from a request's arrival to its answer, in seconds.")
                      .Register(registry)),
      m_series(labels.size() * methodCount) {}

void HttpFigures::count(std::size_t label, Method method, int status, std::chrono::steady_clock::duration took) {
  Series& its = series(label, method);
  its.duration.Observe(std::chrono::duration<double>(took).count());
  if (status >= 500) its.errors.Increment();
  counter(its, label, method, status).Increment();
}

void HttpFigures::expect(std::size_t label, Method method, int status) { counter(series(label, method), label, method, status); }

HttpFigures::Series& HttpFigures::series(std::size_t label, Method method) {
  std::atomic<Series*>& slot = m_series[label * methodCount + static_cast<std::size_t>(method)];
  if (Series* known = slot.load(std::memory_order_acquire)) return *known;
  const std::lock_guard lock(m_mutex);
  if (Series* known = slot.load(std::memory_order_relaxed)) return *known;
  const prometheus::Labels labels = named(m_labels[label], method);
  Series& made = m_all.emplace_back(m_errors.Add(labels), m_durations.Add(labels, bounds()));
  slot.store(&made, std::memory_order_release);
  return made;
}

prometheus::Counter& HttpFigures::counter(Series& series, std::size_t label, Method method, int status) {
  const auto add = [&]() -> prometheus::Counter& {
    prometheus::Labels labels = named(m_labels[label], method);
    labels.emplace("code", std::to_string(status));
    return m_requests.Add(labels);  // the same object each time
  };
  const auto found = std::find(codes.begin(), codes.end(), status);
  if (found == codes.end()) return add();
  std::atomic<prometheus::Counter*>& slot = series.byCode[static_cast<std::size_t>(found - codes.begin())];
  if (prometheus::Counter* known = slot.load(std::memory_order_acquire)) return *known;
  prometheus::Counter& made = add();
  slot.store(&made, std::memory_order_release);
  return made;
}

}  // namespace cachedeck::sample
