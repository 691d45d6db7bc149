// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/range_records.h"

#include "core/journal/action_events.h"
#include "core/load/step_latency.h"
#include "core/runs/run_store.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/fact_text.h"

#include <algorithm>

namespace cachedeck::snapshot {

namespace {

constexpr qsizetype mostRuns = 20;
constexpr qsizetype largestRun = 2 * 1024 * 1024;

/// Runs against servers that were named by their URLs carry this in place of a profile's name, or nothing.
bool hasProfile(const runs::RunSummary& run) { return !run.profile.isEmpty() && run.profile != QLatin1String("command line"); }

/// The journal back to `fromMs`: read from its end, in ever longer pieces, since it may be years long.
Result<QList<JournalEntry>> entriesSince(const QString& file, qint64 fromMs) {
  const Journal journal(file, {});
  for (qsizetype limit = 1000;; limit *= 8) {
    Result<QList<JournalEntry>> entries = journal.read(limit);
    if (!entries || entries->size() < limit || entries->first().wallMs < fromMs) return entries;
  }
}

bool concernsAny(const JournalEntry& entry, const QString& profile, const QList<ServerFacts>& servers) {
  return concerns(entry, profile, {}) || std::any_of(servers.begin(), servers.end(), [&](const ServerFacts& server) { return concerns(entry, {}, server.endpoint); });
}

void addJournal(RangeRecords& records, const QString& file, const QString& profile, const QList<ServerFacts>& servers, qint64 fromMs, qint64 toMs) {
  const Result<QList<JournalEntry>> entries = entriesSince(file, fromMs);
  if (!entries) {
    records.missing += missingSentence(QStringLiteral("The journal"), entries.error());
    return;
  }
  for (const JournalEntry& entry : *entries)
    if (entry.wallMs >= fromMs && entry.wallMs <= toMs && concernsAny(entry, profile, servers)) records.journal += entry;
}

bool touches(const runs::RunSummary& run, qint64 fromMs, qint64 toMs) { return run.startedMs <= toMs && run.startedMs + run.elapsedMs >= fromMs; }

/// A step with its percentiles in place of the histogram.
void lean(load::StepFigures& step) {
  if (step.latency.count() == 0) return;
  const auto ms = [&step](double percent) { return step.latency.percentileNs(percent) / 1e6; };
  step.trend = load::TrendFigures{step.latency.meanNs() / 1e6, static_cast<double>(step.latency.minNs()) / 1e6, ms(50), ms(90), ms(95), ms(99), static_cast<double>(step.latency.maxNs()) / 1e6};
  step.latency = load::Histogram();
}

runs::RunRecord fitting(runs::RunRecord record) {
  const Result<QByteArray> bytes = runs::encoded(record);
  if (bytes && bytes->size() <= largestRun) return record;
  lean(record.figures.all);
  for (load::StepFigures& step : record.figures.steps) lean(step);
  return record;
}

/// What a file still has room for. A run is kept whole or not at all: half of one would be read as all of it.
class Room {
 public:
  bool takes(const runs::RunRecord& run) {
    m_histograms -= 1 + static_cast<qint64>(run.figures.steps.size());
    m_seconds -= static_cast<qint64>(run.figures.seconds.size());
    return --m_runs >= 0 && m_histograms >= 0 && m_seconds >= 0;
  }

 private:
  qint64 m_runs = mostRuns, m_histograms = BundleLimits().histograms, m_seconds = BundleLimits().seconds;
};

void addRuns(RangeRecords& records, const QString& folder, const QString& profile, qint64 fromMs, qint64 toMs) {
  const runs::RunStore store(folder);
  const runs::RunList list = store.list(toMs);
  for (const QString& problem : list.problems) records.missing += QStringLiteral("Load runs: ") + problem;
  Room room;
  qsizetype leftOut = 0;
  for (const runs::RunSummary& run : list.runs) {
    if (!touches(run, fromMs, toMs) || (hasProfile(run) && run.profile != profile)) continue;
    if (leftOut > 0) {
      ++leftOut;
      continue;
    }
    Result<runs::RunRecord> record = store.load(run.id);
    if (!record) records.missing += missingSentence(QStringLiteral("Load run %1").arg(run.id), record.error());
    else if (room.takes(*record)) records.runs.prepend(fitting(std::move(*record)));
    else ++leftOut;
  }
  if (leftOut > 0) records.missing += QStringLiteral("Load runs: only the newest %1 of the range are kept; %2 earlier ones are left out.").arg(records.runs.size()).arg(leftOut);
}

}  // namespace

RangeRecords rangeRecords(const QString& journalFile, const QString& runFolder, const QString& profile, const QList<ServerFacts>& servers, qint64 fromMs, qint64 toMs) {
  RangeRecords records;
  addJournal(records, journalFile, profile, servers, fromMs, toMs);
  addRuns(records, runFolder, profile, fromMs, toMs);
  return records;
}

}  // namespace cachedeck::snapshot
