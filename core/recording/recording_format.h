// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/sqlite_file.h"

namespace cachedeck::recording {

/// A file with a higher number was written by a newer version, and is neither written nor read here.
inline constexpr int formatVersion = 1;

/// Makes the tables of an empty file in one transaction, or checks that the file is a recording of this version. Usage error where it is something else, or newer.
Result<void> prepareFormat(SqliteFile& file);
/// Only checks. NotFound where the file is still empty.
Result<void> checkFormat(SqliteFile& file);

/// Opens a recording and checks it. NotFound where there is none, or nothing in it.
Result<std::unique_ptr<SqliteFile>> openToRead(const QString& path);

/// A named value of the file itself: "profile", "environment", "rows", "open".
Result<QVariant> fact(SqliteFile& file, const QString& name);
Result<void> setFact(SqliteFile& file, const QString& name, const QVariant& value);

}  // namespace cachedeck::recording
