// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/requests.h"
#include "core/sandbox/traffic/waves.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace cachedeck::traffic;

/// The sandbox's load: within its bounds, never still, and shaped like the reference system's requests.
class TestTrafficShape : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void staysWithinBounds();
  void movesWithinTwentySeconds();
  void ranksFollowZipf();
  void requestsAreWellFormed();
  void napEndsOnStop();
};

void TestTrafficShape::staysWithinBounds() {
  for (double t = 0; t < 7200; t += 0.5) {
    QVERIFY(readsPerSecond(t) >= 109 && readsPerSecond(t) <= 391);
    QVERIFY(coldShare(t) >= 0.03 && coldShare(t) <= 0.24);
    QVERIFY(reportsPerSecond(t) >= 5 && reportsPerSecond(t) <= 45);
    QVERIFY(pooledSessions(t) >= 1 && pooledSessions(t) <= 11);
    QVERIFY(slowSeconds(t) >= 0.05 && slowSeconds(t) <= 0.3);
  }
}

void TestTrafficShape::movesWithinTwentySeconds() {
  const auto spread = [](double from, auto wave) {
    double low = wave(from), high = low;
    for (double t = from; t < from + 20; t += 0.25) {
      low = std::min(low, static_cast<double>(wave(t)));
      high = std::max(high, static_cast<double>(wave(t)));
    }
    return high - low;
  };
  for (double from = 0; from < 3600; from += 7) {
    QVERIFY(spread(from, readsPerSecond) > 50);
    QVERIFY(spread(from, coldShare) > 0.03);
    QVERIFY(spread(from, reportsPerSecond) > 4);
    QVERIFY(spread(from, pooledSessions) >= 2);
    QVERIFY(spread(from, slowSeconds) > 0.02);
  }
  int seconds = 0;
  for (double t = 0; t < 310; ++t) seconds += batchRuns(t);
  QCOMPARE(seconds, 40);
}

void TestTrafficShape::ranksFollowZipf() {
  std::mt19937_64 random(7);
  std::vector<int> counts(300);
  for (int i = 0; i < 100000; ++i) ++counts[static_cast<size_t>(zipfRank(300, random))];
  QVERIFY(counts[0] > 1.5 * counts[1]);  // 1/(r+1) over whole ranks: log2 / log1.5 = 1.7
  QVERIFY(counts[0] > 20 * counts[100]);
  QVERIFY(counts[299] > 0);
}

void TestTrafficShape::requestsAreWellFormed() {
  static const QRegularExpression keys(QStringLiteral(
      "^(risk:(list:page:\\d+:sev:\\w+:status:\\w+|id:\\d+|search:[0-9a-f]+)|dashboard:(stats:\\d+d|matrix:all|timeline:\\d+)"
      "|connector:(list:cat:\\w+:status:\\w+|id:\\d+)|marketplace:app:\\d+)$"));
  std::mt19937_64 random(7);
  QSet<QByteArray> statements;
  for (int i = 0; i < 5000; ++i) {
    const Request request = drawRequest(i % 5 == 0, random);
    QVERIFY2(keys.match(QString::fromLatin1(request.key)).hasMatch(), request.key.constData());
    QCOMPARE(QByteArray(request.sql).count('$'), request.parameters.size());
    QVERIFY(request.ttlSeconds >= 20 && request.ttlSeconds <= 75);
    statements.insert(request.sql);
  }
  QCOMPARE(static_cast<size_t>(statements.size()), requestKinds().size());
}

void TestTrafficShape::napEndsOnStop() {
  std::stop_source stop;
  stop.request_stop();
  nap(3600, stop.get_token());  // or the test never ends
}

QTEST_GUILESS_MAIN(TestTrafficShape)
#include "tst_traffic_shape.moc"
