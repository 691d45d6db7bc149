// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_outcome.h"

#include "core/runs/reports.h"

namespace cachedeck::runs {

namespace {

// A record does not know whether its process still lives: who asks for more reads the summary from the store.
RunSummary asRead(const RunRecord& run) {
  RunSummary summary = summaryOf(run);
  if (run.partial) summary.state = RunState::Interrupted;
  return summary;
}

QString crossedText(const RunSummary& run) {
  return QStringLiteral("%1 of %2 %3 crossed").arg(run.failedThresholds).arg(run.thresholds).arg(run.thresholds == 1 ? QStringLiteral("threshold") : QStringLiteral("thresholds"));
}

}  // namespace

RunOutcome outcomeOf(const RunSummary& run) {
  if (run.state == RunState::Running) return RunOutcome::UnderWay;
  if (run.state == RunState::Interrupted) return RunOutcome::Interrupted;
  if (run.end == QLatin1String("failed")) return run.requests > run.errors ? RunOutcome::Interrupted : RunOutcome::DidNotRun;
  if (!run.limited.isEmpty()) return RunOutcome::Invalid;
  if (run.end == QLatin1String("stopped")) return RunOutcome::Stopped;
  if (run.failedThresholds > 0) return RunOutcome::Failed;
  return run.thresholds > 0 ? RunOutcome::Passed : RunOutcome::NotJudged;
}

RunOutcome outcomeOf(const RunRecord& run) { return outcomeOf(asRead(run)); }

// The thresholds of a run that is not valid were judged by figures that are partly the generator's own.
int exitCodeOf(const RunRecord& run) {
  constexpr int undone = 1, notMeasured = 3, thresholdCrossed = 99;
  if (run.figures.end == load::RunFigures::End::Failed) return run.engine == QLatin1String(k6Engine) ? undone : notMeasured;
  if (!run.figures.limited.empty()) return notMeasured;
  if (!run.figures.thresholdsPassed()) return thresholdCrossed;
  return run.figures.end == load::RunFigures::End::Stopped ? undone : 0;
}

bool canBeBaseline(RunOutcome outcome) { return outcome == RunOutcome::Passed || outcome == RunOutcome::Failed || outcome == RunOutcome::NotJudged; }

const char* outcomeWord(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::UnderWay: return QT_TRANSLATE_NOOP("Runs", "under way");
    case RunOutcome::Passed: return QT_TRANSLATE_NOOP("Runs", "passed");
    case RunOutcome::Failed: return QT_TRANSLATE_NOOP("Runs", "failed");
    case RunOutcome::Stopped: return QT_TRANSLATE_NOOP("Runs", "stopped");
    case RunOutcome::Invalid: return QT_TRANSLATE_NOOP("Runs", "not valid");
    case RunOutcome::Interrupted: return QT_TRANSLATE_NOOP("Runs", "interrupted");
    case RunOutcome::DidNotRun: return QT_TRANSLATE_NOOP("Runs", "did not run");
    case RunOutcome::NotJudged: break;
  }
  return QT_TRANSLATE_NOOP("Runs", "no thresholds");
}

QString outcomeText(const RunSummary& run) {
  const RunOutcome outcome = outcomeOf(run);
  const QString word = QString::fromLatin1(outcomeWord(outcome));
  if (outcome == RunOutcome::Failed) return QStringLiteral("%1, %2").arg(word, crossedText(run));
  if (outcome != RunOutcome::Stopped || run.thresholds == 0) return word;
  return QStringLiteral("%1, %2 so far").arg(word, run.failedThresholds > 0 ? crossedText(run) : QStringLiteral("no threshold crossed"));
}

QString outcomeText(const RunRecord& run) { return outcomeText(asRead(run)); }

QString caveatOf(const RunRecord& run, const QString& which) {
  switch (outcomeOf(run)) {
    case RunOutcome::Invalid: return QStringLiteral("%1 is not valid: %2").arg(which, invalidReason(run));
    case RunOutcome::UnderWay:
    case RunOutcome::Interrupted: return QStringLiteral("%1 did not come to its end.").arg(which);
    case RunOutcome::DidNotRun: return QStringLiteral("%1 did not run: %2").arg(which, invalidReason(run));
    case RunOutcome::Stopped: return QStringLiteral("%1 was stopped before its time.").arg(which);
    case RunOutcome::Failed: return run.figures.end == load::RunFigures::End::ThresholdAborted ? QStringLiteral("%1 was ended by a threshold before its time.").arg(which) : QString();
    case RunOutcome::Passed:
    case RunOutcome::NotJudged: break;
  }
  return {};
}

}  // namespace cachedeck::runs
