// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/owned_file.h"

namespace cachedeck::recording {

/// The right to write a recording, held until the handle closes, which a killed process's does as well. Busy, with the other one's process id, when somebody has it.
/// A file of its own: closing any descriptor of the database itself would drop the locks that SQLite holds on it in this process.
Result<FileHandle> lockRecording(const QString& path);
/// Whether somebody holds it now.
bool isBeingRecorded(const QString& path);

}  // namespace cachedeck::recording
