// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/compare.h"

#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/runs/compare_metrics.h"
#include "core/runs/json_numbers.h"
#include "core/runs/run_outcome.h"

#include <algorithm>

namespace cachedeck::runs {

using load::RunFigures;
using load::StepFigures;

namespace {

constexpr Random::result_type seed = 20'000'001;  // any: the same runs are to give the same intervals

const StepFigures* stepOf(const RunFigures& figures, const std::string& name) {
  const auto found = std::ranges::find(figures.steps, name, &StepFigures::name);
  return found == figures.steps.end() ? nullptr : &*found;
}

/// Names of the steps that all runs have; one step alone is all requests.
std::vector<std::string> commonSteps(std::span<const RunRecord> records) {
  std::vector<std::string> names;
  for (const StepFigures& step : records.front().figures.steps)
    if (std::ranges::all_of(records, [&](const RunRecord& record) { return stepOf(record.figures, step.name) != nullptr; })) names.push_back(step.name);
  return names.size() > 1 ? names : std::vector<std::string>();
}

Change first(const MetricRow& row, const RunFigures& run, const StepFigures& figures) {
  Change change;
  change.value = valueOf(row, run, figures);
  return change;
}

QList<ComparedMetric> metricsOf(std::span<const RunRecord> records, const std::vector<std::string>& steps) {
  QList<ComparedMetric> metrics;
  const RunFigures& base = records.front().figures;
  for (const MetricRow& row : metricRows())
    metrics.append({QString::fromLatin1(row.id), QString::fromLatin1(row.name), row.unit, {first(row, base, base.all)}});
  for (const std::string& name : steps) {
    const QString shown = printable(textOf(name), 60);
    const MetricRow& row = stepQuantileRow();
    metrics.append({QStringLiteral("step:%1 p95").arg(shown), QStringLiteral("p95 of %1").arg(shown), row.unit, {first(row, base, *stepOf(base, name))}});
  }
  return metrics;
}

/// A run of which nothing can be said: how much its figures are, and no more.
void addUnjudged(const RunRecord& base, const RunRecord& record, const std::vector<std::string>& steps, const QString& reason, QList<ComparedMetric>& metrics) {
  qsizetype at = 0;
  const auto add = [&](const MetricRow& row, const StepFigures& before, const StepFigures& after) {
    Change change = changeBetween(row, base.figures, record.figures, before, after);
    change.reason = reason;
    metrics[at++].runs.append(change);
  };
  for (const MetricRow& row : metricRows()) add(row, base.figures.all, record.figures.all);
  for (const std::string& name : steps) add(stepQuantileRow(), *stepOf(base.figures, name), *stepOf(record.figures, name));
}

void addRun(const RunRecord& base, const RunRecord& record, const std::vector<std::string>& steps, QList<ComparedMetric>& metrics) {
  Random random(seed);
  const BlockDraws blocks(base.figures.seconds, record.figures.seconds, base.scenario == record.scenario, random);
  const Judged runs{base.figures, record.figures, blocks, random};
  qsizetype at = 0;
  for (const MetricRow& row : metricRows()) metrics[at++].runs.append(judgeChange(row, runs, base.figures.all, record.figures.all));
  for (const std::string& name : steps)
    metrics[at++].runs.append(judgeChange(stepQuantileRow(), runs, *stepOf(base.figures, name), *stepOf(record.figures, name)));
}

const Change& changeOf(const QList<ComparedMetric>& metrics, QLatin1String id, qsizetype run) {
  return std::ranges::find_if(metrics, [id](const ComparedMetric& metric) { return metric.id == id; })->runs[run];
}

/// Of mean, p50, p95 and p99 together.
Verdict latencyVerdict(const QList<ComparedMetric>& metrics, qsizetype run) {
  bool faster = false, slower = false, judged = false;
  for (const char* id : {"mean", "p50", "p95", "p99"}) {
    const Verdict one = changeOf(metrics, QLatin1String(id), run).verdict;
    faster |= one == Verdict::Faster;
    slower |= one == Verdict::Slower;
    judged |= one != Verdict::NotJudged;
  }
  if (!judged) return Verdict::NotJudged;
  if (faster && slower) return Verdict::Mixed;
  return faster ? Verdict::Faster : slower ? Verdict::Slower : Verdict::WithinNoise;
}

/// Why nothing can be said of a change between them; empty: it can. Refusals are quick: a run that nobody answered would be faster than any.
QString unjudged(const RunRecord& base, const RunRecord& record) {
  const auto outcomes = {outcomeOf(base), outcomeOf(record)};
  if (std::ranges::find(outcomes, RunOutcome::DidNotRun) != outcomes.end()) return QStringLiteral("a run did not run");
  return base.figures.limited.empty() && record.figures.limited.empty() ? QString() : QStringLiteral("a run is not valid");
}

void noteRun(const RunRecord& record, QStringList& notes) {
  if (const QString caveat = caveatOf(record, QStringLiteral("Run %1").arg(record.id)); !caveat.isEmpty()) notes.append(caveat);
}

void noteDifferences(const RunRecord& base, const RunRecord& record, QStringList& notes) {
  const auto differ = [&](const QString& what, const QString& a, const QString& b) {
    if (a != b) notes.append(QStringLiteral("Runs %1 and %2 have different %3: %4, %5.").arg(base.id, record.id, what, printable(a, 120), printable(b, 120)));
  };
  differ(QStringLiteral("scenarios"), base.scenario, record.scenario);
  differ(QStringLiteral("targets"), withoutUserInfo(base.url), withoutUserInfo(record.url));
  if (base.engine != record.engine)
    notes.append(QStringLiteral("Only one of the runs %1 and %2 was made by k6, whose latencies leave out connecting and waiting for a free user.").arg(base.id, record.id));
  differ(QStringLiteral("load machines"), base.host.name, record.host.name);
  if (base.scenario == record.scenario && withoutSecrets(base.definition) != withoutSecrets(record.definition))
    notes.append(QStringLiteral("The scenario “%1” was changed between runs %2 and %3.").arg(printable(base.scenario, 60), base.id, record.id));
}

ComparedRun aboutRun(const RunRecord& record) {
  return {record.id, printable(record.scenario, 80), withoutUserInfo(record.url), printable(record.cache, 40), printableLines(record.note, 200), record.figures.startedMs, Verdict::NotJudged};
}

}  // namespace

QString verdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::Faster: return QStringLiteral("faster");
    case Verdict::Slower: return QStringLiteral("slower");
    case Verdict::Higher: return QStringLiteral("higher");
    case Verdict::Lower: return QStringLiteral("lower");
    case Verdict::Mixed: return QStringLiteral("mixed");
    case Verdict::WithinNoise: return QStringLiteral("within noise");
    case Verdict::NotJudged: break;
  }
  return QStringLiteral("not judged");
}

Comparison compare(std::span<const RunRecord> records) {
  Comparison comparison;
  if (records.empty()) return comparison;
  const RunRecord& base = records.front();
  const std::vector<std::string> steps = commonSteps(records);
  comparison.metrics = metricsOf(records, steps);
  for (const RunRecord& record : records) {
    comparison.runs.append(aboutRun(record));
    noteRun(record, comparison.notes);
  }
  for (std::size_t i = 1; i < records.size(); ++i) {
    const RunRecord& record = records[i];
    const auto at = static_cast<qsizetype>(i);
    if (const QString reason = unjudged(base, record); reason.isEmpty()) addRun(base, record, steps, comparison.metrics);
    else addUnjudged(base, record, steps, reason, comparison.metrics);
    noteDifferences(base, record, comparison.notes);
    comparison.runs[at].verdict = latencyVerdict(comparison.metrics, at);
    if (changeOf(comparison.metrics, QLatin1String("error_rate"), at).verdict == Verdict::Higher)
      comparison.notes.append(QStringLiteral("Run %1 has more errors, which may be quicker than answers: judge its latencies with care.").arg(record.id));
  }
  return comparison;
}

}  // namespace cachedeck::runs
