// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <zlib.h>
#include <zstd.h>

using namespace cachedeck::keys;

namespace {

/// `bits`: 15 + 16 for gzip, 15 for zlib.
QByteArray deflated(const QByteArray& bytes, int bits) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.truncate(static_cast<qsizetype>(stream.total_out));
  deflateEnd(&stream);
  return out;
}

QByteArray zstd(const QByteArray& bytes) {
  QByteArray out(static_cast<qsizetype>(ZSTD_compressBound(static_cast<size_t>(bytes.size()))), '\0');
  out.truncate(static_cast<qsizetype>(ZSTD_compress(out.data(), static_cast<size_t>(out.size()), bytes.constData(), static_cast<size_t>(bytes.size()), 3)));
  return out;
}

QByteArray packed(const QString& format, const QByteArray& bytes) {
  return format == QLatin1String("zstd") ? zstd(bytes) : deflated(bytes, format == QLatin1String("gzip") ? 31 : 15);
}

/// Lines that compress moderately.
QByteArray lines(int count) {
  QRandomGenerator random(5);
  QByteArray out;
  for (int i = 0; i < count; ++i) out += "line " + QByteArray::number(i) + ' ' + QByteArray::number(random.generate64(), 16) + '\n';
  return out;
}

}  // namespace

class TestKeyPacked : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void opens_data() { formats(); }
  void opens();
  void bombsStop_data() { formats(); }
  void bombsStop();
  void exactlyTheLimit_data() { formats(); }
  void exactlyTheLimit();
  void halfIsShown_data() { formats(); }
  void halfIsShown();
  void brokenIsShownOrHex_data() { formats(); }
  void brokenIsShownOrHex();
  void onlyTheHeader_data() { formats(); }
  void onlyTheHeader();
  void severalMembers();
  void somethingBehind();
  void notOpenedTwice();
  void names();

 private:
  static void formats() {
    QTest::addColumn<QString>("format");
    for (const char* format : {"gzip", "zlib", "zstd"}) QTest::newRow(format) << QString::fromLatin1(format);
  }
};

