// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/reply_reader.h"

#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;

namespace {

QByteArray described(Reply::Item item) {
  switch (item.type()) {
    case Reply::Type::Nil: return "nil";
    case Reply::Type::Status: return '+' + item.text().toByteArray();
    case Reply::Type::Error: return '-' + item.text().toByteArray();
    case Reply::Type::Integer: return QByteArray::number(item.integer());
    case Reply::Type::Text: return '"' + item.text().toByteArray() + '"';
    case Reply::Type::Array: break;
  }
  QByteArrayList list;
  for (const Reply::Item element : item) list += described(element);
  return '[' + list.join(' ') + ']';
}

const char* word(ReplyFault::Kind kind) {
  switch (kind) {
    case ReplyFault::Kind::Broken: return "broken";
    case ReplyFault::Kind::TooBig: return "too big";
    case ReplyFault::Kind::Resp3: return "resp3";
    case ReplyFault::Kind::Http: return "http";
    case ReplyFault::Kind::Tls: return "tls";
    case ReplyFault::Kind::Foreign: return "foreign";
    case ReplyFault::Kind::Cut: return "cut";
  }
  return "";
}

/// All replies of the pieces, then the fault that ended them, if any.
QByteArray outcome(const QByteArrayList& pieces) {
  ReplyReader reader;
  QByteArrayList out;
  for (const QByteArray& piece : pieces) {
    reader.feed(piece);
    while (const std::optional<Reply> reply = reader.take()) out += described(reply->root());
  }
  reader.end();
  if (reader.fault()) out += '!' + QByteArray(word(reader.fault()->kind));
  return out.join(' ');
}

qint64 residentKiB() {
  QFile file(QStringLiteral("/proc/self/status"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray status = file.readAll();
  return status.mid(status.indexOf("VmHWM:") + 6).trimmed().split(' ').first().toLongLong();
}

#ifdef __SANITIZE_ADDRESS__
constexpr qint64 mostKiB = 1024 * 1024;  // AddressSanitizer keeps what was freed
#else
constexpr qint64 mostKiB = 150 * 1024;
#endif

struct Written {
  QByteArray bytes, text;
};

Written randomReply(QRandomGenerator& random, int depth) {
  switch (random.bounded(depth > 0 ? 7 : 5)) {
    case 0: return {"$-1\r\n", "nil"};
    case 1: return {"+OK\r\n", "+OK"};
    case 2: return {"-ERR no\r\n", "-ERR no"};
    case 3: {
      const QByteArray number = QByteArray::number(static_cast<qint64>(random.generate64()));
      return {':' + number + "\r\n", number};
    }
    case 4: {
      QByteArray text;
      for (int i = random.bounded(40); i > 0; --i) text += static_cast<char>(random.bounded(256));
      return {'$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n", '"' + text + '"'};
    }
    default: {
      const int size = random.bounded(6);
      QByteArray bytes = '*' + QByteArray::number(size) + "\r\n";
      QByteArrayList texts;
      for (int i = 0; i < size; ++i) {
        const Written element = randomReply(random, depth - 1);
        bytes += element.bytes;
        texts += element.text;
      }
      return {bytes, '[' + texts.join(' ') + ']'};
    }
  }
}

}  // namespace

class TestRedisReader : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void corpus_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, QByteArray bytes, const char* expected) { QTest::newRow(name) << bytes << QByteArray(expected); };
    row("status", "+PONG\r\n", "+PONG");
    row("error", "-NOAUTH Authentication required.\r\n", "-NOAUTH Authentication required.");
    row("integer", ":-42\r\n", "-42");
    row("bulk", "$5\r\nab\r\nc\r\n", "\"ab\r\nc\"");
    row("empty bulk", "$0\r\n\r\n", "\"\"");
    row("nil bulk", "$-1\r\n", "nil");
    row("nil array", "*-1\r\n", "nil");
    row("empty array", "*0\r\n", "[]");
    row("several", "+OK\r\n:1\r\n$1\r\nx\r\n", "+OK 1 \"x\"");
    row("nested", "*3\r\n*2\r\n:1\r\n*0\r\n$1\r\na\r\n*1\r\n*1\r\n-E\r\n", "[[1 []] \"a\" [[-E]]]");
    row("scan page", "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n", "[\"0\" [\"a\" \"b\"]]");
    row("depth 7", QByteArray("*1\r\n").repeated(7) + ":1\r\n", "[[[[[[[1]]]]]]]");
    row("depth 9", QByteArray("*1\r\n").repeated(9) + ":1\r\n", "!broken");
    row("huge array", "*2147483647\r\n", "!too big");
    row("array past int", "*2147483648\r\n", "!broken");
    row("array 2^61", "*2305843009213693952\r\n", "!broken");
    row("array past 64 bit", "*99999999999999999999\r\n", "!broken");
    row("array one too many", "*1048577\r\n", "!too big");
    row("array -2", "*-2\r\n", "!broken");
    row("array abc", "*abc\r\n", "!broken");
    row("huge array inside", "*2\r\n:1\r\n*1048577\r\n", "!too big");
    row("bulk 2^63-1", "$9223372036854775807\r\nx", "!too big");
    row("bulk past 64 bit", "$99999999999999999999\r\nx", "!broken");
    row("bulk 600 MiB", "$629145600\r\nx", "!too big");
    row("bulk -5", "$-5\r\n", "!broken");
    row("bulk abc", "$abc\r\nxxx\r\n", "!broken");
    row("bulk without end", "$3\r\nabcXY", "!broken");
    row("bulk header without end", '$' + QByteArray(64, '1'), "!broken");
    row("bulk header with half an end", "$5\r" + QByteArray(64, 'x'), "!broken");
    row("integer abc", ":abc\r\n", "!broken");
    row("integer past 64 bit", ":99999999999999999999\r\n", "!broken");
    row("integer without end", ':' + QByteArray(64, '1'), "!broken");
    row("array header without end", '*' + QByteArray(64, '1'), "!broken");
    for (const char type : QByteArray(">%_,#~(=|!")) row(QByteArray("RESP3 ") + type, type + QByteArray("1\r\n"), "!resp3");
    row("RESP3 inside", "*1\r\n%1\r\n", "!broken");
    row("HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "!http");
    row("TLS alert", QByteArray("\x15\x03\x01\x00\x02\x02\x28", 7), "!tls");
    row("SSH", "SSH-2.0-OpenSSH_9.2\r\n", "!foreign");
    row("SMTP", "220 mail\r\n", "!foreign");
    row("one strange letter", "H", "!foreign");
    row("zeros", QByteArray(64, '\0'), "!foreign");
    row("empty line", "\r\n", "!foreign");
    row("garbage after a reply", "+OK\r\nHTTP/1.1 400\r\n", "+OK !broken");
    row("cut header", "$5", "!cut");
    row("cut type", "*", "!cut");
    row("cut text", "$5\r\nab", "!cut");
    row("cut array", "*2\r\n:1\r\n", "!cut");
    row("nothing", "", "");
  }
  /// The verdict does not depend on how the network cuts the bytes.
  void corpus() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    QCOMPARE(outcome({bytes}), expected);
    QByteArrayList single;
    for (const char byte : bytes) single += QByteArray(1, byte);
    QCOMPARE(outcome(single), expected);
    for (qsizetype at = 1; at < bytes.size(); ++at) QCOMPARE(outcome({bytes.first(at), bytes.sliced(at)}), expected);
  }

