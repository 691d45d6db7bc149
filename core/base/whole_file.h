// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace cachedeck {

/// Whether a path leads to what is written to and never replaced: a device, a FIFO, a socket; by way of a link as well.
bool isStream(const QString& path);

/// A file that a person named: written whole, or the one that was there stays; behind a link the file that it leads to. A new one is its owner's alone (0600), since it names hosts, keys and SQL; one that
/// was there keeps its mode. A stream is written straight into, and stays what it is. Io error with the reason. Blocks for the disk, and for the reader of a FIFO.
Result<void> writeWhole(const QByteArray& bytes, const QString& path);

/// As writeWhole(), but what was there becomes its owner's alone as well.
Result<void> writeWholeForOwner(const QByteArray& bytes, const QString& path);

}  // namespace cachedeck
