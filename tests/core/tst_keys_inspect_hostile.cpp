// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/inspect.h"
#include "tests/support/hostile_server.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using cachedeck::test::HostileAnswer;
using cachedeck::test::HostileServer;

namespace {

/// A server that greets properly and then gives the answers in turn, one for each write that arrives.
HostileServer::Script afterGreeting(QList<QByteArray> answers) {
  auto next = std::make_shared<qsizetype>(0);
  return [answers, next](const QByteArray& received, int turn) -> HostileAnswer {
    if (turn < 0) return {};
    if (received.contains("PING")) return {"+PONG\r\n"};
    if (received.contains("SETNAME")) return {"+OK\r\n"};
    return {answers.value((*next)++, "-ERR nothing is left to say\r\n")};
  };
}

RedisOptions optionsFor(quint16 port) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  return options;
}

QString outcome(const Error& error) { return kindName(error.kind) + QLatin1String(": ") + error.message; }

QString factsFrom(const QList<QByteArray>& answers, KeyFacts* facts = nullptr) {
  HostileServer server(afterGreeting(answers));
  RedisConnection connection(optionsFor(server.port()));
  if (const Result<void> opened = connection.open({}); !opened) return outcome(opened.error());
  const Result<KeyFacts> asked = keyFacts(connection, "k", {});
  if (asked && facts) *facts = *asked;
  return asked ? asked->exists ? QStringLiteral("found") : QStringLiteral("gone") : outcome(asked.error());
}

QString pageFrom(const QByteArray& type, const QList<QByteArray>& answers, ValuePage* page = nullptr) {
  HostileServer server(afterGreeting(answers));
  RedisConnection connection(optionsFor(server.port()));
  if (const Result<void> opened = connection.open({}); !opened) return outcome(opened.error());
  const Result<ValuePage> asked = valuePage(connection, "k", type, {}, 1, {});
  if (asked && page) *page = *asked;
  return asked ? QStringLiteral("page") : outcome(asked.error());
}

const QByteArray clockReply = "*2\r\n$4\r\n1000\r\n$1\r\n0\r\n";
const QList<QByteArray> state{"+string\r\n", ":7\r\n", clockReply, ":1005000\r\n", "$3\r\nraw\r\n", ":1\r\n"};

}  // namespace

class TestKeysInspectHostile : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void factsOfAnOldServer();
  void factsThatDoNotFit();
  void refusedFacts();
  void goneInBetween();
  void farExpiry();
  void pagesThatDoNotFit_data();
  void pagesThatDoNotFit();
  void anotherTypeByNow();
  void wrongPositions();
};

