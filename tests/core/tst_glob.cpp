// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/glob.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::cacheaside;

/// That it agrees with a real Redis on random patterns is shown in tests/live.
class TestGlob : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void matches_data();
  void matches();
  void bytes();
  void manyStarsEnd();
  void literals();
  void escaping();
  void segments();
};

void TestGlob::matches_data() {
  QTest::addColumn<QByteArray>("pattern");
  QTest::addColumn<QByteArray>("yes");  // parted by spaces
  QTest::addColumn<QByteArray>("no");
  const auto row = [](const char* pattern, const char* yes, const char* no) { QTest::newRow(pattern) << QByteArray(pattern) << QByteArray(yes) << QByteArray(no); };
  row("risk:*", "risk: risk:1 risk:a:b", "risk arisk:1 Risk:1");
  row("h?llo", "hello h?llo", "hllo heello");
  row("h[ae]llo", "hello hallo", "hillo h[ae]llo");
  row("h[^e]llo", "hallo h^llo", "hello hllo");
  row("h[a-b]llo", "hallo hbllo", "hcllo h-llo");
  row("h[b-a]llo", "hallo hbllo", "hcllo");
  row("[a-]", "] ^ `", "- b");  // a range up to ']', in a class without an end
  row("\\*", "*", "a \\*");
  row("a\\", "a\\", "a");
  row("a[\\]]b", "a]b", "a\\b ab");
  row("[abc", "a b c", "[ d [abc");
  row("[", "", "[ a");
  row("[^", "a [ ^", "ab");
  row("[]", "", "a ]");
  row("a**b", "ab acb", "a b");
  row("*a*b*c*", "abc xaxbxcx aabbcc", "acb ab");
  row("", "", "a");
}

void TestGlob::matches() {
  QFETCH(const QByteArray, pattern);
  QFETCH(const QByteArray, yes);
  QFETCH(const QByteArray, no);
  for (const QByteArray& key : yes.split(' '))
    if (!key.isEmpty()) QVERIFY2(globMatches(pattern.toStdString(), key.toStdString()), key.constData());
  for (const QByteArray& key : no.split(' '))
    if (!key.isEmpty()) QVERIFY2(!globMatches(pattern.toStdString(), key.toStdString()), key.constData());
}

void TestGlob::bytes() {
  QVERIFY(globMatches("*", ""));
  QVERIFY(globMatches("", ""));
  QVERIFY(!globMatches("?", ""));
  const std::string zero("a\0b\nc", 5);
  QVERIFY(globMatches("a?b?c", zero));
  QVERIFY(globMatches("*c", zero));
  QVERIFY(globMatches(std::string("a\0*", 3), zero));
  QVERIFY(!globMatches("a", zero));
  QVERIFY(globMatches("[\x80-\xff]", "\xe4"));
  QVERIFY(!globMatches("[a-z]", "\xe4"));
}

void TestGlob::manyStarsEnd() {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  QVERIFY(!globMatches(pattern + "b", std::string(20'000, 'a')));
  QVERIFY(globMatches(pattern, std::string(20'000, 'a')));
  QVERIFY(globMatches(std::string(100'000, '*'), "a"));
}

void TestGlob::literals() {
  QVERIFY(isLiteral("risk:id:1"));
  QVERIFY(isLiteral("a\\*b"));
  QVERIFY(isLiteral(""));
  QVERIFY(isLiteral("a]b"));
  QVERIFY(!isLiteral("a*"));
  QVERIFY(!isLiteral("\\\\?"));
  QVERIFY(!isLiteral("a[b]"));
  QCOMPARE(globLiteral("a\\*\\b\\\\"), std::string("a*b\\"));
  QCOMPARE(globLiteral("a\\"), std::string("a\\"));
  QCOMPARE(globPrefix("risk:\\*:*x"), std::string("risk:*:"));
}

void TestGlob::escaping() {
  for (const std::string text : {"a*b", "[x]", "?", "\\", "a\\*", "^-]", "plain", "", "\xff*"}) {
    QVERIFY(isLiteral(globEscaped(text)));
    QCOMPARE(globLiteral(globEscaped(text)), text);
    QVERIFY(globMatches(globEscaped(text), text));
  }
  QVERIFY(!globMatches(globEscaped("a[1]:x"), "a1:x"));
  QVERIFY(!globMatches(globEscaped("a*"), "ab"));
}

void TestGlob::segments() {
  QCOMPARE(std::string(keySegment("risk:id:1")), std::string("risk"));
  QCOMPARE(std::string(keySegment("plain")), std::string("plain"));
  QCOMPARE(std::string(keySegment(":x")), std::string());
  QCOMPARE(globSegment("risk:*").value_or("none"), std::string("risk"));
  QCOMPARE(globSegment("risk:id:1").value_or("none"), std::string("risk"));
  QCOMPARE(globSegment("plain").value_or("none"), std::string("plain"));
  QCOMPARE(globSegment("a\\*:*").value_or("none"), std::string("a*"));
  QVERIFY(!globSegment("risk*"));
  QVERIFY(!globSegment("*"));
  QVERIFY(!globSegment("r?sk:*"));
  QVERIFY(!globSegment("[r]isk:1"));
}

QTEST_GUILESS_MAIN(TestGlob)
#include "tst_glob.moc"
