// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QLoggingCategory>

namespace cachedeck {

Q_DECLARE_LOGGING_CATEGORY(lcSource)
Q_DECLARE_LOGGING_CATEGORY(lcSandbox)
Q_DECLARE_LOGGING_CATEGORY(lcApp)

/// Sends Qt's messages, redacted, one line each with time and category, to `file` (0600, one old copy kept past 4 MiB)
/// and warnings also to standard error. An empty path keeps standard error only.
void installLog(const QString& file);

/// Where the log lies by default: $XDG_STATE_HOME/cachedeck/cachedeck.log.
QString defaultLogFile();

}  // namespace cachedeck
