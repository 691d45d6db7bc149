// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/dir_lock.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace cachedeck {

static const QByteArray mark = "cachedeck-sandbox ";  // in the lock file, before the holder's pid

QString lockFile(const QString& dir) { return dir + QStringLiteral("/lock"); }

bool isSandbox(const QString& dir) {
  QFile file(lockFile(dir));
  return file.open(QIODevice::ReadOnly) && file.readLine(200).startsWith(mark);
}

void emptyExceptLock(const QString& dir) {
  const QFileInfoList entries = QDir(dir).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
  for (const QFileInfo& entry : entries) {
    if (entry.fileName() == QStringLiteral("lock")) continue;
    if (entry.isDir() && !entry.isSymLink()) QDir(entry.absoluteFilePath()).removeRecursively();
    else QFile::remove(entry.absoluteFilePath());
  }
}

Error cannotUse(const QString& dir, const QString& why) {
  return fail(Error::Kind::Io, QStringLiteral("The sandbox's directory %1 cannot be used: %2.").arg(dir, why));
}

Result<int> takeLock(const QString& dir) {
  Descriptor lock{::open(QFile::encodeName(lockFile(dir)).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (lock.fd < 0) return cannotUse(dir, qt_error_string(errno));
  // A moment's patience: whoever asks for the holder takes it briefly.
  for (int attempt = 0; ::flock(lock.fd, LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (attempt == 20)
      return fail(Error::Kind::Usage, QStringLiteral("A sandbox runs in %1 already. Stop it with: cachedeck sandbox down --dir %1").arg(dir));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const QByteArray text = mark + QByteArray::number(::getpid()) + '\n';
  if (::ftruncate(lock.fd, 0) != 0 || ::pwrite(lock.fd, text.constData(), static_cast<size_t>(text.size()), 0) != text.size())
    return cannotUse(dir, qt_error_string(errno));
  return lock.release();
}

pid_t sandboxHolder(const QString& dir) {
  const Descriptor lock{::open(QFile::encodeName(lockFile(dir)).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (lock.fd < 0 || ::flock(lock.fd, LOCK_SH | LOCK_NB) == 0) return 0;
  char text[64] = {};
  const ssize_t got = ::pread(lock.fd, text, sizeof text - 1, 0);
  const QByteArray line(text, qMax<ssize_t>(0, got));
  return line.startsWith(mark) ? static_cast<pid_t>(line.mid(mark.size()).trimmed().toInt()) : 0;
}

}  // namespace cachedeck
