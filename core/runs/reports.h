// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_record.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace cachedeck::runs {

// A run told to people and programs. Texts of servers are plain and printable in all of them.

/// As k6 ends: thresholds with ✓ and ✗, checks, figures, steps, failures. UTF-8, lines of at most some 120 characters.
QString terminalSummary(const RunRecord& record);
/// The same with headings and tables, for a ticket.
QString markdownReport(const RunRecord& record);
/// {"result" (outcomeWord()), "requests", "errors", "rps", "mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms" (null: nothing was timed), "hit_ratio" (0 to 1, null: nothing was looked up), "dropped", "thresholds": [{"metric",
/// "expression", "passed", "known", "value"}], "valid", "limited" (why not valid, or null), "failures": {kind: count}, "seconds": [{…}], "steps": […], "id", "scenario" …}
QJsonObject resultJson(const RunRecord& record);
/// The seconds as CSV (RFC 4180, a header line, numbers only; a latency is empty where no request ended).
QByteArray secondsCsv(const RunRecord& record);

/// Why the run's result does not count: the generator was the bottleneck, or the run failed or broke off; empty: it counts.
QString invalidReason(const RunRecord& record);
/// A threshold's value in the unit of its metric: "43.1 ms", "0.12 %", "85".
QString thresholdValue(const load::ThresholdVerdict& verdict);

}  // namespace cachedeck::runs
