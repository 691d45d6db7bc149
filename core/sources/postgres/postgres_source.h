// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

namespace cachedeck {

/// The registry row of this kind.
SourceInfo postgresSourceInfo();

}  // namespace cachedeck
