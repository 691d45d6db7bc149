// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

/// Whether a host is this machine by its text alone: "localhost" and names below it (RFC 6761), a loopback address, and 0.0.0.0 or ::, which a connection takes for this machine. Nothing is looked
/// up, so that a name that resolves to this machine counts as elsewhere. Without brackets.
bool isThisMachine(const QString& host);

/// One text for one host, whichever way it is written: "localhost" for this machine, an address in its usual form, a name in small letters without a dot at its end.
QString plainHost(const QString& host);

}  // namespace cachedeck
