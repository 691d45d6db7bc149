// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilestore.h"
#include "tests/live/tst_keys_program.h"

#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <csignal>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// What `cachedeck keys` finds, and what its dry runs foretell.
class TestKeysProgramLook : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_server, &m_replica, &m_postgres});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
  }

  // The same pattern means the same to this program and to redis-cli, over names that break tools.
  void aPatternMeansWhatItMeansToRedis_data() {
    QTest::addColumn<QString>("pattern");
    for (const char* pattern : {"a\\[1\\]:*", "a[1]:*", "tmp\\**", "q\\?*", "q?*", "back\\\\slash:*", "back\\slash:*", "\\byte:*", "byte:[a-f]", "[^a-z]*", "*\\n*", "u[a*", "\\*"}) QTest::newRow(pattern) << QString::fromLatin1(pattern);
  }
  void aPatternMeansWhatItMeansToRedis() {
    QFETCH(QString, pattern);
    fillHostile();
    const QString scan = QStringLiteral("local n,c=0,'0' repeat local r=redis.call('SCAN',c,'MATCH',ARGV[1],'COUNT',1000) c=r[1] n=n+#r[2] until c=='0' return n");
    const int expected = m_server.cli({QStringLiteral("eval"), scan, QStringLiteral("0"), pattern}).toInt();
    const Outcome counted = m_program.keys({QStringLiteral("count"), QStringLiteral("--match"), pattern, QStringLiteral("--json")});
    QVERIFY2(counted.code == 0, counted.all());
    QCOMPARE(counted.json()[QLatin1String("matched")].toInt(-1), expected);
  }

  void filtersByLongTtls() {
    m_server.cli({QStringLiteral("setex"), QStringLiteral("long"), QString::number(100 * 86400), QStringLiteral("v")});
    m_server.cli({QStringLiteral("setex"), QStringLiteral("short"), QStringLiteral("3600"), QStringLiteral("v")});
    const Outcome counted = m_program.keys("count --ttl-above 60d --json");
    QVERIFY2(counted.code == 0, counted.all());
    QCOMPARE(counted.json()[QLatin1String("matched")].toInt(), 1);
    QCOMPARE(counted.json()[QLatin1String("scanned")].toInt(), 2);
  }

  // The profile's separator was not used here: names like shop/item/7 were one prefix each.
  void theSeparatorIsTheProfiles() {
    for (int i = 0; i < 20; ++i) m_server.cli({QStringLiteral("set"), QStringLiteral("shop/item/%1").arg(i), QStringLiteral("v")});
    QVERIFY(QDir().mkpath(m_program.config()));
    ProfileStore store(m_program.config());
    QVERIFY(store.load());
    Profile profile;
    profile.id = QUuid::createUuid();
    profile.name = QStringLiteral("slashes");
    profile.environment = Environment::Development;
    profile.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(m_server.port())}, {QStringLiteral("separator"), QStringLiteral("/")}};
    QVERIFY(store.save(profile));
    const auto run = [&](const char* words) { return m_program.run(QStringLiteral("keys %1 --profile slashes --json").arg(QLatin1String(words)).split(QLatin1Char(' '))).out; };
    QVERIFY2(run("plan --match *").contains("\"shop/"), run("plan --match *"));
    QVERIFY2(run("analyse").contains("\"shop/\""), run("analyse"));
    QVERIFY(!run("analyse --separator :").contains("\"shop/\""));
  }

  void analysesOnTheReplica() {
    fill(500);
    const QString replica = QStringLiteral("127.0.0.1:%1").arg(m_replica.port());
    m_replica.cli({QStringLiteral("replicaof"), QStringLiteral("127.0.0.1"), QString::number(m_server.port())});
    QVERIFY(QTest::qWaitFor([&] { return m_replica.cli({QStringLiteral("dbsize")}) == "500" && m_replica.cli({QStringLiteral("info"), QStringLiteral("replication")}).contains("master_link_status:up"); }, 60000));
    const auto calls = [](RedisServer& server) { return server.cli({QStringLiteral("info"), QStringLiteral("commandstats")}).contains("cmdstat_scan"); };
    for (RedisServer* server : {&m_server, &m_replica}) server->cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    const Outcome outcome = m_program.keys({QStringLiteral("analyse"), QStringLiteral("--replica"), replica, QStringLiteral("--json")});
    QVERIFY2(outcome.code == 0, outcome.all());
    QCOMPARE(outcome.json()[QLatin1String("keys")].toInt(), 500);
    QVERIFY(calls(m_replica));
    QVERIFY(!calls(m_server));
    QCOMPARE(outcome.json()[QLatin1String("asked")].toString(), replica);
    QCOMPARE(m_program.keys("analyse --replica nowhere").code, 2);
    m_replica.cli({QStringLiteral("replicaof"), QStringLiteral("no"), QStringLiteral("one")});
  }

  // Any server was taken for a replica: its few keys were shown as those of the one that was named.
  void anotherServerIsNoReplica() {
    fill(500);
    m_replica.cli({QStringLiteral("flushall")});
    const QStringList analyse{QStringLiteral("analyse"), QStringLiteral("--replica"), QStringLiteral("127.0.0.1:%1").arg(m_replica.port())};
    const Outcome primary = m_program.keys(analyse);
    QCOMPARE(primary.code, 2);
    QVERIFY2(primary.err.contains("no replica of"), primary.all());
    RedisServer third;
    QVERIFY(third.start().isEmpty());
    m_replica.cli({QStringLiteral("replicaof"), QStringLiteral("127.0.0.1"), QString::number(third.port())});
    QVERIFY(QTest::qWaitFor([&] { return m_replica.cli({QStringLiteral("info"), QStringLiteral("replication")}).contains("master_link_status:up"); }, 60000));
    const Outcome others = m_program.keys(analyse);
    QCOMPARE(others.code, 2);
    QVERIFY2(others.err.contains("it follows 127.0.0.1:" + QByteArray::number(third.port())), others.all());
    m_replica.cli({QStringLiteral("replicaof"), QStringLiteral("no"), QStringLiteral("one")});
  }

  // Ctrl-C did nothing until the query's own deadline, a minute later.
  void aQueryEndsWithCtrlC() {
    QProcess process;
    m_program.start(process, QStringList{QStringLiteral("keys"), QStringLiteral("count"), QStringLiteral("--redis"), m_program.url()} + query("postgres", PostgresServer::password(), "select pg_sleep(100)::text as id"));
    const auto sleeping = [&] { return m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")); };
    QTRY_COMPARE_WITH_TIMEOUT(sleeping(), QByteArray("1"), 60000);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    const Outcome outcome = KeysProgram::finish(process, 40'000);
    QVERIFY2(outcome.code == 1, outcome.all());
  }

  // The advice was to grant pg_monitor, whatever the query read.
  void aTableThatMayNotBeReadIsNamed() {
    m_postgres.psql(QStringLiteral("CREATE TABLE stock (id int)"));
    m_postgres.psql(QStringLiteral("CREATE ROLE reader LOGIN PASSWORD 'pw'"));
    const Outcome outcome = m_program.keys(QStringList{QStringLiteral("count")} + query("reader", QStringLiteral("pw"), "select id from stock"));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.err.contains("permission denied for table stock"), outcome.all());
  }

  // `--prefix "$UNSET"` was every key.
  void anEmptyPrefixIsRefused() {
    fill(10);
    const Outcome outcome = m_program.keys({QStringLiteral("delete"), QStringLiteral("--prefix"), QString(), QStringLiteral("--yes")});
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("--prefix is empty"), outcome.all());
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("10"));
  }

  // The key with the empty name was lost on the way, and bytes that are no UTF-8 named another key.
  void aListIsAFileOfNames() {
    fillHostile();
    rawCommands(m_server.port(), {{"SET", "", "v"}});
    const int keys = m_server.cli({QStringLiteral("dbsize")}).toInt();
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(m_program.keys("list").out);
    QVERIFY(file.flush());
    const QStringList plan{QStringLiteral("plan"), QStringLiteral("--json"), QStringLiteral("--from-file"), file.fileName()};
    QCOMPARE(m_program.keys(plan).json()[QLatin1String("planned")].toInt(), keys);
    for (const char* line : {"key\xff\n", "key\xc3\n"}) {
      QVERIFY(file.resize(0) && file.seek(0));
      file.write(QByteArray("good\n") + line);
      QVERIFY(file.flush());
      const Outcome refused = m_program.keys(plan);
      QCOMPARE(refused.code, 2);
      QVERIFY2(refused.err.contains("Line 2 of") && refused.err.contains("not UTF-8"), refused.all());
    }
  }

  // A plan knew of keys that are too large for an image, and did not say that they would be refused.
  void keysTooLargeForAnImageAreForetold() {
    fill(10);
    m_server.cli({QStringLiteral("eval"), QStringLiteral("redis.call('SET','risk:large',string.rep('x',10000000))"), QStringLiteral("0")});
    const Outcome outcome = m_program.keys("delete --match risk:* --dry-run");
    QVERIFY2(outcome.out.contains("1 of the keys are larger than 8.00 MiB"), outcome.all());
    QCOMPARE(m_program.keys("delete --match risk:* --dry-run --json").json()[QLatin1String("forecast")][QLatin1String("undo")][QLatin1String("refused")].toInt(), 1);
    QVERIFY(!m_program.keys("delete --match risk:* --dry-run --no-undo").out.contains("refused"));
  }

  // A pattern or prefix that looks like a place for a figure took the figure, and the plan that was shown for consent was about other keys.
  void aPatternWithPercentSignsIsShownAsItIs() {
    fill(1000);
    for (const char* name : {"%2:%1:a", "%2:%3:b"}) m_server.cli({QStringLiteral("set"), QLatin1String(name), QStringLiteral("v")});
    const Outcome outcome = m_program.keys("delete --match %2:* --dry-run");
    QVERIFY2(outcome.out.contains("%2:*: 2 keys of 1002 on "), outcome.all());
    QVERIFY2(QRegularExpression(QStringLiteral("\\n  %2:[^\\n]* +[12]\\n")).match(QString::fromUtf8(outcome.out)).hasMatch(), outcome.all());
  }

  void aDryRunForetells() {
    fill(1000);
    Outcome outcome = m_program.keys("ttl --match risk:* --cap 10m~10% --dry-run --json");
    QVERIFY2(outcome.code == 0, outcome.all());
    QJsonObject json = outcome.json(), forecast = json[QLatin1String("forecast")].toObject();
    QCOMPARE(json[QLatin1String("planned")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("action")][QLatin1String("kind")].toString(), QStringLiteral("cap"));
    QCOMPARE(forecast[QLatin1String("changes")].toInt(), 1000);
    QCOMPARE(forecast[QLatin1String("ttl_before")][QLatin1String("no TTL")].toInt(), 1000);
    QVERIFY(forecast[QLatin1String("ttl_after")][QLatin1String("< 10 min")].toInt() > 300);
    QVERIFY(forecast[QLatin1String("ttl_after")][QLatin1String("< 1 h")].toInt() > 300);
    QVERIFY(forecast[QLatin1String("undo")][QLatin1String("bytes")].toInteger() > 0);

    m_postgres.psql(QStringLiteral("CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_sleep(0.05)"));
    outcome = m_program.keys({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--soft-expire"), QStringLiteral("10m"), QStringLiteral("--dry-run"), QStringLiteral("--json"), QStringLiteral("--postgres"),
                              QStringLiteral("postgresql://postgres:%1@127.0.0.1:%2/postgres").arg(PostgresServer::password()).arg(m_postgres.port())});
    QVERIFY2(outcome.code == 0, outcome.all());
    const QJsonObject refill = outcome.json()[QLatin1String("forecast")][QLatin1String("refill")].toObject();
    QVERIFY2(refill[QLatin1String("mean_query_ms")].toDouble() > 0, outcome.out);
    QVERIFY(refill[QLatin1String("keys_per_second")].toDouble() > 1.6);
    QVERIFY(refill[QLatin1String("database_seconds")].toDouble() > 0);

    outcome = m_program.keys("delete --match risk:* --dry-run");
    QVERIFY2(outcome.out.contains("refill"), outcome.all());
    QVERIFY2(outcome.out.contains("undo: images"), outcome.all());
    outcome = m_program.keys("ttl --match risk:* --set 1h --dry-run");
    QVERIFY2(outcome.out.contains("before") && outcome.out.contains("after"), outcome.all());
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("1000"));
    QCOMPARE(m_server.cli({QStringLiteral("ttl"), QStringLiteral("risk:1")}), QByteArray("-1"));
    QVERIFY(QDir(m_program.state() + QStringLiteral("/plans")).entryList(QDir::Files).isEmpty());
  }

  // The fields that the commands promise, and those alone that belong to what was done.
  void theFieldsOfTheAnswers() {
    fill(100);
    const auto answers = [&](const char* words, std::initializer_list<const char*> fields) {
      const Outcome outcome = m_program.keys(words);
      for (const char* field : fields)
        if (!outcome.json()[QLatin1String(field)].isDouble()) qFatal("%s: %s\n%s", words, field, outcome.all().constData());
      return outcome.json();
    };
    QCOMPARE(answers("count --match risk:* --json", {"matched", "scanned"})[QLatin1String("matched")].toInt(), 100);
    const QJsonObject ttl = answers("ttl --match risk:* --set 3600 --yes --json", {"planned", "changed", "gone", "refused", "kept"});
    QVERIFY(!ttl.contains(QLatin1String("deleted")));
    const QJsonObject deleted = answers("delete --match risk:* --yes --json", {"planned", "deleted", "gone", "refused", "seconds", "keys_per_second", "probe_p99_ms"});
    QVERIFY(!deleted.contains(QLatin1String("changed")) && !deleted.contains(QLatin1String("kept")));
    fill(100);
    answers("delete --match risk:* --yes --no-undo --json", {"planned", "deleted", "gone", "refused", "seconds", "keys_per_second", "probe_p99_ms"});
  }

 private:
  QStringList query(const char* user, const QString& password, const char* sql) const {
    const QString url = QStringLiteral("postgresql://%1:%2@127.0.0.1:%3/postgres").arg(QLatin1String(user), password).arg(m_postgres.port());
    return {QStringLiteral("--postgres"), url, QStringLiteral("--sql"), QString::fromLatin1(sql), QStringLiteral("--template"), QStringLiteral("t:{id}")};
  }
  void fill(int count) { m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,tonumber(ARGV[1]) do redis.call('SET','risk:'..i,'value'..i) end"), QStringLiteral("0"), QString::number(count)}); }
  void fillHostile() {
    std::vector<RedisCommand> commands;
    for (const QByteArray& name : hostileNames()) commands.push_back({"SET", name, "v"});
    rawCommands(m_server.port(), commands);
  }
  RedisServer m_server, m_replica;
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}};
  KeysProgram m_program{m_server};
};

QTEST_GUILESS_MAIN(TestKeysProgramLook)
#include "tst_keys_program_look.moc"
