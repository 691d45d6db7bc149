// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_arguments.h"

namespace cachedeck {

/// The names that --sql and --template stand for, from the profile's PostgreSQL.
Result<QList<QByteArray>> namesOfQuery(const KeysArguments& arguments, Secrets& secrets);

}  // namespace cachedeck
