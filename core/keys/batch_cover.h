// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log.h"

#include <map>

namespace cachedeck::keys {

/// Which batch of an operation's log a name of the plan belongs to: the last one that has it.
class BatchCover {
 public:
  explicit BatchCover(const QList<LoggedBatch>& batches) {
    for (const LoggedBatch& batch : batches) paint(batch.firstName, batch.firstName + batch.names, batch.batch);
  }
  /// -1: none.
  qint64 batchOf(qint64 name) const {
    const auto after = m_from.upper_bound(name);
    return after == m_from.begin() ? -1 : std::prev(after)->second;
  }
  /// `visit` (from, to, batch) for each run of names of one batch, in their order; batch -1: of none.
  template <typename Visit>
  void forEach(const Visit& visit) const {
    for (auto one = m_from.begin(); one != m_from.end() && std::next(one) != m_from.end(); ++one) visit(one->first, std::next(one)->first, one->second);
  }

 private:
  void paint(qint64 from, qint64 to, qint64 batch) {
    if (from >= to) return;
    const qint64 behind = batchOf(to);
    m_from.erase(m_from.lower_bound(from), m_from.lower_bound(to));
    m_from[from] = batch;
    m_from.try_emplace(to, behind);
  }
  std::map<qint64, qint64> m_from;  // the batch from this name on
};

}  // namespace cachedeck::keys
