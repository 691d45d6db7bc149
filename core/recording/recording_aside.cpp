// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_aside.h"

#include "core/base/instants.h"
#include "core/journal/owned_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace cachedeck::recording {

namespace {

void removeEarlier(const QString& path, const QString& kept) {
  const QFileInfo info(path);
  const QDir folder = info.absoluteDir();
  const QString stem = info.fileName() + QStringLiteral(".damaged-");
  const QStringList names = folder.entryList(QDir::Files);
  for (const QString& name : names)
    if (name.startsWith(stem) && !folder.filePath(name).startsWith(kept)) QFile::remove(folder.filePath(name));
}

}  // namespace

Result<QString> setRecordingAside(const QString& path, qint64 nowMs) {
  const QString full = QFileInfo(path).absoluteFilePath();
  const QString aside = full + QStringLiteral(".damaged-") + utc(nowMs).toString(QStringLiteral("yyyyMMdd-HHmmsszzz"));
  QFile file(full);
  if (!file.rename(aside)) return fail(Error::Kind::Io, QStringLiteral("The recording %1 is damaged and could not be set aside: %2. Move it away.").arg(full, file.errorString()));
  // What was committed and not yet moved into the file is in the log beside it.
  QFile::rename(full + QStringLiteral("-wal"), aside + QStringLiteral("-wal"));
  QFile::remove(full + QStringLiteral("-shm"));
  removeEarlier(full, aside);
  syncFolderOf(full);
  return aside;
}

}  // namespace cachedeck::recording
