// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pending_removals.h"

#include "core/cacheaside/glob.h"

#include <algorithm>
#include <optional>
#include <utility>

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
    if (m_wide.contains("*") || m_wide.contains(wider(pattern))) continue;
    if (!(isLiteral(pattern) ? m_keys.insert(globLiteral(pattern)) : m_globs.insert(pattern)).second) continue;
    m_bytes += pattern.size();
    if (tooMany()) collapse();
  }
}

bool PendingRemovals::match(std::string_view key) const {
  const auto matches = [key](const std::string& pattern) { return globMatches(pattern, key); };
  return m_keys.contains(key) || std::ranges::any_of(m_globs, matches) || std::ranges::any_of(m_wide, matches);
}

std::vector<std::string> PendingRemovals::take() {
  m_bytes = 0;
  std::vector<std::string> all;
  all.reserve(size());
  for (const std::string& key : std::exchange(m_keys, {})) all.push_back(globEscaped(key));
  for (std::set<std::string>* set : {&m_globs, &m_wide}) {
    all.insert(all.end(), set->begin(), set->end());
    set->clear();
  }
  return all;
}

void PendingRemovals::collapse() {
  for (const std::string& key : std::exchange(m_keys, {})) m_wide.insert(wider(globEscaped(key)));
  for (const std::string& pattern : std::exchange(m_globs, {})) m_wide.insert(wider(pattern));
  m_bytes = 0;
  for (const std::string& pattern : m_wide) m_bytes += pattern.size();
  if (!tooMany() && !m_wide.contains("*")) return;
  m_wide = {"*"};
  m_bytes = 1;
}

}  // namespace cachedeck::cacheaside
