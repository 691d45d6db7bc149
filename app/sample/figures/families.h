// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/latency.h"

#include <prometheus/metric_family.h>

#include <cstdint>

namespace cachedeck::sample {

using Labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricFamily gauge(const char* name, const char* help, double value, Labels labels = {});
prometheus::MetricFamily counter(const char* name, const char* help, double value);
/// One without values yet.
prometheus::MetricFamily family(const char* name, const char* help, prometheus::MetricType type);
void addCounter(prometheus::MetricFamily& family, Labels labels, std::uint64_t value);
void addHistogram(prometheus::MetricFamily& family, Labels labels, const cacheaside::Latency::Counts& counts);

}  // namespace cachedeck::sample
