// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_formats.h"

#include <QtGlobal>

#include <array>

namespace cachedeck::snapshot {

namespace {

#define TR(text) QT_TRANSLATE_NOOP("Snapshots", text)
using Answer = Result<QByteArray>;
constexpr std::array rows = std::to_array<ReportFormat>({
    {"html", TR("Report to read (HTML)"), ".html", true, false,
     [](const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options) -> Answer { return snapshotHtml(snapshot, look, options.dark); }},
    {"md", TR("Summary for a ticket (Markdown)"), ".md", true, false, [](const Snapshot& snapshot, const ReportLook&, const ReportOptions&) -> Answer { return snapshotMarkdown(snapshot); }},
    {"csv", TR("Series for a spreadsheet (CSV)"), ".csv", true, false, [](const Snapshot& snapshot, const ReportLook&, const ReportOptions&) -> Answer { return snapshotCsv(snapshot); }},
    {"json", TR("Everything for a program (JSON)"), ".json", true, false, [](const Snapshot& snapshot, const ReportLook&, const ReportOptions&) -> Answer { return snapshotJson(snapshot); }},
    {"svg", TR("Charts (SVG)"), ".svg", true, true, snapshotSvg},
});
#undef TR

}  // namespace

std::span<const ReportFormat> textFormats() { return rows; }

}  // namespace cachedeck::snapshot