  void randomTrees() {
    QRandomGenerator random(20240607);
    for (int round = 0; round < 400; ++round) {
      QByteArray bytes, expected;
      for (int i = random.bounded(1, 4); i > 0; --i) {
        const Written reply = randomReply(random, 5);
        bytes += reply.bytes;
        expected += expected.isEmpty() ? reply.text : ' ' + reply.text;
      }
      QByteArrayList pieces;
      for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype size = qMin<qsizetype>(random.bounded(1, 30), bytes.size() - at);
        pieces += bytes.sliced(at, size);
        at += size;
      }
      QCOMPARE(outcome(pieces), expected);
    }
  }

  /// Any single wrong byte gives other replies or a fault, never a crash or a wait for the impossible.
  void flippedBytes() {
    const QByteArray bytes = "*3\r\n$3\r\nabc\r\n:12\r\n*2\r\n+OK\r\n$-1\r\n";
    for (qsizetype at = 0; at < bytes.size(); ++at)
      for (int byte = 0; byte < 256; ++byte) {
        QByteArray damaged = bytes;
        damaged[at] = static_cast<char>(byte);
        QVERIFY(!outcome({damaged}).isEmpty());
      }
  }

  void endlessLine_data() {
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("status") << QByteArray("+");
    QTest::newRow("error") << QByteArray("-");
    QTest::newRow("inside an array") << QByteArray("*2\r\n$3\r\nabc\r\n+");
  }
  void endlessLine() {
    QFETCH(QByteArray, begin);
    ReplyReader reader;
    QVERIFY(reader.feed(begin));
    const QByteArray piece(1 << 14, 'x');
    int pieces = 0;
    while (reader.feed(piece) && pieces < 100) ++pieces;
    QVERIFY2(pieces <= 5, qPrintable(QString::number(pieces)));
    QCOMPARE(word(reader.fault()->kind), "too big");
    QVERIFY(!reader.feed("\r\n"));  // nothing heals it
    QVERIFY(!reader.take());
  }

  void endlessElements_data() {
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("element");
    QByteArray nest;
    for (int i = 0; i < 7; ++i) nest += "*1000000\r\n";
    QTest::newRow("integers in seven arrays") << nest << QByteArray(":1\r\n");
    QTest::newRow("empty arrays") << QByteArray("*1048576\r\n*1048576\r\n") << QByteArray("*0\r\n");
    QTest::newRow("much text") << QByteArray("*1000000\r\n") << QByteArray("$1000000\r\n" + QByteArray(1000000, 'x') + "\r\n");
  }
  void endlessElements() {
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, element);
    const qint64 before = residentKiB();
    ReplyReader reader;
    QVERIFY(reader.feed(begin));
    const QByteArray piece = element.repeated(qMax<qsizetype>(1, (1 << 14) / element.size()));
    qint64 fed = 0;
    while (reader.feed(piece) && fed < (1 << 30)) fed += piece.size();
    QVERIFY(reader.fault());
    QCOMPARE(word(reader.fault()->kind), "too big");
    QVERIFY2(residentKiB() - before < mostKiB, qPrintable(QString::number(residentKiB() - before)));
  }

  void largestThatIsRead() {
    ReplyReader reader;
    QVERIFY(reader.feed("*1048576\r\n" + QByteArray(":7\r\n").repeated(1048576)));
    const std::optional<Reply> array = reader.take();
    QVERIFY(array);
    QCOMPARE(array->root().size(), 1048576);
    qint64 sum = 0;
    for (const Reply::Item item : array->root()) sum += item.integer();
    QCOMPARE(sum, 7 * 1048576);

    const QByteArray text(64 << 20, 'y');
    QVERIFY(reader.feed("$67108864\r\n"));
    QVERIFY(reader.feed(text));
    QVERIFY(!reader.take());
    QVERIFY(reader.feed("\r\n"));
    const std::optional<Reply> bulk = reader.take();
    QVERIFY(bulk);
    QVERIFY(bulk->text() == text);
    QVERIFY(!reader.hasLeftover());
  }

  void leftover() {
    ReplyReader reader;
    reader.feed("+OK\r\n+ON");
    QVERIFY(reader.take());
    QVERIFY(!reader.take());
    QVERIFY(reader.hasLeftover());
    reader.feed("E\r\n");
    QCOMPARE(reader.take()->text().toByteArray(), QByteArray("ONE"));
    QVERIFY(!reader.hasLeftover());
  }
};

QTEST_GUILESS_MAIN(TestRedisReader)
#include "tst_redis_reader.moc"
