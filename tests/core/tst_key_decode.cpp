// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_hex.h"
#include "core/keys/inspect.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::keys;

namespace {

/// "format|flags|text"
QString shown(const Decoded& decoded) {
  return decoded.format + QLatin1Char('|') + (decoded.cut ? QStringLiteral("cut ") : QString()) + (decoded.exact ? QString() : QStringLiteral("inexact ")) + QLatin1Char('|') + decoded.text;
}

QString best(const QByteArray& bytes, bool whole = true) { return shown(decodeBest(bytes, whole)); }

}  // namespace

class TestKeyDecode : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void picksTheBestWay_data();
  void picksTheBestWay();
  void cutCharacterIsLeftOut();
  void jsonKeepsWhatIsWritten();
  void jsonIsReadableAgain();
  void jsonIsTriedOnWholeValuesOnly();
  void hostileJsonStaysText_data();
  void hostileJsonStaysText();
  void chosenWays();
  void hexDumps();
  void hexDumpsInShorterLines();
  void everyByteIsShown();
  void randomBytes();
};

void TestKeyDecode::picksTheBestWay_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* tag, const QByteArray& bytes, const char* expected) { QTest::newRow(tag) << bytes << QString::fromUtf8(expected); };
  row("empty", "", "text||");
  row("text", "two\nlines\tand a tab", "text||two\nlines\tand a tab");
  row("utf-8", "käse 日本 😀", "text||käse 日本 😀");
  row("joiners stay", "👩\xe2\x80\x8d🚀", "text||👩\xe2\x80\x8d🚀");
  row("markup is text", "<img src=\"/dev/zero\">", "text||<img src=\"/dev/zero\">");
  row("carriage return", "a\r\nb\r\nc\r\n", R"(text|inexact |a\x0d
b\x0d
c\x0d
)");
  row("a stray byte", "a long line of text, caf\xe9", R"(text|inexact |a long line of text, caf\xe9)");
  row("an escape sequence", "a line of text with \x1b[31mcolour", R"(text|inexact |a line of text with \x1b[31mcolour)");
  row("right-to-left override", "abc\xe2\x80\xae" "def", "text|inexact |abcU+202Edef");
  row("line separator", "abc\xe2\x80\xa8" "def", "text|inexact |abcU+2028def");
  row("frame character of Qt's documents", "abc\xef\xb7\x90", "text|inexact |abcU+FDD0");
  row("binary", QByteArray("\x00\x01\x02\xff" "ab", 6), "hex||00000000  00 01 02 ff 61 62                                 |....ab|");
  row("number", "12345678901234567890", "text||12345678901234567890");
  row("JSON string", "\"abc\"", "text||\"abc\"");
  row("JSON object", R"({"a":[1,2,{}],"b":{"c":[]}})", "JSON||{\n  \"a\": [\n    1,\n    2,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}");
  row("JSON in a text", "{not json}", "text||{not json}");
  row("half a JSON", R"({"a":[1,2)", R"(text||{"a":[1,2)");
  row("looks like zlib", "x^2+1 = 0", "text||x^2+1 = 0");
  row("looks like zlib, with a new line", "x^2 +\n1", "text||x^2 +\n1");
}

void TestKeyDecode::picksTheBestWay() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, expected);
  QCOMPARE(best(bytes), expected);
}

void TestKeyDecode::cutCharacterIsLeftOut() {
  const QByteArray euro = "price in \xe2\x82\xac";
  QCOMPARE(best(euro, false), QStringLiteral("text|cut |price in €"));
  QCOMPARE(best(euro.chopped(1), false), QStringLiteral("text|cut |price in "));
  QCOMPARE(best(euro.chopped(2), false), QStringLiteral("text|cut |price in "));
  QCOMPARE(shown(decodeAs(Shown::Text, euro.chopped(1), true)), QStringLiteral("text|inexact |price in \\xe2\\x82"));
  const QByteArray smile = "it is a \xf0\x9f\x98\x80";
  for (int missing = 1; missing < 4; ++missing) QCOMPARE(best(smile.chopped(missing), false), QStringLiteral("text|cut |it is a "));
  QCOMPARE(best("it is a good day \x80", false), QStringLiteral("text|cut inexact |it is a good day \\x80"));
}