void TestKeyPacked::opens() {
  QFETCH(QString, format);
  QCOMPARE(packedFormat(packed(format, "text")), format);
  const Decoded text = decodeBest(packed(format, "some käse"), true);
  QCOMPARE(text.format, format);
  QCOMPARE(text.text, QString::fromUtf8("some käse"));
  QVERIFY(!text.cut && text.exact);
  QCOMPARE(decodeBest(packed(format, "{\"a\":1.10}"), true).text, QStringLiteral("{\n  \"a\": 1.10\n}"));
  QCOMPARE(decodeAs(Shown::Unpacked, packed(format, "[1]"), true).text, QStringLiteral("[\n  1\n]"));
  QCOMPARE(decodeBest(packed(format, QByteArray("\0\1\2\xff", 4)), true).text, hexDump(QByteArray("\0\1\2\xff", 4)));
  QCOMPARE(decodeBest(packed(format, {}), true).text, QString());
  QCOMPARE(decodeBest(packed(format, {}), true).format, format);
  QCOMPARE(decodeAs(Shown::Hex, packed(format, "text"), true).format, QStringLiteral("hex"));
  QCOMPARE(decodeBest(packed(format, lines(20'000)), true).text.toUtf8(), lines(20'000));
}

void TestKeyPacked::bombsStop() {
  QFETCH(QString, format);
  const QByteArray bomb = packed(format, QByteArray(200 << 20, 'a'));
  QVERIFY(bomb.size() < 1 << 20);
  const Decoded decoded = decodeBest(bomb, true);
  QCOMPARE(decoded.format, format);
  QVERIFY(decoded.cut);
  QCOMPARE(decoded.text.size(), qsizetype{8 << 20});
  const Decoded binary = decodeBest(packed(format, QByteArray(100 << 20, '\0')), true);
  QCOMPARE(binary.format, format);
  QVERIFY(binary.cut && binary.text.size() < 400'000);
}

void TestKeyPacked::exactlyTheLimit() {
  QFETCH(QString, format);
  const Decoded all = decodeBest(packed(format, QByteArray(8 << 20, 'a')), true);
  QVERIFY(!all.cut);
  QCOMPARE(all.text.size(), qsizetype{8 << 20});
  const Decoded more = decodeBest(packed(format, QByteArray((8 << 20) + 1, 'a')), true);
  QVERIFY(more.cut);
  QCOMPARE(more.text.size(), qsizetype{8 << 20});
}

void TestKeyPacked::halfIsShown() {
  QFETCH(QString, format);
  const QByteArray content = lines(40'000);
  const QByteArray whole = packed(format, content);
  for (const bool isWhole : {true, false}) {
    const Decoded half = decodeBest(whole.left(whole.size() / 2), isWhole);
    QCOMPARE(half.format, format);
    QVERIFY(half.cut && half.exact);
    QVERIFY(half.text.size() > content.size() / 4);
    QVERIFY(content.startsWith(half.text.toUtf8()));
  }
  QVERIFY(decodeBest(whole, false).cut);
}

/// Wherever a byte is wrong, it ends, and it is said when not all of it came out.
void TestKeyPacked::brokenIsShownOrHex() {
  QFETCH(QString, format);
  const QByteArray content = lines(100);
  const QByteArray whole = packed(format, content);
  int cut = 0;
  for (qsizetype at = 0; at < whole.size(); ++at) {
    QByteArray broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x41);
    const Decoded decoded = decodeBest(broken, true);
    cut += decoded.format == format && decoded.cut;
    if (decoded.format == format && !decoded.cut && decoded.text.toUtf8() != content && format != QLatin1String("zstd")) QFAIL(QByteArray::number(at).constData());
  }
  if (format != QLatin1String("zstd")) QVERIFY(cut > whole.size() / 2);
}

void TestKeyPacked::onlyTheHeader() {
  QFETCH(QString, format);
  const QByteArray whole = packed(format, lines(50));
  for (int size = 1; size < 6; ++size) {
    const Decoded decoded = decodeBest(whole.left(size), false);
    QVERIFY(decoded.cut);
    QVERIFY(decoded.format == QLatin1String("hex") || decoded.format == QLatin1String("text"));
  }
}

void TestKeyPacked::severalMembers() {
  const Decoded gzip = decodeBest(packed(QStringLiteral("gzip"), "one ") + packed(QStringLiteral("gzip"), "two"), true);
  QCOMPARE(gzip.text, QStringLiteral("one two"));
  QVERIFY(!gzip.cut);
  const Decoded frames = decodeBest(zstd("one ") + zstd("two"), true);
  QCOMPARE(frames.text, QStringLiteral("one two"));
  QVERIFY(!frames.cut);
}

void TestKeyPacked::somethingBehind() {
  for (const char* format : {"gzip", "zlib", "zstd"}) {
    const Decoded decoded = decodeBest(packed(QString::fromLatin1(format), "content") + "garbage", true);
    QCOMPARE(decoded.text, QStringLiteral("content"));
    QVERIFY(decoded.cut);
  }
}

void TestKeyPacked::notOpenedTwice() {
  const QByteArray inner = packed(QStringLiteral("gzip"), "content");
  QCOMPARE(decodeBest(packed(QStringLiteral("gzip"), inner), true).text, hexDump(inner));
}

void TestKeyPacked::names() {
  QCOMPARE(packedFormat({}), QString());
  QCOMPARE(packedFormat("plain text"), QString());
  QCOMPARE(packedFormat("x^2"), QString());
  QCOMPARE(packedFormat("\x1f\x8b"), QString());
  QCOMPARE(packedFormat("\x1f\x8b\x08\xff"), QString());
  QCOMPARE(packedFormat("\x78\x9d\xff\xff"), QString());
}

QTEST_GUILESS_MAIN(TestKeyPacked)
#include "tst_key_packed.moc"
