// SPDX-License-Identifier: GPL-3.0-or-later
// Two times of what is on show against each other.
#include "core/base/instants.h"
#include "core/snapshot/compare_stretches.h"
#include "core/snapshot/take.h"
#include "ui/snapshots/rangeseries.h"
#include "ui/snapshots/snapshotcontroller.h"

#include <algorithm>

namespace cachedeck {

namespace {

using snapshot::Snapshot;
using snapshot::Stretch;

/// What is known of the servers' time: the window's samples, the recording, the load runs that this computer keeps. They are asked nothing.
Result<Snapshot> livePart(snapshot::TakeOrder order, std::vector<SeriesGroup> remembered, const QString& recording, const Stretch& stretch, const QString& title, qint64 nowMs, std::stop_token stop) {
  RangeSeries read = rangeSeries(std::move(remembered), recording, stretch.fromMs, stretch.toMs, stop);
  const Result<Snapshot> known = snapshot::assemble(order, std::move(read.series), {}, stretch.fromMs, stretch.toMs, nowMs);
  if (!known) return known.error();
  Snapshot part = snapshot::cut(*known, stretch, title);
  part.missing = known->missing + part.missing;
  if (!read.unread.isEmpty()) part.missing.prepend(read.unread);
  return part;
}

Result<ComparedSnapshots> comparedParts(const Snapshot& before, const Snapshot& after, bool dark, const QString& hint) {
  const Result<snapshot::SnapshotComparison> comparison = snapshot::compareStretches(before, after);
  if (comparison) return comparedOf(*comparison, before, after, dark);
  Error error = comparison.error();
  if (error.kind == Error::Kind::NotFound) error.message += QLatin1Char(' ') + hint;
  return error;
}

}  // namespace

void SnapshotController::compareTimes(const ComparedTimes& times, bool dark) {
  if (m_kept) compareKeptTimes(times, dark);
  else if (m_target) compareLiveTimes(times, dark);
}

void SnapshotController::compareKeptTimes(const ComparedTimes& times, bool dark) {
  m_files.post(
      this,
      [kept = m_kept, times, dark](std::stop_token) {
        const QString hint = tr("The snapshot on show reaches from %1 to %2.").arg(instantText(kept->fromMs), instantText(kept->toMs));
        return comparedParts(snapshot::cut(*kept, times.first, times.firstTitle), snapshot::cut(*kept, times.second, times.secondTitle), dark, hint);
      },
      [this, session = m_session](const Result<ComparedSnapshots>& result) { tellTimes(session, result); });
}

void SnapshotController::compareLiveTimes(const ComparedTimes& times, bool dark) {
  snapshot::TakeOrder order;
  order.profile = m_target->profile;
  order.environment = m_target->environment;
  const qint64 since = m_history.firstMs();
  const QString hint = (since > 0 ? tr("This window knows figures since %1.").arg(instantText(since)) : tr("This window knows no figures yet.")) + QLatin1Char(' ') + tr("What should be known of longer ago has to be recorded: switch Record on.");
  m_files.post(
      this,
      [order, times, dark, hint, recording = m_target->recording, first = m_history.tables(times.first.fromMs, times.first.toMs), second = m_history.tables(times.second.fromMs, times.second.toMs),
       nowMs = m_clock.now().wallMs](std::stop_token stop) mutable -> Result<ComparedSnapshots> {
        const Result<Snapshot> before = livePart(order, std::move(first), recording, times.first, times.firstTitle, nowMs, stop);
        if (!before) return before.error();
        const Result<Snapshot> after = livePart(order, std::move(second), recording, times.second, times.secondTitle, nowMs, stop);
        if (!after) return after.error();
        return comparedParts(*before, *after, dark, hint);
      },
      [this, session = m_session](const Result<ComparedSnapshots>& result) { tellTimes(session, result); });
}

void SnapshotController::tellTimes(int session, const Result<ComparedSnapshots>& result) {
  if (session != m_session) return;
  if (result) Q_EMIT compared(*result);
  else Q_EMIT failed(result.error().message);
}

}  // namespace cachedeck
