// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/chart_marks.h"

#include "core/snapshot/report_text.h"

#include <algorithm>
#include <limits>

namespace cachedeck::snapshot {

namespace {

// As the Overview colours them.
constexpr int runColour = 6;
int colourOf(ActionEvent::Kind kind) {
  return kind == ActionEvent::Kind::Delete ? 5 : kind == ActionEvent::Kind::Undo ? 3 : kind == ActionEvent::Kind::Load ? runColour : 4;
}

void add(QList<ChartData::Mark>& marks, const Snapshot& snapshot, qint64 fromMs, qint64 toMs, const QString& label, int colour) {
  const double length = std::max(1.0, static_cast<double>(snapshot.toMs - snapshot.fromMs));
  if (fromMs > snapshot.toMs || std::max(fromMs, toMs) < snapshot.fromMs) return;
  const auto place = [&](qint64 ms) { return std::clamp(static_cast<double>(ms - snapshot.fromMs) / length, 0.0, 1.0); };
  marks.append({place(fromMs), toMs > fromMs ? place(toMs) : place(fromMs), plainText(label, 200), colour});
}

qint64 endOf(const runs::RunRecord& run) { return run.figures.startedMs + run.figures.elapsedMs; }

bool hasRecord(const Snapshot& snapshot, const ActionEvent& event) {
  constexpr qint64 slack = 5000;  // the journal's begin comes before the first request
  return event.kind == ActionEvent::Kind::Load &&
         std::ranges::any_of(snapshot.runs, [&](const runs::RunRecord& run) { return run.figures.startedMs >= event.fromMs - slack && run.figures.startedMs <= std::max(event.toMs, event.fromMs) + slack; });
}

}  // namespace

QList<ActionEvent> actionsOf(const Snapshot& snapshot) {
  // Whether what has no end in the range still goes on nobody can tell from a file: only its beginning is known.
  QList<ActionEvent> events = actionEvents(snapshot.journal, std::numeric_limits<qint64>::max());
  events.removeIf([&](const ActionEvent& event) { return hasRecord(snapshot, event); });
  return events;
}

QList<ChartData::Mark> chartMarks(const Snapshot& snapshot) {
  QList<ChartData::Mark> marks;
  for (const runs::RunRecord& run : snapshot.runs) add(marks, snapshot, run.figures.startedMs, endOf(run), QStringLiteral("Load run ") + run.scenario, runColour);
  for (const ActionEvent& event : actionsOf(snapshot)) add(marks, snapshot, event.fromMs, event.toMs, event.label, colourOf(event.kind));
  return marks;
}

}  // namespace cachedeck::snapshot
