// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/figures/families.h"

#include <limits>

namespace cachedeck::sample {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const char* name, const char* help, MetricType type) {
  MetricFamily made;
  made.name = name;
  made.help = help;
  made.type = type;
  return made;
}

MetricFamily gauge(const char* name, const char* help, double value, Labels labels) {
  MetricFamily made = family(name, help, MetricType::Gauge);
  ClientMetric& metric = made.metric.emplace_back();
  metric.label = std::move(labels);
  metric.gauge.value = value;
  return made;
}

MetricFamily counter(const char* name, const char* help, double value) {
  MetricFamily made = family(name, help, MetricType::Counter);
  made.metric.emplace_back().counter.value = value;
  return made;
}

void addCounter(MetricFamily& family, Labels labels, std::uint64_t value) {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(value);
}

void addHistogram(MetricFamily& family, Labels labels, const cacheaside::Latency::Counts& counts) {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.buckets.size(); ++i) {
    cumulative += counts.buckets[i];
    const auto& bounds = cacheaside::Latency::bounds;
    metric.histogram.bucket.push_back({cumulative, i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity()});
  }
  // The sum of the buckets, as all of one text has to agree while others go on counting.
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = counts.seconds;
}

}  // namespace cachedeck::sample
