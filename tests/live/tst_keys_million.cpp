// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_program.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// What may break in the middle of a deletion with undo: the program, the server, the link. Nothing is lost, and DEBUG DIGEST says so.
class TestKeysMillion : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;
  static constexpr int million = 1'000'000, some = 200'000;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_plain, &m_durable});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QDir(program().state() + QStringLiteral("/undo")).removeRecursively();
  }

  void theProgramIsKilled() {
    fill(million, m_plain);
    QProcess process;
    begin(process);
    QVERIFY(reaches(process, m_keys * 6 / 10));
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    process.waitForFinished();
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    finishAndUndo();
  }

  // What a server with appendfsync always has answered is there again after kill -9. The run waits for it; interrupted while it waits, it says so and goes on when it is told to.
  void theServerIsKilled() {
    fill(some, m_durable);
    QProcess process;
    begin(process);
    QVERIFY(reaches(process, m_keys * 7 / 10));
    m_now->kill9();
    QTest::qWait(500);
    QVERIFY(process.state() == QProcess::Running);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    const Outcome stopped = KeysProgram::finish(process);
    QVERIFY2(stopped.code == 1, stopped.all());
    QCOMPARE(stopped.json()[QLatin1String("outcome")].toString(), QStringLiteral("cancelled"));
    QCOMPARE(stopped.json()[QLatin1String("planned")].toInt(), m_keys);
    QVERIFY(stopped.json()[QLatin1String("deleted")].toInt() > 0);
    const QString reason = m_now->start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    finishAndUndo();
  }

  // And when the server comes back in time, the run comes to its end by itself.
  void theServerIsKilledAndComesBack() {
    fill(some, m_durable);
    QProcess process;
    begin(process);
    QVERIFY(reaches(process, m_keys * 7 / 10));
    m_now->kill9();
    const QString reason = m_now->start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const Outcome done = KeysProgram::finish(process);
    QVERIFY2(done.code == 0, done.all());
    allDone(done.json());
    undo();
  }

  void theLinkBreaks() {
    fill(some, m_plain);
    QProcess process;
    begin(process);
    for (const int left : {8, 6, 4}) {
      QVERIFY(reaches(process, m_keys * left / 10));
      m_now->cli({QStringLiteral("client"), QStringLiteral("kill"), QStringLiteral("type"), QStringLiteral("normal")});
    }
    const Outcome done = KeysProgram::finish(process);
    QVERIFY2(done.code == 0, done.all());
    allDone(done.json());
    undo();
  }

 private:
  QByteArray digest() { return m_now->cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  int size() { return m_now->cli({QStringLiteral("dbsize")}).toInt(); }
  void fill(int count, RedisServer& server) {
    m_now = &server;
    m_now->cli({QStringLiteral("flushall")});
    m_now->cli({QStringLiteral("debug"), QStringLiteral("populate"), QString::number(count), QStringLiteral("key"), QStringLiteral("8")});
    std::vector<RedisCommand> commands;
    for (const QByteArray& name : hostileNames()) commands.push_back({"SET", name, "v:" + name.left(50), "EX", "86400"});
    rawCommands(server.port(), commands);
    if (&server == &m_durable) putDown();
    m_keys = size();
    m_digest = digest();
  }
  /// DEBUG POPULATE writes past the server's file of commands: it begins anew with what is there.
  void putDown() {
    m_durable.cli({QStringLiteral("bgrewriteaof")});
    QVERIFY(QTest::qWaitFor(
        [&] {
          const QByteArray info = m_durable.cli({QStringLiteral("info"), QStringLiteral("persistence")});
          return info.contains("aof_rewrite_in_progress:0") && info.contains("aof_rewrite_scheduled:0") && info.contains("aof_last_bgrewrite_status:ok");
        },
        60'000));
  }
  const KeysProgram& program() const { return m_now == &m_plain ? m_plainProgram : m_durableProgram; }
  /// No faster than that a test which stood still for some seconds still finds it under way.
  void begin(QProcess& process) const {
    program().start(process, {QStringLiteral("keys"), QStringLiteral("delete"), QStringLiteral("--match"), QStringLiteral("*"), QStringLiteral("--yes"), QStringLiteral("--json"), QStringLiteral("--undo-cap"), QStringLiteral("1024"),
                              QStringLiteral("--rate"), QString::number(m_keys / 8), QStringLiteral("--redis"), program().url()});
  }
  /// The run is under way, and at most so many keys are left.
  bool reaches(QProcess& process, int left) {
    QElapsedTimer timer;
    timer.start();
    while (process.state() != QProcess::NotRunning && timer.elapsed() < 60'000) {
      if (size() <= left) return true;
      process.waitForFinished(1);
    }
    qInfo("%d keys, %s", size(), KeysProgram::finish(process, 1).all().constData());
    return false;
  }
  void allDone(const QJsonObject& json) {
    QCOMPARE(json[QLatin1String("planned")].toInt(), m_keys);
    QCOMPARE(json[QLatin1String("deleted")].toInt() + json[QLatin1String("gone")].toInt(), m_keys);
    QCOMPARE(json[QLatin1String("refused")].toInt(), 0);
    QCOMPARE(size(), 0);
  }
  /// After an interruption: it is listed with what is left, the journal shows an action without a normal end and is intact; it is resumed, and undone.
  void finishAndUndo() {
    const QJsonObject row = program().keys("operations --json").json()[QLatin1String("operations")].toArray().first().toObject();
    QVERIFY(row[QLatin1String("resumable")].toBool());
    const int remaining = row[QLatin1String("remaining")].toInt();
    QVERIFY2(remaining > 0 && remaining < m_keys, qPrintable(QString::number(remaining)));
    const Outcome shown = program().run({QStringLiteral("journal"), QStringLiteral("show"), QStringLiteral("--last"), QStringLiteral("1")});
    QVERIFY2(shown.out.contains("no end recorded") || shown.out.contains("cancelled"), shown.all());
    const Outcome verified = program().run({QStringLiteral("journal"), QStringLiteral("verify")});
    QVERIFY2(verified.code == 0, verified.all());
    const Outcome resumed = program().keys("resume --last --yes --json");
    QVERIFY2(resumed.code == 0, resumed.all());
    allDone(resumed.json());
    undo();
  }
  void undo() {
    const Outcome undone = program().keys("undo --last --yes --json");
    QVERIFY2(undone.code == 0, undone.all());
    QCOMPARE(undone.json()[QLatin1String("restored")].toInt(), m_keys);
    QCOMPARE(size(), m_keys);
    QCOMPARE(digest(), m_digest);
  }

  RedisServer m_plain{{QStringLiteral("enable-debug-command yes")}};
  RedisServer m_durable{{QStringLiteral("enable-debug-command yes"), QStringLiteral("appendonly yes"), QStringLiteral("appendfsync always")}};
  KeysProgram m_plainProgram{m_plain}, m_durableProgram{m_durable};
  RedisServer* m_now = &m_plain;
  int m_keys = 0;
  QByteArray m_digest;
};

QTEST_GUILESS_MAIN(TestKeysMillion)
#include "tst_keys_million.moc"
