// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal_file.h"

#include "core/base/clock.h"
#include "core/journal/chain.h"
#include "core/profiles/privatefile.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cachedeck {

namespace {

constexpr std::chrono::seconds lockPatience{10};
constexpr std::chrono::milliseconds lockPause{5};

Result<void> lock(int fd, int how, const QString& path) {
  const Deadline deadline(lockPatience);
  while (flock(fd, how | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fileError(path, "locked", errno);
    if (deadline.expired()) return fail(Error::Kind::Busy, QStringLiteral("Another process has held %1 for %2 s. Try again.").arg(path, QString::number(lockPatience.count())));
    std::this_thread::sleep_for(lockPause);
  }
  return {};
}

// Somebody may have moved the file away while the lock was waited for: lines must not go to where nobody looks.
bool isStillThere(int fd, const QString& path) {
  struct stat open {}, named {};
  return fstat(fd, &open) == 0 && lstat(QFile::encodeName(path).constData(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

Result<void> ownFolder(const QString& path) {
  const QString folder = QFileInfo(path).absolutePath();
  struct stat found {};
  // The like of /tmp: taking other users' rights away there would do harm.
  if (stat(QFile::encodeName(folder).constData(), &found) == 0 && (found.st_mode & S_ISVTX) != 0)
    return fail(Error::Kind::Usage, QStringLiteral("%1 is a folder that all users share. The journal needs one of its own.").arg(folder));
  return makePrivateFolder(folder);
}

}  // namespace

Result<JournalFile> JournalFile::toAppend(const QString& path) {
  if (auto folder = ownFolder(path); !folder) return folder.error();
  constexpr int attempts = 10;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto file = openOwned(path, O_RDWR | O_CREAT | O_APPEND);
    if (!file) return file.error();
    if (auto locked = lock(file->fd(), LOCK_EX, path); !locked) return locked.error();
    if (isStillThere(file->fd(), path)) return JournalFile(path, std::move(*file));
  }
  return fail(Error::Kind::Busy, QStringLiteral("%1 is moved away again and again. Nothing was written.").arg(path));
}

Result<JournalFile> JournalFile::toRead(const QString& path) {
  auto file = openRegular(path, O_RDONLY);
  if (!file) return file.error();
  if (auto locked = lock(file->fd(), LOCK_SH, path); !locked) return locked.error();
  return JournalFile(path, std::move(*file));
}

Result<qint64> JournalFile::size() const {
  struct stat found {};
  if (fstat(m_file.fd(), &found) != 0) return fileError(m_path, "read", errno);
  return qint64{found.st_size};
}

Result<JournalTail> JournalFile::tail() const {
  const auto end = size();
  if (!end) return end.error();
  LinesFromEnd lines(m_file.fd(), *end, largestJournalLine);
  auto line = lines.next();
  JournalTail tail{{}, line ? line->begin : 0, *end};
  if (line && line->begin > 0) line = lines.next();
  // A file system that had the length on disk before the bytes leaves zeros, which no line contains.
  if (line && line->bytes.contains('\0')) {
    tail.wholeEnd = line->begin;
    line = line->begin > 0 ? lines.next() : std::nullopt;
  }
  if (lines.error() != 0) return fileError(m_path, "read", lines.error());
  if (line && line->begin < tail.wholeEnd) tail.lastLine = line->bytes;
  return tail;
}

Result<void> JournalFile::append(const QByteArray& bytes) {
  const auto before = size();
  if (!before) return before.error();
  int error = writeFully(m_file.fd(), bytes);
  if (error == 0 && fdatasync(m_file.fd()) != 0) error = errno;
  if (error != 0) {
    // Should this fail too, the next append finds a torn line.
    if (ftruncate(m_file.fd(), *before) == 0) fdatasync(m_file.fd());
    return fileError(m_path, "written", error);
  }
  if (*before == 0) syncFolderOf(m_path);
  return {};
}

Result<void> JournalFile::forEachLine(const std::function<bool(const QByteArray&, bool)>& visit) const {
  QFile file;
  if (!file.open(m_file.fd(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle))
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be read: %2.").arg(m_path, file.errorString()));
  while (true) {
    QByteArray line = file.readLine(largestJournalLine + 1);
    if (line.isEmpty()) break;
    const bool whole = line.endsWith('\n');
    if (whole) line.chop(1);
    const bool tooLong = !whole && line.size() > largestJournalLine;
    if (!visit(tooLong ? QByteArray() : line, whole || tooLong)) return {};
  }
  if (file.error() != QFileDevice::NoError) return fail(Error::Kind::Io, QStringLiteral("%1 could not be read: %2.").arg(m_path, file.errorString()));
  return {};
}

Result<void> JournalFile::forEachLineFromEnd(const std::function<bool(const QByteArray&)>& visit) const {
  const auto end = size();
  if (!end) return end.error();
  LinesFromEnd lines(m_file.fd(), *end, largestJournalLine);
  lines.next();  // what follows the last newline is no whole line
  while (const auto line = lines.next())
    if (!visit(line->bytes)) return {};
  if (lines.error() != 0) return fileError(m_path, "read", lines.error());
  return {};
}

}  // namespace cachedeck
