// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/servers.h"

#include <set>

namespace cachedeck::keys {

/// Who has which slots of a cluster, and which are on their way to whom, at one moment.
struct SlotMap {
  using Move = std::pair<QString, QString>;  ///< from a node's id to another's
  std::map<QString, RedisOptions> primaries;  ///< by their ids
  std::vector<QString> owners;                ///< ids, by slot
  std::set<Move> underWay;                    ///< slots that are half moved

  std::set<QString> ids() const;
};

/// Asks the cluster anew, and each primary what it is giving away or taking in.
Result<SlotMap> askSlotMap(Servers& servers, const std::stop_token& stop);
/// "[93-<-ID]" and "[77->-ID]" of a node's own line in its answer to CLUSTER NODES.
std::set<SlotMap::Move> movesIn(QByteArrayView clusterNodes);
/// The nodes that may have got keys between two moments from one of those that were gone through meanwhile: what such a node had not shown before it gave it away was not seen.
std::set<QString> gainers(const SlotMap& before, const SlotMap& after, const std::set<QString>& goneThrough);

}  // namespace cachedeck::keys
