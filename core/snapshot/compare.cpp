// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare.h"

#include "core/metrics/format.h"
#include "core/snapshot/compare_facts.h"
#include "core/snapshot/compare_figures.h"
#include "core/snapshot/report_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

double secondsOf(const Snapshot& snapshot) { return static_cast<double>(snapshot.toMs - snapshot.fromMs) / 1000; }

QString serverText(const ServerFacts& server) { return QStringLiteral("%1 %2 at %3").arg(plainText(server.product, 60), plainText(server.version, 60), plainText(server.endpoint, 120)); }

void noteServers(const Snapshot& before, const Snapshot& after, QStringList& notes) {
  for (const ServerFacts& now : after.servers)
    for (const ServerFacts& old : before.servers)
      if (old.source == now.source && (old.version != now.version || old.endpoint != now.endpoint || old.product != now.product)) notes.append(QStringLiteral("Other server: %1, then %2.").arg(serverText(old), serverText(now)));
}

QStringList notesOf(const Snapshot& before, const Snapshot& after) {
  QStringList notes;
  if (before.profile != after.profile || before.environment != after.environment)
    notes.append(QStringLiteral("They are of other profiles: %1 (%2) and %3 (%4).").arg(plainText(before.profile, 80), plainText(before.environment, 40), plainText(after.profile, 80), plainText(after.environment, 40)));
  noteServers(before, after, notes);
  const double a = secondsOf(before), b = secondsOf(after);
  if (a > 0 && b > 0 && std::max(a, b) > 1.5 * std::min(a, b)) notes.append(QStringLiteral("They last unequally long: %1 and %2.").arg(formatDuration(a), formatDuration(b)));
  if (before.toMs > after.fromMs && after.toMs > before.fromMs) notes.append(QStringLiteral("Their ranges overlap: what they share is on both sides."));
  else if (after.toMs <= before.fromMs) notes.append(QStringLiteral("The first is the later one of the two."));
  return notes;
}

}  // namespace

QString outcomeText(Outcome outcome) {
  switch (outcome) {
    case Outcome::Better: return QStringLiteral("better");
    case Outcome::Worse: return QStringLiteral("worse");
    case Outcome::Higher: return QStringLiteral("higher");
    case Outcome::Lower: return QStringLiteral("lower");
    case Outcome::WithinNoise: return QStringLiteral("within noise");
    case Outcome::NotJudged: break;
  }
  return QStringLiteral("not judged");
}

int SnapshotComparison::count(Outcome outcome) const {
  return static_cast<int>(std::ranges::count_if(figures, [&](const ComparedFigure& figure) { return figure.outcome == outcome; }));
}

SnapshotComparison compareSnapshots(const Snapshot& before, const Snapshot& after) {
  SnapshotComparison comparison;
  for (const MetricInfo& metric : metricCatalog()) {
    ComparedFigure figure = compareFigure(before, after, metric);
    if (figure.before.measured() || figure.after.measured()) comparison.figures.append(std::move(figure));
  }
  comparison.notes = notesOf(before, after);
  comparison.settings = changedSettings(before, after, comparison.notes);
  comparison.statements = changedStatements(before, after);
  comparison.scorecard = scorecardOf(after, &before);
  comparison.subjectBefore = scoreSubject(before).what;
  comparison.subjectAfter = scoreSubject(after).what;
  return comparison;
}

}  // namespace cachedeck::snapshot
