// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/madenow.h"

#include "ui/snapshots/rangeseries.h"

namespace cachedeck {

snapshot::TakeOrder orderOf(const SnapshotTarget& target, const QString& title, const QString& note) {
  snapshot::TakeOrder order;
  order.title = title;
  order.note = note;
  order.profile = target.profile;
  order.environment = target.environment;
  order.sources = target.sources;
  return order;
}

Result<snapshot::Snapshot> madeNow(const snapshot::TakeOrder& order, const SnapshotRequest& request, const QString& recording, std::vector<SeriesGroup> remembered, qint64 takenMs, const std::stop_token& stop) {
  RangeSeries read = rangeSeries(std::move(remembered), recording, request.fromMs, request.toMs, stop);
  snapshot::Gathered gathered = snapshot::gatherFacts(order.sources, request.fromMs, request.toMs, stop, order.facts);
  if (stop.stop_requested()) return snapshot::takingStopped();
  if (!read.unread.isEmpty()) gathered.missing << read.unread;
  return snapshot::assemble(order, std::move(read.series), std::move(gathered), request.fromMs, request.toMs, takenMs);
}

}  // namespace cachedeck
