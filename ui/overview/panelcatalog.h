// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panelinfo.h"

#include <span>

namespace cachedeck {

/// The panels of the Overview, in their order on the page. A further chart of known metrics is one more row.
std::span<const PanelInfo> panelCatalog();

}  // namespace cachedeck