void TestKeyDecode::jsonKeepsWhatIsWritten() {
  const QByteArray json = R"( {"z":12345678901234567890, "a" :1.10,"a":1E+300 ,"n":-0.0,"esc":"\u00e9\/\"{[,:]}\\" ,
    "utf":"é","big":0.1000000000000000055511151231257827 } )";
  QCOMPARE(best(json), QString::fromUtf8("JSON||{\n  \"z\": 12345678901234567890,\n  \"a\": 1.10,\n  \"a\": 1E+300,\n  \"n\": -0.0,\n  \"esc\": \"\\u00e9\\/\\\"{[,:]}\\\\\",\n"
                                         "  \"utf\": \"é\",\n  \"big\": 0.1000000000000000055511151231257827\n}"));
}

void TestKeyDecode::jsonIsReadableAgain() {
  QRandomGenerator random(7);
  for (int i = 0; i < 300; ++i) {
    QJsonArray array;
    for (int n = random.bounded(20); n > 0; --n) {
      QString text;
      for (int c = random.bounded(12); c > 0; --c) text += QChar(random.bounded(2) ? QLatin1Char("\"\\{}[],: \n\t"[random.bounded(11)]) : QChar(random.bounded(0x20, 0x7F)));
      switch (random.bounded(5)) {
        case 0: array.append(text); break;
        case 1: array.append(QJsonObject{{text, QJsonArray{text, QJsonArray()}}}); break;
        case 2: array.append(random.generateDouble()); break;
        case 3: array.append(QJsonValue::Null); break;
        default: array.append(QJsonObject());
      }
    }
    const QByteArray json = QJsonDocument(array).toJson(QJsonDocument::Compact);
    const Decoded decoded = decodeBest(json, true);
    QCOMPARE(decoded.format, QStringLiteral("JSON"));
    QCOMPARE(QJsonDocument::fromJson(decoded.text.toUtf8()).array(), array);
  }
}

void TestKeyDecode::jsonIsTriedOnWholeValuesOnly() {
  QCOMPARE(best("[1,2]", false), QStringLiteral("text|cut |[1,2]"));
  QCOMPARE(shown(decodeAs(Shown::Json, "[1,2]", false)), QStringLiteral("text|cut |[1,2]"));
}

