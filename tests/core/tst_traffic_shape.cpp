// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/requests.h"
#include "core/sandbox/traffic/waves.h"

#include <QJsonDocument>
#include <QJsonObject>
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
  void writesAreWellFormed();
  void napEndsOnStop();
};

void TestTrafficShape::staysWithinBounds() {
  for (double t = 0; t < 7200; t += 0.5) {
    QVERIFY(readsPerSecond(t) >= 109 && readsPerSecond(t) <= 391);
    QVERIFY(coldShare(t) >= 0.03 && coldShare(t) <= 0.24);
    QVERIFY(reportsPerSecond(t) >= 5 && reportsPerSecond(t) <= 45);
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
  static const QRegularExpression paths(QStringLiteral(
      "^/api/v1/(risks/\\d+|risks\\?page=\\d+&severity=(low|medium|high|critical)&status=(open|mitigating|accepted|closed)|risks\\?search=\\w+"
      "|stats\\?period=(7|30|90|365)d|stats/risk-matrix|stats/trends\\?days=\\d+"
      "|marketplace/(connectors\\?category=\\w+&status=active|connectors/\\d+|apps/\\d+))$"));
  std::mt19937_64 random(7);
  QSet<QByteArray> routes;
  for (int i = 0; i < 5000; ++i) {
    const Request request = drawRequest(i % 5 == 0, random);
    const QRegularExpressionMatch match = paths.match(QString::fromLatin1(request.path));
    QVERIFY2(match.hasMatch(), request.path.constData());
    QCOMPARE(request.method, "GET");
    QVERIFY(request.body.isEmpty());
    routes.insert(request.path.left(request.path.lastIndexOf(request.path.contains('?') ? '=' : '/')));
  }
  QVERIFY(routes.size() >= qsizetype(requestKinds().size()));
}

void TestTrafficShape::writesAreWellFormed() {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    const Request change = changeRisk(random), creation = createRisk(random);
    QCOMPARE(change.method, "PUT");
    QVERIFY2(QRegularExpression(QStringLiteral("^/api/v1/risks/\\d{1,3}$")).match(QString::fromLatin1(change.path)).hasMatch(), change.path.constData());
    QCOMPARE(creation.method, "POST");
    QCOMPARE(creation.path, QByteArray("/api/v1/risks"));
    for (const QByteArray& body : {change.body, creation.body}) {
      const QJsonObject risk = QJsonDocument::fromJson(body).object();
      for (const char* field : {"title", "description", "severity", "status", "owner"}) QVERIFY2(!risk.value(QLatin1String(field)).toString().isEmpty(), field);
      for (const char* field : {"likelihood", "impact"}) QVERIFY2(risk.value(QLatin1String(field)).toInt() >= 1 && risk.value(QLatin1String(field)).toInt() <= 5, field);
      QCOMPARE(risk.size(), 7);
    }
  }
  QCOMPARE(deleteRisk(10001).path, QByteArray("/api/v1/risks/10001"));
}

void TestTrafficShape::napEndsOnStop() {
  std::stop_source stop;
  stop.request_stop();
  nap(3600, stop.get_token());  // or the test never ends
}

QTEST_GUILESS_MAIN(TestTrafficShape)
#include "tst_traffic_shape.moc"
