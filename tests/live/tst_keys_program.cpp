// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilestore.h"
#include "tests/live/tst_keys_program.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// `cachedeck keys` as a person or a script runs it.
class TestKeysProgram : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
  }

  void countPlanAndList() {
    fill(1000);
    QJsonObject json = run({QStringLiteral("count"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--json")}).json();
    QCOMPARE(json[QLatin1String("matched")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("scanned")].toInt(), 1100);
    json = run({QStringLiteral("plan"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--json")}).json();
    QCOMPARE(json[QLatin1String("planned")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("types")][QLatin1String("string")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("samples")].toArray().size(), 20);
    QCOMPARE(run({QStringLiteral("list"), QStringLiteral("--match"), QStringLiteral("risk:*")}).out.count('\n'), 1000);
    QCOMPARE(run({QStringLiteral("list"), QStringLiteral("--limit"), QStringLiteral("7")}).out.count('\n'), 7);
    json = run({QStringLiteral("analyse"), QStringLiteral("--json")}).json();
    QVERIFY(!json.isEmpty());
  }

  void deleteTtlAndUndo() {
    fill(1000);
    QJsonObject json = run({QStringLiteral("ttl"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--set"), QStringLiteral("3600"), QStringLiteral("--yes"), QStringLiteral("--json")}).json();
    QCOMPARE(json[QLatin1String("planned")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("changed")].toInt(), 1000);
    QCOMPARE(json[QLatin1String("gone")].toInt(-1), 0);
    QVERIFY(m_server.cli({QStringLiteral("ttl"), QStringLiteral("risk:1")}).toInt() > 3500);
    json = run({QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--yes"), QStringLiteral("--json")}).json();
    QCOMPARE(json[QLatin1String("restored")].toInt(), 1000);
    QCOMPARE(m_server.cli({QStringLiteral("ttl"), QStringLiteral("risk:1")}), QByteArray("-1"));
    json = run({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--yes"), QStringLiteral("--json")}).json();
    QCOMPARE(json[QLatin1String("deleted")].toInt(), 1000);
    for (const char* field : {"planned", "gone", "refused", "seconds", "keys_per_second", "probe_p99_ms"}) QVERIFY2(json.contains(QLatin1String(field)), field);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("100"));
    QCOMPARE(run({QStringLiteral("undo"), json[QLatin1String("operation")].toString(), QStringLiteral("--yes")}).code, 0);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("1100"));
    QCOMPARE(run({QStringLiteral("delete"), QStringLiteral("--prefix"), QStringLiteral("other"), QStringLiteral("--soft-expire"), QStringLiteral("10m"), QStringLiteral("--yes"), QStringLiteral("--json")}).json()[QLatin1String("changed")].toInt(), 100);
    QCOMPARE(run({QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--dry-run"), QStringLiteral("--json")}).json()[QLatin1String("planned")].toInt(), 1000);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("1100"));
  }

  void wrongUse_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QString& arguments, int code, const char* says) { QTest::newRow(name) << arguments.split(QLatin1Char(' ')) << code << QString::fromLatin1(says); };
    row("nothing chosen", QStringLiteral("delete --yes"), 2, "--match");
    row("not asked", QStringLiteral("delete --match risk:*"), 2, "--yes");
    row("no change", QStringLiteral("ttl --match x* --yes"), 2, "--set");
    row("two changes", QStringLiteral("ttl --match x* --set 1h --persist --yes"), 2, "one of");
    row("zero", QStringLiteral("ttl --match x* --set 0 --yes"), 2, "delete");
    row("negative", QStringLiteral("ttl --match x* --set -5 --yes"), 2, "TTL");
    row("no time", QStringLiteral("ttl --match x* --set soon --yes"), 2, "TTL");
    row("names and patterns", QStringLiteral("count --match x* --key y"), 2, "not both");
    row("bad escape", QStringLiteral("count --key a\\q"), 2, "");
    row("no such operation", QStringLiteral("undo nothing --yes"), 1, "no operation");
    row("nothing to resume", QStringLiteral("resume --last --yes"), 1, "no operation");
    row("unknown option", QStringLiteral("count --everything"), 2, "");
    row("jitter without %", QStringLiteral("ttl --match x* --jitter 50 --yes"), 2, "50%");
    row("no rate", QStringLiteral("delete --match x* --rate nan --yes"), 2, "above 0");
    row("no budget", QStringLiteral("delete --match x* --budget-ms 0 --yes"), 2, "above 0");
    row("no type", QStringLiteral("count --type foo"), 2, "no type");
    row("no such TTL", QStringLiteral("count --ttl-below 5 --ttl-above 10"), 2, "at once");
    row("no separator", QStringLiteral("plan --match x* --separator "), 2, "empty");
    row("no file", QStringLiteral("count --from-file /nowhere/x"), 1, "/nowhere/x");
  }
  void wrongUse() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    fill(10);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.code == code, outcome.err + outcome.out);
    QVERIFY2(outcome.err.contains(says.toUtf8()), outcome.err);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("110"));
  }

  // A host name that is not known, or a socket that is not there, was told like an operation that is gone: with 1, where other commands end with 3.
  void noServer_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("refused") << QStringLiteral("redis://127.0.0.1:1/0") << QByteArray("127.0.0.1:1");
    QTest::newRow("unknown host") << QStringLiteral("redis://no..name:6379/0") << QByteArray("“no..name” is not known");
    QTest::newRow("no socket") << QStringLiteral("unix:///nowhere/redis.sock") << QByteArray("“/nowhere/redis.sock”");
  }
  void noServer() {
    QFETCH(QString, url);
    QFETCH(QByteArray, says);
    const Outcome outcome = run({QStringLiteral("count"), QStringLiteral("--redis"), url}, false);
    QVERIFY2(outcome.code == 3 && outcome.err.contains(says), outcome.all());
  }

  // A production profile is read-only, and what was typed has to be right.
  void production() {
    fill(50);
    const QString config = m_program.config();
    QVERIFY(QDir().mkpath(config));
    Profile profile;
    profile.id = QUuid::createUuid();
    profile.name = QStringLiteral("shop");
    profile.environment = Environment::Production;
    profile.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(m_server.port())}};
    ProfileStore store(config);
    QVERIFY(store.load());
    QVERIFY(store.save(profile));
    const auto attempt = [&](const QStringList& more) {
      return run(QStringList{QStringLiteral("delete"), QStringLiteral("--profile"), QStringLiteral("shop"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--json")} + more, false);
    };
    const QString unlock = QStringLiteral("--unlock"), why = QStringLiteral("stale prices"), confirm = QStringLiteral("--confirm");
    QCOMPARE(attempt({QStringLiteral("--yes")}).code, 1);
    QCOMPARE(attempt({QStringLiteral("--yes"), unlock, why}).code, 1);
    QCOMPARE(attempt({confirm, QStringLiteral("shop 50")}).code, 1);
    QCOMPARE(attempt({unlock, why, confirm, QStringLiteral("shop 49")}).code, 1);
    QCOMPARE(attempt({unlock, QStringLiteral("x"), confirm, QStringLiteral("shop 50")}).code, 2);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("150"));
    const Outcome wide = run({QStringLiteral("delete"), QStringLiteral("--profile"), QStringLiteral("shop"), QStringLiteral("--match"), QStringLiteral("*"), unlock, why, confirm, QStringLiteral("shop 150")}, false);
    QCOMPARE(wide.code, 1);
    QVERIFY2(wide.err.contains("plain characters"), wide.err);
    const Outcome done = attempt({unlock, why, confirm, QStringLiteral("shop 50")});
    QVERIFY2(done.code == 0, done.err);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("100"));
  }

  // kill -9 of the program at any moment: every key is in Redis or in the log, the run can be finished, and all of it undone.
  void killedAtAnyMoment_data() {
    QTest::addColumn<bool>("undo");
    QTest::newRow("with undo") << true;
    QTest::newRow("without") << false;
  }
  void killedAtAnyMoment() {
    QFETCH(bool, undo);
    for (int round = 0; round < 8; ++round) {
      m_server.cli({QStringLiteral("flushall")});
      fill(30000);
      const QByteArray digest = m_server.cli({QStringLiteral("debug"), QStringLiteral("digest")});
      QStringList arguments{QStringLiteral("keys"), QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("risk:*"), QStringLiteral("--yes"), QStringLiteral("--rate"), QStringLiteral("60000"),
                            QStringLiteral("--json"), QStringLiteral("--redis"), m_program.url()};
      if (!undo) arguments << QStringLiteral("--no-undo");
      QProcess process;
      m_program.start(process, arguments);
      QVERIFY(process.waitForStarted());
      while (process.state() == QProcess::Running && m_server.cli({QStringLiteral("dbsize")}).toInt() == 30100) process.waitForFinished(1);
      process.waitForFinished(QRandomGenerator::global()->bounded(250));
      if (process.state() == QProcess::Running) process.kill();  // by id 0, of one that has ended, it would be this test and its neighbours
      process.waitForFinished();
      if (process.exitStatus() == QProcess::NormalExit) continue;  // it was faster

      const QJsonObject operation = run({QStringLiteral("operations"), QStringLiteral("--json")}).json()[QLatin1String("operations")].toArray().first().toObject();
      const bool ended = operation[QLatin1String("ended")].toBool();
      if (ended && m_server.cli({QStringLiteral("dbsize")}) == "100") continue;  // killed on its last lines
      QVERIFY(!ended);
      const Outcome journal = m_program.run({QStringLiteral("journal"), QStringLiteral("verify")});
      QVERIFY2(journal.code == 0, journal.out + journal.err);
      if (undo && round % 2 == 0) {  // undone from the middle: then there is nothing left to go on with
        const Outcome undone = run({QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--yes"), QStringLiteral("--json")});
        QVERIFY2(undone.code == 0, undone.all());
        QCOMPARE(m_server.cli({QStringLiteral("debug"), QStringLiteral("digest")}), digest);
        QCOMPARE(run({QStringLiteral("resume"), QStringLiteral("--last"), QStringLiteral("--yes")}).code, 1);
        continue;
      }
      const Outcome resumed = run({QStringLiteral("resume"), operation[QLatin1String("id")].toString(), QStringLiteral("--yes"), QStringLiteral("--json")});
      QVERIFY2(resumed.code == 0, resumed.err + resumed.out);
      QCOMPARE(resumed.json()[QLatin1String("planned")].toInt(), 30000);
      QCOMPARE(resumed.json()[QLatin1String("deleted")].toInt() + resumed.json()[QLatin1String("gone")].toInt(), 30000);
      QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("100"));
      if (!undo) continue;
      QCOMPARE(run({QStringLiteral("undo"), operation[QLatin1String("id")].toString(), QStringLiteral("--yes")}).code, 0);
      QCOMPARE(m_server.cli({QStringLiteral("debug"), QStringLiteral("digest")}), digest);
    }
  }

 private:
  void fill(int count) {
    m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,tonumber(ARGV[1]) do redis.call('SET','risk:'..i,'value'..i) end for i=1,100 do redis.call('SET','other:'..i,'v') end"), QStringLiteral("0"), QString::number(count)});
  }
  Outcome run(const QStringList& arguments, bool withServer = true) const { return withServer ? m_program.keys(arguments) : m_program.run(QStringList{QStringLiteral("keys")} + arguments); }

  RedisServer m_server{{QStringLiteral("enable-debug-command yes")}};
  KeysProgram m_program{m_server};
};

QTEST_GUILESS_MAIN(TestKeysProgram)
#include "tst_keys_program.moc"
