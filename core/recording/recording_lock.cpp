// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_lock.h"

#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace cachedeck::recording {

namespace {

QString lockFileOf(const QString& path) {
  const QFileInfo info(path);
  return info.absolutePath() + QStringLiteral("/.") + info.fileName() + QStringLiteral(".lock");
}

qint64 holderOf(int fd) {
  char text[32] = {};
  const ssize_t got = pread(fd, text, sizeof text - 1, 0);
  return got > 0 ? QByteArray(text, got).trimmed().toLongLong() : 0;
}

Error held(const QString& path, qint64 holder) {
  return fail(Error::Kind::Busy, QStringLiteral("Another Cachedeck (process %1) records into %2, so this one does not. End that one, or name another file.").arg(holder).arg(path));
}

}  // namespace

Result<FileHandle> lockRecording(const QString& path) {
  auto file = openOwned(lockFileOf(path), O_RDWR | O_CREAT);
  if (!file) return file;
  // A moment's patience: whoever asks whether it is held takes it briefly.
  for (int attempt = 0; flock(file->fd(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (errno != EWOULDBLOCK) return fileError(lockFileOf(path), "locked", errno);
    if (attempt == 20) return held(path, holderOf(file->fd()));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // The process id is for people; on a full disk it is left out.
  const QByteArray holder = QByteArray::number(getpid()) + '\n';
  if (ftruncate(file->fd(), 0) == 0) writeFully(file->fd(), holder);
  return file;
}

bool isBeingRecorded(const QString& path) {
  const auto file = openRegular(lockFileOf(path), O_RDONLY);
  return file && flock(file->fd(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace cachedeck::recording
