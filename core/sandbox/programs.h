// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace cachedeck {

/// The first of the programs that lies beside this one, is on PATH, or in PostgreSQL's own folders (newest first); empty when
/// none is installed.
QString findProgram(const QStringList& names);

}  // namespace cachedeck
