// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// shownKey(), in quotes where a name is empty or has a blank at an end, which nobody would see otherwise. A quote of the name itself is escaped, so that no other name looks so.
QString listedName(const QByteArray& name, qsizetype longest = 256);

}  // namespace cachedeck
