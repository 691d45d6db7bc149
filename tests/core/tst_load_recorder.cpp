// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/recorder.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::load;

/// What the engine counts of itself.
class TestLoadRecorder : public QObject {
  Q_OBJECT
  static constexpr std::int64_t ms = 1'000'000;
  static Recorder ticked(int onTime, int late) {
    Recorder recorder({}, {});
    for (int i = 0; i < onTime; ++i) recorder.late(ms / 10);
    for (int i = 0; i < late; ++i) recorder.late(40 * ms);
    return recorder;
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // Eight seconds before the first user was due, two late ticks of 160 made the result invalid, and later it was valid again.
  void aFewLateTicksAreNoVerdict() {
    QVERIFY(!ticked(0, 0).wasLaterThan(20 * ms));
    QVERIFY(!ticked(0, 5).wasLaterThan(20 * ms));
    QVERIFY(!ticked(158, 2).wasLaterThan(20 * ms));
    QVERIFY(!ticked(2'000, 12).wasLaterThan(20 * ms));  // more than ten, and less than a hundredth
  }

  void manyAre() {
    QVERIFY(ticked(150, 20).wasLaterThan(20 * ms));
    QVERIFY(ticked(10'000, 200).wasLaterThan(20 * ms));
    QVERIFY(!ticked(10'000, 200).wasLaterThan(50 * ms));
  }
};

QTEST_GUILESS_MAIN(TestLoadRecorder)
#include "tst_load_recorder.moc"
