// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QtGlobal>

namespace cachedeck {

/// TCP ports of 127.0.0.1 on which nothing listens, all different; fewer than asked for when the machine has no more.
/// Taken from below the range that the kernel gives to outgoing connections, so that a server which is started again
/// later still finds its port free.
QList<quint16> freePorts(int count);

/// True when nothing of this machine listens on the loopback port.
bool portIsFree(quint16 port);

}  // namespace cachedeck
