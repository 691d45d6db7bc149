// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"

#include <QSet>
#include <QTest>

#include <cmath>

using namespace cachedeck;

class TestFormat : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void values_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("unit");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, double value, Unit unit, const char* text) {
      QTest::newRow(name) << value << static_cast<int>(unit) << QString::fromUtf8(text);
    };
    row("not measured", NAN, Unit::Bytes, "–");
    row("zero per second", 0, Unit::PerSecond, "0 /s");
    row("fraction per second", 0.4, Unit::PerSecond, "0.40 /s");
    row("per second", 302.3, Unit::PerSecond, "302 /s");
    row("thousands", 31840, Unit::PerSecond, "31.8 k/s");
    row("rounding takes the next prefix", 999.7, Unit::PerSecond, "1.00 k/s");
    row("whole count", 124, Unit::Count, "124");
    row("small whole count", 7, Unit::Count, "7");
    row("percent", 94.21, Unit::Percent, "94.2 %");
    row("hundred percent", 100, Unit::Percent, "100 %");
    row("bytes", 512, Unit::Bytes, "512 B");
    row("kibibytes", 1536, Unit::Bytes, "1.50 KiB");
    row("gibibytes", 6.88 * 1073741824.0, Unit::Bytes, "6.88 GiB");
    row("almost a mebibyte", 1048575, Unit::Bytes, "1.00 MiB");
    row("microseconds", 43e-6, Unit::Seconds, "43.0 µs");
    row("milliseconds", 3.84e-3, Unit::Seconds, "3.84 ms");
    row("seconds", 2.09, Unit::Seconds, "2.09 s");
    row("zero seconds", 0, Unit::Seconds, "0 s");
    row("minutes", 90, Unit::Seconds, "1.50 min");
    row("negative", -1536, Unit::Bytes, "-1.50 KiB");
    row("infinite", INFINITY, Unit::PerSecond, "∞ /s");
  }
  void values() {
    QFETCH(double, value);
    QFETCH(int, unit);
    QFETCH(QString, text);
    QCOMPARE(formatValue(value, static_cast<Unit>(unit)), text);
  }

  void numbersShareTheScaleOfTheAxis() {
    QCOMPARE(formatNumberLike(2.0 * 1073741824.0, 8.0 * 1073741824.0, Unit::Bytes), QStringLiteral("2"));
    QCOMPARE(formatNumberLike(0.5 * 1073741824.0, 8.0 * 1073741824.0, Unit::Bytes), QStringLiteral("0.5"));
    QCOMPARE(unitLike(8.0 * 1073741824.0, Unit::Bytes), QStringLiteral("GiB"));
  }

  void durations() {
    QCOMPARE(formatDuration(48), QStringLiteral("48 s"));
    QCOMPARE(formatDuration(60), QStringLiteral("1 min"));
    QCOMPARE(formatDuration(192), QStringLiteral("3 min 12 s"));
    QCOMPARE(formatDuration(7500), QStringLiteral("2 h 5 min"));
    QCOMPARE(formatDuration(-1), QStringLiteral("0 s"));
  }

  void catalogIsSound() {
    QSet<QLatin1String> ids;
    for (const MetricInfo& metric : metricCatalog()) {
      QVERIFY2(!ids.contains(metric.id), metric.id.data());
      ids.insert(metric.id);
      QVERIFY(QString(metric.id).contains(QLatin1Char('.')));
      QVERIFY(metric.name[0] != '\0' && metric.description[0] != '\0');
      QCOMPARE(findMetric(metric.id), &metric);
      if (metric.judge != Judge::None) QVERIFY2(!std::isnan(metric.warning) || !std::isnan(metric.critical), metric.id.data());
    }
    QCOMPARE(findMetric(QLatin1String("no.such")), nullptr);
  }

  void judgesByTheReferenceBands() {
    const MetricInfo& ratio = *findMetric(QLatin1String("redis.hit_ratio"));
    QCOMPARE(judge(ratio, 75), Level::Good);
    QCOMPARE(judge(ratio, 74.9), Level::Warning);
    QCOMPARE(judge(ratio, 49.9), Level::Critical);
    QCOMPARE(judge(ratio, NAN), Level::Good);
    const MetricInfo& memory = *findMetric(QLatin1String("redis.memory_used_percent"));
    QCOMPARE(judge(memory, 84.9), Level::Warning);
    QCOMPARE(judge(memory, 85), Level::Critical);
  }
};

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
