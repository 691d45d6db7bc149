// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/key.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::cacheaside;

class TestCacheKey : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void templates_data();
  void templates();
  void valuesCannotLeaveTheirField();
  void theValueAllIsNotAMissingOne();
  void requests();
  void hashes();
};

void TestCacheKey::templates_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("key");
  const auto row = [](const char* name, const char* text, const char* key) { QTest::newRow(name) << QByteArray(text) << QByteArray(key); };
  row("list", "risk:list:page:{page}:sev:{severity}:status:{status}", "risk:list:page:2:sev:high:status:all");
  row("id", "risk:id:{id}", "risk:id:42");
  row("empty value", "a:{empty}", "a:all");
  row("no field", "dashboard:matrix:all", "dashboard:matrix:all");
  row("field first and last", "{id}{page}", "422");
  row("unknown", "a:{nobody}:b", "a:all:b");
  row("open brace", "a:{id", "a:{id");
  row("close brace", "a:}:{id}", "a:}:42");
  row("no name", "a:{}", "a:all");
  row("nothing", "", "");
  row("encoded", "s:{strange}", "s:a%20%2A%3Ab%3F%5B%25%7Bid%7D");
}

void TestCacheKey::templates() {
  QFETCH(const QByteArray, text);
  const Parameters parameters{{"page", "2"}, {"severity", "high"}, {"id", "42"}, {"empty", ""}, {"strange", "a *:b?[%{id}"}};
  QFETCH(const QByteArray, key);
  QCOMPARE(QByteArray::fromStdString(filledKey(text.toStdString(), parameters)), key);
}

void TestCacheKey::valuesCannotLeaveTheirField() {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value(1, static_cast<char>(byte));
    const std::string encoded = encodedValue(value);
    const bool plain = byte < 128 && (std::isalnum(byte) || byte == '-' || byte == '_' || byte == '.' || byte == '~');
    QCOMPARE(encoded == value, plain);
    QVERIFY(encoded.find_first_of(":*?[]\\{}&= \n") == std::string::npos);
  }
  QCOMPARE(encodedValue(std::string("\0\xff", 2)), std::string("%00%FF"));
}

/// Once ?severity=all, which matches no risk, put an empty list under the key of all risks.
void TestCacheKey::theValueAllIsNotAMissingOne() {
  const std::string list = "risk:list:page:{page}:sev:{severity}";
  QCOMPARE(filledKey(list, {{"severity", "all"}}), std::string("risk:list:page:all:sev:%61ll"));
  QVERIFY(filledKey(list, {{"severity", "all"}}) != filledKey(list, {}));
  QVERIFY(filledKey(list, {{"severity", "%61ll"}}) != filledKey(list, {{"severity", "all"}}));
  for (const char* other : {"All", "al", "alll", "all "}) QVERIFY(filledKey("{v}", {{"v", other}}) != filledKey("{v}", {{"v", "all"}}));
  QCOMPARE(encodedValue("all"), std::string("%61ll"));
  QCOMPARE(requestKey("/all", {{"all", "all"}}), std::string("http:/all?all=all"));
}

void TestCacheKey::requests() {
  QCOMPARE(requestKey("/api/v1/risks", {}), std::string("http:/api/v1/risks"));
  QCOMPARE(requestKey("/r", {{"status", "open"}, {"page", "1"}}), std::string("http:/r?page=1&status=open"));
  QCOMPARE(requestKey("/r", {{"a", ""}}), std::string("http:/r?a="));
  QCOMPARE(requestKey("/r?x=1", {}), std::string("http:/r%3Fx%3D1"));
  QVERIFY(requestKey("/r", {{"a", "1&b=2"}}) != requestKey("/r", {{"a", "1"}, {"b", "2"}}));
}

void TestCacheKey::hashes() {
  QCOMPARE(textHash(""), std::string("99aa06d3014798d86001c324468d497f"));  // the published value of XXH3 with 128 bits
  QCOMPARE(textHash("ransomware").size(), std::size_t{32});
  QVERIFY(textHash("a") != textHash("b"));
  QCOMPARE(textHash("ransomware"), textHash(std::string("ransom") + "ware"));
}

QTEST_GUILESS_MAIN(TestCacheKey)
#include "tst_cache_key.moc"
