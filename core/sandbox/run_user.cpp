// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/run_user.h"

#include <QDir>
#include <QFile>
#include <QStringList>

#include <cerrno>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck {

std::optional<RunUser> unprivilegedUser() {
  if (::geteuid() != 0) return {};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = ::getpwnam(name); entry && entry->pw_uid != 0)
      return RunUser{QString::fromLatin1(name), entry->pw_uid, entry->pw_gid};
  }
  return {};
}

Result<void> giveTo(const QString& path, const std::optional<RunUser>& user) {
  if (!user || ::lchown(QFile::encodeName(path).constData(), user->uid, user->gid) == 0) return {};
  return fail(Error::Kind::Io, QStringLiteral("%1 could not be given to the user %2: %3.")
                                   .arg(path, user->name, qt_error_string(errno)));
}

static bool mayEnter(const QString& directory, const RunUser& user) {
  struct stat info {};
  if (::stat(QFile::encodeName(directory).constData(), &info) != 0) return true;  // not there yet: ours to make
  if (info.st_uid == user.uid) return info.st_mode & S_IXUSR;
  if (info.st_gid == user.gid) return info.st_mode & S_IXGRP;
  return info.st_mode & S_IXOTH;
}

QString blockedOnTheWay(const QString& path, const RunUser& user) {
  QString way;
  const QStringList parts = QDir::cleanPath(QDir(path).absolutePath()).split(QLatin1Char('/'), Qt::SkipEmptyParts);
  for (const QString& part : parts) {
    way += QLatin1Char('/') + part;
    if (!mayEnter(way, user)) return way;
  }
  return {};
}

}  // namespace cachedeck
