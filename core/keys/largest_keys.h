// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/analysis.h"

namespace cachedeck::keys {

/// The largest keys seen, at most `most` of them. Of keys of one size the one with the smaller name is kept, so that the order of a scan does not matter.
class LargestKeys {
 public:
  explicit LargestKeys(qsizetype most) : m_most(most) {}
  void add(const Analysis::Facts& facts);
  QList<LargeKey> sorted() const;  ///< largest first

 private:
  qsizetype m_most;
  QList<LargeKey> m_heap;  ///< the smallest at the front
};

}  // namespace cachedeck::keys
