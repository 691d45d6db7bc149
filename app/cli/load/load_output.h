// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/runs/run_record.h"

#include <span>
#include <string>

namespace cachedeck {

/// What the results of load runs are written as.
enum class LoadForm { Text, Markdown, Json, Csv };

/// What --format says, else the ending of --out, else `usual`. Usage error for a form that is not among `offered`, in `format` as in an ending that stands for a form.
Result<LoadForm> loadForm(const std::string& format, const std::string& out, LoadForm usual, std::span<const LoadForm> offered);
/// "text, md, json": as --format takes them.
QString formNames(std::span<const LoadForm> offered);
QByteArray reportOf(const runs::RunRecord& record, LoadForm form);
/// Usage error where nothing could be written to a file of this name: said before a run of a day, not after it.
Result<void> mayBeWritten(const std::string& out);

}  // namespace cachedeck
