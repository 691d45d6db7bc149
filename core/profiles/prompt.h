// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/profiles/secrets.h"

#include <QString>

namespace cachedeck {

/// Asks on the terminal without showing what is typed. Usage error when `input` is not a terminal, Cancelled at Ctrl-C,
/// Ctrl-D or an empty answer. The terminal is as before in every case.
Result<Secret> promptSecret(const QString& question, int input = 0, int output = 2);

/// For commands: the settings of all enabled sources; what is missing is asked for, and good for this session. Fails like
/// promptSecret(), with the reason why the password was not found as the detail.
Result<ResolvedSettings> resolveOrAsk(Secrets& secrets, const Profile& profile, int input = 0, int output = 2);

}  // namespace cachedeck
