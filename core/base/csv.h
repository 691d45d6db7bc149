// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

/// A text as a cell of CSV (RFC 4180) that a spreadsheet cannot take for a formula: an apostrophe goes before what begins like one. Taking one away always gives
/// the text back.
QString csvText(QString text);

}  // namespace cachedeck
