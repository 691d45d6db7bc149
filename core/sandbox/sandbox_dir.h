// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/dir_lock.h"
#include "core/sandbox/run_user.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <sys/types.h>

namespace cachedeck {

/// A sandbox's private directory, held by a lock that the kernel releases however the holder ends.
class SandboxDir {
 public:
  /// Takes `wanted`, or a new directory below sandboxBase(). What a dead sandbox left there is removed first. Fails when a
  /// sandbox runs in it, when it holds anything else, or when the servers' account cannot get there.
  static Result<SandboxDir> claim(const QString& wanted, const std::optional<RunUser>& user);
  SandboxDir(SandboxDir&& other) noexcept;
  SandboxDir& operator=(SandboxDir&&) = delete;
  /// Lets go of the lock; remove() comes before.
  ~SandboxDir();

  const QString& path() const { return m_path; }
  /// False when the directory was there, empty, before.
  bool made() const { return m_made; }
  /// Removes everything but the lock.
  void empty() const;
  /// Empties the directory, and removes it when it was made here.
  void remove();

 private:
  SandboxDir(QString path, bool made, int lock) : m_path(std::move(path)), m_made(made), m_lock(lock) {}
  QString m_path;
  bool m_made;
  int m_lock;
  uid_t m_oldUser = 0;
  gid_t m_oldGroup = 0;
};

/// Where new sandboxes go: $XDG_CACHE_HOME/cachedeck/sandboxes, or for root /var/cache/cachedeck/sandboxes when the
/// servers' account cannot enter root's home.
QString sandboxBase();

/// The directories below sandboxBase() in which a sandbox runs, the oldest first.
QStringList runningSandboxes();

/// Removes what a sandbox left that was killed. False when there is none.
bool removeLeftOver(const QString& dir);

}  // namespace cachedeck
