// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/cache_aside.h"
#include "core/cacheaside/pool.h"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace cachedeck::sample {

/// The figures that the cache-aside library, the server and the system keep, read when they are asked for.
class LibraryFigures : public prometheus::Collectable {
 public:
  struct Info {
    std::string version, cache, poolMode;
  };
  using UnderWay = std::function<int()>;
  /// Cache and pool must outlive this.
  LibraryFigures(const cacheaside::CacheAside& cache, const cacheaside::Pool& pool, Info info, UnderWay underWay)
      : m_cache(cache), m_pool(pool), m_info(std::move(info)), m_underWay(std::move(underWay)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const cacheaside::CacheAside& m_cache;
  const cacheaside::Pool& m_pool;
  const Info m_info;
  const UnderWay m_underWay;
};

/// CPU time, memory and start of this process, from /proc.
std::vector<prometheus::MetricFamily> processFigures();

}  // namespace cachedeck::sample
