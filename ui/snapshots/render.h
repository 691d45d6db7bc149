// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/report_formats.h"

#include <vector>

namespace cachedeck {

/// A picture of the charts with two dots a pixel; of the one panel that the options name, else of all. Dark unless the options say otherwise. Needs a QGuiApplication.
Result<QByteArray> snapshotPng(const snapshot::Snapshot& snapshot, const snapshot::ReportLook& look, const snapshot::ReportOptions& options);

/// A document of A4 pages with vector charts and text: title, charts, scorecard, figures, actions, runs, facts. Light unless the options say otherwise. Needs a QGuiApplication.
Result<QByteArray> snapshotPdf(const snapshot::Snapshot& snapshot, const snapshot::ReportLook& look, const snapshot::ReportOptions& options);

/// Every format, pictures and documents among them.
const std::vector<snapshot::ReportFormat>& reportFormats();
/// The row of an id ("pdf"), or nullptr.
const snapshot::ReportFormat* findReportFormat(const QString& id);

}  // namespace cachedeck