void TestKeysInspectHostile::factsOfAnOldServer() {
  KeyFacts facts;
  const QByteArray unknown = "-ERR unknown command `PEXPIRETIME`, with args beginning with: `k`, \r\n";
  QList<QByteArray> old = state;
  old[3] = unknown;
  QCOMPARE(factsFrom({"-ERR unknown command `MEMORY`\r\n", old.join(), clockReply + ":2500\r\n" + ":12\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.ttlMs, 2500);
  QCOMPARE(facts.expiresAtMs, 1'002'500);
  QVERIFY(!facts.bytes);
  QCOMPARE(facts.length, 12);
  QCOMPARE(facts.ownLookups, 6);  // TYPE, IDLETIME, ENCODING, REFCOUNT, PTTL, STRLEN
  QCOMPARE(factsFrom({":64\r\n", old.join(), clockReply + ":-1\r\n" + ":12\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.ttlMs, -1);
  QCOMPARE(facts.expiresAtMs, -1);
}

void TestKeysInspectHostile::factsThatDoNotFit() {
  KeyFacts facts;
  QCOMPARE(factsFrom({":64\r\n", state.join(), ":5\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.ttlMs, 5000);
  QCOMPARE(facts.expiresAtMs, 1'005'000);
  QCOMPARE(facts.ownLookups, 6);
  const auto misfits = [](const QString& result) { return result.startsWith(QLatin1String("protocol: ")) && result.contains(QLatin1String("does not fit the question")); };
  for (const QByteArray& wrong : QList<QByteArray>{"*0\r\n", "*1\r\n$1\r\na\r\n", "+x\r\n"}) QVERIFY2(misfits(factsFrom({wrong})), wrong.constData());
  const QList<QList<QByteArray>> wrongs{{":1\r\n", "$-1\r\n", "*0\r\n", "$6\r\nstring\r\n"},
                                        {"+x\r\n", "*0\r\n", ":-3\r\n", "$1\r\n1\r\n"},
                                        {":1\r\n", "$-1\r\n", "*0\r\n", "*2\r\n:1\r\n:2\r\n", "*2\r\n$2\r\n-1\r\n$1\r\n0\r\n", "*3\r\n$1\r\n1\r\n$1\r\n1\r\n$1\r\n1\r\n", "*2\r\n$19\r\n9223372036854775807\r\n$1\r\n0\r\n"},
                                        {"+x\r\n", "*0\r\n", ":-9\r\n"},
                                        {":1\r\n", "*0\r\n", "+raw\r\n"},
                                        {"+x\r\n", "*1\r\n:1\r\n"}};
  for (qsizetype at = 0; at < state.size(); ++at)
    for (const QByteArray& wrong : wrongs[at]) {
      QList<QByteArray> replies = state;
      replies[at] = wrong;
      const QString result = factsFrom({":64\r\n", replies.join(), ":5\r\n"});
      QVERIFY2(misfits(result), qPrintable(QString::number(at) + QLatin1Char(' ') + QString::fromLatin1(wrong) + result));
    }
  for (const QByteArray& wrong : QList<QByteArray>{"+x\r\n", "*0\r\n", "$1\r\n5\r\n"}) QVERIFY2(misfits(factsFrom({":64\r\n", state.join(), wrong})), wrong.constData());
}

void TestKeysInspectHostile::refusedFacts() {
  const QByteArray refused = "-NOPERM this user has no permissions to run the command\r\n";
  KeyFacts facts;
  QList<QByteArray> replies = state;
  for (const int at : {1, 4, 5}) replies[at] = refused;
  QCOMPARE(factsFrom({refused, replies.join(), refused}, &facts), QStringLiteral("found"));
  QVERIFY(!facts.bytes && !facts.idleSeconds && !facts.references && !facts.frequency && facts.encoding.isEmpty());
  QCOMPARE(facts.length, -1);
  QCOMPARE(facts.ttlMs, 5000);
  QCOMPARE(facts.ownLookups, 2);
  // "No expiry" is said only when it is known.
  replies = state;
  replies[2] = refused;
  QCOMPARE(factsFrom({":64\r\n", replies.join(), refused + ":4000\r\n" + ":5\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.ttlMs, 4000);
  QCOMPARE(facts.expiresAtMs, 1'005'000);
  QVERIFY(factsFrom({":64\r\n", replies.join(), refused + refused + ":5\r\n"}).startsWith(QLatin1String("permission: ")));
  replies[3] = refused;
  QVERIFY(factsFrom({":64\r\n", replies.join(), refused + ":4000\r\n" + ":5\r\n"}).startsWith(QLatin1String("permission: ")));
  replies[0] = refused;
  QVERIFY(factsFrom({":64\r\n", replies.join()}).startsWith(QLatin1String("permission: ")));
}

void TestKeysInspectHostile::goneInBetween() {
  KeyFacts facts;
  facts.type = "old";
  QCOMPARE(factsFrom({"$-1\r\n"}, &facts), QStringLiteral("gone"));
  QCOMPARE(facts.ownLookups, 0);
  QCOMPARE(factsFrom({":64\r\n", QByteArray("+none\r\n$-1\r\n") + clockReply + ":-2\r\n$-1\r\n$-1\r\n"}, &facts), QStringLiteral("gone"));
  QCOMPARE(facts.ownLookups, 5);
  QVERIFY(facts.type.isEmpty() && !facts.bytes);
  QList<QByteArray> replies = state;
  replies[3] = ":-2\r\n";
  QCOMPARE(factsFrom({":64\r\n", replies.join()}), QStringLiteral("gone"));
}

void TestKeysInspectHostile::farExpiry() {
  KeyFacts facts;
  QList<QByteArray> replies = state;
  replies[3] = "-ERR unknown command\r\n";
  QCOMPARE(factsFrom({":64\r\n", replies.join(), clockReply + ":9223372036854775807\r\n:5\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.expiresAtMs, std::numeric_limits<qint64>::max());
  replies[3] = ":5\r\n";  // over already by the server's clock, and not yet removed
  QCOMPARE(factsFrom({":64\r\n", replies.join(), ":5\r\n"}, &facts), QStringLiteral("found"));
  QCOMPARE(facts.ttlMs, 0);
}

void TestKeysInspectHostile::pagesThatDoNotFit_data() {
  QTest::addColumn<QByteArray>("type");
  QTest::addColumn<QByteArray>("answer");
  const auto rows = [](const char* type, const QList<QByteArray>& answers) {
    for (const QByteArray& answer : answers) QTest::addRow("%s %s", type, answer.toPercentEncoding().left(60).constData()) << QByteArray(type) << answer;
  };
  rows("string", {":1\r\n", "$-1\r\n", "*0\r\n", "+OK\r\n", "$70000\r\n" + QByteArray(70000, 'x') + "\r\n"});
  rows("list", {":1\r\n", "$-1\r\n", "*-1\r\n", "*1\r\n:1\r\n", "*1\r\n$-1\r\n", "*1\r\n*0\r\n", "*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"});
  rows("set", {":1\r\n", "*0\r\n", "*1\r\n$1\r\n0\r\n", "*2\r\n:0\r\n*0\r\n", "*2\r\n$1\r\nx\r\n*0\r\n", "*2\r\n$1\r\n0\r\n$1\r\na\r\n", "*2\r\n$1\r\n0\r\n*1\r\n:1\r\n", "*2\r\n$2\r\n-1\r\n*0\r\n",
               "*2\r\n$20\r\n99999999999999999999\r\n*0\r\n", "*2\r\n$0\r\n\r\n*0\r\n", "*3\r\n$1\r\n0\r\n*0\r\n*0\r\n"});
  rows("hash", {"*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n", "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$-1\r\n", "*2\r\n*0\r\n*0\r\n"});
  rows("zset", {"*2\r\n$1\r\n0\r\n*3\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n"});
  rows("stream", {":1\r\n", "$-1\r\n", "*1\r\n$1\r\na\r\n", "*1\r\n*1\r\n$3\r\n1-1\r\n", "*1\r\n*2\r\n$1\r\n1\r\n*0\r\n", "*1\r\n*2\r\n$3\r\n1-x\r\n*0\r\n", "*1\r\n*2\r\n:1\r\n*0\r\n", "*1\r\n*2\r\n$3\r\n1-1\r\n*1\r\n$1\r\na\r\n",
                  "*1\r\n*2\r\n$3\r\n1-1\r\n*-1\r\n", "*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n:1\r\n", "*3\r\n*2\r\n$3\r\n1-1\r\n*0\r\n*2\r\n$3\r\n1-2\r\n*0\r\n*2\r\n$3\r\n1-3\r\n*0\r\n"});
}

void TestKeysInspectHostile::pagesThatDoNotFit() {
  QFETCH(QByteArray, type);
  QFETCH(QByteArray, answer);
  const QString result = pageFrom(type, type == "string" ? QList<QByteArray>{answer} : QList<QByteArray>{":64\r\n", answer});
  QVERIFY2(result.startsWith(QLatin1String("protocol: ")) && result.contains(QLatin1String("does not fit the question")), qPrintable(result));
}

void TestKeysInspectHostile::anotherTypeByNow() {
  const QByteArray wrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
  QVERIFY(pageFrom("string", {wrongType}).startsWith(QLatin1String("busy: The key on 127.0.0.1:")));
  QVERIFY(pageFrom("hash", {":64\r\n", wrongType}).startsWith(QLatin1String("busy: The key on 127.0.0.1:")));
  QVERIFY(factsFrom({":64\r\n", state.join(), wrongType}).startsWith(QLatin1String("busy: The key on 127.0.0.1:")));
  QVERIFY(pageFrom("string", {"-NOPERM no\r\n"}).startsWith(QLatin1String("permission: ")));
  QVERIFY(pageFrom("<b>ReJSON-RL", {}).startsWith(QLatin1String("usage: Values of type <b>ReJSON-RL cannot be shown")));
  // A table that has shrunk: empty pages are passed over, but not without an end.
  ValuePage page;
  QCOMPARE(pageFrom("set", {"-NOPERM no\r\n", "*2\r\n$1\r\n8\r\n*0\r\n", "*2\r\n$1\r\n4\r\n*0\r\n", "*2\r\n$20\r\n18446744073709551615\r\n*1\r\n$1\r\na\r\n"}, &page), QStringLiteral("page"));
  QCOMPARE(page.next, QByteArray("18446744073709551615"));
  QCOMPARE(page.ownLookups, 3);
  QCOMPARE(pageFrom("set", QList<QByteArray>{":64\r\n"} + QList<QByteArray>(500, "*2\r\n$1\r\n8\r\n*0\r\n"), &page), QStringLiteral("page"));
  QVERIFY(page.rows.isEmpty());
  QCOMPARE(page.next, QByteArray("8"));
}

void TestKeysInspectHostile::wrongPositions() {
  HostileServer server(afterGreeting({}));
  RedisConnection connection(optionsFor(server.port()));
  QVERIFY(connection.open({}));
  for (const char* type : {"string", "list", "hash", "set", "zset", "stream"})
    for (const char* position : {"x", "-1", "/", "/5", "1/", "1/0", "1/-1", "1/x", " 1", "+1", "1-2-3", "-", "(1-1", "99999999999999999999"}) {
      const Result<ValuePage> page = valuePage(connection, "k", type, position, 10, {});
      if (page || page.error().kind != Error::Kind::Usage) QFAIL(qPrintable(QString::fromLatin1(type) + QLatin1Char(' ') + QString::fromLatin1(position)));
    }
  QVERIFY(connection.isOpen());
}

QTEST_GUILESS_MAIN(TestKeysInspectHostile)
#include "tst_keys_inspect_hostile.moc"
