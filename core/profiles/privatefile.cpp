// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/privatefile.h"

#include "core/base/whole_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck {

namespace {

constexpr int lockPatienceMs = 250;

Result<void> narrow(const QString& path, mode_t mode, const struct stat& found) {
  if (geteuid() != 0 && found.st_uid != geteuid() && found.st_uid != 0)
    return fail(Error::Kind::Permission,
                QStringLiteral("%1 belongs to another user, who could change where passwords are sent. Give it to the "
                               "user who runs Cachedeck (chown), or set XDG_CONFIG_HOME to a folder of your own.")
                    .arg(path));
  if ((found.st_mode & 07777 & ~mode) == 0) return {};
  if (chmod(QFile::encodeName(path).constData(), mode) == 0) return {};
  return fail(Error::Kind::Permission, QStringLiteral("The permissions of %1 could not be narrowed to the owner: %2.")
                                           .arg(path, qt_error_string(errno)));
}

void syncFolder(const QString& path) {
  const int fd = open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;  // the file itself is safe; only its new name may come late
  fsync(fd);
  close(fd);
}

Error cannot(const char* verb, const QString& path, const QString& reason) {
  return fail(Error::Kind::Io, QStringLiteral("%1 could not be %2: %3.").arg(path, QLatin1String(verb), reason));
}

}  // namespace

QString configDirectory() {
  QString config = qEnvironmentVariable("XDG_CONFIG_HOME");
  if (!QDir::isAbsolutePath(config)) config = QDir::homePath() + QStringLiteral("/.config");
  return config + QStringLiteral("/cachedeck");
}

Result<void> makePrivateFolder(const QString& path) {
  QDir().mkpath(QFileInfo(path).absolutePath());
  const QByteArray name = QFile::encodeName(path);
  if (mkdir(name.constData(), 0700) != 0 && errno != EEXIST) return cannot("made", path, qt_error_string(errno));
  struct stat found {};
  if (stat(name.constData(), &found) != 0) return cannot("read", path, qt_error_string(errno));
  if (!S_ISDIR(found.st_mode)) return cannot("used", path, QStringLiteral("it is not a folder"));
  return narrow(path, 0700, found);
}

Result<QByteArray> readPrivateFile(const QString& path, qint64 largest) {
  struct stat found {};
  if (stat(QFile::encodeName(path).constData(), &found) != 0) {
    if (errno == ENOENT) return fail(Error::Kind::NotFound, QStringLiteral("%1 does not exist.").arg(path));
    return cannot("read", path, qt_error_string(errno));
  }
  // A pipe or device would block or never end.
  if (!S_ISREG(found.st_mode)) return cannot("read", path, QStringLiteral("it is not a regular file"));
  if (auto narrowed = narrow(path, 0600, found); !narrowed) return narrowed.error();
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return cannot("read", path, file.errorString());
  const QByteArray bytes = file.read(largest + 1);
  if (bytes.size() > largest)
    return cannot("used", path, QStringLiteral("it is larger than %1 KiB").arg(largest / 1024));
  return bytes;
}

Result<void> writePrivateFile(const QString& path, const QByteArray& bytes) {
  if (isStream(path)) return cannot("written", path, QStringLiteral("it is a device, a pipe or a socket, which would be replaced by a file"));
  QSaveFile file(path);
  const bool written = file.open(QIODevice::WriteOnly) &&
                       file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                       file.write(bytes) == bytes.size() && file.commit();
  if (!written) return cannot("written", path, file.errorString());
  syncFolder(QFileInfo(path).absolutePath());
  return {};
}

Result<QString> keepAside(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return cannot("read", path, file.errorString());
  QCryptographicHash hash(QCryptographicHash::Sha256);
  if (!hash.addData(&file)) return cannot("read", path, file.errorString());
  const QString aside = path + QStringLiteral(".bad-") + QString::fromLatin1(hash.result().toHex().left(8));
  if (QFileInfo::exists(aside)) return aside;
  if (!QFile::copy(path, aside)) return cannot("kept", path, QStringLiteral("it could not be copied to ") + aside);
  QFile::setPermissions(aside, QFile::ReadOwner | QFile::WriteOwner);
  return aside;
}

Result<void> underLock(const QString& path, const std::function<Result<void>()>& change) {
  QLockFile lock(path + QStringLiteral(".lock"));
  lock.setStaleLockTime(0);  // a lock of a process that died is taken over anyway
  if (lock.tryLock(lockPatienceMs)) return change();
  if (lock.error() != QLockFile::LockFailedError)
    return cannot("written", path, QStringLiteral("its folder is not writable"));
  return fail(Error::Kind::Busy,
              QStringLiteral("Another Cachedeck is writing %1. Nothing was changed; try again.").arg(path));
}

}  // namespace cachedeck
