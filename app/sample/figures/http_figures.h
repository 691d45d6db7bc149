// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <span>

namespace cachedeck::sample {

/// http_requests_total, http_request_errors_total and http_request_duration_seconds. Objects of prometheus-cpp are
/// looked up once and then kept, as looking them up costs more than a request.
class HttpFigures {
 public:
  HttpFigures(prometheus::Registry& registry, std::span<const std::string_view> labels);

  /// One answered request; `label` is an index into the labels.
  void count(std::size_t label, Method method, int status, std::chrono::steady_clock::duration took);
  /// Makes the figures of a route begin with 0, so that its first request already is an increase.
  void expect(std::size_t label, Method method, int status);

 private:
  static constexpr std::array codes{200, 201, 202, 204, 400, 401, 404, 405, 413, 414, 431, 500, 503, 504};
  struct Series {
    prometheus::Counter& errors;
    prometheus::Histogram& duration;
    std::array<std::atomic<prometheus::Counter*>, codes.size()> byCode{};
  };
  Series& series(std::size_t label, Method method);
  prometheus::Counter& counter(Series& series, std::size_t label, Method method, int status);

  const std::span<const std::string_view> m_labels;
  prometheus::Family<prometheus::Counter>& m_requests;
  prometheus::Family<prometheus::Counter>& m_errors;
  prometheus::Family<prometheus::Histogram>& m_durations;
  std::mutex m_mutex;
  std::deque<Series> m_all;
  std::vector<std::atomic<Series*>> m_series;  // label × method
};

}  // namespace cachedeck::sample
