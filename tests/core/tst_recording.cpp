// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_recording_support.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <limits>

using namespace cachedeck;
using namespace cachedeck::test;

/// What is written is read.
class TestRecording : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }
  void valuesComeBack();
  void metricsThatComeLater();
  void linesBreak();
  void sourcesApart();
  void clockSetBack();
  void goesOnInTheSameFile();
  void readWhileWritten();
  void rangesAreRefused();
  void listsThem();
  void placesOfProfiles();
  void aDayOfFortySeries();

 private:
  RecordingPlace place() const { return placeIn(m_dir->path()); }
  std::unique_ptr<RecordingStore> open() {
    auto store = RecordingStore::open(place(), {}, dayStart);
    if (!store) qWarning("%s", qPrintable(store.error().message));
    return store ? std::move(*store) : nullptr;
  }
  std::unique_ptr<QTemporaryDir> m_dir;
};

void TestRecording::valuesComeBack() {
  const float values[] = {0.0F, -0.0F, 1.5F, -3.4e38F, 1e-45F, std::numeric_limits<float>::infinity(), NAN, 97.31F};
  auto store = open();
  QVERIFY(store);
  std::vector<RecordingRow> rows;
  for (int i = 0; i < 8; ++i) rows.push_back({"redis", dayStart + i * 1000, {{metricName(0), static_cast<double>(values[i])}, {metricName(1), NAN}, {metricName(2), 1.0}}, false, 2500});
  QVERIFY(store->append(rows).ok());
  QCOMPARE(store->rows(), 8);
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  QCOMPARE(read->size(), size_t{1});
  QCOMPARE(read->front().name, QByteArray("redis"));
  QCOMPARE(read->front().columns.size(), size_t{2});  // what was never measured is no column
  QCOMPARE(read->front().columns[0].metric, QByteArray(metricName(0).data(), metricName(0).size()));
  QCOMPARE(read->front().columns[1].metric, QByteArray(metricName(2).data(), metricName(2).size()));
  QVERIFY(memcmp(read->front().columns[0].values.data(), values, sizeof values) == 0);  // bit by bit: NaN and -0 as well
  QCOMPARE(QFile(place().file).permissions() & ~(QFile::ReadOwner | QFile::WriteOwner), QFile::ReadUser | QFile::WriteUser);
  QCOMPARE(QFile(QFileInfo(place().file).path()).permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeGroup | QFile::ExeOther), QFile::Permissions());
}

void TestRecording::metricsThatComeLater() {
  auto store = open();
  QVERIFY(store->append(rowsOf(0, 5, 2)).ok());
  QVERIFY(store->append(rowsOf(5, 5, 4)).ok());
  RecordingRow fewer{"redis", dayStart + 10'000, {{metricName(3), 7.0}}, false, 2500};
  QVERIFY(store->append(std::span(&fewer, 1)).ok());
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  const auto& group = read->front();
  QCOMPARE(group.columns.size(), size_t{4});
  QCOMPARE(group.timesMs.size(), size_t{11});
  for (const auto& column : group.columns) QCOMPARE(column.values.size(), size_t{11});
  QVERIFY(std::isnan(group.columns[3].values[4]));
  QCOMPARE(static_cast<double>(group.columns[3].values[5]), valueOf(5, 3));
  QVERIFY(std::isnan(group.columns[0].values[10]));
  QCOMPARE(group.columns[3].values[10], 7.0F);
}

void TestRecording::linesBreak() {
  auto store = open();
  auto rows = rowsOf(0, 3);
  rows.push_back(rowOf(3));
  rows.back().restarted = true;
  rows.push_back(rowOf(9));  // six seconds later
  QVERIFY(store->append(rows).ok());
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  const std::vector<qint64> expected{0, 1000, 2000, 2001, 3000, 3001, 9000};
  QCOMPARE(read->front().timesMs.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    QCOMPARE(read->front().timesMs[i], dayStart + expected[i]);
    QCOMPARE(std::isnan(read->front().columns[0].values[i]), expected[i] == 2001 || expected[i] == 3001);
  }
}

void TestRecording::sourcesApart() {
  auto store = open();
  for (qint64 row = 0; row < 20; ++row) {
    const RecordingRow both[] = {rowOf(row, 3, "redis"), rowOf(row, 2, "postgres")};
    QVERIFY(store->append(both).ok());
  }
  const auto read = readRecording(place().file, dayStart + 5000, dayStart + 9000);
  QVERIFY(read.ok());
  QCOMPARE(read->size(), size_t{2});
  for (const auto& group : *read) QVERIFY(holdsRows(group, 5, 5));
  QVERIFY(readRecording(place().file, dayStart + 900'000, dayStart + 901'000)->empty());
}

void TestRecording::clockSetBack() {
  auto store = open();
  QVERIFY(store->append(rowsOf(100, 10)).ok());
  auto earlier = rowsOf(50, 5);
  for (auto& row : earlier) row.wallMs += 300;
  QVERIFY(store->append(earlier).ok());
  QVERIFY(store->append(rowsOf(100, 1)).ok());  // a moment that is there already
  QCOMPARE(store->rows(), 15);
  const auto read = readDay(place().file);
  QVERIFY(std::ranges::is_sorted(read->front().timesMs, std::less_equal()));
}

void TestRecording::goesOnInTheSameFile() {
  QVERIFY(open()->append(rowsOf(0, 10)).ok());
  auto store = open();
  QVERIFY(store->notice().isEmpty());
  QCOMPARE(store->rows(), 10);
  QVERIFY(store->append(rowsOf(10, 10)).ok());
  const auto read = readDay(place().file);
  QCOMPARE(read->front().timesMs.size(), size_t{21});  // nobody measured between the two: one row of gap
  QVERIFY(std::isnan(read->front().columns[0].values[10]));
}

void TestRecording::readWhileWritten() {
  auto store = open();
  for (qint64 row = 0; row < 50; ++row) {
    QVERIFY(store->append(rowsOf(row, 1)).ok());
    const auto read = readDay(place().file);
    QVERIFY2(read.ok(), read ? "" : qPrintable(read.error().message));
    QVERIFY(holdsRows(read->front(), 0, row + 1));
  }
}

void TestRecording::rangesAreRefused() {
  QCOMPARE(readDay(place().file).error().kind, Error::Kind::NotFound);
  QVERIFY(open()->append(rowsOf(0, 10)).ok());
  QCOMPARE(readRecording(place().file, 10, 9).error().kind, Error::Kind::Usage);
  QCOMPARE(readRecording(place().file, 0, std::numeric_limits<qint64>::max()).error().kind, Error::Kind::Usage);
  QCOMPARE(readRecording(place().file, std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max()).error().kind, Error::Kind::Usage);
  std::stop_source stop;
  stop.request_stop();
  QCOMPARE(readRecording(place().file, dayStart, dayStart + 9000, stop.get_token()).error().kind, Error::Kind::Cancelled);
}

void TestRecording::listsThem() {
  const QString folder = QFileInfo(place().file).path();
  QVERIFY(listRecordings(folder)->isEmpty());
  auto store = open();
  QVERIFY(store->append(rowsOf(0, 10)).ok());
  {
    auto other = RecordingStore::open(placeIn(m_dir->path(), QStringLiteral("other")), {}, dayStart);
    QVERIFY((*other)->append(rowsOf(100, 5, 2, "postgres")).ok());
  }
  QFile bad(folder + QStringLiteral("/bad.sqlite"));
  QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write(QByteArray(5000, 'x')) == 5000);
  bad.close();
  const auto all = listRecordings(folder);
  QVERIFY(all.ok());
  QCOMPARE(all->size(), 3);
  QCOMPARE(all->at(0).groups, QStringList{QStringLiteral("postgres")});
  QVERIFY(!all->at(0).isBeingWritten);
  QCOMPARE(all->at(1).profile, QStringLiteral("Shop"));
  QCOMPARE(all->at(1).environment, QStringLiteral("production"));
  QCOMPARE(all->at(1).fromMs, dayStart);
  QCOMPARE(all->at(1).toMs, dayStart + 9000);
  QCOMPARE(all->at(1).rows, 10);
  QVERIFY(all->at(1).isBeingWritten);
  QVERIFY(all->at(1).bytes > 0);
  QVERIFY(all->at(2).problem.contains(QStringLiteral("damaged")));
}

