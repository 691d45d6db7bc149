// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// A key's name as lists show it: escaped, at most `longest` characters, then an ellipsis. Cheap for names of any length.
QString shownKey(const QByteArray& name, qsizetype longest = 256);
/// "2 h 5 min" of a time left; "no TTL" for -1.
QString ttlText(qint64 ms);

}  // namespace cachedeck
