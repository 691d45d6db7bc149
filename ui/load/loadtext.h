// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_summary.h"
#include "ui/load/loadtarget.h"

namespace cachedeck {

/// What came of a run.
enum class RunVerdict { UnderWay, Passed, Failed, Invalid, Interrupted, NotJudged };
RunVerdict verdictOf(const runs::RunSummary& run);
/// "passed", "failed", "not valid", …
QString verdictWord(RunVerdict verdict);
/// Its shape (a name of resources/icons) and colour.
QString verdictIcon(RunVerdict verdict);
QColor verdictColour(RunVerdict verdict);

/// A text of the engine (UTF-8, from servers too), printable.
QString engineText(const std::string& text, qsizetype longest = 300);
/// "12.4 ms", of milliseconds.
QString millisText(double ms);
/// "94.2 %" of 0.942; an en dash below 0.
QString ratioText(double ratio);
/// "1 min 30 s" of a schedule.
QString lengthText(load::Millis length);
/// "0:42", "1:02:03": of a run's clock.
QString clockText(qint64 ms);
/// "0 → 10 → 50 → 0 users", "50 users", "100 iterations/s": how much load.
QString levelText(const load::Executor& executor);
/// "ramping users", "constant rate": how load is made.
QString modelText(const load::Executor& executor);
/// "The cache is left as it is", …
QString preparationText(const load::Scenario& scenario);
QString eventText(const load::Event& event);
/// The factor as its button says it: "1×", "½", "¼", "1/10".
QString scaleText(double factor);
/// The host of the URL, which has to be typed in production; empty: it has none.
QString hostOf(const QString& url);
/// Why a URL cannot be put under load; empty: it can.
QString urlProblem(const QString& url);

/// The `cachedeck load run …` that does the same. `file`: of an own scenario. Secrets are named, never written.
QString loadCommand(const LoadTarget& target, const RunRequest& request, const QString& file);

}  // namespace cachedeck
