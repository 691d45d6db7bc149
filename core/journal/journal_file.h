// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/lines_from_end.h"
#include "core/journal/owned_file.h"

#include <functional>

namespace cachedeck {

/// The end of a journal's file.
struct JournalTail {
  QByteArray lastLine;  ///< the last whole line without its newline; empty when there is none (or when it is longer than a line may be)
  qint64 wholeEnd = 0;  ///< where the whole lines end
  qint64 fileEnd = 0;   ///< beyond that, the bytes of a line that was not written to its end
  bool torn() const { return fileEnd > wholeEnd; }
};

/// The journal's file, open and locked (flock): shared to read, alone to append. Nothing here knows what the lines mean.
class JournalFile {
 public:
  /// Makes the file (0600) and its folder (0700) where needed. Busy when another process holds it for ten seconds.
  static Result<JournalFile> toAppend(const QString& path);
  /// NotFound when there is none.
  static Result<JournalFile> toRead(const QString& path);

  Result<JournalTail> tail() const;
  /// Adds bytes at the end and syncs them. When that fails, the file is as it was before.
  Result<void> append(const QByteArray& bytes);
  /// Moves what stands behind the whole lines to PATH.torn-TIME and syncs both. The new file's name.
  Result<QString> setTornAside(const JournalTail& tail, qint64 nowMs);

  /// Lines in order, without newline; `whole` is false for what follows the last newline, and `line` empty for one longer than a line may be. Returning false stops.
  Result<void> forEachLine(const std::function<bool(const QByteArray& line, bool whole)>& visit) const;
  /// The same from the end, whole ones only.
  Result<void> forEachLineFromEnd(const std::function<bool(const QByteArray& line)>& visit) const;

 private:
  JournalFile(QString path, FileHandle file) : m_path(std::move(path)), m_file(std::move(file)) {}
  Result<qint64> size() const;

  QString m_path;
  FileHandle m_file;
};

}  // namespace cachedeck
