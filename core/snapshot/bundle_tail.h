// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace cachedeck::snapshot {

/// Looks at the end of a zip before libzip does: that there is one, and that its directory is not larger than `mostMembers`, so that
/// no memory is taken for a million of them. Tells a file that was cut off from one that never was a zip.
Result<void> checkTail(int fd, qint64 fileBytes, int mostMembers);

}  // namespace cachedeck::snapshot
