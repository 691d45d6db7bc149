// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_format.h"
#include "core/recording/recording_lock.h"
#include "core/recording/recording_read.h"

#include <QDir>
#include <QFileInfo>

namespace cachedeck::recording {

namespace {

Result<qint64> timeOf(SqliteFile& file, const char* extreme) {
  const auto ms = file.value(QStringLiteral("SELECT %1(ms) FROM samples").arg(QLatin1String(extreme)));
  if (!ms) return ms.error();
  return ms->toLongLong();
}

Result<void> readInto(RecordingInfo& info) {
  const auto file = openToRead(info.file);
  if (!file) return file.error();
  const auto profile = fact(**file, QStringLiteral("profile")), environment = fact(**file, QStringLiteral("environment")), rows = fact(**file, QStringLiteral("rows"));
  if (!profile) return profile.error();
  if (!environment) return environment.error();
  if (!rows) return rows.error();
  const auto from = timeOf(**file, "min"), to = timeOf(**file, "max");
  if (!from) return from.error();
  if (!to) return to.error();
  auto names = (*file)->rows(QStringLiteral("SELECT name FROM groups ORDER BY id"));
  if (!names) return names.error();
  while (names->next()) info.groups += names->value(0).toString();
  info.profile = profile->toString();
  info.environment = environment->toString();
  info.rows = rows->toLongLong();
  info.fromMs = *from;
  info.toMs = *to;
  return {};
}

RecordingInfo outside(const QString& path) {
  RecordingInfo info;
  info.file = path;
  info.bytes = QFileInfo(path).size() + QFileInfo(path + QStringLiteral("-wal")).size();
  info.isBeingWritten = isBeingRecorded(path);
  return info;
}

}  // namespace

Result<RecordingInfo> recordingInfo(const QString& path) {
  RecordingInfo info = outside(path);
  if (auto read = readInto(info); !read) return read.error();
  return info;
}

Result<QList<RecordingInfo>> listRecordings(const QString& folder) {
  const QFileInfo place(folder);
  if (place.exists() && !(place.isDir() && place.isReadable())) return fail(Error::Kind::Permission, QStringLiteral("The folder of recordings %1 cannot be read.").arg(folder));
  QList<RecordingInfo> all;
  const QStringList names = QDir(folder).entryList({QStringLiteral("*.sqlite")}, QDir::Files, QDir::Name);
  for (const QString& name : names) {
    RecordingInfo info = outside(folder + QLatin1Char('/') + name);
    if (const auto read = readInto(info); !read && read.error().kind != Error::Kind::NotFound) info.problem = read.error().message;
    all += info;
  }
  std::ranges::stable_sort(all, std::greater(), &RecordingInfo::toMs);
  return all;
}

}  // namespace cachedeck::recording
