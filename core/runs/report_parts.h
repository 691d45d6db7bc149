// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/reports.h"
#include "core/runs/text_table.h"

#include <utility>

namespace cachedeck::runs {

// What the summary on the terminal and the report in Markdown have in common.

using Facts = QList<std::pair<QString, QString>>;  ///< name and text

QString titleOf(const RunRecord& record);
Facts factsOf(const RunRecord& record);
Facts figureFacts(const RunRecord& record);
QString msText(double ns);
/// "mean=12.1 ms  p50=…"
QString latencyText(const load::StepFigures& step);
TextTable stepTable(const RunRecord& record);
TextTable failureTable(const RunRecord& record);
QString endText(const RunRecord& record);

}  // namespace cachedeck::runs
