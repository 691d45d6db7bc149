// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_file.h"

#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck::keys::oplog {

namespace {

Error cannot(const char* verb, const QString& path, int error) {
  const auto kind = error == EACCES || error == EPERM ? Error::Kind::Permission : error == ENOENT ? Error::Kind::NotFound : Error::Kind::Io;
  return fail(kind, QStringLiteral("%1 could not be %2: %3.").arg(path, QLatin1String(verb), qt_error_string(error)));
}

/// Size and time of what was opened; refuses what is not a regular file (a pipe would block, a device never end).
Result<OpenedFile> described(Descriptor fd, const QString& folder, const QString& id) {
  OpenedFile file{std::move(fd), id, folder + QLatin1Char('/') + operationFileName(id)};
  struct stat found {};
  if (fstat(file.fd.get(), &found) != 0) return cannot("read", file.path, errno);
  if (!S_ISREG(found.st_mode)) return fail(Error::Kind::Usage, QStringLiteral("%1 is not a regular file, so it is not used.").arg(file.path));
  // Pruned by another process between its opening and now: what would be written would be lost.
  if (found.st_nlink == 0) return cannot("opened", file.path, ENOENT);
  file.bytes = found.st_size;
  file.changedMs = qint64{found.st_mtim.tv_sec} * 1000 + found.st_mtim.tv_nsec / 1'000'000;
  return file;
}

Result<void> lock(const Descriptor& fd, const QString& path) {
  if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return cannot("locked", path, errno);
  return fail(Error::Kind::Busy, QStringLiteral("%1 is being written by another operation or another Cachedeck. Wait until it has ended, or stop it.").arg(path));
}

Result<void> narrow(const Descriptor& folder, const QString& path) {
  struct stat found {};
  if (fstat(folder.get(), &found) != 0) return cannot("read", path, errno);
  if (geteuid() != 0 && found.st_uid != geteuid())
    return fail(Error::Kind::Permission, QStringLiteral("%1 belongs to another user, so no undo images are put there. Give it to the user who runs "
                                                        "Cachedeck (chown), or set XDG_STATE_HOME to a folder of your own.").arg(path));
  if ((found.st_mode & 077) == 0 || fchmod(folder.get(), 0700) == 0) return {};
  return cannot("made private", path, errno);
}

}  // namespace

Descriptor::~Descriptor() {
  if (m_fd >= 0) close(m_fd);
}

bool isOperationId(const QString& id) {
  const auto fits = [](QChar c) { return (c >= QLatin1Char('a') && c <= QLatin1Char('z')) || (c >= QLatin1Char('0') && c <= QLatin1Char('9')) || c == QLatin1Char('-'); };
  return !id.isEmpty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), fits);
}

Error badOperationId(const QString& id) {
  return fail(Error::Kind::Usage, QStringLiteral("\"%1\" is not the id of an operation: ids are 1 to 64 of a-z, 0-9 and the hyphen.").arg(printable(id, 80)));
}

QString operationFileName(const QString& id) { return id + QLatin1String(fileEnding); }

Result<Descriptor> openFolder(const QString& folder) {
  Descriptor fd(open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return cannot("opened", folder, errno);
  return fd;
}

Result<Descriptor> makeFolder(const QString& folder) {
  const QString parent = QFileInfo(folder).absolutePath();
  QDir().mkpath(parent);
  const bool made = mkdir(QFile::encodeName(folder).constData(), 0700) == 0;
  if (!made && errno != EEXIST) return cannot("made", folder, errno);
  auto opened = openFolder(folder);
  if (!opened) return opened;
  if (auto narrowed = narrow(*opened, folder); !narrowed) return narrowed.error();
  if (made) {
    auto above = openFolder(parent);
    if (!above) return above;
    if (auto synced = syncFolder(*above, parent); !synced) return synced.error();
  }
  return opened;
}

Result<void> syncFolder(const Descriptor& folder, const QString& path) {
  if (fsync(folder.get()) == 0) return {};
  return cannotWrite(path, errno);
}

Result<OpenedFile> openOperation(const QString& folder, const QString& id, Access access) {
  if (!isOperationId(id)) return badOperationId(id);
  auto directory = openFolder(folder);
  if (!directory) return directory.error();
  const int mode = access == Access::Write ? O_RDWR : O_RDONLY;
  const QByteArray name = QFile::encodeName(operationFileName(id));
  Descriptor fd(openat(directory->get(), name.constData(), mode | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const QString path = folder + QLatin1Char('/') + operationFileName(id);
  if (!fd.valid() && errno == ELOOP) return fail(Error::Kind::Usage, QStringLiteral("%1 is a symbolic link, so it is not used.").arg(path));
  if (!fd.valid() && errno == ENOENT) return fail(Error::Kind::NotFound, QStringLiteral("There is no operation %1 in %2.").arg(id, folder));
  if (!fd.valid()) return cannot("opened", path, errno);
  if (access == Access::Write) {
    if (auto locked = lock(fd, path); !locked) return locked.error();
  }
  return described(std::move(fd), folder, id);
}

Result<OpenedFile> createOperation(const Descriptor& directory, const QString& folder, const QString& id) {
  const QByteArray name = QFile::encodeName(operationFileName(id));
  Descriptor fd(openat(directory.get(), name.constData(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  const QString path = folder + QLatin1Char('/') + operationFileName(id);
  if (!fd.valid() && errno == EEXIST) return fail(Error::Kind::Usage, QStringLiteral("There is already an operation %1 in %2.").arg(id, folder));
  if (!fd.valid()) return cannotWrite(path, errno);
  if (auto locked = lock(fd, path); !locked) return locked.error();
  return described(std::move(fd), folder, id);
}

Result<qsizetype> readAt(const OpenedFile& file, qint64 offset, std::span<uchar> into) {
  qsizetype done = 0;
  const auto size = static_cast<qsizetype>(into.size());
  while (done < size) {
    const ssize_t n = pread(file.fd.get(), into.data() + done, static_cast<size_t>(size - done), offset + done);
    if (n == 0) break;
    if (n < 0 && errno != EINTR) return cannot("read", file.path, errno);
    if (n > 0) done += n;
  }
  return done;
}

int writeAt(const Descriptor& fd, qint64 offset, QByteArrayView bytes) {
  while (!bytes.isEmpty()) {
    const ssize_t n = pwrite(fd.get(), bytes.data(), static_cast<size_t>(bytes.size()), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    bytes = bytes.sliced(n);
    offset += n;
  }
  return 0;
}

Error cannotWrite(const QString& path, int error) {
  const QString stopped = QStringLiteral("Nothing further was deleted or changed");
  if (error == ENOSPC || error == EDQUOT)
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: %2. %3; free some space there and resume the operation.")
                                     .arg(path, error == EDQUOT ? QStringLiteral("the disk quota is used up") : QStringLiteral("the disk is full"), stopped));
  if (error == EFBIG)
    return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: it would be larger than this process may write (ulimit -f) or the file "
                                                "system takes. %2; raise the limit and resume the operation.").arg(path, stopped));
  if (error == EACCES || error == EPERM || error == EROFS)
    return fail(Error::Kind::Permission, QStringLiteral("%1 could not be written: %2. %3; make its folder writable for the user who runs Cachedeck.")
                                             .arg(path, qt_error_string(error), stopped));
  return fail(Error::Kind::Io, QStringLiteral("%1 could not be written: %2. %3; check the disk, then resume the operation.")
                                   .arg(path, qt_error_string(error), stopped));
}

}  // namespace cachedeck::keys::oplog
