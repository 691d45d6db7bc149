// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/redis/topology.h"

#include <QSet>

namespace cachedeck {

/// Ids of the servers that the majority of a cluster holds for dead: flag "fail" in the answer to CLUSTER NODES.
QSet<QByteArray> failedNodes(QByteArrayView answer);

/// The servers that the answer to CLUSTER SLOTS names. Slots whose primary is among `failed` have no owner; the primary stays in the list, so that asking it
/// says what is wrong. An answer of another shape, with an address that cannot be, or with a slot that is named twice is a Protocol error; one without any slot a Server error.
Result<Topology> clusterTopology(const Reply& answer, const QSet<QByteArray>& failed, const RedisOptions& asked);

}  // namespace cachedeck
