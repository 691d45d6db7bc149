// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/classes.h"

#include "core/cacheaside/glob.h"
#include "core/cacheaside/key.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::cacheaside;
using namespace std::chrono_literals;

class TestCacheClasses : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void reference();
  void ttlOverrides_data();
  void ttlOverrides();
  void ttlMistakes_data();
  void ttlMistakes();
  void cascades_data();
  void cascades();
  void cascadeMistakes();
  void idsStayLiteral();
};

void TestCacheClasses::reference() {
  QByteArray text;
  for (const ClassPolicy& policy : referenceClasses())
    text += QByteArray::fromStdString(policy.name) + ' ' + QByteArray::number(static_cast<qint64>(policy.ttl.count())) + ' ' + QByteArray::number(policy.jitter) + '\n';
  QCOMPARE(text, QByteArray("risk 300000 0.1\ndashboard 600000 0.1\nconnector 900000 0.1\nmarketplace 1200000 0.1\n"));
}

void TestCacheClasses::ttlOverrides_data() {
  QTest::addColumn<qint64>("milliseconds");
  QTest::newRow("risk=30") << qint64{30'000};
  QTest::newRow("risk=500ms") << qint64{500};
  QTest::newRow("risk=30s") << qint64{30'000};
  QTest::newRow("risk=5min") << qint64{300'000};
  QTest::newRow("risk=2h") << qint64{7'200'000};
}

void TestCacheClasses::ttlOverrides() {
  QFETCH(const qint64, milliseconds);
  std::vector<ClassPolicy> classes = referenceClasses();
  QVERIFY(overrideTtl(classes, QTest::currentDataTag()));
  QCOMPARE(static_cast<qint64>(classes[0].ttl.count()), milliseconds);
  QVERIFY(classes[1].ttl == 10min);
}

void TestCacheClasses::ttlMistakes_data() {
  QTest::addColumn<QByteArray>("says");
  for (const char* text : {"", "risk", "=5"}) QTest::newRow(text) << QByteArray("class=seconds");
  for (const char* text : {"risks=5", "Risk=5", " risk=5"}) QTest::newRow(text) << QByteArray("The classes are risk, dashboard, connector, marketplace.");
  for (const char* text : {"risk=", "risk=0", "risk=-1", "risk=x", "risk=5 s", "risk=5d", "risk=1.5", "risk=99999999999999999999", "risk=9223372036854775807h", "risk=90000h"})
    QTest::newRow(text) << QByteArray("at most ten years");
}

void TestCacheClasses::ttlMistakes() {
  QFETCH(const QByteArray, says);
  std::vector<ClassPolicy> classes = referenceClasses();
  const Outcome<void> result = overrideTtl(classes, QTest::currentDataTag());
  QVERIFY(!result);
  QVERIFY(result.error().kind == Failure::Kind::Usage);
  QVERIFY2(result.error().message.find(says.toStdString()) != std::string::npos, result.error().message.c_str());
  QVERIFY(classes[0].ttl == 5min);
}

void TestCacheClasses::cascades_data() {
  QTest::addColumn<QByteArray>("patterns");
  QTest::newRow("all-risks") << QByteArray("risk:* report:* dashboard:* ");
  QTest::newRow("risk") << QByteArray("risk:id:7 risk:list:* risk:search:* report:* dashboard:* ");
  QTest::newRow("dashboard") << QByteArray("dashboard:* ");
  QTest::newRow("marketplace") << QByteArray("connector:* marketplace:app:* ");
  QTest::newRow("connector") << QByteArray("connector:id:7 connector:list:* ");
}

void TestCacheClasses::cascades() {
  QFETCH(const QByteArray, patterns);
  const auto found = cascadePatterns(QTest::currentDataTag(), "7");
  QVERIFY(found);
  std::string text;
  for (const std::string& pattern : *found) text += pattern + ' ';
  QCOMPARE(QByteArray::fromStdString(text), patterns);
}

void TestCacheClasses::cascadeMistakes() {
  QCOMPARE(referenceCascades().size(), std::size_t{5});
  const auto unknown = cascadePatterns("risks", "1");
  QVERIFY(!unknown && unknown.error().message.find("all-risks, risk, dashboard, marketplace, connector") != std::string::npos);
  QVERIFY(!cascadePatterns("risk"));
  QVERIFY(!cascadePatterns("connector", ""));
  QVERIFY(cascadePatterns("dashboard"));
}

void TestCacheClasses::idsStayLiteral() {
  for (const std::string id : {"*", "a*b", "[1]", "\\", "x:y", "a b", "all"}) {
    const auto patterns = cascadePatterns("risk", id);
    QVERIFY(patterns);
    QVERIFY(isLiteral((*patterns)[0]));
    QCOMPARE(globLiteral((*patterns)[0]), filledKey("risk:id:{id}", {{"id", id}}));
  }
}

QTEST_GUILESS_MAIN(TestCacheClasses)
#include "tst_cache_classes.moc"
