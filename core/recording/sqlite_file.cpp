// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/sqlite_file.h"

#include "core/base/text.h"

#include <atomic>

namespace cachedeck::recording {

namespace {

const QString driver = QStringLiteral("QSQLITE");

// Result codes of SQLite (sqlite3.h), the low byte of the extended ones.
enum Code { PermissionDenied = 3, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26 };

Error::Kind kindOf(int code) {
  switch (code) {
    case Busy:
    case Locked: return Error::Kind::Busy;
    case Corrupt:
    case NotADatabase: return Error::Kind::Protocol;
    case PermissionDenied:
    case ReadOnly: return Error::Kind::Permission;
    default: return Error::Kind::Io;
  }
}

QString hintOf(int code) {
  switch (code) {
    case Full:
    case IoError: return QStringLiteral(" Make room on that disk, or look at the limits on the size of files.");
    case Busy:
    case Locked: return QStringLiteral(" Another program holds it; end that one.");
    case PermissionDenied:
    case ReadOnly:
    case CannotOpen: return QStringLiteral(" Make the file and its folder writable for you.");
    default: return {};
  }
}

QString newConnectionName() {
  static std::atomic<quint64> last = 0;
  return QStringLiteral("cachedeck-recording-%1").arg(++last);
}

}  // namespace

Error damaged(const QString& path, const QString& what) {
  return fail(Error::Kind::Protocol, QStringLiteral("The recording %1 is damaged: %2.").arg(path, what));
}

SqliteFile::SqliteFile(QString path, QString connection)
    : m_path(std::move(path)), m_connection(std::move(connection)), m_database(QSqlDatabase::addDatabase(driver, m_connection)) {}

SqliteFile::~SqliteFile() {
  m_database.close();
  m_database = QSqlDatabase();  // removing warns while a copy is left
  QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<SqliteFile>> SqliteFile::open(const QString& path, Mode mode) {
  if (!QSqlDatabase::isDriverAvailable(driver))
    return fail(Error::Kind::NotFound, QStringLiteral("Qt's driver for SQLite is not installed, and without it nothing is recorded. Install the package libqt6sql6-sqlite."));
  std::unique_ptr<SqliteFile> file(new SqliteFile(path, newConnectionName()));
  file->m_database.setDatabaseName(path);
  file->m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
  if (!file->m_database.open()) return file->error(file->m_database.lastError());
  // Not opened read-only, which leaves the log of writes and its index behind at the end.
  if (mode == Mode::Read)
    if (auto set = file->run(QStringLiteral("PRAGMA query_only = ON")); !set) return set.error();
  return file;
}

Error SqliteFile::error(const QSqlError& error) const {
  const int code = error.nativeErrorCode().toInt() & 0xff;
  const QString reason = printable(error.databaseText().isEmpty() ? error.text().trimmed() : error.databaseText());
  // A table that every recording has, and this one has not.
  const Error::Kind kind = reason.startsWith(QLatin1String("no such ")) ? Error::Kind::Protocol : kindOf(code);
  if (kind == Error::Kind::Protocol) return damaged(m_path, reason);
  return fail(kind, QStringLiteral("The recording %1 could not be used: %2.").arg(m_path, reason) + hintOf(code));
}

Result<QSqlQuery> SqliteFile::prepared(const QString& sql) {
  QSqlQuery query(m_database);
  query.setForwardOnly(true);  // else every row that was read stays in memory
  if (!query.prepare(sql)) return error(query.lastError());
  return query;
}

Result<QSqlQuery> SqliteFile::rows(const QString& sql, const QVariantList& values) {
  auto query = prepared(sql);
  if (!query) return query;
  for (const QVariant& value : values) query->addBindValue(value);
  if (!query->exec()) return error(query->lastError());
  return query;
}

Result<void> SqliteFile::run(const QString& sql, const QVariantList& values) {
  auto query = rows(sql, values);
  if (!query) return query.error();
  while (query->next()) {}
  if (query->lastError().isValid()) return error(query->lastError());
  return {};
}

Result<QVariant> SqliteFile::value(const QString& sql, const QVariantList& values) {
  auto query = rows(sql, values);
  if (!query) return query.error();
  if (query->next()) return query->value(0);
  if (query->lastError().isValid()) return error(query->lastError());
  return QVariant();
}

}  // namespace cachedeck::recording
