// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/load/loadtarget.h"

namespace cachedeck {

/// The `cachedeck load run …` that does the same. `file`: of an own scenario. Secrets never stand in it.
QString loadCommand(const LoadTarget& target, const RunRequest& request, const QString& file);
/// The variables of the environment that this command takes its secrets from; empty: it needs none.
QStringList commandSecrets(const LoadTarget& target, const RunRequest& request);

}  // namespace cachedeck
