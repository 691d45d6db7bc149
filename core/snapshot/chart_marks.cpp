// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/chart_marks.h"

#include "core/runs/run_outcome.h"
#include "core/snapshot/report_text.h"

#include <algorithm>
#include <limits>

namespace cachedeck::snapshot {

namespace {

// As the Overview colours them.
int colourOf(ActionEvent::Kind kind) { return kind == ActionEvent::Kind::Delete ? 5 : kind == ActionEvent::Kind::Undo ? 3 : kind == ActionEvent::Kind::Load ? 6 : 4; }

ActionEvent eventOf(const runs::RunRecord& run) {
  using End = load::RunFigures::End;
  ActionEvent event;
  event.kind = ActionEvent::Kind::Load;
  event.fromMs = run.figures.startedMs;
  event.toMs = run.figures.startedMs + run.figures.elapsedMs;
  event.label = QStringLiteral("Load run ") + plainText(run.scenario, 180);
  event.state = run.partial ? ActionEvent::State::Interrupted : run.figures.end == End::Failed ? ActionEvent::State::Failed : run.figures.end == End::Stopped ? ActionEvent::State::Cancelled : ActionEvent::State::Done;
  event.detail = runs::outcomeText(run);
  event.operation = run.id;
  return event;
}

bool hasRecord(const Snapshot& snapshot, const ActionEvent& event) {
  return event.kind == ActionEvent::Kind::Load && std::ranges::any_of(snapshot.runs, [&](const runs::RunRecord& run) { return run.id == event.operation; });
}

}  // namespace

QList<ActionEvent> actionsOf(const Snapshot& snapshot) {
  // Whether what has no end in the range still goes on nobody can tell from a file: only its beginning is known.
  QList<ActionEvent> events = actionEvents(snapshot.journal, std::numeric_limits<qint64>::max());
  events.removeIf([&](const ActionEvent& event) { return hasRecord(snapshot, event); });
  return events;
}

QList<ActionEvent> markedEvents(const Snapshot& snapshot) {
  QList<ActionEvent> events = actionsOf(snapshot);
  for (const runs::RunRecord& run : snapshot.runs) events.append(eventOf(run));
  events.removeIf([&](const ActionEvent& event) { return event.fromMs > snapshot.toMs || std::max(event.fromMs, event.toMs) < snapshot.fromMs; });
  std::ranges::stable_sort(events, {}, &ActionEvent::fromMs);
  return events;
}

QList<ChartData::Mark> chartMarks(const Snapshot& snapshot) {
  const double length = std::max(1.0, static_cast<double>(snapshot.toMs - snapshot.fromMs));
  const auto place = [&](qint64 ms) { return std::clamp(static_cast<double>(ms - snapshot.fromMs) / length, 0.0, 1.0); };
  const QList<ActionEvent> events = markedEvents(snapshot);
  QList<ChartData::Mark> marks;
  for (const ActionEvent& event : events)
    marks.append({place(event.fromMs), place(std::max(event.fromMs, event.toMs)), plainText(event.label, 200), colourOf(event.kind), events.size() > 1 ? static_cast<int>(marks.size()) + 1 : 0});
  return marks;
}

}  // namespace cachedeck::snapshot
