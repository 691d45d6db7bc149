// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/http_answer.h"

#include <QtTest>

#include <random>

using namespace cachedeck::load;
using State = HttpAnswer::State;

namespace {

/// Feeds in pieces; the state at the end, and how many bytes belonged to the answer.
State feed(HttpAnswer& answer, const std::string& bytes, std::mt19937& random, std::size_t& used, std::size_t mostPiece) {
  used = 0;
  State state = State::More;
  while (used < bytes.size() && state == State::More) {
    const std::size_t piece = std::min(bytes.size() - used, 1 + random() % mostPiece);
    std::size_t taken = 0;
    state = answer.feed(bytes.data() + used, piece, taken);
    used += taken;
    if (state == State::More && taken != piece) return State::Failed;  // it must take all it is given
  }
  return state;
}

}  // namespace

class TestLoadHttpAnswer : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void answers_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("keepsAlive");
    QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Cache: HIT\r\n\r\nhello") << 200 << QByteArray("hello") << true;
    QTest::newRow("names in any case") << QByteArray("HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:5\r\nx-cache:hit\r\n\r\nhello") << 200 << QByteArray("hello") << true;
    QTest::newRow("no reason") << QByteArray("HTTP/1.1 404\r\nContent-Length: 0\r\nX-Cache: HIT\r\n\r\n") << 404 << QByteArray() << true;
    QTest::newRow("close") << QByteArray("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\nX-Cache: HIT\r\n\r\nx") << 200 << QByteArray("x") << false;
    QTest::newRow("1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nX-Cache: HIT\r\n\r\nx") << 200 << QByteArray("x") << false;
    QTest::newRow("1.0 kept") << QByteArray("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\nX-Cache: HIT\r\n\r\nx") << 200 << QByteArray("x") << true;
    QTest::newRow("chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Cache: HIT\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n") << 200
                             << QByteArray("hello0123456789") << true;
    QTest::newRow("chunked goes before length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nX-Cache: HIT\r\n\r\n1\r\nx\r\n0\r\n\r\n") << 200 << QByteArray("x") << true;
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\nX-Cache: HIT\r\n\r\n") << 204 << QByteArray() << true;
    QTest::newRow("304") << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nX-Cache: HIT\r\n\r\n") << 304 << QByteArray() << true;
    QTest::newRow("interim") << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Cache: HIT\r\n\r\nok") << 200 << QByteArray("ok") << true;
    QTest::newRow("twice the same length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nX-Cache: HIT\r\n\r\nok") << 200 << QByteArray("ok") << true;
  }

  void answers() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, keepsAlive);
    const std::string whole = bytes.toStdString();
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
      HttpAnswer answer;
      answer.begin(false, true);
      std::size_t used = 0;
      // What follows belongs to somebody else.
      const std::string more = round % 2 ? whole : whole + "HTTP/1.1 500 Not Mine\r\n\r\n";
      QCOMPARE(feed(answer, more, random, used, round < 100 ? 3 : 1000), State::Done);
      QCOMPARE(used, whole.size());
      QCOMPARE(answer.status(), status);
      QCOMPARE(QByteArray::fromStdString(answer.body()), body);
      QCOMPARE(answer.keepsAlive(), keepsAlive);
      QCOMPARE(answer.cache(), HttpAnswer::Cache::Hit);
    }
  }

  void bodyUntilClose() {
    HttpAnswer answer;
    answer.begin(false, true);
    const std::string bytes = "HTTP/1.1 200 OK\r\nX-Cache: MISS from x\r\n\r\nsome text";
    std::size_t used = 0;
    QCOMPARE(answer.feed(bytes.data(), bytes.size(), used), State::More);
    QCOMPARE(answer.closed(), State::Done);
    QCOMPARE(answer.body(), std::string("some text"));
    QCOMPARE(answer.cache(), HttpAnswer::Cache::Miss);
    QVERIFY(!answer.keepsAlive());
  }

  void headHasNoBody() {
    HttpAnswer answer;
    answer.begin(true, false);
    const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
    std::size_t used = 0;
    QCOMPARE(answer.feed(bytes.data(), bytes.size(), used), State::Done);
  }

  void headersAreFound() {
    HttpAnswer answer;
    answer.begin(false, true);
    const std::string bytes = "HTTP/1.1 302 Found\r\nLocation: /there\r\nX-Trace:  a b \r\nContent-Length: 0\r\n\r\n";
    std::size_t used = 0;
    QCOMPARE(answer.feed(bytes.data(), bytes.size(), used), State::Done);
    QCOMPARE(answer.location(), std::string("/there"));
    QCOMPARE(std::string(answer.header("x-trace")), std::string("a b"));
    QVERIFY(answer.header("x-other").empty());
  }

  void badOnes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, QByteArray bytes, FailureKind kind) { QTest::newRow(name) << bytes << static_cast<int>(kind); };
    row("redis", "-ERR unknown command\r\n", FailureKind::Garbage);
    row("ssh", "SSH-2.0-OpenSSH_9.2\r\n", FailureKind::Garbage);
    row("version", "HTTP/2.0 200 OK\r\n\r\n", FailureKind::Garbage);
    row("status", "HTTP/1.1 2x0 OK\r\n\r\n", FailureKind::Garbage);
    row("status 000", "HTTP/1.1 000 OK\r\n\r\n", FailureKind::Garbage);
    row("no name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", FailureKind::Garbage);
    row("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", FailureKind::WrongLength);
    row("length with a plus", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", FailureKind::WrongLength);
    row("length too long for a number", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", FailureKind::WrongLength);
    row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", FailureKind::WrongLength);
    row("1 GB", "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", FailureKind::TooLarge);
    row("unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", FailureKind::Garbage);
    row("chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", FailureKind::Garbage);
    row("chunk size too large", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n", FailureKind::TooLarge);
    row("chunk longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n", FailureKind::WrongLength);
    row("head without end", "HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(20'000), FailureKind::TooLarge);
    row("chunk size without end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray(10'000, '0'), FailureKind::Garbage);
  }

  void badOnes() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    std::mt19937 random(2);
    for (int round = 0; round < 50; ++round) {
      HttpAnswer answer;
      answer.begin(false, false);
      std::size_t used = 0;
      QCOMPARE(feed(answer, bytes.toStdString(), random, used, round < 25 ? 7 : 100'000), State::Failed);
      QCOMPARE(static_cast<int>(answer.failure()), kind);
      QVERIFY(!std::string(answer.reason()).empty());
    }
  }

  void closedTooEarly() {
    for (const std::string& bytes : {std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), std::string("HTTP/1.1 2")}) {
      HttpAnswer answer;
      answer.begin(false, false);
      std::size_t used = 0;
      QCOMPARE(answer.feed(bytes.data(), bytes.size(), used), State::More);
      QCOMPARE(answer.closed(), State::Failed);
      QCOMPARE(answer.failure(), FailureKind::Closed);
    }
  }

  // Random bytes and random damage: an end, never a crash, never more than was given.
  void noise() {
    std::mt19937 random(3);
    const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive, x\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (int round = 0; round < 20'000; ++round) {
      std::string bytes = good;
      for (unsigned i = 0; i < 1 + random() % 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      HttpAnswer answer;
      answer.begin(false, round % 2);
      std::size_t used = 0;
      (void)feed(answer, bytes, random, used, 40);
      QVERIFY(used <= bytes.size());
      (void)answer.closed();
    }
  }
};

QTEST_GUILESS_MAIN(TestLoadHttpAnswer)
#include "tst_load_http_answer.moc"
