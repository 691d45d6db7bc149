// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare_stretches.h"

#include "core/base/instants.h"
#include "core/metrics/format.h"
#include "core/snapshot/report_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

constexpr double mostOfIt = 0.9;  // a range that was measured for less is said to be so

/// A sample stands for the time before it: one at the very beginning belongs to what was before, so that ranges that touch share none.
SeriesGroup rowsOf(const SeriesGroup& group, const Stretch& stretch) {
  const auto from = std::ranges::upper_bound(group.timesMs, stretch.fromMs), to = std::ranges::upper_bound(group.timesMs, stretch.toMs);
  const auto first = from - group.timesMs.begin(), last = to - group.timesMs.begin();
  SeriesGroup part{group.name, {from, to}, {}};
  for (const SeriesGroup::Column& column : group.columns)
    if (column.values.size() == group.timesMs.size()) part.columns.push_back({column.metric, {column.values.begin() + first, column.values.begin() + last}});
  return part;
}

/// A run that lies in both ranges in part would be scored as both.
void addRuns(Snapshot& part, const QList<runs::RunRecord>& runs) {
  for (const runs::RunRecord& run : runs) {
    const qint64 begin = run.figures.startedMs, end = begin + run.figures.elapsedMs;
    if (end < part.fromMs || begin > part.toMs) continue;
    if (begin >= part.fromMs && end <= part.toMs) part.runs.append(run);
    else part.missing.append(QStringLiteral("The load run %1 of %2 reaches beyond this range: it is not scored.").arg(plainText(run.scenario, 80), utcText(begin)));
  }
}

/// For how long anything of a source was measured that comparisons look at.
double measuredSeconds(const Snapshot& part, const QByteArray& name) {
  const auto group = std::ranges::find(part.series, name, &SeriesGroup::name);
  if (group == part.series.end()) return 0;
  std::vector<float> any(group->timesMs.size(), NAN);
  for (const SeriesGroup::Column& column : group->columns) {
    if (!findMetric(QLatin1String(column.metric))) continue;
    for (size_t row = 0; row < std::min(any.size(), column.values.size()); ++row)
      if (std::isfinite(column.values[row])) any[row] = 1;
  }
  double ms = 0;
  for (const double weight : sampleWeights(group->timesMs, any)) ms += weight;
  return ms / 1000;
}

struct Side {
  const Snapshot& part;
  const char* which;
  double seconds() const { return static_cast<double>(part.toMs - part.fromMs) / 1000; }
};

QList<QByteArray> sourcesOf(const Side& one, const Side& other) {
  QList<QByteArray> names;
  for (const Snapshot* part : {&one.part, &other.part})
    for (const SeriesGroup& group : part->series)
      if (!names.contains(group.name) && std::ranges::any_of(group.columns, [](const SeriesGroup::Column& column) { return findMetric(QLatin1String(column.metric)) != nullptr; })) names.append(group.name);
  return names;
}

/// What is not known of a side; empty: everything is.
QStringList gapsOf(const Side& side, const QList<QByteArray>& sources) {
  QStringList notes;
  for (const QByteArray& name : sources) {
    const double known = measuredSeconds(side.part, name);
    const QString source = plainText(QString::fromUtf8(name), 40), which = QLatin1String(side.which);
    if (known <= 0) notes.append(QStringLiteral("%1: nothing was measured in the %2 range.").arg(source, which));
    else if (known < mostOfIt * side.seconds()) notes.append(QStringLiteral("%1: measured for %2 of the %3 of the %4 range.").arg(source, formatDuration(known), formatDuration(side.seconds()), which));
  }
  for (const QString& sentence : side.part.missing) notes.append(QStringLiteral("%1 range: %2").arg(QLatin1String(side.which), plainText(sentence, 400)));
  return notes;
}

}  // namespace

Snapshot cut(const Snapshot& session, const Stretch& stretch, const QString& title) {
  Snapshot part = beginOf(session);
  part.title = title;
  part.fromMs = stretch.fromMs;
  part.toMs = stretch.toMs;
  // What a person, the servers and the taking said is of the whole session.
  part.note.clear();
  part.servers.clear();
  part.missing.clear();
  for (const SeriesGroup& group : session.series)
    if (SeriesGroup rows = rowsOf(group, stretch); !rows.timesMs.empty()) part.series.push_back(std::move(rows));
  for (const JournalEntry& entry : session.journal)
    if (entry.wallMs > stretch.fromMs && entry.wallMs <= stretch.toMs) part.journal.append(entry);
  addRuns(part, session.runs);
  return part;
}

Result<SnapshotComparison> compareStretches(const Snapshot& before, const Snapshot& after) {
  const Side first{before, "first"}, second{after, "second"};
  const QList<QByteArray> sources = sourcesOf(first, second);
  for (const Side& side : {first, second})
    if (std::ranges::all_of(sources, [&](const QByteArray& name) { return measuredSeconds(side.part, name) <= 0; }))
      return fail(Error::Kind::NotFound, QStringLiteral("Nothing was measured in the %1 range, %2.").arg(QLatin1String(side.which), rangeText(side.part)));
  SnapshotComparison comparison = compareSnapshots(before, after);
  comparison.notes += gapsOf(first, sources) + gapsOf(second, sources);
  comparison.notes.append(QStringLiteral("Settings, INFO, statements, the slow log, rules and targets have no history: what they were in each range is not known, so they are not compared. Limits that are measured, such as redis.memory_limit, stand among the figures."));
  return comparison;
}

}  // namespace cachedeck::snapshot
