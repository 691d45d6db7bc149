// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck {

/// Whether a snapshot can be written to this file: said before the time that it is of, not after it.
Result<void> checkSnapshotPlace(const QString& file);

}  // namespace cachedeck
