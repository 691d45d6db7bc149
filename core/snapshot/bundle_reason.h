// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck::snapshot {

/// What is wrong with a file, as a clause without a full stop, and what to do, as a sentence; without advice the general one stands in.
Error reason(QString clause, QString advice = {});
/// A reason as a sentence about the file. Other errors, which name it by themselves, pass.
Error inFile(const QString& path, const Error& error);

/// "12.5 MiB", "731 bytes".
QString sizeText(qint64 bytes);

}  // namespace cachedeck::snapshot
