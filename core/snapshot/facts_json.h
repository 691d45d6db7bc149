// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/snapshot.h"

#include <QByteArray>

namespace cachedeck::snapshot {

/// What no file can hold, as a clause: its id, rows of other length; empty where it is good.
QString factsFault(const FactTable& table);

/// {"id", "title", "keys", "columns": [{"title", "number", "unit"} …], "rows": [[cell …] …]}. A column of numbers with a cell that is none is written as text.
QByteArray factsBytes(const FactTable& table);
/// Reasons name the member, the row and the column. Its values are taken from `left`.
Result<FactTable> factsFromBytes(const QByteArray& bytes, const QByteArray& id, JsonRoom& left);

}  // namespace cachedeck::snapshot
