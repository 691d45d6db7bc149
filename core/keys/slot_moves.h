// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/servers.h"

#include <set>
#include <tuple>

namespace cachedeck::keys {

/// Who has which slots of a cluster, and which are on their way to whom, at one moment.
struct SlotMap {
  /// Of a slot, from a node's id to another's.
  struct Move {
    int slot;
    QString from, to;
    bool operator<(const Move& other) const { return std::tie(slot, from, to) < std::tie(other.slot, other.from, other.to); }
  };
  std::map<QString, RedisOptions> primaries;  ///< by their ids
  std::vector<QString> owners;                ///< ids, by slot
  std::set<Move> underWay;                    ///< slots that are half moved

  std::set<QString> ids() const;
};

/// Asks the cluster anew, and each primary what it is giving away or taking in.
Result<SlotMap> askSlotMap(Servers& servers, const std::stop_token& stop);
/// "[93-<-ID]" and "[77->-ID]" of a node's own line in its answer to CLUSTER NODES.
std::set<SlotMap::Move> movesIn(QByteArrayView clusterNodes);
/// A node's id, and a slot's keys there.
using SlotAt = std::pair<QString, int>;
/// Where keys may have come between two moments from a place that was gone through meanwhile (nothing: all were): what such a place had not shown before it gave it away was not seen.
/// By slots, since one that is on its way to a node and another on its way back need no end of rounds.
std::set<SlotAt> gainers(const SlotMap& before, const SlotMap& after, const std::optional<std::set<SlotAt>>& goneThrough);

}  // namespace cachedeck::keys
