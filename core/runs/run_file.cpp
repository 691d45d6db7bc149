// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/owned_file.h"
#include "core/runs/run_store.h"

#include <QFile>
#include <QJsonDocument>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace cachedeck::runs {

namespace {

constexpr char head[] = "{\"summary\":";
constexpr char middle[] = ",\n\"record\":";
constexpr qint64 longestHead = 256 * 1024;
// A parsed value takes some twenty bytes in memory, however short it is in the file.
constexpr qsizetype mostValues = 6'000'000;

Error unreadable(const QString& path, const QString& reason) {
  return fail(Error::Kind::Protocol, QStringLiteral("The run in %1 cannot be read: %2.").arg(path, reason));
}

Result<QByteArray> bytesOf(const QString& path, qint64 most) {
  const auto handle = openRegular(path, O_RDONLY);
  if (!handle) return handle.error();
  QFile file;
  if (!file.open(handle->fd(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle)) return fileError(path, "read", EIO);
  QByteArray bytes = file.read(most);
  if (file.error() != QFileDevice::NoError) return fail(Error::Kind::Io, QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()));
  return bytes;
}

Result<QJsonObject> parsed(const QByteArray& bytes, const QString& path) {
  const auto values = std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == ',' || c == '[' || c == '{'; });
  if (values > mostValues) return unreadable(path, QStringLiteral("it holds more than %1 values").arg(mostValues));
  QJsonParseError problem;
  const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
  if (document.isObject()) return document.object();
  if (bytes.trimmed().isEmpty()) return unreadable(path, QStringLiteral("it is empty"));
  if (!document.isNull()) return unreadable(path, QStringLiteral("it is not the record of a load run"));
  return unreadable(path, QStringLiteral("it is no valid JSON at byte %1; it may have been cut off or changed").arg(problem.offset));
}

/// The summary's JSON out of the first line, or nothing where the file was laid out by another program.
QByteArray headOf(const QByteArray& bytes) {
  const qsizetype end = bytes.indexOf(middle);
  const qsizetype begin = static_cast<qsizetype>(sizeof head) - 1;
  return bytes.startsWith(head) && end > begin ? bytes.mid(begin, end - begin) : QByteArray();
}

}  // namespace

Result<QByteArray> encoded(const RunRecord& record) {
  QByteArray bytes = head + QJsonDocument(toJson(summaryOf(record))).toJson(QJsonDocument::Compact) + middle +
                     QJsonDocument(toJson(record)).toJson(QJsonDocument::Compact) + "}\n";
  if (bytes.size() <= largestRecord) return bytes;
  return fail(Error::Kind::Usage, QStringLiteral("The record of run %1 would take %2 MiB; at most %3 are kept. Leave out server series.")
                                      .arg(record.id)
                                      .arg(bytes.size() >> 20)
                                      .arg(largestRecord >> 20));
}

Result<RunRecord> readRunFile(const QString& path) {
  const auto bytes = bytesOf(path, largestRecord + 1);
  if (!bytes) return bytes.error();
  if (bytes->size() > largestRecord) return unreadable(path, QStringLiteral("it is larger than %1 MiB").arg(largestRecord >> 20));
  const auto object = parsed(*bytes, path);
  if (!object) return object.error();
  // A record alone, as another program may have taken it out, is good as well.
  const QJsonObject inner = (*object)[QLatin1String("record")].toObject();
  auto record = recordFromJson(inner.isEmpty() ? *object : inner);
  if (!record) return unreadable(path, record.error().message);
  return record;
}

Result<RunSummary> readRunSummary(const QString& path, qint64 nowMs) {
  const auto start = bytesOf(path, longestHead);
  if (!start) return start.error();
  if (const QByteArray json = headOf(*start); !json.isEmpty()) {
    const auto object = parsed(json, path);
    if (!object) return object.error();
    auto summary = summaryFromJson(*object, nowMs);
    if (!summary) return unreadable(path, summary.error().message);
    return summary;
  }
  const auto record = readRunFile(path);
  if (!record) return record.error();
  RunSummary summary = summaryOf(*record);
  summary.state = stateOf(record->partial, record->writer, nowMs);
  return summary;
}

}  // namespace cachedeck::runs
