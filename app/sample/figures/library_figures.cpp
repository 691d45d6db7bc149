// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/figures/library_figures.h"

#include "app/sample/figures/families.h"

namespace cachedeck::sample {

using cacheaside::CacheAside;
using cacheaside::ClassStats;
using cacheaside::PoolOptions;
using cacheaside::PoolStats;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

void addCache(std::vector<MetricFamily>& families, const CacheAside& cache) {
  MetricFamily requests = family("cache_requests_total", "Look-ups by class and result; bypass: not looked up, as the cache is away.", MetricType::Counter);
  MetricFamily shared = family("cache_shared_total", "Answers that another request's computation gave.", MetricType::Counter);
  MetricFamily computed = family("cache_computed_total", "Answers that were computed.", MetricType::Counter);
  MetricFamily stored = family("cache_stored_total", "Answers that were put into the cache.", MetricType::Counter);
  MetricFamily removed = family("cache_invalidated_keys_total", "Keys that invalidations removed.", MetricType::Counter);
  MetricFamily lookup = family("cache_lookup_duration_seconds", "Time of look-ups in the cache.", MetricType::Histogram);
  MetricFamily compute = family("cache_compute_duration_seconds", "Time of computations.", MetricType::Histogram);
  for (CacheAside::ClassId id = 0; id < cache.classes().size(); ++id) {
    const std::string& name = cache.classes()[id].name;
    const ClassStats stats = cache.stats(id);
    addCounter(requests, {{"class", name}, {"result", "hit"}}, stats.hits);
    addCounter(requests, {{"class", name}, {"result", "miss"}}, stats.misses);
    addCounter(requests, {{"class", name}, {"result", "bypass"}}, stats.bypassed);
    addCounter(shared, {{"class", name}}, stats.shared);
    addCounter(computed, {{"class", name}}, stats.computed);
    addCounter(stored, {{"class", name}}, stats.stored);
    addCounter(removed, {{"class", name}}, stats.invalidated);
    addHistogram(lookup, {{"class", name}}, stats.lookup);
    addHistogram(compute, {{"class", name}}, stats.compute);
  }
  for (MetricFamily* made : {&requests, &shared, &computed, &stored, &removed, &lookup, &compute}) families.push_back(std::move(*made));
  families.push_back(gauge("cache_up", "1 while there is a cache and it answers.", cache.backend().available() ? 1 : 0));
}

/// 0, 1 or 2: normal, warning, critical.
int levelOf(const PoolStats& stats) {
  return stats.level == PoolStats::Level::Critical ? 2 : stats.level == PoolStats::Level::Warning ? 1 : 0;
}

void addPool(std::vector<MetricFamily>& families, const PoolStats& stats, const PoolOptions& options) {
  families.push_back(gauge("db_pool_max_open_connections", "The most connections that the pool opens.", stats.maxOpen));
  families.push_back(gauge("db_pool_warning_connections", "So many open connections are a warning.", options.warningAt()));
  families.push_back(gauge("db_pool_critical_connections", "So many open connections are critical.", options.criticalAt()));
  families.push_back(gauge("db_pool_level", "Open connections against these two: 0 normal, 1 warning, 2 critical.", levelOf(stats)));
  families.push_back(gauge("db_pool_open_connections", "Connections that are open.", stats.open));
  families.push_back(gauge("db_pool_in_use_connections", "Connections that requests use now.", stats.inUse));
  families.push_back(gauge("db_pool_idle_connections", "Connections that nobody uses now.", stats.idle));
  families.push_back(gauge("db_pool_waiting_requests", "Requests that wait for a connection now.", stats.waiting));
  families.push_back(counter("db_pool_waits_total", "Requests that had to wait for a connection.", static_cast<double>(stats.waits)));
  families.push_back(counter("db_pool_wait_seconds_total", "Time that requests waited for a connection.",
                             std::chrono::duration<double>(stats.waitTime).count()));
  families.push_back(counter("db_pool_timeouts_total", "Requests that got no connection in time.", static_cast<double>(stats.timeouts)));
  families.push_back(counter("db_pool_opened_total", "Connections that were opened.", static_cast<double>(stats.opened)));
  families.push_back(counter("db_pool_open_failures_total", "Connections that could not be opened.", static_cast<double>(stats.openFailures)));
  MetricFamily closed = family("db_pool_closed_total", "Connections that were closed, by what made the pool close them.", MetricType::Counter);
  addCounter(closed, {{"reason", "max_idle"}}, stats.closedMaxIdle);
  addCounter(closed, {{"reason", "lifetime"}}, stats.closedLifetime);
  addCounter(closed, {{"reason", "idle_time"}}, stats.closedIdleTime);
  addCounter(closed, {{"reason", "broken"}}, stats.closedBroken);
  families.push_back(std::move(closed));
}

}  // namespace

std::vector<MetricFamily> LibraryFigures::Collect() const {
  std::vector<MetricFamily> families = processFigures();
  families.push_back(gauge("http_requests_in_flight", "Requests that are not answered yet.", m_underWay()));
  addCache(families, m_cache);
  addPool(families, m_pool.stats(), m_pool.options());
  families.push_back(gauge("cachedeck_sample_info", "What this service is and how it was started.", 1,
                           {{"version", m_info.version}, {"cache", m_info.cache}, {"pool_mode", m_info.poolMode}}));
  return families;
}

}  // namespace cachedeck::sample
