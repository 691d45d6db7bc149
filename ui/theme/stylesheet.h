// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

namespace cachedeck {

/// The style sheet of the standard widgets in one scheme. Buttons may carry the property `kind`: "primary", "danger",
/// "quiet" (no frame) or "pill"; labels the property `tone`: "secondary", "quiet", "good", "warning", "critical".
QString styleSheet(const Palette& palette);

}  // namespace cachedeck
