// SPDX-License-Identifier: GPL-3.0-or-later
// Cost of keeping samples on disk, beside the least that the same database can cost: a bare INSERT of a blob of the same size, in transactions of the same size, and a table
// of (time, metric, value) with a row a value, as samples are often kept. Then what a commit costs when the recording is full and the oldest rows go.
#include "core/recording/recording_read.h"
#include "core/recording/recording_session.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

using namespace cachedeck;
using namespace cachedeck::recording;

namespace {

constexpr qint64 start = 1'700'000'000'000, aDay = 86'400, aCommit = 3;
constexpr int metrics = 40;

std::array<QByteArray, metrics> names;

template <typename Work>
double secondsOf(Work work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s failed\n", what);
  std::exit(1);
}

// Values that wander, as figures do: all bits of the mantissa differ.
RecordingRow rowOf(qint64 row) {
  RecordingRow made{"redis", start + row * 1000, {}, false, 2500};
  made.values.reserve(metrics);
  for (int i = 0; i < metrics; ++i) made.values.emplace_back(QLatin1String(names[static_cast<size_t>(i)]), std::sin(static_cast<double>(row) * 0.001 * (i + 1)) * 1e4);
  return made;
}

std::vector<RecordingRow> rowsOf(qint64 from, qint64 count) {
  std::vector<RecordingRow> rows;
  for (qint64 row = from; row < from + count; ++row) rows.push_back(rowOf(row));
  return rows;
}

std::unique_ptr<SqliteFile> plainFile(const QString& path, const char* table) {
  auto file = SqliteFile::open(path, SqliteFile::Mode::Write);
  need(file.ok(), "open");
  for (const char* const sql : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", table}) need((*file)->run(QLatin1String(sql)).ok(), sql);
  return std::move(*file);
}

void plainBlobs(SqliteFile& file) {
  auto insert = file.prepared(QStringLiteral("INSERT INTO t(ms, v) VALUES(?, ?)"));
  const QByteArray blob(metrics * static_cast<qsizetype>(sizeof(float)), 'x');
  for (qint64 row = 0; row < aDay; row += aCommit) {
    need(file.run(QStringLiteral("BEGIN")).ok(), "BEGIN");
    for (qint64 i = row; i < row + aCommit; ++i) {
      insert->bindValue(0, start + i * 1000);
      insert->bindValue(1, blob);
      need(insert->exec(), "INSERT");
    }
    need(file.run(QStringLiteral("COMMIT")).ok(), "COMMIT");
  }
}

void plainValues(SqliteFile& file, qint64 rows) {
  auto insert = file.prepared(QStringLiteral("INSERT INTO t(ms, metric, v) VALUES(?, ?, ?)"));
  for (qint64 row = 0; row < rows; row += aCommit) {
    need(file.run(QStringLiteral("BEGIN")).ok(), "BEGIN");
    for (const RecordingRow& made : rowsOf(row, aCommit)) {
      for (int i = 0; i < metrics; ++i) {
        insert->bindValue(0, made.wallMs);
        insert->bindValue(1, i);
        insert->bindValue(2, made.values[static_cast<size_t>(i)].second);
        need(insert->exec(), "INSERT");
      }
    }
    need(file.run(QStringLiteral("COMMIT")).ok(), "COMMIT");
  }
}

void say(const char* what, double seconds, qint64 rows, qint64 bytes) {
  std::printf("%-34s %10.0f rows/s %8.1f us a row %8.1f bytes a row\n", what, static_cast<double>(rows) / seconds, 1e6 * seconds / static_cast<double>(rows), static_cast<double>(bytes) / static_cast<double>(rows));
}

double record(const RecordingBounds& bounds, qint64 rows, const QString& path, double* slowest) {
  RecordingSession session({path, {}, {}, true}, bounds);
  double total = 0;
  for (qint64 row = 0; row < rows; row += aCommit) {
    auto batch = rowsOf(row, aCommit);
    const double seconds = secondsOf([&] {
      for (RecordingRow& made : batch) session.put(std::move(made));
      need(session.commit(start + row * 1000).kind == RecorderState::Kind::Recording, "commit");
    });
    total += seconds;
    *slowest = std::max(*slowest, seconds);
  }
  session.finish(start + rows * 1000);
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  for (int i = 0; i < metrics; ++i) names[static_cast<size_t>(i)] = "redis.metric_number_" + QByteArray::number(i);
  const QTemporaryDir dir;
  const QString path = dir.filePath(QStringLiteral("recordings/day.sqlite"));
  double slowest = 0, slowestFull = 0;

  const double ours = record({}, aDay, path, &slowest);
  say("recording, 24 h x 40 series", ours, aDay, QFileInfo(path).size());
  const QString blobPath = dir.filePath(QStringLiteral("blobs.sqlite")), valuePath = dir.filePath(QStringLiteral("values.sqlite"));
  auto blobs = plainFile(blobPath, "CREATE TABLE t(ms INTEGER PRIMARY KEY, v BLOB)");
  const double bare = secondsOf([&] { plainBlobs(*blobs); });
  blobs.reset();
  say("bare INSERT of the same blob", bare, aDay, QFileInfo(blobPath).size());
  constexpr qint64 fewer = aDay / 8 / aCommit * aCommit;
  auto values = plainFile(valuePath, "CREATE TABLE t(ms INTEGER, metric INTEGER, v REAL, PRIMARY KEY(ms, metric)) WITHOUT ROWID");
  const double each = secondsOf([&] { plainValues(*values, fewer); });
  values.reset();
  say("a row a value", each, fewer, QFileInfo(valuePath).size());
  std::printf("ratio to the bare INSERT %.2f, to a row a value %.2f; slowest commit %.1f ms\n", ours / bare, ours / (each * aDay / fewer), slowest * 1e3);

  std::vector<snapshot::SeriesGroup> read;
  const double reading = secondsOf([&] {
    auto found = readRecording(path, start, start + aDay * 1000);
    need(found.ok(), "read");
    read = std::move(*found);
  });
  std::printf("read of the 24 h: %.0f ms, %.1f M values/s\n", reading * 1e3, static_cast<double>(read.front().timesMs.size()) * metrics / reading / 1e6);

  const QString fullPath = dir.filePath(QStringLiteral("recordings/full.sqlite"));
  const double full = record({8 * 1024 * 1024, std::chrono::hours(14 * 24)}, aDay, fullPath, &slowestFull);
  say("recording that is full (8 MiB)", full, aDay, QFileInfo(fullPath).size());
  std::printf("slowest commit %.1f ms\n", slowestFull * 1e3);
  return 0;
}