void TestKeyDecode::hostileJsonStaysText_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::newRow("200,000 open brackets") << QByteArray(200'000, '[');
  QTest::newRow("200,000 brackets") << QByteArray(200'000, '[') + QByteArray(200'000, ']');
  QTest::newRow("200,000 open objects") << QByteArray("{\"a\":").repeated(200'000);
  QTest::newRow("deep and wide: indents of gigabytes") << QByteArray(900, '[') + QByteArray("1,").repeated(2'000'000) + '1' + QByteArray(900, ']');
  QTest::newRow("trailing") << QByteArray("[1] x");
  QTest::newRow("invalid utf-8 in a string") << QByteArray("[\"a long enough text with a stray byte \xff\"]");
  QTest::newRow("open string that ends in a backslash") << QByteArray("[\"abc\\");
}

void TestKeyDecode::hostileJsonStaysText() {
  QFETCH(QByteArray, bytes);
  const Decoded decoded = decodeBest(bytes, true);
  QCOMPARE(decoded.format, QStringLiteral("text"));
  if (decoded.exact) QVERIFY(decoded.text.toUtf8() == bytes);
  QCOMPARE(decodeAs(Shown::Json, bytes, true).format, QStringLiteral("text"));
}

void TestKeyDecode::chosenWays() {
  QCOMPARE(shown(decodeAs(Shown::Text, "[1,2]", true)), QStringLiteral("text||[1,2]"));
  QCOMPARE(shown(decodeAs(Shown::Json, "[1,2]", true)), QStringLiteral("JSON||[\n  1,\n  2\n]"));
  QCOMPARE(shown(decodeAs(Shown::Json, "no", true)), QStringLiteral("text||no"));
  QCOMPARE(shown(decodeAs(Shown::Text, QByteArray("\0\xff", 2), true)), QStringLiteral("text|inexact |\\x00\\xff"));
  QCOMPARE(shown(decodeAs(Shown::Hex, "ab", false)), QStringLiteral("hex|cut |00000000  61 62                                             |ab|"));
  QCOMPARE(shown(decodeAs(Shown::Unpacked, "ab", true)), QStringLiteral("hex||00000000  61 62                                             |ab|"));
}

void TestKeyDecode::hexDumps() {
  QCOMPARE(hexDump({}), QString());
  QCOMPARE(hexDump("0123456789abcdefg"), QStringLiteral("00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
                                                        "00000010  67                                                |g|"));
  QCOMPARE(hexDump("x", 65536), QStringLiteral("00010000  78                                                |x|"));
  QCOMPARE(hexDump("x", 0x123456789A), QStringLiteral("123456789a  78                                                |x|"));
}

// A dump of 16 bytes a line broke each of its lines in a narrow window.
void TestKeyDecode::hexDumpsInShorterLines() {
  QCOMPARE(hexBytesPerLine(78), 16);
  QCOMPARE(hexBytesPerLine(77), 8);
  QCOMPARE(hexBytesPerLine(42), 8);
  QCOMPARE(hexBytesPerLine(41), 4);
  const QString dump = hexDump("0123456789|  cdefg");
  QCOMPARE(hexInLinesOf(dump, 16), dump);
  QCOMPARE(hexInLinesOf(dump, 8), QStringLiteral("0000  30 31 32 33 34 35 36 37  |01234567|\n"
                                                 "0008  38 39 7c 20 20 63 64 65  |89|  cde|\n"
                                                 "0010  66 67                    |fg|"));
  QCOMPARE(hexInLinesOf(dump, 4).section(QLatin1Char('\n'), 0, 0), QStringLiteral("0000  30 31 32 33  |0123|"));
  QCOMPARE(hexInLinesOf(hexDump(QByteArray(0x10008, '\0')), 8).section(QLatin1Char('\n'), -1), QStringLiteral("10000  00 00 00 00 00 00 00 00  |........|"));
  for (const QString& other : {QString(), QStringLiteral("no dump\nat all"), dump + QLatin1Char(' ')}) QCOMPARE(hexInLinesOf(other, 8), other);
  for (int perLine : {8, 4})
    for (const QString& line : hexInLinesOf(hexDump(QByteArray(1 << 20, 'x')), perLine).split(QLatin1Char('\n'))) QVERIFY(hexBytesPerLine(static_cast<int>(line.size())) == perLine);
}

void TestKeyDecode::everyByteIsShown() {
  for (int byte = 0; byte < 256; ++byte) {
    const QByteArray one(1, static_cast<char>(byte));
    const Decoded text = decodeAs(Shown::Text, one, true);
    const bool plain = byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7F);
    QCOMPARE(text.exact, plain);
    QCOMPARE(text.text, plain ? QString(QLatin1Char(static_cast<char>(byte))) : QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0')));
    QVERIFY(hexDump(one).startsWith(QStringLiteral("00000000  %1 ").arg(byte, 2, 16, QLatin1Char('0'))));
  }
}

/// No bytes at all make a text with something hidden in it, and what is called exact is the bytes themselves.
void TestKeyDecode::randomBytes() {
  QRandomGenerator random(99);
  const QByteArray likely("{}[]\",:\\\x1f\x8b\x08\x28\xb5\x2f\xfd\x78\x9c\xe2\x80\xae\n\r 1");
  for (int i = 0; i < 20'000; ++i) {
    QByteArray bytes;
    for (int left = random.bounded(40); left > 0; --left)
      bytes += random.bounded(4) ? likely[random.bounded(static_cast<int>(likely.size()))] : static_cast<char>(random.bounded(256));
    for (const bool whole : {true, false}) {
      const Decoded decoded = decodeBest(bytes, whole);
      for (const QChar c : decoded.text)
        if ((c.category() == QChar::Other_Control && c != QLatin1Char('\n') && c != QLatin1Char('\t')) || (c.unicode() >= 0x202A && c.unicode() <= 0x202E)) QFAIL(bytes.toHex().constData());
      if (decoded.format == QLatin1String("text") && decoded.exact && whole && decoded.text.toUtf8() != bytes) QFAIL(bytes.toHex().constData());
      if (!whole && !decoded.cut) QFAIL(bytes.toHex().constData());
    }
  }
}

QTEST_GUILESS_MAIN(TestKeyDecode)
#include "tst_key_decode.moc"
