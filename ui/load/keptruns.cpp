// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/keptruns.h"

#include <QCoreApplication>

#include <algorithm>

namespace cachedeck {

namespace {

// A record is written every few seconds while its run goes on; a busy machine takes longer.
constexpr qint64 silenceMs = 60'000;

}  // namespace

RecordShot KeptRuns::find(const QString& id) const {
  const auto found = std::find_if(records.begin(), records.end(), [&](const RecordShot& run) { return run->id == id; });
  return found == records.end() ? RecordShot() : *found;
}

runs::RunState keptState(const runs::RunRecord& run, qint64 takenMs) {
  if (!run.partial) return runs::RunState::Complete;
  return takenMs - run.writer.wroteMs < silenceMs ? runs::RunState::Running : runs::RunState::Interrupted;
}

bool isWithoutHistogram(const runs::RunRecord& run) { return run.figures.all.trend && run.engine != QLatin1String(runs::k6Engine); }

QList<runs::RunSummary> keptSummaries(const KeptRuns& runs) {
  QList<runs::RunSummary> summaries;
  for (const RecordShot& run : runs.records) {
    summaries.append(runs::summaryOf(*run));
    summaries.last().state = keptState(*run, runs.takenMs);
  }
  return summaries;
}

ComparedRuns compareKept(const QList<RecordShot>& records) {
  std::vector<runs::RunRecord> copies;  // they are compared side by side in memory
  for (const RecordShot& run : records) copies.push_back(*run);
  ComparedRuns compared{runs::compare(copies), records};
  for (const RecordShot& run : records)
    if (isWithoutHistogram(*run)) compared.comparison.notes.append(QCoreApplication::translate("Load", "Of run %1 the snapshot has percentiles and no histogram: its latencies are shown, but not judged.").arg(run->id));
  return compared;
}

}  // namespace cachedeck
