// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"
#include "core/journal/journal_file.h"

#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace cachedeck {

namespace {

Result<FileHandle> newFileAside(const QString& path, qint64 nowMs, QString& name) {
  const QString stem = path + QStringLiteral(".torn-") + utc(nowMs).toString(QStringLiteral("yyyyMMdd'T'HHmmsszzz'Z'"));
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = attempt == 0 ? stem : QStringLiteral("%1-%2").arg(stem).arg(attempt);
    if (!QFileInfo::exists(name)) return openOwned(name, O_WRONLY | O_CREAT | O_EXCL);
  }
  return fileError(stem, "made", EEXIST);
}

Result<void> copyRange(int from, qint64 begin, qint64 end, int to, const QString& toName) {
  QByteArray block(64 << 10, Qt::Uninitialized);
  while (begin < end) {
    const ssize_t got = pread(from, block.data(), static_cast<size_t>(qMin<qint64>(block.size(), end - begin)), begin);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fileError(toName, "filled", got < 0 ? errno : EIO);
    if (const int error = writeFully(to, block.left(got)); error != 0) return fileError(toName, "written", error);
    begin += got;
  }
  if (fsync(to) != 0) return fileError(toName, "synced", errno);
  return {};
}

}  // namespace

Result<QString> JournalFile::setTornAside(const JournalTail& tail, qint64 nowMs) {
  QString name;
  const auto aside = newFileAside(m_path, nowMs, name);
  if (!aside) return aside.error();
  if (auto copied = copyRange(m_file.fd(), tail.wholeEnd, tail.fileEnd, aside->fd(), name); !copied) return copied.error();
  syncFolderOf(name);
  if (ftruncate(m_file.fd(), tail.wholeEnd) != 0 || fdatasync(m_file.fd()) != 0) return fileError(m_path, "shortened", errno);
  return name;
}

}  // namespace cachedeck
