// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/take.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/snapshot/fact_text.h"
#include "core/snapshot/merged_series.h"
#include "core/snapshot/range_records.h"

#include <QCoreApplication>

#include <limits>

namespace cachedeck::snapshot {

namespace {

constexpr qsizetype longestTitle = 200, longestNote = 20'000;

void clean(QString& text) { text = redact(text); }

void clean(QList<ServerFacts>& servers) {
  for (ServerFacts& server : servers)
    for (QString* text : {&server.product, &server.version, &server.endpoint, &server.role}) clean(*text);
}

void clean(QList<FactTable>& tables) {
  for (FactTable& table : tables)
    for (QStringList& row : table.rows)
      for (QString& one : row) clean(one);
}

// They were redacted when they were written, by a process that knew other secrets.
void clean(QList<JournalEntry>& entries) {
  for (JournalEntry& entry : entries)
    for (QString* text : {&entry.user, &entry.profile, &entry.where, &entry.text}) clean(*text);
}

void say(TakeProgress* progress, TakeProgress::Step step) {
  if (progress) progress->step = step;
}

/// What nobody can tell of a range without a Prometheus; empty: nothing is missing.
QStringList unknownPast(const std::vector<SeriesGroup>& recorded, qint64 fromMs) {
  constexpr qint64 patienceMs = 60'000;  // servers that were being connected
  qint64 first = std::numeric_limits<qint64>::max();
  for (const SeriesGroup& group : recorded) first = std::min(first, group.timesMs.front());
  if (recorded.empty()) return {QStringLiteral("The past: only a recording or a Prometheus knows what was before. Record the profile, name a file with --recording FILE, or a Prometheus with --prometheus URL.")};
  if (first - fromMs <= patienceMs) return {};
  return {QStringLiteral("The past: it was recorded since %1 only. What was before that only a Prometheus would know.").arg(factTime(first))};
}

void addPast(LiveSeries& live, const TakeOrder& order, qint64 fromMs, qint64 begunMs, qint64 toMs, const std::stop_token& stop) {
  LiveSeries recorded = recordedSeries(order.recording, fromMs, toMs, stop), past = pastSeries(order.sources, fromMs, begunMs, stop);
  live.missing += recorded.missing + past.missing;
  if (!order.sources.contains(QStringLiteral("prometheus"))) live.missing += unknownPast(recorded.series, fromMs);
  for (std::vector<SeriesGroup>* more : {&recorded.series, &past.series}) live.series = mergedSeries(std::move(live.series), std::move(*more));
}

}  // namespace

Error takingStopped() { return fail(Error::Kind::Cancelled, QStringLiteral("The snapshot was stopped, and nothing is kept of it.")); }

Result<Snapshot> assemble(const TakeOrder& order, std::vector<SeriesGroup> series, Gathered gathered, qint64 fromMs, qint64 toMs, qint64 takenMs) {
  if (toMs < fromMs) return fail(Error::Kind::Usage, QStringLiteral("The range of the snapshot ends before it begins. Name an earlier beginning."));
  RangeRecords records = rangeRecords(order.journalFile, order.runFolder, order.profile, gathered.servers, fromMs, toMs);
  Snapshot snapshot;
  snapshot.id = newSnapshotId(takenMs);
  snapshot.title = redact(order.title.simplified()).left(longestTitle);
  snapshot.note = redact(order.note.trimmed()).left(longestNote);
  snapshot.takenMs = takenMs;
  snapshot.fromMs = fromMs;
  snapshot.toMs = toMs;
  snapshot.console = QCoreApplication::applicationVersion();
  snapshot.profile = redact(order.profile);
  snapshot.environment = order.environment;
  snapshot.servers = std::move(gathered.servers);
  snapshot.series = std::move(series);
  snapshot.facts = std::move(gathered.facts);
  snapshot.journal = std::move(records.journal);
  snapshot.runs = std::move(records.runs);
  for (const QString& sentence : gathered.missing + records.missing) snapshot.missing += printable(redact(sentence), 2000);
  snapshot.missing.removeDuplicates();
  clean(snapshot.servers);
  clean(snapshot.facts);
  clean(snapshot.journal);
  return snapshot;
}

Result<Snapshot> takeSnapshot(const TakeOrder& order, std::chrono::milliseconds sampleFor, std::chrono::milliseconds range, const Clock& clock, const std::stop_token& stop, TakeProgress* progress) {
  const qint64 begunMs = clock.now().wallMs, fromMs = begunMs - range.count();
  say(progress, TakeProgress::Step::Sampling);
  LiveSeries live = takeFor(order.sources, sampleFor, clock, stop, progress);
  live.series = mergedSeries(std::move(live.series), order.sampled);
  const qint64 toMs = std::max(clock.now().wallMs, begunMs);
  if (range.count() > 0 && !stop.stop_requested()) {
    say(progress, TakeProgress::Step::Past);
    addPast(live, order, fromMs, begunMs, toMs, stop);
  }
  say(progress, TakeProgress::Step::Facts);
  Gathered gathered = gatherFacts(order.sources, fromMs, toMs, stop, order.facts);
  if (stop.stop_requested()) return takingStopped();
  gathered.missing = live.missing + gathered.missing;
  say(progress, TakeProgress::Step::Records);
  Result<Snapshot> snapshot = assemble(order, std::move(live.series), std::move(gathered), fromMs, toMs, toMs);
  say(progress, TakeProgress::Step::Done);
  return snapshot;
}

}  // namespace cachedeck::snapshot
