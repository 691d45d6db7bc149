// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/spool.h"
#include "tests/live/keys_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <set>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// What a plan counts, on a real server.
class TestKeysPlan : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
  }

  void everyHostileNameIsFoundExactly() {
    const QList<QByteArray> names = hostileNames();
    fill(names);
    QCOMPARE(m_bench.plan("*")->keys, names.size());
    QCOMPARE(planned(Selector{}), std::set<QByteArray>(names.begin(), names.end()));
    for (const QByteArray& name : names) {
      Selector selector;
      selector.patterns = {Selector::prefixPattern(name)};
      std::set<QByteArray> expected;
      for (const QByteArray& other : names)
        if (other.startsWith(name)) expected.insert(other);
      QCOMPARE(planned(selector), expected);
      Selector exact;
      exact.byName = true;
      exact.names = {name, name};
      QCOMPARE(planned(exact), std::set<QByteArray>{name});
    }
  }

  void filters() {
    m_bench.raw({{"SET", "s:short", "v", "EX", "1800"}, {"SET", "s:long", "v", "EX", "86400"}, {"SET", "s:none", "v"}, {"HSET", "h:1", "f", "v"}, {"SET", "s:big", QByteArray(100000, 'x')}});
    const auto found = [&](const std::function<void(Selector&)>& set) {
      Selector selector;
      set(selector);
      QByteArrayList list;
      for (const QByteArray& name : planned(selector)) list += name;
      return list.join(' ');
    };
    QCOMPARE(found([](Selector& s) { s.type = "hash"; }), QByteArray("h:1"));
    QCOMPARE(found([](Selector& s) { s.withoutTtl = true; }), QByteArray("h:1 s:big s:none"));
    QCOMPARE(found([](Selector& s) { s.ttlAboveMs = 3'600'000; }), QByteArray("s:long"));
    QCOMPARE(found([](Selector& s) { s.ttlBelowMs = 3'600'000; }), QByteArray("s:short"));
    QCOMPARE(found([](Selector& s) { s.bytesAbove = 50000; }), QByteArray("s:big"));
    QCOMPARE(found([](Selector& s) { s.idleAboveS = 1000; }), QByteArray());
    QCOMPARE(found([](Selector& s) { s.patterns = {"h:*", "s:s*"}; }), QByteArray("h:1 s:short"));
    QCOMPARE(found([](Selector& s) { s.byName = true; s.names = {"s:none", "nowhere", "h:1"}; s.type = "string"; }), QByteArray("s:none"));
  }

  void figures() {
    m_bench.cli({QStringLiteral("eval"), QStringLiteral("for i=1,3000 do redis.call('SET','risk:id:'..i,'v','EX',1000+i) end for i=1,500 do redis.call('HSET','cat:'..i,'f','v') end"), QStringLiteral("0")});
    const auto plan = m_bench.plan("*");
    QVERIFY(plan);
    QCOMPARE(plan->keys, 3500);
    QCOMPARE(plan->scanned, 3500);
    QCOMPARE(plan->types.value("string"), 3000);
    QCOMPARE(plan->types.value("hash"), 500);
    QCOMPARE(plan->ttls.withoutTtl(), 500);
    QCOMPARE(plan->ttls.total(), 3500);
    QCOMPARE(plan->samples.size(), 20);
    QVERIFY(plan->bytes > 3500 * 40);
    QCOMPARE(plan->prefixes.first().keys, 3000);
    QCOMPARE(plan->digest.size(), 64);
    plan->forget();
    QVERIFY(!QFile::exists(plan->spoolFile));
  }

  // What the plan asks must be known exactly, since it is taken off the hit ratio that is shown.
  void ourOwnLookupsAreCounted() {
    fill({"a", "b", "c"});
    const auto lookups = [&] {
      const QByteArray info = m_bench.cli({QStringLiteral("info"), QStringLiteral("stats")});
      const auto value = [&](const char* field) { return info.mid(info.indexOf(field)).split(':').value(1).split('\n').first().trimmed().toLongLong(); };
      return std::pair(value("keyspace_hits"), value("keyspace_misses"));
    };
    const auto before = lookups();
    Selector selector;
    selector.byName = true;
    selector.names = {"a", "b", "c", "gone"};
    const auto plan = m_bench.plan(selector);
    QVERIFY(plan);
    const auto after = lookups();
    QCOMPARE(std::pair(plan->own.hits, plan->own.misses), std::pair(after.first - before.first, after.second - before.second));
    const auto counted = m_bench.plan("*", false);
    QVERIFY(counted);
    QVERIFY(lookups() == after);
  }

  // While the server's table shrinks, SCAN gives keys twice.
  void nothingIsCountedTwice() {
    for (int round = 0; round < 5; ++round) {
      m_bench.flush();
      m_bench.cli({QStringLiteral("eval"), QStringLiteral("for i=1,60000 do redis.call('SET','gone:'..i,'v') end for i=1,3000 do redis.call('SET','stay:'..i,'v') end"), QStringLiteral("0")});
      std::jthread remover([&] {
        for (int from = 1; from < 60000; from += 2000)
          m_bench.cli({QStringLiteral("eval"), QStringLiteral("for i=ARGV[1],ARGV[1]+1999 do redis.call('DEL','gone:'..math.floor(i)) end"), QStringLiteral("0"), QString::number(from)});
      });
      for (int i = 0; i < 5; ++i) QCOMPARE(m_bench.plan("stay:*", false)->keys, 3000);
    }
  }

  void cancelledOrFailedPlansLeaveNothing() {
    fill(hostileNames());
    RedisConnection connection(m_bench.options());
    QVERIFY(connection.open({}));
    std::stop_source stop;
    stop.request_stop();
    PlanOptions options;
    options.folder = m_bench.folder() + QStringLiteral("/left");
    ScanProgress progress;
    const auto plan = makePlan(connection, Selector{}, options, m_bench.clock(), progress, stop.get_token());
    QVERIFY(!plan);
    QVERIFY(plan.error().isCancelled());
    QVERIFY(QDir(options.folder).isEmpty());
  }

  void aReadingConnectionWritesNothing() {
    RedisConnection connection(m_bench.options());
    QVERIFY(connection.open({}));
    for (const RedisCommand& command : {RedisCommand{"SET", "a", "b"}, RedisCommand{"UNLINK", "a"}, RedisCommand{"FLUSHALL"}, RedisCommand{"KEYS", "*"}, RedisCommand{"EVAL", "return 1", "0"}}) {
      const auto reply = connection.command(command, Deadline(std::chrono::seconds(5)), {});
      QVERIFY(!reply);
      QCOMPARE(reply.error().kind, Error::Kind::Permission);
      QVERIFY(connection.isOpen());
    }
    QCOMPARE(m_bench.size(), 0);
  }

  void permissionsAreAskedWithoutDoingAnything() {
    fill({"mine:1", "other:1"});
    m_bench.raw({{"ACL", "SETUSER", "half", "on", ">pw", "~mine:*", "+@all", "-@dangerous", "+info"}});
    RedisOptions options = m_bench.options();
    options.user = QStringLiteral("half");
    options.password = Secret(QByteArray("pw"));
    RedisConnection connection(options);
    QVERIFY(connection.open({}));
    const std::vector<RedisCommand> questions{{"UNLINK", "mine:1"}, {"UNLINK", "other:1"}, {"PEXPIREAT", "mine:1", "1"}, {"FLUSHALL"}};
    const auto replies = connection.rehearse(questions, Deadline(std::chrono::seconds(5)), {});
    QVERIFY(replies);
    QCOMPARE((*replies)[0].text().toByteArray(), QByteArray("QUEUED"));
    QVERIFY((*replies)[1].text().startsWith("NOPERM"));
    QCOMPARE((*replies)[2].text().toByteArray(), QByteArray("QUEUED"));
    QVERIFY((*replies)[3].text().startsWith("NOPERM"));
    QCOMPARE(m_bench.size(), 2);
    QCOMPARE(m_bench.raw({{"TTL", "mine:1"}}).first(), QByteArray("-1"));
  }

 private:
  void fill(const QList<QByteArray>& names) {
    std::vector<RedisCommand> commands;
    for (const QByteArray& name : names) commands.push_back({"SET", name, "v:" + name});
    m_bench.raw(commands);
  }
  std::set<QByteArray> planned(const Selector& selector) {
    const auto plan = m_bench.plan(selector, false);
    if (!plan) qFatal("%s", qPrintable(plan.error().message));
    const auto reader = SpoolReader::open(plan->spoolFile, plan->digest);
    const auto names = (*reader)->next(plan->keys + 1);
    if (static_cast<qint64>(names->size()) != plan->keys) qFatal("the count is not that of the names");
    plan->forget();
    return {names->begin(), names->end()};
  }
  KeysBench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysPlan)
#include "tst_keys_plan.moc"
