// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <memory>

namespace cachedeck::recording {

/// One connection to one SQLite file, used and destroyed on the thread that opened it. Errors are sentences about the file: Protocol means that it is damaged,
/// Io that it could not be written (a full disk, mostly), Busy that somebody else holds it.
class SqliteFile {
 public:
  enum class Mode { Read, Write };
  /// The file must be there, for both modes.
  static Result<std::unique_ptr<SqliteFile>> open(const QString& path, Mode mode);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  /// Runs one statement to its end.
  Result<void> run(const QString& sql, const QVariantList& values = {});
  /// The first cell of the first row; invalid when there is none.
  Result<QVariant> value(const QString& sql, const QVariantList& values = {});
  /// A statement that was run and whose rows can be walked once; it must not outlive this.
  Result<QSqlQuery> rows(const QString& sql, const QVariantList& values = {});
  /// A statement to be run often; it must not outlive this.
  Result<QSqlQuery> prepared(const QString& sql);

  Error error(const QSqlError& error) const;
  const QString& path() const { return m_path; }

 private:
  SqliteFile(QString path, QString connection);

  const QString m_path, m_connection;
  QSqlDatabase m_database;
};

/// What SQLite calls damage: a Protocol error of that path.
Error damaged(const QString& path, const QString& what);

}  // namespace cachedeck::recording
