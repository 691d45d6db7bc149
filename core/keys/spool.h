// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QCryptographicHash>
#include <QFile>

#include <functional>
#include <memory>
#include <vector>

namespace cachedeck::keys {

/// Key names on disk, in the order in which they were found: u32 length and bytes each. The digest is the SHA-256 of just that. Private to the user; removed with
/// its writer unless keep() is called.
class SpoolWriter {
 public:
  /// `file` must not exist; its folder is made, mode 0700.
  static Result<std::unique_ptr<SpoolWriter>> create(const QString& file);
  ~SpoolWriter();
  Result<void> add(QByteArrayView name);
  /// Everything is in the file; the hex digest.
  Result<QByteArray> finish();
  void keep() { m_kept = true; }
  /// As long as a copy of this lives, in this process, pruneSpools() leaves the file alone.
  std::shared_ptr<const void> hold() const;
  qint64 count() const { return m_count; }
  qint64 bytes() const { return m_bytes; }

 private:
  explicit SpoolWriter(const QString& file) : m_file(file) {}
  Result<void> flush();
  QFile m_file;
  QByteArray m_buffer;
  QCryptographicHash m_hash{QCryptographicHash::Sha256};
  qint64 m_count = 0, m_bytes = 0;
  bool m_kept = false;
};

/// Reads them again, some at a time.
class SpoolReader {
 public:
  /// `digest` (hex) is compared first: Protocol error when the file is not the one that was planned.
  static Result<std::unique_ptr<SpoolReader>> open(const QString& file, const QByteArray& digest);
  /// At most `most` names; none at the end.
  Result<std::vector<QByteArray>> next(qsizetype most);
  /// Goes on with the name of this number.
  Result<void> seek(qint64 name);
  qint64 position() const { return m_position; }

 private:
  explicit SpoolReader(const QString& file) : m_file(file) {}
  Result<QByteArray> name();
  QFile m_file;
  qint64 m_position = 0;
};

/// Removes lists of names (ID.names) that no process holds and no operation needs any more: those a kill has left. None of the last minute. The files removed.
QStringList pruneSpools(const QString& folder, const std::function<bool(const QString& id)>& isNeeded);

}  // namespace cachedeck::keys
