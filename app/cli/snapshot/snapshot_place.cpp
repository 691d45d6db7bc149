// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/snapshot_place.h"

#include "core/base/whole_file.h"

#include <QFileInfo>

namespace cachedeck {

Result<void> checkSnapshotPlace(const QString& file) {
  const QFileInfo place(file), folder(place.absolutePath());
  if (place.isDir()) return fail(Error::Kind::Usage, QStringLiteral("%1 is a folder. Name a file in it, such as %1/now.cdsnap.").arg(file));
  // By this name the console finds it again.
  if (!file.endsWith(QLatin1String(".cdsnap"), Qt::CaseInsensitive))
    return fail(Error::Kind::Usage, QStringLiteral("%1 does not end in .cdsnap, as the name of a snapshot does. Name one that does; “cachedeck snapshot export” writes it in other formats.").arg(file));
  if (isStream(file)) return fail(Error::Kind::Usage, QStringLiteral("%1 is a device, a pipe or a socket. Name a file.").arg(file));
  if (!folder.isDir()) return fail(Error::Kind::Io, QStringLiteral("There is no folder %1 for the snapshot. Make it first.").arg(folder.filePath()));
  if (!folder.isWritable()) return fail(Error::Kind::Io, QStringLiteral("The folder %1 cannot be written. Name a file elsewhere, or change its rights.").arg(folder.filePath()));
  return {};
}

}  // namespace cachedeck
