// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace cachedeck {

/// What stands between two newlines of a file.
struct FileLine {
  qint64 begin = 0;  ///< offset of its first byte
  qint64 size = 0;   ///< without the newline
  QByteArray bytes;  ///< empty when it is longer than the largest that is read
};

/// Reads a file's lines backwards, one block at a time. The first one is what follows the last newline: empty in a file that was written whole.
class LinesFromEnd {
 public:
  LinesFromEnd(int fd, qint64 fileSize, qsizetype largestLine);
  /// The line before the last one that was given; nothing at the file's beginning or when reading failed.
  std::optional<FileLine> next();
  int error() const { return m_error; }  ///< errno, or 0

 private:
  bool readBlockBefore();
  FileLine cut(qsizetype at);

  const int m_fd;
  const qsizetype m_largest;
  QByteArray m_bytes;    // those of [m_begin, m_end) unless they were too many
  qint64 m_begin, m_end;
  bool m_tooLong = false;
  bool m_done = false;
  int m_error = 0;
};

}  // namespace cachedeck
