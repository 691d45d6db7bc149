// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/cliff_finder.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

// Three days to the second. Roughly 25 bytes each.
constexpr qsizetype mostSlots = 262'144, mostPrefixSlots = 2 * mostSlots;
constexpr qsizetype mostPrefixes = 4096, longestPrefix = 1024;

qint64 shared(const TtlCliff& all, const TtlCliff& one) {
  const bool meet = one.fromMs < all.fromMs + all.spanMs && all.fromMs < one.fromMs + one.spanMs;
  return meet ? one.keys : 0;
}

}  // namespace

ExpirySlots* CliffFinder::slotsOf(QByteArrayView prefix) {
  if (prefix.isEmpty() || prefix.size() > longestPrefix) return nullptr;
  const auto known = m_prefixes.find(QByteArray::fromRawData(prefix.data(), prefix.size()));
  if (known != m_prefixes.end()) return &*known;
  if (m_prefixes.size() >= mostPrefixes) return nullptr;
  return &*m_prefixes.insert(prefix.toByteArray(), ExpirySlots(m_slotMs));
}

void CliffFinder::add(QByteArrayView prefix, qint64 expiresAtMs) {
  m_all.add(expiresAtMs);
  if (m_all.slots() > mostSlots) m_all.widen();
  ExpirySlots* const of = slotsOf(prefix);
  if (!of) return;
  m_prefixSlots -= of->slots();
  of->add(expiresAtMs);
  if (of->slots() > mostSlots) of->widen();
  m_prefixSlots += of->slots();
  while (m_prefixSlots > mostPrefixSlots) widenLargest();
}

void CliffFinder::widenLargest() {
  const auto largest = std::max_element(m_prefixes.begin(), m_prefixes.end(), [](const ExpirySlots& a, const ExpirySlots& b) { return a.slots() < b.slots(); });
  m_prefixSlots -= largest->slots();
  largest->widen();
  m_prefixSlots += largest->slots();
}

QList<TtlCliff> CliffFinder::find(const CliffRule& rule, qsizetype limit) const {
  QList<TtlCliff> cliffs;
  for (auto at = m_prefixes.cbegin(); at != m_prefixes.cend(); ++at)
    for (TtlCliff cliff : at->cliffs(rule, limit)) {
      cliff.prefix = at.key();
      cliffs.append(cliff);
    }
  // All keys together are worth a line only where the prefixes do not say it already.
  const QList<TtlCliff> ofPrefixes = cliffs;
  for (const TtlCliff& all : m_all.cliffs(rule, limit)) {
    qint64 explained = 0;
    for (const TtlCliff& one : ofPrefixes) explained += shared(all, one);
    if (explained * 2 < all.keys) cliffs.append(all);
  }
  std::sort(cliffs.begin(), cliffs.end(), [](const TtlCliff& a, const TtlCliff& b) {
    return a.keys != b.keys ? a.keys > b.keys : a.fromMs != b.fromMs ? a.fromMs < b.fromMs : a.prefix < b.prefix;
  });
  if (cliffs.size() > limit) cliffs.resize(std::max<qsizetype>(0, limit));
  return cliffs;
}

}  // namespace cachedeck::keys
