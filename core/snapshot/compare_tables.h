// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/compare.h"
#include "core/snapshot/report_tables.h"

namespace cachedeck::snapshot {

// What text, Markdown and HTML of a comparison have in common.

ReportTable comparedFiguresTable(const SnapshotComparison& comparison);
/// One line a cell that changed.
ReportTable changesTable(const TableChanges& changes, const QString& empty);
ReportTable comparedScoreTable(const SnapshotComparison& comparison);
/// The tables of settings that changed; what stands in their place where there are none, else empty.
QList<TableChanges> changedTables(const SnapshotComparison& comparison);
QString settingsSentence(const SnapshotComparison& comparison);
/// "Figures: 3 better, 1 worse, 20 within noise …"
QString comparisonSum(const SnapshotComparison& comparison);
/// "first: Before the change, 2026-11-29 …"
QStringList comparisonSides(const Snapshot& before, const Snapshot& after);
/// "+4.2 %", "–"
QString percentText(double percent);
/// "+1.50 ms", of shares in points.
QString differenceText(double difference, Unit unit);

}  // namespace cachedeck::snapshot
