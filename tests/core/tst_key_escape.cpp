// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;

namespace {

QByteArray back(const QString& text) {
  const Result<QByteArray> name = fromEscaped(text);
  return name ? *name : "error: " + name.error().message.toUtf8();
}

QString wrong(const QString& text) {
  const Result<QByteArray> name = fromEscaped(text);
  return name ? QStringLiteral("accepted") : kindName(name.error().kind) + QLatin1String(": ") + name.error().message;
}

}  // namespace

class TestKeyEscape : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void readsLikeRedisCli_data();
  void readsLikeRedisCli();
  void everyByteComesBack();
  void everyCharacterComesBack();
  void randomBytesComeBack();
  void nothingHiddenIsLeft();
  void takesWhatPeopleType();
  void wrongEscapesNameTheirPlace();
};

void TestKeyEscape::readsLikeRedisCli_data() {
  QTest::addColumn<QByteArray>("name");
  QTest::addColumn<QString>("shown");
  const auto row = [](const char* tag, const QByteArray& name, const char* shown) { QTest::newRow(tag) << name << QString::fromUtf8(shown); };
  row("plain", "risk:id:1", "risk:id:1");
  row("empty", "", "");
  row("space", " a b ", " a b ");
  row("glob", "a[1]:*?^-", "a[1]:*?^-");
  row("markup", "<img src=\"/dev/zero\">", R"(<img src=\"/dev/zero\">)");
  row("letters", "\\\"\n\r\t\a\b", R"(\\\"\n\r\t\a\b)");
  row("control", QByteArray("\0\x01\x1b\x7f", 4), R"(\x00\x01\x1b\x7f)");
  row("apostrophe", "it's", "it's");
  row("utf-8", "käse:日本:😀", "käse:日本:😀");
  row("not utf-8", "caf\xe9", R"(caf\xe9)");
  row("half a character", "\xe6\x97", R"(\xe6\x97)");
  row("overlong slash", "\xc0\xaf", R"(\xc0\xaf)");
  row("surrogate", "\xed\xa0\x80", R"(\xed\xa0\x80)");
  row("beyond Unicode", "\xf4\x90\x80\x80", R"(\xf4\x90\x80\x80)");
  row("C1 control", "\xc2\x85", R"(\xc2\x85)");
  row("right-to-left override", "a\xe2\x80\xae" "b", R"(a\xe2\x80\xaeb)");
  row("zero width space", "a\xe2\x80\x8b", R"(a\xe2\x80\x8b)");
  row("line separator", "\xe2\x80\xa8", R"(\xe2\x80\xa8)");
  row("hex digits behind an escape", QByteArray("\x01" "ff", 3), R"(\x01ff)");
}

void TestKeyEscape::readsLikeRedisCli() {
  QFETCH(QByteArray, name);
  QFETCH(QString, shown);
  QCOMPARE(escaped(name), shown);
  QCOMPARE(back(shown), name);
}

void TestKeyEscape::everyByteComesBack() {
  QByteArray all;
  for (int byte = 0; byte < 256; ++byte) {
    const QByteArray one(1, static_cast<char>(byte));
    all += one;
    QCOMPARE(back(escaped(one)), one);
    QCOMPARE(back(QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0'))), one);
    QCOMPARE(back(QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0')).toUpper().replace(QLatin1Char('X'), QLatin1Char('x'))), one);
    for (int second = 0; second < 256; ++second) {
      const QByteArray two = one + static_cast<char>(second);
      if (back(escaped(two)) != two) QFAIL(two.toHex().constData());
    }
  }
  QCOMPARE(back(escaped(all)), all);
}

void TestKeyEscape::everyCharacterComesBack() {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const QByteArray name = QStringView(QChar::fromUcs4(code)).toUtf8();
    if (back(escaped(name)) != name) QFAIL(name.toHex().constData());
  }
}

void TestKeyEscape::randomBytesComeBack() {
  QRandomGenerator random(20'241'123);
  const QByteArray likely("\\\"xn09af\xc3\xa9\xe2\x80\xae\xf0\x9f\x98\x80\n\0", 20);
  for (int i = 0; i < 50'000; ++i) {
    QByteArray name;
    for (int left = random.bounded(24); left > 0; --left)
      name += random.bounded(2) ? likely[random.bounded(static_cast<int>(likely.size()))] : static_cast<char>(random.bounded(256));
    if (back(escaped(name)) != name) QFAIL(name.toHex().constData());
  }
}

/// What is shown consists of characters that can be seen: two names that differ look different.
void TestKeyEscape::nothingHiddenIsLeft() {
  QByteArray all;
  for (char32_t code = 0; code < 0x11000; ++code)
    if (code < 0xD800 || code >= 0xE000) all += QStringView(QChar::fromUcs4(code)).toUtf8();
  const QString shown = escaped(all);
  for (const QChar c : shown)
    if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format || c.category() == QChar::Separator_Line) QFAIL(qPrintable(QString::number(c.unicode(), 16)));
}

void TestKeyEscape::takesWhatPeopleType() {
  QCOMPARE(back(QStringLiteral("say \"hi\"")), QByteArray("say \"hi\""));
  QCOMPARE(back(QStringLiteral("\\xFF\\xfF")), QByteArray("\xff\xff"));
  QCOMPARE(back(QString::fromUtf8("naïve 😀")), QByteArray("naïve 😀"));
}

void TestKeyEscape::wrongEscapesNameTheirPlace() {
  QCOMPARE(wrong(QStringLiteral("ab\\q")), QStringLiteral("usage: Character 3 of the key's name: this is not an escape. Known are \\\\, \\\", \\n, \\r, \\t, \\a, \\b and \\xNN."));
  QCOMPARE(wrong(QStringLiteral("\\x1")), QStringLiteral("usage: Character 1 of the key's name: \\x needs two hexadecimal digits, as in \\x0a."));
  QVERIFY(wrong(QStringLiteral("a\\xg0")).startsWith(QStringLiteral("usage: Character 2 ")));
  QVERIFY(wrong(QStringLiteral("a\\x")).startsWith(QStringLiteral("usage: Character 2 ")));
  QVERIFY(wrong(QStringLiteral("\\X41")).startsWith(QStringLiteral("usage: Character 1 ")));
  QCOMPARE(wrong(QStringLiteral("\\\\ab\\")), QStringLiteral("usage: Character 5 of the key's name: a backslash at the end stands for nothing. Write \\\\ for a backslash."));
  QVERIFY(wrong(QStringLiteral("a") + QChar(0xD800)).startsWith(QStringLiteral("usage: Character 2 ")));
  QVERIFY(wrong(QStringLiteral("a") + QChar(0xDC00) + QChar(0xD800)).startsWith(QStringLiteral("usage: Character 2 ")));
}

QTEST_GUILESS_MAIN(TestKeyEscape)
#include "tst_key_escape.moc"