void TestRecording::placesOfProfiles() {
  Profile profile;
  profile.id = QUuid::createUuid();
  profile.name = QStringLiteral("Shop");
  profile.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("10.0.0.5")}};
  const QString folder = m_dir->path();
  QCOMPARE(recordingPlace(profile, true, folder).profile, QStringLiteral("Shop"));
  QCOMPARE(recordingPlace(profile, false, folder).profile, QStringLiteral("Redis 10.0.0.5:6379"));
  const QString saved = recordingPlace(profile, true, folder).file, byUrl = recordingPlace(profile, false, folder).file;
  QVERIFY(saved.contains(profile.id.toString(QUuid::WithoutBraces)));
  profile.name = QStringLiteral("Shop, renamed");
  QCOMPARE(recordingPlace(profile, true, folder).file, saved);
  profile.id = QUuid::createUuid();
  QCOMPARE(recordingPlace(profile, false, folder).file, byUrl);
  profile.sources[QStringLiteral("redis")].fields[QStringLiteral("host")] = QStringLiteral("10.0.0.6");
  QVERIFY(recordingPlace(profile, false, folder).file != byUrl);
  QVERIFY(!isRecorded(profile));
  profile.fields[QStringLiteral("record")] = QStringLiteral("true");
  QVERIFY(isRecorded(profile));
}

// Figures for people; nothing is asserted of time or size.
void TestRecording::aDayOfFortySeries() {
  constexpr qint64 day = 86'400, batch = 12;  // two sources of twenty metrics, commits of three seconds
  QElapsedTimer timer;
  timer.start();
  qint64 slowest = 0;
  {
    auto store = open();
    for (qint64 row = 0; row < day; row += 3) {
      std::vector<RecordingRow> rows = rowsOf(row, 3, 20, "redis");
      for (RecordingRow& other : rowsOf(row, 3, 20, "postgres")) rows.push_back(std::move(other));
      const qint64 before = timer.nsecsElapsed();
      QVERIFY(store->append(rows).ok());
      QVERIFY(store->keepBounds(dayStart + row * 1000).ok());
      if (row % (20 * batch) == 0) QVERIFY(store->sync().ok());
      slowest = std::max(slowest, timer.nsecsElapsed() - before);
    }
  }
  const qint64 wrote = timer.restart();
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  QCOMPARE(read->size(), size_t{2});
  for (const auto& group : *read) QVERIFY(holdsRows(group, 0, day));
  qInfo("24 h x 40 series: %.1f MiB, written in %.2f s (28800 commits, the slowest %.1f ms), read in %.2f s", static_cast<double>(QFileInfo(place().file).size()) / 1048576.0,
        static_cast<double>(wrote) / 1e3, static_cast<double>(slowest) / 1e6, static_cast<double>(timer.elapsed()) / 1e3);
}

QTEST_GUILESS_MAIN(TestRecording)
#include "tst_recording.moc"
