// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pending_removals.h"

#include "core/cacheaside/glob.h"

#include <optional>

namespace cachedeck::cacheaside {

namespace {

/// Matches whatever `pattern` matches, and all other keys with the same first segment. What is as wide already stays as it is.
std::string wider(const std::string& pattern) {
  if (const std::optional<std::string> segment = globSegment(pattern)) return globEscaped(*segment) + "*";
  return pattern == globEscaped(globPrefix(pattern)) + "*" ? pattern : "*";
}

}  // namespace

void PendingRemovals::add(std::span<const std::string> patterns) {
  for (const std::string& pattern : patterns) {
    if (m_wide.contains("*") || m_wide.contains(wider(pattern)) || !m_patterns.insert(pattern).second) continue;
    m_bytes += pattern.size();
    if (tooMany()) collapse();
  }
}

std::vector<std::string> PendingRemovals::take() {
  m_bytes = 0;
  std::vector<std::string> all;
  all.reserve(size());
  for (std::set<std::string>* set : {&m_patterns, &m_wide}) {
    all.insert(all.end(), set->begin(), set->end());
    set->clear();
  }
  return all;
}

void PendingRemovals::collapse() {
  for (const std::string& pattern : m_patterns) m_wide.insert(wider(pattern));
  m_patterns.clear();
  m_bytes = 0;
  for (const std::string& pattern : m_wide) m_bytes += pattern.size();
  if (!tooMany() && !m_wide.contains("*")) return;
  m_wide = {"*"};
  m_bytes = 1;
}

}  // namespace cachedeck::cacheaside
