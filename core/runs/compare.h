// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/runs/run_record.h"

#include <QJsonObject>

#include <limits>
#include <span>

namespace cachedeck::runs {

/// What a change is. Latencies become faster or slower, all other figures higher or lower.
enum class Verdict { Faster, Slower, Higher, Lower, Mixed, WithinNoise, NotJudged };
/// "faster", "within noise", …
QString verdictText(Verdict verdict);

/// A metric of one run, held against the first.
struct Change {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  double value = none;       ///< in the metric's unit (ratios in percent); NaN: not measured
  double difference = none;  ///< from the first run's value
  double percent = none;     ///< the same of the first run's value
  double low = none, high = none;  ///< 95 % interval of the difference; NaN: there are too few samples for one
  Verdict verdict = Verdict::NotJudged;
  int better = 0;            ///< 1 an improvement, -1 the opposite, 0 neither
  QString reason;            ///< why there is no interval, or empty
};

struct ComparedMetric {
  QString id;    ///< "p95", "rps", "error_rate", "hit_ratio", "step:list p95"
  QString name;  ///< "p95 of list"
  Unit unit = Unit::Seconds;
  QList<Change> runs;  ///< one a run, in the order given; the first has a value only
};

struct ComparedRun {
  QString id, scenario, url, cache, note;  ///< the note keeps its lines
  qint64 startedMs = 0;
  Verdict verdict = Verdict::NotJudged;  ///< of mean, p50, p95 and p99 together; the first run's is never judged
};

struct Comparison {
  QList<ComparedRun> runs;
  QList<ComparedMetric> metrics;
  QStringList notes;  ///< what makes the comparison less than fair: other targets, a limited generator, more errors …
};

/// Two or more runs, each against the first. The same runs give the same intervals. Takes some tenths of a second a run: not on the window's thread.
/// A change is called one where its 95 % interval leaves out 0 and it is at least 1 % of the first run's value.
Comparison compare(std::span<const RunRecord> records);

/// Aligned for a terminal; `columns` of Markdown; {"runs": […], "metrics": […], "notes": […]}, latencies in ms, ratios 0 to 1.
QString comparisonText(const Comparison& comparison);
QString comparisonMarkdown(const Comparison& comparison);
QJsonObject toJson(const Comparison& comparison);

}  // namespace cachedeck::runs
