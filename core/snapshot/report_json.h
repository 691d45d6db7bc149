// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/figures.h"

#include <QJsonObject>

namespace cachedeck::snapshot {

// Parts of the JSON that exports and comparisons share.

QJsonObject toJson(const Figure& figure);
/// {"id", "title", "note", "taken", "taken_ms", "from", "from_ms", "to", "to_ms", "console", "profile", "environment"}
QJsonObject headJson(const Snapshot& snapshot);
QJsonObject toJson(const FactTable& table);
/// A text as it may leave the program.
QString safe(const QString& text);

}  // namespace cachedeck::snapshot
