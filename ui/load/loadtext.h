// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/scenario.h"
#include "core/runs/run_outcome.h"

#include <QColor>

namespace cachedeck {

/// "passed", "failed", "stopped" …: as commands and reports call it.
QString outcomeName(runs::RunOutcome outcome);
/// What the word rests on: "1 of 2 thresholds crossed", "no threshold crossed so far"; empty: nothing more.
QString outcomeDetail(const runs::RunRecord& run);
/// Its shape (a name of resources/icons) and colour.
QString outcomeIcon(runs::RunOutcome outcome);
QColor outcomeColour(runs::RunOutcome outcome);

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

}  // namespace cachedeck
