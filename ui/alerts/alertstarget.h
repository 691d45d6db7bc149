// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <optional>

namespace cachedeck {

/// Whose alerts are shown.
struct AlertsTarget {
  QString profile, environment;  ///< names
  std::optional<SourceSettings> prometheus, alertmanager;
  QString configFolder;          ///< of the key that seals the journal
};

}  // namespace cachedeck
