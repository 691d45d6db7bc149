// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// Accounts that may not use transactions. MULTI and what belongs into it once left in one write: where MULTI was refused, the server deleted the keys that were only asked about.
class TestKeysRights : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 600; ++i) commands.push_back({"SET", "app:" + QByteArray::number(i), "v", "EX", QByteArray::number(5000 + i)});
    commands.push_back({"SET", "other:1", "v"});
    m_bench.raw(commands);
    m_digest = m_bench.digest();
  }

  void askingChangesNothing_data() {
    QTest::addColumn<QStringList>("rules");
    QTest::addColumn<bool>("mayUnlink");
    QTest::addColumn<bool>("multi");
    const auto row = [](const char* name, const char* rules, bool mayUnlink, bool multi) { QTest::newRow(name) << QString::fromLatin1(rules).split(QLatin1Char(' ')) << mayUnlink << multi; };
    row("reads, writes, connects", "~* +@read +@write +@connection", true, false);
    row("no transactions", "~* +@all -@transaction", true, false);
    row("no MULTI", "~* +@all -multi", true, false);
    row("no DISCARD", "~* +@all -discard", true, true);
    row("no EXEC", "~* +@all -exec", true, true);
    row("no MULTI, no UNLINK", "~* +@all -multi -unlink", false, false);
    row("no MULTI, other keys", "~other:* +@all -multi", false, false);
    row("no MULTI, these keys", "~app:* +@all -multi", true, false);
    row("no MULTI, only reads", "%R~* +@all -multi", false, false);
    row("only reads", "%R~* +@all", false, true);
    row("all", "~* +@all", true, true);
  }
  void askingChangesNothing() {
    QFETCH(QStringList, rules);
    QFETCH(bool, mayUnlink);
    QFETCH(bool, multi);
    RedisConnection connection(account(rules));
    QVERIFY(connection.open({}));
    const std::vector<RedisCommand> questions{{"UNLINK", "app:1", "app:2"}, {"PEXPIREAT", "app:1", "1"}, {"PERSIST", "app:1"},  {"DUMP", "app:1"},
                                              {"RESTORE", "app:1", "0", ""}, {"SET", "app:1", "", "XX", "KEEPTTL"}, {"FLUSHDB"}, {"SET", "app:1", "new"}};
    const auto replies = connection.rehearse(questions, Deadline(std::chrono::seconds(5)), {});
    QVERIFY2(replies, replies ? "" : qPrintable(replies.error().message));
    QCOMPARE(replies->size(), questions.size());
    QCOMPARE(m_bench.digest(), m_digest);
    QCOMPARE(m_bench.size(), 601);
    for (const std::size_t i : {0u, 1u, 2u, 4u, 5u}) {
      if (rules.contains(QStringLiteral("-unlink")) && i > 0) continue;
      QVERIFY2((*replies)[i].isError() == !mayUnlink, (*replies)[i].text().toByteArray().constData());
      if (!mayUnlink) QVERIFY((*replies)[i].text().startsWith("NOPERM"));
      else QCOMPARE((*replies)[i].text().toByteArray(), QByteArray("QUEUED"));
    }
    // What cannot be asked is never taken for allowed.
    if (!multi) QVERIFY((*replies)[6].isError() && (*replies)[7].isError());
    // The connection is as good as before, or closed.
    if (connection.isOpen()) {
      const auto pong = connection.command({"PING"}, Deadline(std::chrono::seconds(5)), {});
      QVERIFY(pong && pong->text() == QByteArrayView("PONG"));
    }
    QCOMPARE(m_bench.digest(), m_digest);
  }

  void runsAreRefusedBeforeTheyBegin_data() {
    QTest::addColumn<QStringList>("rules");
    QTest::addColumn<int>("kind");
    for (const char* rules : {"~* +@all -multi", "~* +@all -exec", "~* +@all -@transaction", "~* +@read +@write +@connection +info +time +dbsize"})
      for (const ActionKind kind : {ActionKind::Delete, ActionKind::Cap, ActionKind::Persist})
        QTest::addRow("%s, %d", rules, static_cast<int>(kind)) << QString::fromLatin1(rules).split(QLatin1Char(' ')) << static_cast<int>(kind);
  }
  void runsAreRefusedBeforeTheyBegin() {
    QFETCH(QStringList, rules);
    QFETCH(int, kind);
    const RedisOptions options = account(rules);
    const qsizetype entries = m_bench.journal().read()->size();
    const qsizetype before = operations(m_bench.place().folder, m_bench.place().key).size();
    const auto plan = m_bench.plan("app:*");
    QVERIFY(plan);
    const Action action{static_cast<ActionKind>(kind), kind == static_cast<int>(ActionKind::Cap) ? 1'000'000 : 0, 1, 0, Condition::Always};
    const auto report = runPlan(*plan, action, {}, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY(!report);
    QCOMPARE(report.error().kind, Error::Kind::Permission);
    QVERIFY2(report.error().message.contains(QLatin1String("+@transaction")), qPrintable(report.error().message));
    QCOMPARE(m_bench.digest(), m_digest);
    QCOMPARE(m_bench.journal().read()->size(), entries);
    QCOMPARE(operations(m_bench.place().folder, m_bench.place().key).size(), before);
    plan->forget();
  }

  // One that may not DISCARD can be worked for: the end of a connection discards too.
  void withoutDiscard() {
    const RedisOptions options = account({QStringLiteral("~*"), QStringLiteral("+@all"), QStringLiteral("-discard")});
    const auto plan = m_bench.plan("app:*");
    std::vector<RedisCommand> removed;
    for (int i = 0; i < 300; ++i) removed.push_back({"DEL", "app:" + QByteArray::number(2 * i)});
    m_bench.raw(removed);
    RunOptions pages;
    pages.page = 1;  // many pages of nothing
    const auto report = runPlan(*plan, {}, pages, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->outcome == QLatin1String("done"), qPrintable(report->reason));
    QCOMPARE(report->counts.done, 300);
    QCOMPARE(report->counts.gone, 300);
    QCOMPARE(m_bench.size(), 1);
  }

  // The right is taken away in the middle: what was not done is refused, and there; what was done comes back.
  void rightsThatGoMeanwhile_data() {
    QTest::addColumn<QByteArray>("lost");
    QTest::newRow("MULTI") << QByteArray("-multi");
    QTest::newRow("EXEC") << QByteArray("-exec");
    QTest::newRow("both") << QByteArray("-@transaction");
  }
  void rightsThatGoMeanwhile() {
    QFETCH(QByteArray, lost);
    const RedisOptions options = account({QStringLiteral("~*"), QStringLiteral("+@all")});
    const auto plan = m_bench.plan("app:*");
    RunOptions slow;
    slow.page = 20;
    slow.keysPerSecond = 600;
    Gate gate;
    slow.holdBack = gate.at(m_bench.progress, 300);
    m_bench.progress.set({});
    std::jthread later([&] {
      while (m_bench.progress.counts().handled() < 100) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      m_bench.raw({{"ACL", "SETUSER", "some", lost}});
      gate.open();
    });
    const auto report = runPlan(*plan, {}, slow, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    later.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY(report->counts.done >= 100 && report->counts.done < 600);
    QCOMPARE(report->counts.done + report->counts.refused, 600);
    QCOMPARE(m_bench.size(), 601 - report->counts.done);
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, report->counts.done);
    QCOMPARE(m_bench.digest(), m_digest);
  }

  void undoOfTtlsIsRefusedToo() {
    const auto plan = m_bench.plan("app:*");
    QCOMPARE(m_bench.run(*plan, {ActionKind::Set, 100'000, 1, 0, Condition::Always})->counts.done, 600);
    const QByteArray changed = m_bench.digest();
    const QByteArray ttl = m_bench.raw({{"PEXPIRETIME", "app:7"}}).first();
    const auto refused = undoOperation(plan->id, account({QStringLiteral("~*"), QStringLiteral("+@all"), QStringLiteral("-multi")}), m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Permission);
    QCOMPARE(m_bench.raw({{"PEXPIRETIME", "app:7"}}).first(), ttl);
    QCOMPARE(m_bench.digest(), changed);
    QCOMPARE(m_bench.undo(plan->id)->restored, 600);
    QCOMPARE(m_bench.digest(), m_digest);
  }

 private:
  RedisOptions account(const QStringList& rules) {
    RedisCommand command{"ACL", "SETUSER", "some", "reset", "on", ">pw"};
    for (const QString& rule : rules) command.append(rule.toLatin1());
    m_bench.raw({command});
    RedisOptions options = m_bench.options();
    options.user = QStringLiteral("some");
    options.password = Secret(QByteArray("pw"));
    return options;
  }
  KeysBench m_bench;
  QByteArray m_digest;
};

QTEST_GUILESS_MAIN(TestKeysRights)
#include "tst_keys_rights.moc"
