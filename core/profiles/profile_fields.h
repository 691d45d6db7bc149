// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <QMap>

#include <span>

namespace cachedeck {

constexpr char serviceUrlField[] = "service_url", maxUsersField[] = "max_users", maxRateField[] = "max_rate", recordField[] = "record";

/// The fields of a profile itself, beside those of its servers: what load runs put under load and how much it may have, and whether its figures are kept.
std::span<const FieldInfo> profileFields();

/// A profile's limit of load runs, maxUsersField or maxRateField; 0: there is none; below 0: it is no number, and nothing is permitted.
int limitOf(const QMap<QString, QString>& profileFields, const char* key);
/// Whether a limit permits less than another one.
constexpr bool isTighter(double limit, double than) { return limit != 0 && (than == 0 || limit < than); }

}  // namespace cachedeck
