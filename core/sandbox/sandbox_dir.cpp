// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/sandbox_dir.h"

#include "core/sandbox/dir_lock.h"
#include "core/sandbox/sandbox_info.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck {
namespace {

Result<void> checkPath(const QString& path, const std::optional<RunUser>& user) {
  const QString blocked = user ? blockedOnTheWay(QFileInfo(path).path(), *user) : QString();
  if (blocked.isEmpty()) return {};
  return fail(Error::Kind::Permission,
              QStringLiteral("The servers run as the user %1, who may not enter %2. Choose a directory that this user can reach.").arg(user->name, blocked));
}

Result<QString> newDirectory() {
  QByteArray pattern = QFile::encodeName(sandboxBase() + QStringLiteral("/sandbox-XXXXXX"));
  if (!::mkdtemp(pattern.data())) return cannotUse(sandboxBase(), qt_error_string(errno));
  return QFile::decodeName(pattern);
}

/// The folders above a sandbox; root's servers have another account, which has to pass.
bool makeParents(const QString& path) {
  const mode_t old = ::umask(::geteuid() == 0 ? 066 : 077);
  const bool made = QDir().mkpath(path);
  ::umask(old);
  return made;
}

/// Keeps two programs from cleaning and making directories at the same time.
Result<int> lockBase() {
  const QString base = sandboxBase();
  if (!makeParents(base)) return cannotUse(base, QStringLiteral("it could not be made"));
  const int fd = ::open(QFile::encodeName(base + QStringLiteral("/.lock")).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 || ::flock(fd, LOCK_EX) != 0) return cannotUse(base, qt_error_string(errno));
  return fd;
}

Result<bool> prepareWanted(const QString& path) {
  QDir dir(path);
  if (!dir.exists()) {
    if (!makeParents(QFileInfo(path).path()) || ::mkdir(QFile::encodeName(path).constData(), 0700) != 0)
      return cannotUse(path, qt_error_string(errno));
    return true;
  }
  if (dir.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) return false;
  if (isSandbox(path)) return true;
  return fail(Error::Kind::Usage, QStringLiteral("%1 is not empty and holds no sandbox. Choose another directory.").arg(path));
}

}  // namespace

QString sandboxBase() {
  const QString base = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/cachedeck/sandboxes");
  const std::optional<RunUser> user = unprivilegedUser();
  if (user && !blockedOnTheWay(QFileInfo(base).path(), *user).isEmpty()) return QStringLiteral("/var/cache/cachedeck/sandboxes");
  return base;
}

Result<SandboxDir> SandboxDir::claim(const QString& wanted, const std::optional<RunUser>& user) {
  Result<int> base = lockBase();
  if (!base) return base.error();
  const Descriptor baseLock{*base};
  QString path = QDir::cleanPath(QDir(wanted).absolutePath());
  bool made = true;
  if (wanted.isEmpty()) {
    const QStringList old = QDir(sandboxBase()).entryList({QStringLiteral("sandbox-*")}, QDir::Dirs);
    for (const QString& name : old) removeLeftOver(sandboxBase() + QLatin1Char('/') + name);
    if (auto passable = checkPath(sandboxBase() + QStringLiteral("/new"), user); !passable) return passable.error();
    Result<QString> fresh = newDirectory();
    if (!fresh) return fresh.error();
    path = *fresh;
  } else {
    if (auto passable = checkPath(path, user); !passable) return passable.error();
    Result<bool> prepared = prepareWanted(path);
    if (!prepared) return prepared.error();
    made = *prepared;
  }
  Result<int> lock = takeLock(path);
  if (!lock) return lock.error();
  if (const auto old = readState(path)) made = old->madeDirectory;
  emptyExceptLock(path);
  SandboxDir dir(path, made, *lock);
  struct stat before {};
  ::stat(QFile::encodeName(path).constData(), &before);
  dir.m_oldUser = before.st_uid;
  dir.m_oldGroup = before.st_gid;
  ::chmod(QFile::encodeName(path).constData(), 0700);
  if (auto given = giveTo(path, user); !given) return given.error();
  return dir;
}

SandboxDir::SandboxDir(SandboxDir&& other) noexcept
    : m_path(std::move(other.m_path)), m_made(other.m_made), m_lock(std::exchange(other.m_lock, -1)), m_oldUser(other.m_oldUser),
      m_oldGroup(other.m_oldGroup) {}

SandboxDir::~SandboxDir() {
  if (m_lock >= 0) ::close(m_lock);
}

void SandboxDir::empty() const { emptyExceptLock(m_path); }

void SandboxDir::remove() {
  emptyExceptLock(m_path);
  QFile::remove(lockFile(m_path));
  if (m_made) QDir().rmdir(m_path);
  else if (::lchown(QFile::encodeName(m_path).constData(), m_oldUser, m_oldGroup) != 0) return;  // only root changes owners
}

QStringList runningSandboxes() {
  QStringList running;
  const QFileInfoList all = QDir(sandboxBase()).entryInfoList({QStringLiteral("sandbox-*")}, QDir::Dirs, QDir::Time | QDir::Reversed);
  for (const QFileInfo& entry : all)
    if (sandboxHolder(entry.absoluteFilePath()) > 0) running << entry.absoluteFilePath();
  return running;
}

bool removeLeftOver(const QString& dir) {
  if (!isSandbox(dir)) return false;
  Result<int> taken = takeLock(dir);
  if (!taken) return false;
  const Descriptor lock{*taken};
  const Result<SandboxInfo> state = readState(dir);
  emptyExceptLock(dir);
  QFile::remove(lockFile(dir));
  if (!state || state->madeDirectory) QDir().rmdir(dir);
  return true;
}

}  // namespace cachedeck
