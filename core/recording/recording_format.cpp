// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_format.h"

#include <QFileInfo>

namespace cachedeck::recording {

namespace {

constexpr int applicationId = 0x43444b52;  // "CDKR", in the file's header

// Samples lie in order of time: new ones fill pages at the end, the oldest leave whole pages at the beginning, and a range is read in one go.
const char* const tables[] = {
    "CREATE TABLE facts(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "CREATE TABLE groups(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE columns(grp INTEGER NOT NULL, position INTEGER NOT NULL, metric TEXT NOT NULL, PRIMARY KEY(grp, position), UNIQUE(grp, metric)) WITHOUT ROWID",
    // figures: float32, little endian, as columns.position counts them; a row from before a column came is shorter. gap: the line breaks before this row.
    "CREATE TABLE samples(ms INTEGER NOT NULL, grp INTEGER NOT NULL, gap INTEGER NOT NULL, figures BLOB NOT NULL, PRIMARY KEY(ms, grp)) WITHOUT ROWID",
};

Error notOurs(const QString& path) {
  return fail(Error::Kind::Usage, QStringLiteral("%1 is not a recording of Cachedeck, and is left as it is. Name another file.").arg(path));
}

Result<bool> isEmpty(SqliteFile& file) {
  const auto count = file.value(QStringLiteral("SELECT count(*) FROM sqlite_master"));
  if (!count) return count.error();
  return count->toLongLong() == 0;
}

Result<int> number(SqliteFile& file, const char* pragma) {
  const auto found = file.value(QStringLiteral("PRAGMA %1").arg(QLatin1String(pragma)));
  if (!found) return found.error();
  return found->toInt();
}

Result<void> makeTables(SqliteFile& file) {
  if (auto begun = file.run(QStringLiteral("BEGIN IMMEDIATE")); !begun) return begun;
  for (const char* const table : tables)
    if (auto made = file.run(QLatin1String(table)); !made) return made;
  if (auto set = file.run(QStringLiteral("PRAGMA application_id = %1").arg(applicationId)); !set) return set;
  if (auto set = file.run(QStringLiteral("PRAGMA user_version = %1").arg(formatVersion)); !set) return set;
  return file.run(QStringLiteral("COMMIT"));
}

}  // namespace

Result<void> checkFormat(SqliteFile& file) {
  const auto empty = isEmpty(file);
  if (!empty) return empty.error();
  if (*empty) return fail(Error::Kind::NotFound, QStringLiteral("The recording %1 is still empty.").arg(file.path()));
  const auto id = number(file, "application_id");
  if (!id) return id.error();
  if (*id != applicationId) return notOurs(file.path());
  const auto version = number(file, "user_version");
  if (!version) return version.error();
  if (*version <= formatVersion) return {};
  return fail(Error::Kind::Usage, QStringLiteral("A newer version of Cachedeck wrote the recording %1 (format %2; this version knows %3). Use that version, or move the file away.")
                                      .arg(file.path())
                                      .arg(*version)
                                      .arg(formatVersion));
}

Result<void> prepareFormat(SqliteFile& file) {
  const auto checked = checkFormat(file);
  if (checked || checked.error().kind != Error::Kind::NotFound) return checked;
  if (auto set = file.run(QStringLiteral("PRAGMA auto_vacuum = INCREMENTAL")); !set) return set;  // only before the first table
  return makeTables(file);
}

Result<std::unique_ptr<SqliteFile>> openToRead(const QString& path) {
  if (!QFileInfo::exists(path)) return fail(Error::Kind::NotFound, QStringLiteral("There is no recording %1.").arg(path));
  auto file = SqliteFile::open(path, SqliteFile::Mode::Read);
  if (!file) return file;
  if (auto checked = checkFormat(**file); !checked) return checked.error();
  return file;
}

Result<QVariant> fact(SqliteFile& file, const QString& name) {
  return file.value(QStringLiteral("SELECT value FROM facts WHERE name = ?"), {name});
}

Result<void> setFact(SqliteFile& file, const QString& name, const QVariant& value) {
  return file.run(QStringLiteral("INSERT OR REPLACE INTO facts(name, value) VALUES(?, ?)"), {name, value});
}

}  // namespace cachedeck::recording
