// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/report_tables.h"

namespace cachedeck::snapshot {

/// A table of GitHub's Markdown, at most so many rows of it and how many more there are.
QString markdownTable(const ReportTable& table, qsizetype mostRows);
QString markdownSection(const ReportTable& table, qsizetype mostRows);
QString markdownScorecard(const runs::Scorecard& card, const QString& of);

}  // namespace cachedeck::snapshot
