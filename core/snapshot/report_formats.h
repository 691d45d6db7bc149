// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/report_look.h"
#include "core/snapshot/snapshot.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>

namespace cachedeck::snapshot {

struct ReportOptions {
  QString panel;             ///< id of the one panel that pictures show; empty: all
  std::optional<bool> dark;  ///< colours; without: what fits the format
};

/// A way to write a snapshot for others. One row a format.
struct ReportFormat {
  const char* id;      ///< "csv", as on the command line
  const char* title;   ///< (translatable "Snapshots")
  const char* suffix;  ///< of its files, with the dot
  bool isText;         ///< fit for standard output
  bool isPicture;      ///< of one panel too
  /// Errors: Usage for a panel that there is not.
  Result<QByteArray> (*write)(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options);
};

/// The formats that need no fonts: csv, json, md, html, svg. png and pdf are the user interface's.
std::span<const ReportFormat> textFormats();

QByteArray snapshotCsv(const Snapshot& snapshot);
QByteArray snapshotJson(const Snapshot& snapshot);
QByteArray snapshotMarkdown(const Snapshot& snapshot);
QByteArray snapshotHtml(const Snapshot& snapshot, const ReportLook& look, std::optional<bool> dark = {});
/// The panels that the options name; Usage when there is none of that id.
Result<QList<ChartPanel>> chosenPanels(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options);
/// All panels of the report on one sheet, or the one that is named.
Result<QByteArray> snapshotSvg(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options);

}  // namespace cachedeck::snapshot
