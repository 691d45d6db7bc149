// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <span>

namespace cachedeck {

constexpr char serviceUrlField[] = "service_url", maxUsersField[] = "max_users", maxRateField[] = "max_rate", recordField[] = "record";

/// The fields of a profile itself, beside those of its servers: what load runs put under load and how much it may have, and whether its figures are kept.
std::span<const FieldInfo> profileFields();

}  // namespace cachedeck
