// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace cachedeck {

/// Where profiles and settings lie: $XDG_CONFIG_HOME/cachedeck, else ~/.config/cachedeck.
QString configDirectory();

/// Makes the folder with mode 0700, or takes the group's and others' rights away. Permission error when it belongs to
/// another user, who could change where passwords are sent.
Result<void> makePrivateFolder(const QString& path);

/// The whole file, at most `largest` bytes; wider modes are narrowed to 0600. NotFound when there is none.
Result<QByteArray> readPrivateFile(const QString& path, qint64 largest);

/// Replaces the file in one step (temporary file, sync, rename, folder sync), mode 0600. A device, FIFO or socket is refused and stays.
Result<void> writePrivateFile(const QString& path, const QByteArray& bytes);

/// Saves a damaged file's bytes beside it as NAME.bad-DIGEST, once for the same content. Returns that file's name.
Result<QString> keepAside(const QString& path);

/// Runs `change` while PATH.lock is held, so that two instances do not write at once. Busy when the other one does not
/// let go within a quarter of a second.
Result<void> underLock(const QString& path, const std::function<Result<void>()>& change);

}  // namespace cachedeck
