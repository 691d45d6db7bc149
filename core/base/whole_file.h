// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace cachedeck {

/// A file that a person named: written whole, or the one that was there stays. Io error with the reason. Blocks for the disk.
Result<void> writeWhole(const QByteArray& bytes, const QString& path);

}  // namespace cachedeck
