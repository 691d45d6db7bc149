// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace cachedeck::recording {

/// Renames a damaged recording, with its log of writes, to PATH.damaged-TIME, and removes one that was set aside earlier, so that the disk does not fill with them.
/// The new name.
Result<QString> setRecordingAside(const QString& path, qint64 nowMs);

}  // namespace cachedeck::recording
