// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// What was taken away comes back exactly, or is left alone for a reason that is said.
class TestKeysUndo : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("maxmemory"), QStringLiteral("0")});
    m_bench.flush();
  }

  void deletedKeysComeBackExactly() {
    QList<QByteArray> names = hostileNames();
    std::vector<RedisCommand> commands;
    for (qsizetype i = 0; i < names.size(); ++i) {
      const QByteArray& name = names[i];
      switch (i % 6) {
        case 0: commands.push_back({"SET", name, QByteArray("v\0\xff", 3) + name}); break;
        case 1: commands.push_back({"HSET", name, "f", "1", "g", name}); break;
        case 2: commands.push_back({"RPUSH", name, "a", "b", name}); break;
        case 3: commands.push_back({"SADD", name, "1", "2", name}); break;
        case 4: commands.push_back({"ZADD", name, "1.5", "a", "2", name}); break;
        default: commands.push_back({"XADD", name, "*", "f", name}); break;
      }
      if (i % 2) commands.push_back({"PEXPIREAT", name, QByteArray::number(QDateTime::currentMSecsSinceEpoch() + 3'600'000 + i)});
    }
    m_bench.raw(commands);
    const QByteArray digest = m_bench.digest();
    const auto expiries = m_bench.expiries(names);
    const auto plan = m_bench.plan("*");
    const auto report = m_bench.run(*plan, {});
    QVERIFY(report);
    QCOMPARE(report->counts.done, names.size());
    QCOMPARE(m_bench.size(), 0);
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, names.size());
    QCOMPARE(m_bench.digest(), digest);
    QVERIFY(m_bench.expiries(names) == expiries);
  }

  void keysThatCameBackAreKept() {
    m_bench.raw({{"SET", "a", "old"}, {"SET", "b", "old"}, {"SET", "c", "old"}});
    const auto plan = m_bench.plan("*");
    QVERIFY(m_bench.run(*plan, {}));
    m_bench.raw({{"SET", "b", "new"}});
    const auto undone = m_bench.undo(plan->id);
    QVERIFY(undone);
    QCOMPARE(undone->restored, 2);
    QCOMPARE(undone->kept, 1);
    QCOMPARE(m_bench.raw({{"GET", "b"}}).first(), QByteArray("new"));
    const auto again = m_bench.undo(plan->id);
    QVERIFY(again);
    QCOMPARE(again->kept, 3);
  }

  // RESTORE of a key whose time is over answers OK, and there is no key.
  void keysWhoseTimeIsOver() {
    std::optional<Result<Plan>> plan;
    int ms = 300;
    for (qint64 done = 0; done != 2; ms *= 4) {  // again with more time, where the machine stood still
      QVERIFY(ms < 100'000);
      m_bench.raw({{"SET", "short", "v", "PX", QByteArray::number(ms)}, {"SET", "long", "v", "EX", "1000"}});
      plan = m_bench.plan("*");
      done = m_bench.run(**plan, {})->counts.done;
    }
    QTest::qWait(ms / 4 + 100);
    const auto undone = m_bench.undo((*plan)->id);
    QVERIFY(undone);
    QCOMPARE(undone->restored, 1);
    QCOMPARE(undone->expired, 1);
  }

  void ttlsComeBack() {
    QList<QByteArray> names;
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 1200; ++i) {
      names.append("n:" + QByteArray::number(i));
      commands.push_back(i % 3 ? RedisCommand{"SET", names.last(), "v", "EX", QByteArray::number(1000 + i)} : RedisCommand{"SET", names.last(), "v"});
    }
    m_bench.raw(commands);
    const auto before = m_bench.expiries(names);
    for (const Action& action : {Action{ActionKind::Set, 60'000, 1, 0.1, Condition::Always}, Action{ActionKind::Persist, 0, 1, 0, Condition::Always}, Action{ActionKind::SoftExpire, 60'000, 1, 0, Condition::Always}}) {
      const auto plan = m_bench.plan("*");
      const auto report = m_bench.run(*plan, action);
      QVERIFY(report);
      QVERIFY(report->counts.done >= 800);
      const auto undone = m_bench.undo(plan->id);
      QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
      QCOMPARE(undone->restored, report->counts.done);
      QVERIFY(m_bench.expiries(names) == before);
    }
  }

  void ttlsThatOthersChangedAreKept() {
    m_bench.raw({{"SET", "a", "v"}, {"SET", "b", "v", "EX", "500"}, {"SET", "c", "v"}});
    const auto plan = m_bench.plan("*");
    QVERIFY(m_bench.run(*plan, {ActionKind::Set, 60'000, 1, 0, Condition::Always}));
    m_bench.raw({{"EXPIRE", "a", "9999"}, {"DEL", "c"}});
    const auto undone = m_bench.undo(plan->id);
    QVERIFY(undone);
    QCOMPARE(undone->restored, 1);
    QCOMPARE(undone->kept, 1);
    QCOMPARE(undone->expired, 1);
    QCOMPARE(m_bench.raw({{"TTL", "a"}}).first().toInt() > 9000, true);
  }

  // Under allkeys-lru 20 restored keys once evicted 12,624 others.
  // Somebody changes an expiry between the look at it and the change: the undo brings back theirs, not the older one.
  void ttlsThatChangeDuringTheRunComeBack() {
    constexpr int count = 40000;
    constexpr qint64 hour = 3'600'000;
    const qint64 soon = QDateTime::currentMSecsSinceEpoch() + hour;
    QList<QByteArray> names;
    std::vector<RedisCommand> commands;
    for (int i = 0; i < count; ++i) {
      names << "n:" + QByteArray::number(i);
      commands.push_back({"SET", names.back(), "v", "PXAT", QByteArray::number(soon + i)});
    }
    m_bench.raw(commands);
    auto expected = m_bench.expiries(names);
    const auto plan = m_bench.plan("n:*");
    m_bench.progress.set({});
    qsizetype changed = 0;
    Gate gate;
    RunOptions options;
    options.holdBack = gate.at(m_bench.progress, count / 2);
    std::jthread other([&] {
      while (m_bench.progress.counts().handled() == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
      for (int from = 0; from < count; from += 100) {
        std::vector<RedisCommand> later;  // before the run's own change, or never
        for (int i = from; i < from + 100; ++i) later.push_back({"PEXPIREAT", names[i], QByteArray::number(soon + hour + i), "GT"});
        const QList<QByteArray> answers = m_bench.raw(later);
        for (int i = 0; i < answers.size(); ++i)
          if (answers[i] == "1") expected[names[from + i]] = soon + hour + from + i, ++changed;
        if (changed > 0) gate.open();
      }
      gate.open();
    });
    const auto report = m_bench.run(*plan, Action{ActionKind::Set, 4 * hour, 1, 0, Condition::Always}, options);
    other.join();
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->counts.done, count);
    QVERIFY(changed > 0);
    QVERIFY(m_bench.expiries(names) != expected);
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, count);
    QVERIFY(m_bench.expiries(names) == expected);
  }

  void refusedWhereItWouldEvictOthers() {
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 30; ++i) commands.push_back({"SET", "big:" + QByteArray::number(i), QByteArray(200'000, static_cast<char>('a' + i))});
    for (int i = 0; i < 2000; ++i) commands.push_back({"SET", "other:" + QByteArray::number(i), QByteArray(1000, 'o')});
    m_bench.raw(commands);
    const auto plan = m_bench.plan("big:*");
    RunOptions options;
    QCOMPARE(m_bench.run(*plan, {}, options)->counts.done, 30);
    const QByteArray memory = m_bench.cli({QStringLiteral("info"), QStringLiteral("memory")});
    const qint64 used = memory.mid(memory.indexOf("used_memory:") + 12).split('\r').first().toLongLong();
    m_bench.raw({{"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}, {"CONFIG", "SET", "maxmemory", QByteArray::number(used + 500'000)}});
    // Strings of one letter compress; what counts is what their images take.
    const auto undone = m_bench.undo(plan->id);
    QVERIFY(!undone);
    QCOMPARE(undone.error().kind, Error::Kind::Busy);
    QCOMPARE(m_bench.size(), 2000);
    m_bench.raw({{"CONFIG", "SET", "maxmemory", "0"}});
    QCOMPARE(m_bench.undo(plan->id)->restored, 30);
  }

  // A full cache is the normal state of one. A TTL takes no room: putting it back was refused all the same.
  void ttlsComeBackOnAFullServer() {
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 500; ++i) commands.push_back({"SET", "n:" + QByteArray::number(i), QByteArray(1000, 'x'), "EX", QByteArray::number(5000 + i)});
    m_bench.raw(commands);
    QList<QByteArray> names;
    for (int i = 0; i < 500; ++i) names.append("n:" + QByteArray::number(i));
    const auto before = m_bench.expiries(names);
    const auto plan = m_bench.plan("n:*");
    QCOMPARE(m_bench.run(*plan, {ActionKind::Set, 60'000, 1, 0, Condition::Always})->counts.done, 500);
    const QByteArray memory = m_bench.cli({QStringLiteral("info"), QStringLiteral("memory")});
    const qint64 used = memory.mid(memory.indexOf("used_memory:") + 12).split('\r').first().toLongLong();
    m_bench.raw({{"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}, {"CONFIG", "SET", "maxmemory", QByteArray::number(used * 105 / 100)}});
    const auto undone = m_bench.undo(plan->id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, 500);
    QVERIFY(m_bench.expiries(names) == before);
  }

  // A TTL was made longer, and undone when the old end had passed: the keys, which live, were deleted.
  void oldEndsThatHavePassedDeleteNothing() {
    std::optional<Result<Plan>> plan;
    int ms = 1000;
    for (qint64 done = 0; done != 3; ms *= 4) {  // again with more time, where the machine stood still
      QVERIFY(ms < 100'000);
      m_bench.raw({{"SET", "short", "v", "PX", QByteArray::number(ms)}, {"SET", "long", "v", "EX", "5000"}, {"SET", "none", "v"}});
      plan = m_bench.plan("*");
      done = m_bench.run(**plan, {ActionKind::Set, 3'600'000, 1, 0, Condition::Always})->counts.done;
    }
    QTest::qWait(ms / 4 + 200);
    const auto undone = m_bench.undo((*plan)->id);
    QVERIFY(undone);
    QCOMPARE(undone->restored, 2);
    QCOMPARE(undone->expired, 1);
    QCOMPARE(m_bench.raw({{"GET", "short"}}).first(), QByteArray("v"));
    QVERIFY(m_bench.raw({{"TTL", "short"}}).first().toInt() > 3500);
    QCOMPARE(undone->toJson()[QLatin1String("expired_meanwhile")].toInt(), 1);
    QVERIFY2(undone->note.contains(QLatin1String("old end")), qPrintable(undone->note));
  }

  void withoutImagesThereIsNoUndo() {
    m_bench.raw({{"SET", "a", "v"}});
    const auto plan = m_bench.plan("*");
    RunOptions options;
    options.undo = false;
    QVERIFY(m_bench.run(*plan, {}, options));
    const auto undone = m_bench.undo(plan->id);
    QVERIFY(!undone);
    QVERIFY2(undone.error().message.contains(QLatin1String("without undo")), qPrintable(undone.error().message));
  }

  void imagesAreSealed() {
    m_bench.raw({{"SET", "very-secret-name", "very-secret-value"}});
    const auto plan = m_bench.plan("*");
    QVERIFY(m_bench.run(*plan, {}));
    QFile file(m_bench.place().folder + QLatin1Char('/') + plan->id + QStringLiteral(".cdop"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.size() > 100);
    QVERIFY(!bytes.contains("very-secret"));
  }

  // Images do not stay for ever; what can be resumed does.
  void oldImagesGo() {
    m_bench.raw({{"SET", "a", "v"}});
    const auto old = m_bench.plan("a*");
    QVERIFY(m_bench.run(*old, {}));
    QFile file(m_bench.place().folder + QLatin1Char('/') + old->id + QStringLiteral(".cdop"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-25 * 3600), QFileDevice::FileModificationTime));
    file.close();
    m_bench.raw({{"SET", "b", "v"}});
    const auto next = m_bench.plan("b*");
    QVERIFY(m_bench.run(*next, {}));
    QVERIFY(!file.exists());
    QVERIFY(m_bench.undo(next->id));
  }

  // A kill between a plan and its run left the list of names for ever.
  void listsOfNamesThatAKillLeftGo() {
    m_bench.raw({{"SET", "a", "v"}, {"SET", "b", "v"}, {"SET", "c", "v"}});
    const auto age = [](const QString& name) {
      QFile file(name);
      QVERIFY(file.open(QIODevice::ReadWrite));
      QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-3600), QFileDevice::FileModificationTime));
    };
    auto left = m_bench.plan("a");
    left->hold.reset();  // its process is gone
    const auto held = m_bench.plan("b");
    // One that was interrupted needs its list.
    const auto open = m_bench.plan("c");
    QCOMPARE(m_bench.run(*open, {}, heldBack({}))->outcome, QStringLiteral("failed"));
    const QString openSpool = open->spoolFile;
    for (const QString& name : {left->spoolFile, held->spoolFile, openSpool}) age(name);
    QVERIFY(m_bench.run(*m_bench.plan("a"), {}));
    QVERIFY(!QFile::exists(left->spoolFile));
    QVERIFY(QFile::exists(held->spoolFile));
    QVERIFY(QFile::exists(openSpool));
    QVERIFY(m_bench.resume(open->id));
    held->forget();
  }

  // --last is of this server and this profile, and no operation is undone twice by it.
  void theLastOneThatFits() {
    const RunPlace place = m_bench.place();
    m_bench.raw({{"SET", "x", "v"}, {"SET", "y", "v"}});
    const auto first = m_bench.plan("x"), second = m_bench.plan("y");
    QVERIFY(m_bench.run(*first, {}));
    QTest::qWait(2);
    QVERIFY(m_bench.run(*second, {}));
    OperationFilter filter;
    filter.profile = QStringLiteral("test");
    filter.endpoint = m_bench.options().endpoint();
    filter.undoable = true;
    QCOMPARE(lastOperation(place, filter)->id, second->id);
    const auto preview = previewUndo(place, second->id);
    QVERIFY(preview);
    QCOMPARE(preview->keys, 1);
    QVERIFY(m_bench.undo(second->id));
    QCOMPARE(lastOperation(place, filter)->id, first->id);
    filter.endpoint = QStringLiteral("10.0.0.9:6379");
    QVERIFY(!lastOperation(place, filter));
    filter.endpoint.clear();
    filter.profile = QStringLiteral("production");
    QVERIFY(!lastOperation(place, filter));
    filter.profile.clear();
    filter.undoable = false;
    filter.resumable = true;
    QVERIFY(!lastOperation(place, filter));
  }

  // Resume and undo of production once went through with nothing typed.
  void resumeAndUndoAreConfirmedLikeAPlan() {
    m_bench.raw({{"SET", "p:1", "v"}, {"SET", "p:2", "v"}, {"SET", "p:3", "v"}});
    Guard guard(QStringLiteral("shop"), Environment::Production, m_bench.journal());
    QVERIFY(guard.unlock(QStringLiteral("a reason"), m_bench.clock()));
    const auto plan = m_bench.plan("p:*");
    RunOptions begun;
    begun.budgetMs = 7;
    begun.keysPerSecond = 1234;
    begun.undoCap = 12'000'000;
    const auto failed = m_bench.run(*plan, {}, heldBack(begun));
    QCOMPARE(failed->outcome, QStringLiteral("failed"));
    QVERIFY2(failed->reason.contains(QLatin1String("the owner says so")), qPrintable(failed->reason));
    begun.pauseLimit = std::chrono::seconds(0);
    const auto preview = previewResume(m_bench.place(), plan->id);
    QVERIFY(preview);
    QCOMPARE(preview->planned, 3);
    QCOMPARE(preview->remaining, 3);
    QCOMPARE(preview->options.toJson(), begun.toJson());
    // The old way is for single keys.
    const auto edit = guard.permit(QStringLiteral("resume"), m_bench.clock());
    QVERIFY(edit);
    QCOMPARE(resumeRun(plan->id, preview->options, m_bench.options(), *edit, m_bench.place(), m_bench.progress, {}).error().kind, Error::Kind::Permission);
    QCOMPARE(undoOperation(plan->id, m_bench.options(), *edit, m_bench.place(), m_bench.progress, {}).error().kind, Error::Kind::Permission);
    QVERIFY(!guard.permitResume(*preview, QStringLiteral("shop"), m_bench.clock()));
    QVERIFY(!guard.permitResume(*preview, QStringLiteral("shop 2"), m_bench.clock()));
    const auto permit = guard.permitResume(*preview, QStringLiteral("shop 3"), m_bench.clock());
    QVERIFY(permit);
    QCOMPARE(undoOperation(QStringLiteral("another"), m_bench.options(), *permit, m_bench.place(), m_bench.progress, {}).error().kind, Error::Kind::Permission);
    const auto report = resumeRun(plan->id, preview->options, m_bench.options(), *permit, m_bench.place(), m_bench.progress, {});
    QVERIFY(report);
    QCOMPARE(report->counts.done, 3);
    const auto undo = previewUndo(m_bench.place(), plan->id);
    QCOMPARE(undo->keys, 3);
    QVERIFY(!guard.permitUndo(*undo, {}, m_bench.clock()));
    const auto may = guard.permitUndo(*undo, QStringLiteral("shop 3"), m_bench.clock());
    QVERIFY(may);
    QCOMPARE(undoOperation(plan->id, m_bench.options(), *may, m_bench.place(), m_bench.progress, {})->restored, 3);
    // What was undone is not gone on with: its keys count as done there.
    QVERIFY(!previewResume(m_bench.place(), plan->id));
  }

  void operationsAreListed() {
    m_bench.raw({{"SET", "a", "v"}});
    const auto plan = m_bench.plan("a*");
    QVERIFY(m_bench.run(*plan, {}));
    const OperationRow row = operations(m_bench.place().folder, m_bench.place().key).first();
    QCOMPARE(row.id, plan->id);
    QVERIFY(row.ended && row.undoable);
    QCOMPARE(row.selected, QStringLiteral("a*"));
    QVERIFY(m_bench.undo(plan->id));
    QCOMPARE(operations(m_bench.place().folder, m_bench.place().key).first().undos, 1);
  }

 private:
  static RunOptions heldBack(RunOptions options) {
    options.holdBack = [] { return QStringLiteral("the owner says so"); };
    options.pauseLimit = std::chrono::seconds(0);
    return options;
  }
  KeysBench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysUndo)
#include "tst_keys_undo.moc"
