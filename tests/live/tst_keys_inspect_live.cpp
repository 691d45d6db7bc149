// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_inspect_support.h"

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// The facts of keys of every type and encoding, and what asking costs.
class TestKeysInspectLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    cli({"flushall"});
    cli({"config", "set", "maxmemory-policy", "noeviction"});
    m_connection = std::make_unique<RedisConnection>(optionsOf(m_server));
    QVERIFY(m_connection->open({}));
  }

  void typesAndEncodings_data();
  void typesAndEncodings();
  void lookupsAreCountedExactly_data() { keyTypes(); }
  void lookupsAreCountedExactly();
  void expiry();
  void idleTimeIsThatFromBefore();
  void frequencyUnderLfu();
  void goneKeysCostNothing();
  void binaryNames();
  void restrictedAccount();
  void readsOnly();

 private:
  static void keyTypes() {
    QTest::addColumn<QByteArray>("name");
    for (const char* type : {"string", "hash", "list", "set", "zset", "stream", "none"}) QTest::newRow(type) << QByteArray(type);
  }
  QByteArray cli(const QList<QByteArray>& arguments) {
    QStringList texts;
    for (const QByteArray& argument : arguments) texts += QString::fromUtf8(argument);
    return m_server.cli(texts);
  }
  void fill() {
    cli({"set", "string", "value", "EX", "1000"});
    cli({"hset", "hash", "a", "1", "b", "2"});
    cli({"rpush", "list", "a", "b", "c"});
    cli({"sadd", "set", "a", "b"});
    cli({"zadd", "zset", "1", "a", "2.5", "b"});
    cli({"xadd", "stream", "5-1", "a", "1"});
  }
  /// The facts, or a failed test.
  KeyFacts factsOf(const QByteArray& name) {
    const Result<KeyFacts> facts = keyFacts(*m_connection, name, {});
    if (facts) return *facts;
    qCritical("%s", qPrintable(textOf(facts.error())));
    return {};
  }

  RedisServer m_server;
  std::unique_ptr<RedisConnection> m_connection;
};

void TestKeysInspectLive::typesAndEncodings_data() {
  QTest::addColumn<QString>("script");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* expected, const char* script) { QTest::newRow(expected) << QString::fromLatin1(script) << QString::fromLatin1(expected); };
  row("string int 5", "redis.call('set','k','12345')");
  row("string embstr 5", "redis.call('set','k','abcde')");
  row("string raw 100", "redis.call('set','k',string.rep('x',100))");
  row("string embstr 0", "redis.call('set','k','')");
  row("hash listpack 1", "redis.call('hset','k','a','b')");
  row("hash hashtable 600", "for i=1,600 do redis.call('hset','k',i,i) end");
  row("list quicklist 3", "redis.call('rpush','k','a','b','c')");
  row("set intset 2", "redis.call('sadd','k',1,2)");
  row("set hashtable 2", "redis.call('sadd','k','a','b')");
  row("zset listpack 2", "redis.call('zadd','k',1,'a',2,'b')");
  row("zset skiplist 200", "for i=1,200 do redis.call('zadd','k',i,i) end");
  row("stream stream 3", "for i=1,3 do redis.call('xadd','k',i..'-1','f','v') end");
  row("stream stream 0", "redis.call('xadd','k','1-1','f','v') redis.call('xdel','k','1-1')");
}

void TestKeysInspectLive::typesAndEncodings() {
  QFETCH(QString, script);
  QFETCH(QString, expected);
  evalOn(m_server, script.toLatin1());
  const KeyFacts facts = factsOf("k");
  QVERIFY(facts.exists);
  QCOMPARE(facts.name, QByteArray("k"));
  QCOMPARE(QStringLiteral("%1 %2 %3").arg(QString::fromLatin1(facts.type), QString::fromLatin1(facts.encoding)).arg(facts.length), expected);
  QCOMPARE(facts.bytes.value_or(-1), cli({"memory", "usage", "k"}).toLongLong());
  QVERIFY(facts.idleSeconds && facts.references && !facts.frequency);
  QCOMPARE(facts.ttlMs, -1);
  QCOMPARE(facts.expiresAtMs, -1);
}

void TestKeysInspectLive::lookupsAreCountedExactly() {
  QFETCH(QByteArray, name);
  fill();
  for (const char* policy : {"noeviction", "allkeys-lfu"}) {
    cli({"config", "set", "maxmemory-policy", policy});
    qint64 before = lookupsOf(m_server);
    const KeyFacts facts = factsOf(name);
    QCOMPARE(facts.exists, name != "none");
    QCOMPARE(lookupsOf(m_server) - before, facts.ownLookups);
    for (const char* type : {"string", "hash", "list", "set", "zset", "stream"}) {
      before = lookupsOf(m_server);
      const Result<ValuePage> page = valuePage(*m_connection, name, type, {}, 10, {});
      QCOMPARE(page.ok(), name == "none" || name == type);
      QCOMPARE(lookupsOf(m_server) - before, page ? page->ownLookups : 1);
    }
  }
}

