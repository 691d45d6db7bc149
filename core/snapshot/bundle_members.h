// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/bundle.h"

namespace cachedeck::snapshot {

/// Puts what members hold into a snapshot; all of them together cost no more than the limits allow. Reasons name the member.
class MemberReader {
 public:
  MemberReader(Snapshot& snapshot, const BundleLimits& limits) : m_snapshot(snapshot), m_left(limits) {}
  Result<void> take(const QByteArray& name, const QByteArray& bytes);
  /// After the last one.
  Result<void> checkCounts(const Manifest& manifest) const;

 private:
  Result<runs::RunRecord> run(const QByteArray& bytes, const QByteArray& id);

  Snapshot& m_snapshot;
  BundleLimits m_left;  ///< what may still be taken
};

}  // namespace cachedeck::snapshot
