// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/owned_file.h"
#include "core/recording/recording_place.h"
#include "core/recording/sqlite_file.h"

#include <QHash>
#include <QLatin1String>

#include <chrono>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace cachedeck::recording {

/// One sample of one source on its way to the disk.
struct RecordingRow {
  QByteArray group;  ///< of History: "redis"
  qint64 wallMs = 0;
  std::vector<std::pair<QLatin1String, double>> values;
  bool restarted = false;   ///< the line breaks before this row
  qint64 maxStepMs = 2500;  ///< and so it does when the row before is older than this
};

/// What a recording may take; the oldest rows go first.
struct RecordingBounds {
  qint64 mostBytes = 512LL * 1024 * 1024;  ///< of the file and its log of writes together; less than 1 MiB counts as that
  std::chrono::milliseconds mostAge = std::chrono::hours(14 * 24);
};

/// The writing end of one recording: one SQLite file, which no other process writes meanwhile. Used on one thread.
class RecordingStore {
 public:
  /// Opens or makes the file. A damaged one is set aside, which notice() says; `knownDamage` says that it is one.
  /// Errors: Busy while another process writes it; Usage for a newer format and for a file that is none of ours; Io, Permission.
  static Result<std::unique_ptr<RecordingStore>> open(const RecordingPlace& place, const RecordingBounds& bounds, qint64 nowMs, const std::optional<Error>& knownDamage = {});
  ~RecordingStore();

  /// Adds rows in one transaction: after an error none of them is there, and the same call can be made again. Io: no room. Protocol: the file is damaged.
  Result<void> append(std::span<const RecordingRow> rows);
  /// Removes what is too old or too much, and gives the space back bit by bit. To be called every few appends; a call takes a fraction of a second, unless much has grown old.
  Result<void> keepBounds(qint64 nowMs, std::stop_token stop = {});
  /// Makes everything that was appended safe from a power cut, too.
  Result<void> sync();

  const QString& notice() const { return m_notice; }
  const QString& file() const { return m_place.file; }
  qint64 rows() const { return m_rows; }
  qint64 bytes() const;  ///< on the disk

 private:
  struct Group {
    qint64 id = 0;
    qint64 lastMs = 0;  ///< 0: none since the file was opened
    QHash<QByteArray, qsizetype> positions;
  };

  RecordingStore(const RecordingPlace& place, const RecordingBounds& bounds, FileHandle lock);
  Result<void> openFile();
  Result<void> readGroups();
  Result<Group*> groupOf(const QByteArray& name);
  Result<QByteArray> figuresOf(Group& group, const RecordingRow& row);
  Result<void> insert(std::span<const RecordingRow> rows);
  Result<void> insertRow(const RecordingRow& row);
  Result<void> inTransaction(const std::function<Result<void>()>& change);
  Result<bool> removeOldest(qint64 beforeMs);
  Result<void> removeTooMuch(std::stop_token stop);
  Result<void> giveBack();
  Result<void> freePages(qint64 count);
  Result<qint64> pages(const char* pragma);
  qint64 logAllowance() const;

  const RecordingPlace m_place;
  const RecordingBounds m_bounds;
  FileHandle m_lock;
  std::unique_ptr<SqliteFile> m_sqlite;
  std::optional<QSqlQuery> m_insert;  // ends before the file
  QHash<QByteArray, Group> m_groups;
  QString m_notice;
  qint64 m_rows = 0;
  bool m_isWhole = true;
};

}  // namespace cachedeck::recording
