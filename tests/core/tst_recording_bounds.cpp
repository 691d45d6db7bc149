// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_recording_support.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

/// A recording stays within its bounds, and the newest rows stay.
class TestRecordingBounds : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }
  void bytes();
  void age();
  void spaceComesBack();
  void stopsWhenAsked();

 private:
  RecordingPlace place() const { return placeIn(m_dir->path()); }
  std::unique_ptr<QTemporaryDir> m_dir;
};

void TestRecordingBounds::bytes() {
  constexpr qint64 most = 2 * 1024 * 1024;
  auto store = RecordingStore::open(place(), {most, 14 * 24h}, dayStart);
  QVERIFY(store.ok());
  qint64 largest = 0;
  constexpr qint64 rows = 40'000;
  for (qint64 row = 0; row < rows; row += 20) {
    QVERIFY((*store)->append(rowsOf(row, 20, 40)).ok());
    QVERIFY((*store)->keepBounds(dayStart + row * 1000).ok());
    largest = std::max(largest, (*store)->bytes());
  }
  QVERIFY2(largest <= most, qPrintable(QString::number(largest)));
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  const auto& group = read->front();
  const auto count = static_cast<qint64>(group.timesMs.size());
  QVERIFY2(count > 5000, qPrintable(QString::number(count)));  // the bound is used, not merely kept
  QVERIFY(holdsRows(group, rows - count, count));
  QCOMPARE((*store)->rows(), count);
}

void TestRecordingBounds::age() {
  auto store = RecordingStore::open(place(), {512LL * 1024 * 1024, 1h}, dayStart);
  QVERIFY((*store)->append(rowsOf(0, 5000)).ok());
  QVERIFY((*store)->keepBounds(dayStart + 4999 * 1000).ok());
  auto read = readDay(place().file);
  QVERIFY(holdsRows(read->front(), 1399, 3601));
  // A week later everything of then is too old.
  QVERIFY((*store)->append(rowsOf(604'800, 1)).ok());
  QVERIFY((*store)->keepBounds(dayStart + 604'800'000).ok());
  read = readDay(place().file);
  QVERIFY(holdsRows(read->front(), 604'800, 1));
  QCOMPARE((*store)->rows(), 1);
}

void TestRecordingBounds::spaceComesBack() {
  qint64 large = 0;
  {
    auto store = RecordingStore::open(place(), {}, dayStart);
    QVERIFY((*store)->append(rowsOf(0, 40'000, 40)).ok());
    QVERIFY((*store)->sync().ok());
    large = QFileInfo(place().file).size();
    QVERIFY(large > 6 * 1024 * 1024);
  }
  {
    // The same file under a narrower bound.
    auto store = RecordingStore::open(place(), {2 * 1024 * 1024, 14 * 24h}, dayStart);
    for (int commit = 0; commit < 100; ++commit) QVERIFY((*store)->keepBounds(dayStart + 40'000'000).ok());
    QVERIFY((*store)->sync().ok());
    QVERIFY2((*store)->bytes() <= 2 * 1024 * 1024, qPrintable(QStringLiteral("%1 + %2").arg(QFileInfo(place().file).size()).arg(QFileInfo(place().file + QStringLiteral("-wal")).size())));
  }
  QVERIFY(QFileInfo(place().file).size() < large / 3);
  const auto read = readDay(place().file);
  const auto count = static_cast<qint64>(read->front().timesMs.size());
  QVERIFY(count > 1000 && holdsRows(read->front(), 40'000 - count, count));
}

void TestRecordingBounds::stopsWhenAsked() {
  auto store = RecordingStore::open(place(), {1024 * 1024, 1h}, dayStart);
  QVERIFY((*store)->append(rowsOf(0, 20'000, 40)).ok());
  std::stop_source stop;
  stop.request_stop();
  QVERIFY((*store)->keepBounds(dayStart + 604'800'000, stop.get_token()).ok());
  QCOMPARE((*store)->rows(), 20'000);
}

QTEST_GUILESS_MAIN(TestRecordingBounds)
#include "tst_recording_bounds.moc"
