// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/operation_log.h"

namespace cachedeck::keys::oplog {

constexpr char fileEnding[] = ".cdop";
constexpr char magic[] = "CDOP1\n";
constexpr qsizetype magicSize = 6;
constexpr qsizetype fileHeadSize = magicSize + 8;  ///< with the time of creation

/// An open file descriptor, closed at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : m_fd(fd) {}
  Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
  }
  ~Descriptor();
  int get() const { return m_fd; }
  bool valid() const { return m_fd >= 0; }

 private:
  int m_fd;
};

/// The file of an operation, opened.
struct OpenedFile {
  Descriptor fd;
  QString id;
  QString path;
  qint64 bytes = 0;      ///< size when it was opened
  qint64 changedMs = 0;  ///< last write, ms since the Unix epoch
};

bool isOperationId(const QString& id);
Error badOperationId(const QString& id);
QString operationFileName(const QString& id);

/// The folder, for calls relative to it. NotFound when it is not there.
Result<Descriptor> openFolder(const QString& folder);
/// The same, made with mode 0700 where it is missing and narrowed to it where it is wider.
Result<Descriptor> makeFolder(const QString& folder);
Result<void> syncFolder(const Descriptor& folder, const QString& path);

enum class Access { Read, Write };
/// Never follows a symbolic link, only regular files; for writing under an exclusive lock (Busy when somebody has it).
Result<OpenedFile> openOperation(const QString& folder, const QString& id, Access access);
/// A new, empty one, locked; Usage when there is one of the name.
Result<OpenedFile> createOperation(const Descriptor& directory, const QString& folder, const QString& id);

/// Bytes read at `offset` into `into`: fewer only at the file's end.
Result<qsizetype> readAt(const OpenedFile& file, qint64 offset, std::span<uchar> into);
/// All of `bytes` at `offset`, else an errno.
int writeAt(const Descriptor& fd, qint64 offset, QByteArrayView bytes);
/// The error of an undo file that could not be written; says that nothing further was done and what to try.
Error cannotWrite(const QString& path, int error);

}  // namespace cachedeck::keys::oplog
