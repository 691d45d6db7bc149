// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

namespace cachedeck {

/// The URL that `--redis URL` or `--postgres URL` reads these settings from, without their secrets; empty where they cannot be used.
QString serverUrl(const QString& source, const SourceSettings& settings);

}  // namespace cachedeck
