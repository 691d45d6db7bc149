// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/memory_backend.h"

#include "core/cacheaside/glob.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace cachedeck::cacheaside {

namespace {

using SharedText = std::shared_ptr<const std::string>;

struct Node {
  std::string key;
  SharedText value;
  Time expires;
};

/// List node, table node with its share of the buckets, the shared value, and what malloc adds: measured (mallinfo2, glibc 2.36) as 223 to 249.
constexpr std::size_t overhead = 240;

std::size_t sizeOf(std::size_t key, std::size_t value) { return key + value + overhead; }
std::size_t sizeOf(const Node& node) { return sizeOf(node.key.size(), node.value->size()); }

}  // namespace

class MemoryBackend::Impl {
 public:
  explicit Impl(std::size_t maxBytes) : m_maxBytes(maxBytes) {}

  SharedText get(const std::string& key) {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_table.find(key);
    if (found == m_table.end()) return {};
    const auto node = found->second;
    if (node->expires <= std::chrono::steady_clock::now()) {
      drop(node, m_stats.expired);
      return {};
    }
    m_nodes.splice(m_nodes.begin(), m_nodes, node);
    return node->value;
  }

  bool set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) {
    const bool fits = sizeOf(key.size(), value.size()) <= m_maxBytes;
    SharedText text = fits ? std::make_shared<const std::string>(value) : SharedText();
    const std::scoped_lock lock(m_mutex);
    const Time now = std::chrono::steady_clock::now();
    if (const auto found = m_table.find(key); found != m_table.end()) erase(found->second);
    if (!fits) return false;
    m_nodes.push_front({key, std::move(text), now + std::min(ttl, longestTtl)});
    m_table.emplace(m_nodes.front().key, m_nodes.begin());
    m_bytes += sizeOf(m_nodes.front());
    makeRoom(now);
    return true;
  }

  std::vector<std::uint64_t> remove(std::span<const std::string> patterns) {
    std::vector<std::uint64_t> counts(patterns.size());
    const std::scoped_lock lock(m_mutex);
    const Time now = std::chrono::steady_clock::now();
    std::vector<std::size_t> globs;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (!isLiteral(patterns[i]))
        globs.push_back(i);
      else if (const auto found = m_table.find(globLiteral(patterns[i])); found != m_table.end())
        counts[i] += take(found->second, now);
    }
    if (globs.empty()) return counts;
    for (auto node = m_nodes.begin(); node != m_nodes.end();) {
      const auto next = std::next(node);
      const auto glob = std::ranges::find_if(globs, [&](std::size_t i) { return globMatches(patterns[i], node->key); });
      if (glob != globs.end()) counts[*glob] += take(node, now);
      node = next;
    }
    return counts;
  }

  Stats stats() const {
    const std::scoped_lock lock(m_mutex);
    Stats out = m_stats;
    out.entries = m_table.size();
    out.bytes = m_bytes;
    return out;
  }

 private:
  using Iterator = std::list<Node>::iterator;

  void erase(Iterator node) {
    m_bytes -= sizeOf(*node);
    m_table.erase(node->key);
    m_nodes.erase(node);
  }
  void drop(Iterator node, std::uint64_t& counter) {
    ++counter;
    erase(node);
  }
  /// 1 when it was still to be had, else 0.
  std::uint64_t take(Iterator node, Time now) {
    const bool live = node->expires > now;
    if (live)
      erase(node);
    else
      drop(node, m_stats.expired);
    return live ? 1 : 0;
  }
  /// Out with the least recently used while the bound is exceeded; and each time with one or two expired ones from that end, so that they do
  /// not fill the memory of a cache that is never full.
  void makeRoom(Time now) {
    for (int looked = 0; m_nodes.size() > 1 && (looked < 2 || m_bytes > m_maxBytes); ++looked) {
      const auto last = std::prev(m_nodes.end());
      const bool expired = last->expires <= now;
      if (!expired && m_bytes <= m_maxBytes) return;
      drop(last, expired ? m_stats.expired : m_stats.evicted);
    }
  }

  const std::size_t m_maxBytes;
  mutable std::mutex m_mutex;
  std::list<Node> m_nodes;  // most recently used first
  std::unordered_map<std::string_view, Iterator> m_table;
  std::size_t m_bytes = 0;
  Stats m_stats;
};

MemoryBackend::MemoryBackend(std::size_t maxBytes) : m_impl(std::make_unique<Impl>(maxBytes)) {}
MemoryBackend::~MemoryBackend() = default;

Outcome<std::optional<std::string>> MemoryBackend::get(const std::string& key) {
  const SharedText text = m_impl->get(key);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

Outcome<std::vector<std::optional<std::string>>> MemoryBackend::getMany(std::span<const std::string> keys) {
  std::vector<std::optional<std::string>> out;
  out.reserve(keys.size());
  for (const std::string& key : keys) out.push_back(std::move(*get(key)));
  return out;
}

Outcome<void> MemoryBackend::set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) {
  if (ttl.count() <= 0) return Failure{Failure::Kind::Usage, "A cached value needs a time to live of at least 1 ms."};
  if (!m_impl->set(key, value, ttl))
    return Failure{Failure::Kind::Query, "A value is larger than the whole memory cache. Enlarge the cache, or do not cache the value."};
  return {};
}

Outcome<void> MemoryBackend::setMany(std::span<const Entry> entries) {
  Outcome<void> out;
  for (const Entry& entry : entries)
    if (Outcome<void> one = set(entry.key, entry.value, entry.ttl); !one) out = std::move(one);
  return out;
}

Outcome<std::vector<std::uint64_t>> MemoryBackend::removeBy(std::span<const std::string> patterns, Time) { return m_impl->remove(patterns); }

MemoryBackend::Stats MemoryBackend::stats() const { return m_impl->stats(); }

}  // namespace cachedeck::cacheaside
