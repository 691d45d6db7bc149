// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/range_records.h"

#include "core/journal/action_events.h"
#include "core/load/step_latency.h"
#include "core/profiles/profile.h"
#include "core/runs/run_outcome.h"
#include "core/runs/run_store.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/fact_text.h"

#include <QJsonDocument>

#include <algorithm>
#include <functional>
#include <span>

namespace cachedeck::snapshot {

namespace {

constexpr qsizetype largestRun = 2 * 1024 * 1024;

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

/// What a file still has room for, beside the samples and facts. A run is kept whole or not at all: half of one would be read as all of it.
class Room {
 public:
  bool takes(const runs::RunRecord& run) {
    const QByteArray json = QJsonDocument(runs::toJson(run)).toJson(QJsonDocument::Compact);
    --m_left.members;
    m_left.totalBytes -= json.size();
    m_left.histograms -= 1 + static_cast<qint64>(run.figures.steps.size());
    m_left.seconds -= static_cast<qint64>(run.figures.seconds.size());
    return m_left.runs.takes(json) && m_left.members >= 0 && m_left.totalBytes >= 0 && m_left.histograms >= 0 && m_left.seconds >= 0;
  }

 private:
  static BundleLimits share() {
    BundleLimits limits;
    limits.members /= 2;
    limits.totalBytes /= 4;
    return limits;
  }
  BundleLimits m_left = share();
};

/// Nothing can be learnt from how fast it was.
bool isEmpty(const runs::RunSummary& run) {
  const runs::RunOutcome outcome = runs::outcomeOf(run);
  return outcome == runs::RunOutcome::DidNotRun || outcome == runs::RunOutcome::Interrupted || run.requests <= run.errors;
}

/// The runs of the range, in the order in which they are wanted: the newest first, those that measured nothing last.
QList<runs::RunSummary> wantedRuns(const runs::RunList& list, const QString& profile, qint64 fromMs, qint64 toMs) {
  QList<runs::RunSummary> wanted = list.runs;
  wanted.removeIf([&](const runs::RunSummary& run) { return !touches(run, fromMs, toMs) || (isSavedName(run.profile) && run.profile != profile); });
  std::ranges::stable_partition(wanted, std::not_fn(isEmpty));
  return wanted;
}

/// From the one at `from` on they have no room.
QString leftOutText(const QList<runs::RunSummary>& wanted, qsizetype from, qsizetype kept) {
  const auto left = std::span(wanted).subspan(static_cast<size_t>(from));
  const auto empty = std::ranges::count_if(left, isEmpty), others = std::ssize(left) - empty;
  QStringList parts;
  if (others > 0) parts += QStringLiteral("the earliest %1").arg(others);
  if (empty > 0) parts += QStringLiteral("%1 that failed or measured nothing").arg(empty);
  return QStringLiteral("Load runs: the file has room for %1 of the %2 of this range; left out are %3.").arg(kept).arg(wanted.size()).arg(parts.join(QStringLiteral(" and ")));
}

void addRuns(RangeRecords& records, const QString& folder, const QString& profile, qint64 fromMs, qint64 toMs) {
  const runs::RunStore store(folder);
  const runs::RunList list = store.list(toMs);
  for (const QString& problem : list.problems) records.missing += QStringLiteral("Load runs: ") + problem;
  const QList<runs::RunSummary> wanted = wantedRuns(list, profile, fromMs, toMs);
  Room room;
  for (qsizetype i = 0; i < wanted.size(); ++i) {
    Result<runs::RunRecord> record = store.load(wanted[i].id);
    if (!record) {
      records.missing += missingSentence(QStringLiteral("Load run %1").arg(wanted[i].id), record.error());
      continue;
    }
    runs::RunRecord run = fitting(std::move(*record));
    if (!room.takes(run)) {
      records.missing += leftOutText(wanted, i, records.runs.size());
      break;
    }
    records.runs.append(std::move(run));
  }
  std::ranges::stable_sort(records.runs, {}, [](const runs::RunRecord& run) { return run.figures.startedMs; });
}

}  // namespace

RangeRecords rangeRecords(const QString& journalFile, const QString& runFolder, const QString& profile, const QList<ServerFacts>& servers, qint64 fromMs, qint64 toMs) {
  RangeRecords records;
  addJournal(records, journalFile, profile, servers, fromMs, toMs);
  addRuns(records, runFolder, profile, fromMs, toMs);
  return records;
}

}  // namespace cachedeck::snapshot
