// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/axis_steps.h"

#include <QtTest>

#include <limits>

using namespace cachedeck;

/// The steps that charts of the window and of reports share.
class TestAxisSteps : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void niceNumbers() {
    QCOMPARE(niceAbove(1), 1.0);
    QCOMPARE(niceAbove(1.0001), 2.0);
    QCOMPARE(niceAbove(0.03), 0.05);
    QCOMPARE(niceAbove(600), 1000.0);
  }

  void values_data() {
    QTest::addColumn<int>("unit");
    QTest::addColumn<double>("range");
    QTest::addColumn<double>("step");
    const double tebi = 1099511627776.0;
    QTest::newRow("milliseconds") << int(Unit::Seconds) << 0.0071 << 0.002;
    QTest::newRow("bytes go by their prefix") << int(Unit::Bytes) << 3.0 * 1024 * 1024 << 1024.0 * 1024;
    QTest::newRow("bytes a second too") << int(Unit::BytesPerSecond) << 700.0 * 1024 << 200.0 * 1024;
    QTest::newRow("no prefix above TiB") << int(Unit::Bytes) << 4000 * tebi << 1000 * tebi;
    QTest::newRow("there is no half client") << int(Unit::Count) << 1.0 << 1.0;
  }
  void values() {
    QFETCH(int, unit);
    QFETCH(double, range);
    QFETCH(double, step);
    QCOMPARE(valueStep(static_cast<Unit>(unit), range, 4), step);
  }

  void percentagesBeginBelowWhatIsThere() {
    QCOMPARE(percentFloor(std::numeric_limits<double>::quiet_NaN()), 0.0);
    QCOMPARE(percentFloor(97), 90.0);
    QCOMPARE(percentFloor(91), 80.0);
    QCOMPARE(percentFloor(1), 0.0);
  }

  void timeGoesAsClocksDivideIt() {
    QCOMPARE(timeStepSeconds(60, 5), qint64{15});
    QCOMPARE(timeStepSeconds(3600, 8), qint64{600});
    QCOMPARE(timeStepSeconds(86'400, 9), qint64{10'800});
    QCOMPARE(timeStepSeconds(365 * 86'400.0, 5), qint64{11 * 604'800});  // whole weeks
  }
};

QTEST_GUILESS_MAIN(TestAxisSteps)
#include "tst_axis_steps.moc"
