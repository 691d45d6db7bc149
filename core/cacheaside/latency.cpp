// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/latency.h"

#include <algorithm>

namespace cachedeck::cacheaside {

void Latency::add(std::chrono::nanoseconds span) {
  const double seconds = std::chrono::duration<double>(span).count();
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();  // a bound belongs to its bucket, as in Prometheus
  m_buckets[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  m_nanoseconds.fetch_add(span.count(), std::memory_order_relaxed);
}

Latency::Counts Latency::counts() const {
  Counts out;
  for (std::size_t i = 0; i < m_buckets.size(); ++i) out.count += out.buckets[i] = m_buckets[i].load(std::memory_order_relaxed);
  out.seconds = static_cast<double>(m_nanoseconds.load(std::memory_order_relaxed)) * 1e-9;
  return out;
}

}  // namespace cachedeck::cacheaside
