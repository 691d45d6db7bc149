// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/report_look.h"

namespace cachedeck {

/// The Overview's panels and the theme's two palettes, as exports take them. Needs no window.
const snapshot::ReportLook& reportLook();

}  // namespace cachedeck
