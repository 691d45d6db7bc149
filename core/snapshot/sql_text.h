// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck::snapshot {

/// SQL with each string literal as '…', without comments, on one line. pg_stat_statements puts $1 in place of what varies, but not in all statements:
/// CREATE ROLE … PASSWORD 'secret' stands there as it was sent. What follows an unfinished literal is left out.
QString withoutLiterals(const QString& sql);

}  // namespace cachedeck::snapshot
