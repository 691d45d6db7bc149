// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recorder.h"
#include "tests/core/tst_recording_support.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;
using Kind = RecorderState::Kind;

namespace {

class TestClock : public Clock {
 public:
  Instant now() const override { return {0, dayStart}; }
};

Sample sampleOf(qint64 row) {
  Sample sample;
  sample.at.wallMs = dayStart + row * 1000;
  sample.values = rowOf(row).values;
  return sample;
}

}  // namespace

/// The window's side of a recording.
class TestRecorder : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }
  void tellsHowItStands();
  void endWritesWhatWaits();
  void twoOfThem();
  void folderThatCannotBeMade();

 private:
  RecordingPlace place() const { return placeIn(m_dir->path()); }
  std::unique_ptr<QTemporaryDir> m_dir;
  TestClock m_clock;
};

void TestRecorder::tellsHowItStands() {
  Recorder recorder(place(), {}, m_clock, 20ms);
  QCOMPARE(recorder.state().kind, Kind::Opening);
  QTRY_COMPARE_WITH_TIMEOUT(recorder.state().kind, Kind::Recording, 60000);
  QCOMPARE(recorder.state().sinceMs, 0);
  for (qint64 row = 0; row < 10; ++row) recorder.take(QLatin1String("redis"), sampleOf(row));
  QTRY_COMPARE_WITH_TIMEOUT(recorder.state().rows, 10, 60000);
  QCOMPARE(recorder.state().file, place().file);
  QCOMPARE(recorder.state().sinceMs, dayStart);
  QCOMPARE(recorder.state().committedMs, dayStart + 9000);
  QCOMPARE(recorder.state().waiting, 0);
  QVERIFY(recorder.state().bytes > 0);
  QVERIFY(!recorder.state().error);
}

void TestRecorder::endWritesWhatWaits() {
  {
    Recorder recorder(place(), {}, m_clock, 1h);
    for (qint64 row = 0; row < 100; ++row) recorder.take(QLatin1String("redis"), sampleOf(row));
  }
  QVERIFY(!QFile::exists(place().file + QStringLiteral("-wal")));  // closed, and whole by itself
  const auto read = readDay(place().file);
  QVERIFY(read.ok());
  QVERIFY(holdsRows(read->front(), 0, 100));
  QVERIFY(!QFile::exists(place().file + QStringLiteral("-wal")));  // a reader leaves none, either
}

void TestRecorder::twoOfThem() {
  auto first = std::make_unique<Recorder>(place(), RecordingBounds{}, m_clock, 20ms);
  QTRY_COMPARE_WITH_TIMEOUT(first->state().kind, Kind::Recording, 60000);
  Recorder second(place(), {}, m_clock, 20ms);
  QTRY_COMPARE_WITH_TIMEOUT(second.state().kind, Kind::Paused, 60000);
  QCOMPARE(second.state().error->kind, Error::Kind::Busy);
  first.reset();
  QTRY_COMPARE_WITH_TIMEOUT(second.state().kind, Kind::Recording, 60000);
}

void TestRecorder::folderThatCannotBeMade() {
  QFile inTheWay(m_dir->filePath(QStringLiteral("recordings")));
  QVERIFY(inTheWay.open(QIODevice::WriteOnly));
  Recorder recorder(place(), {}, m_clock, 20ms);
  QSignalSpy changes(&recorder, &Recorder::stateChanged);
  QTRY_VERIFY_WITH_TIMEOUT(changes.size() > 2, 60000);
  QCOMPARE(recorder.state().kind, Kind::Paused);
  QVERIFY(recorder.state().error->message.contains(QStringLiteral("recordings")));
  inTheWay.close();
  QVERIFY(inTheWay.remove());
  recorder.take(QLatin1String("redis"), sampleOf(0));
  QTRY_COMPARE_WITH_TIMEOUT(recorder.state().rows, 1, 60000);
}

QTEST_GUILESS_MAIN(TestRecorder)
#include "tst_recorder.moc"
