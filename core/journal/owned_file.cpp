// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/owned_file.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cachedeck {

namespace {

QString hint(int error) {
  switch (error) {
    case ENOSPC: return QStringLiteral(" Make room on that disk and try again.");
    case EDQUOT: return QStringLiteral(" Make room within your quota and try again.");
    case EFBIG: return QStringLiteral(" Raise the limit on the size of files (ulimit -f), or move the file away.");
    case EROFS: return QStringLiteral(" Set XDG_STATE_HOME to a folder that can be written.");
    default: return {};
  }
}

Result<void> narrowToOwner(int fd, const QString& path) {
  struct stat found {};
  if (fstat(fd, &found) != 0) return fileError(path, "read", errno);
  if (found.st_uid != geteuid())
    return fail(Error::Kind::Permission, QStringLiteral("%1 belongs to another user (uid %2), who could change it unseen. "
                                                        "Run as that user, or give it to this one (chown).")
                                             .arg(path)
                                             .arg(found.st_uid));
  if ((found.st_mode & 07777 & ~mode_t{0600}) != 0 && fchmod(fd, 0600) != 0) return fileError(path, "narrowed to its owner", errno);
  return {};
}

}  // namespace

FileHandle::FileHandle(FileHandle&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(m_fd, other.m_fd);
  return *this;
}

FileHandle::~FileHandle() {
  if (m_fd >= 0) close(m_fd);
}

Error fileError(const QString& path, const char* verb, int error) {
  const bool forbidden = error == EACCES || error == EPERM;
  return fail(forbidden ? Error::Kind::Permission : Error::Kind::Io,
              QStringLiteral("%1 could not be %2: %3.%4").arg(path, QLatin1String(verb), qt_error_string(error), hint(error)));
}

Result<FileHandle> openRegular(const QString& path, int flags) {
  FileHandle file(open(QFile::encodeName(path).constData(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (file.fd() < 0) {
    const int error = errno;
    if (error == ENOENT && (flags & O_CREAT) == 0) return fail(Error::Kind::NotFound, QStringLiteral("%1 does not exist.").arg(path));
    if (error == ELOOP)
      return fail(Error::Kind::Permission, QStringLiteral("%1 is a symbolic link, which is never followed here. Put the file itself in its place.").arg(path));
    return fileError(path, "opened", error);
  }
  struct stat found {};
  if (fstat(file.fd(), &found) != 0) return fileError(path, "read", errno);
  if (!S_ISREG(found.st_mode)) return fail(Error::Kind::Io, QStringLiteral("%1 is not a regular file.").arg(path));
  return file;
}

Result<FileHandle> openOwned(const QString& path, int flags) {
  auto file = openRegular(path, flags);
  if (!file) return file;
  if (auto narrowed = narrowToOwner(file->fd(), path); !narrowed) return narrowed.error();
  return file;
}

int writeFully(int fd, const QByteArray& bytes) {
  qsizetype done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = write(fd, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    if (wrote == 0) return EIO;
    done += wrote;
  }
  return 0;
}

void syncFolderOf(const QString& path) {
  const FileHandle folder(open(QFile::encodeName(QFileInfo(path).absolutePath()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd() >= 0) fsync(folder.fd());  // some file systems cannot; the file's own bytes are synced anyway
}

}  // namespace cachedeck
