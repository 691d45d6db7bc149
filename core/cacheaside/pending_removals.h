// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::cacheaside {

/// Patterns that are still to be removed. Bounded: when there are too many, all become one pattern for each first segment of their keys
/// ("risk*" for risk:id:1, risk:id:2 …), and if need be "*": that removes more than asked, never less.
class PendingRemovals {
 public:
  explicit PendingRemovals(std::size_t maxPatterns = 10'000, std::size_t maxBytes = 4u << 20) : m_maxPatterns(maxPatterns), m_maxBytes(maxBytes) {}

  void add(std::span<const std::string> patterns);
  bool empty() const { return size() == 0; }
  std::size_t size() const { return m_keys.size() + m_globs.size() + m_wide.size(); }
  /// True when one of them matches the key.
  bool match(std::string_view key) const;
  /// All of them; afterwards there are none.
  std::vector<std::string> take();

 private:
  bool tooMany() const { return size() > m_maxPatterns || m_bytes > m_maxBytes; }
  void collapse();

  const std::size_t m_maxPatterns, m_maxBytes;
  std::set<std::string, std::less<>> m_keys;  // that patterns without wildcards name: there may be many, and so they are not to be tried one by one
  std::set<std::string> m_globs;              // the other patterns, as they were added
  std::set<std::string> m_wide;               // what others have become
  std::size_t m_bytes = 0;                    // of all
};

}  // namespace cachedeck::cacheaside
