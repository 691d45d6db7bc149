// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace cachedeck {

/// A file descriptor that is closed at the end of its life.
class FileHandle {
 public:
  explicit FileHandle(int fd) : m_fd(fd) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  int fd() const { return m_fd; }

 private:
  int m_fd = -1;
};

/// Opens a regular file. A symbolic link in its place is never followed (Permission), a pipe never waited for. `flags` as for open(2).
Result<FileHandle> openRegular(const QString& path, int flags);
/// The same, and Permission where it belongs to another user, also for root; wider modes are narrowed to 0600, a new file gets 0600.
Result<FileHandle> openOwned(const QString& path, int flags);

/// All bytes, or errno of the write that failed.
int writeFully(int fd, const QByteArray& bytes);
/// Makes a new name in the folder durable.
void syncFolderOf(const QString& path);

/// "X could not be VERB: reason", with what to try where the reason is a full or read-only disk.
Error fileError(const QString& path, const char* verb, int error);

}  // namespace cachedeck