void TestKeysInspectLive::expiry() {
  cli({"set", "k", "v", "PXAT", "4102444800123"});
  const KeyFacts facts = factsOf("k");
  QCOMPARE(facts.expiresAtMs, 4'102'444'800'123);
  const qint64 left = cli({"pttl", "k"}).toLongLong();
  QVERIFY(facts.ttlMs >= left && facts.ttlMs < left + 600'000);
  cli({"persist", "k"});
  QCOMPARE(factsOf("k").ttlMs, -1);
}

void TestKeysInspectLive::idleTimeIsThatFromBefore() {
  fill();
  // RESTORE brings a key with an idle time of its own.
  for (const char* name : {"string", "hash", "list", "set", "zset", "stream"}) {
    evalOn(m_server, QByteArray("local d=redis.call('dump','" + QByteArray(name) + "') redis.call('restore','" + name + "',0,d,'REPLACE','IDLETIME',5000)").constData());
    const qint64 idle = factsOf(name).idleSeconds.value_or(-1);
    QVERIFY2(idle >= 5000 && idle < 6000, name);
    QVERIFY2(cli({"object", "idletime", name}).toLongLong() < 1000, name);  // the length has touched it
  }
}

void TestKeysInspectLive::frequencyUnderLfu() {
  cli({"config", "set", "maxmemory-policy", "allkeys-lfu"});
  fill();
  const qint64 before = lookupsOf(m_server);
  const KeyFacts facts = factsOf("hash");
  QVERIFY(facts.frequency && !facts.idleSeconds);
  QVERIFY(*facts.frequency > 0);
  QCOMPARE(facts.ownLookups, 7);
  QCOMPARE(lookupsOf(m_server) - before, 7);
}

void TestKeysInspectLive::goneKeysCostNothing() {
  const qint64 before = lookupsOf(m_server);
  const KeyFacts facts = factsOf("none");
  QVERIFY(!facts.exists && facts.type.isEmpty());
  QCOMPARE(facts.ownLookups, 0);
  QCOMPARE(lookupsOf(m_server), before);
}

void TestKeysInspectLive::binaryNames() {
  QByteArray all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const QByteArray& name : {all, QByteArray(), QByteArray("a\0b", 3), QByteArray("a\r\nb"), QByteArray(20'000, 'k'), QByteArray("a[1]:*")}) {
    QByteArray literal;
    for (const char c : name) literal += '\\' + QByteArray::number(static_cast<unsigned char>(c)).rightJustified(3, '0');
    evalOn(m_server, QByteArray("redis.call('set',\"" + literal + "\",'the value')").constData());
    const KeyFacts facts = factsOf(name);
    QVERIFY(facts.exists);
    QCOMPARE(facts.length, 9);
    const Result<ValuePage> page = valuePage(*m_connection, name, facts.type, {}, 10, {});
    QVERIFY(page);
    QCOMPARE(page->text, QByteArray("the value"));
    QCOMPARE(*fromEscaped(escaped(name)), name);
  }
  QCOMPARE(cli({"dbsize"}), QByteArray("6"));
}

void TestKeysInspectLive::restrictedAccount() {
  fill();
  cli({"acl", "setuser", "viewer", "on", ">pw", "~*", "+ping", "+client", "+type", "+pttl", "+hlen", "+hscan"});
  RedisOptions options = optionsOf(m_server);
  options.user = QStringLiteral("viewer");
  options.password = Secret("pw");
  RedisConnection viewer(options);
  QVERIFY(viewer.open({}));
  const qint64 before = lookupsOf(m_server);
  // Neither TIME nor PEXPIRETIME: a key without an expiry is known all the same.
  const Result<KeyFacts> facts = keyFacts(viewer, "hash", {});
  QVERIFY2(facts.ok(), facts ? "" : qPrintable(textOf(facts.error())));
  QVERIFY(facts->exists && !facts->bytes && !facts->idleSeconds && facts->encoding.isEmpty());
  QCOMPARE(facts->length, 2);
  QCOMPARE(facts->ttlMs, -1);
  QCOMPARE(facts->ownLookups, 3);
  QCOMPARE(lookupsOf(m_server) - before, 3);
  const Result<KeyFacts> unknown = keyFacts(viewer, "string", {});
  QVERIFY(!unknown && unknown.error().kind == Error::Kind::Permission);
  const Result<ValuePage> page = valuePage(viewer, "hash", "hash", {}, 10, {});
  QVERIFY(page && page->rows.size() == 2);
  const Result<ValuePage> refused = valuePage(viewer, "list", "list", {}, 10, {});
  QVERIFY(!refused && refused.error().kind == Error::Kind::Permission);
}

/// Nothing that writes is sent: a reading connection refuses an edit before it asks anything.
void TestKeysInspectLive::readsOnly() {
  fill();
  const Result<void> edited = editString(*m_connection, "string", "value", "other", {});
  QVERIFY(!edited && edited.error().kind == Error::Kind::Permission);
  QCOMPARE(cli({"get", "string"}), QByteArray("value"));
  QVERIFY(factsOf("string").exists);
}

QTEST_GUILESS_MAIN(TestKeysInspectLive)
#include "tst_keys_inspect_live.moc"
