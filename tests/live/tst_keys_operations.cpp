// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/keys_fixture.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// What is known of operations afterwards: which one is the last, what can be undone, what the journal says, what is damaged, what is thrown away.
class TestKeysOperations : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
    m_bench.raw({{"SET", "a:1", "v"}, {"SET", "a:2", "v"}, {"SET", "a:3", "v"}, {"SET", "b:1", "v"}});
    QDir(m_bench.place().folder).removeRecursively();
  }

  // An undo of which the account was allowed nothing counted as done: the operation could not be found by --last any more.
  void anUndoThatWasRefusedCanBeTriedAgain() {
    const QString id = deleted("a:*");
    m_bench.raw({{"ACL", "SETUSER", "some", "reset", "on", ">pw", "~*", "+@all", "-restore"}});
    RedisOptions options = m_bench.options();
    options.user = QStringLiteral("some");
    options.password = Secret(QByteArray("pw"));
    const auto refused = undoOperation(id, options, m_bench.permit(), m_bench.place(), m_bench.progress, {});
    QVERIFY2(refused, refused ? "" : qPrintable(refused.error().message));
    QCOMPARE(refused->refused, 3);
    QCOMPARE(refused->outcome, QStringLiteral("failed"));
    QVERIFY(!operations(m_bench.place().folder, m_bench.place().key).first().undone);
    QCOMPARE(last()->id, id);
    QCOMPARE(previewDiscard(m_bench.place(), id)->keys, 3);
    QCOMPARE(m_bench.undo(id)->restored, 3);
    QCOMPARE(previewDiscard(m_bench.place(), id)->keys, 0);
    QVERIFY(operations(m_bench.place().folder, m_bench.place().key).first().undone);
    QCOMPARE(last().error().kind, Error::Kind::NotFound);
  }

  // `undo --last` took an operation that had deleted nothing, said that it was done, and the keys stayed away.
  void theLastOneHasSomethingToUndo() {
    const QString id = deleted("a:*");
    QTest::qWait(2);
    const QString nothing = deleted("none:*");
    const OperationRow row = operations(m_bench.place().folder, m_bench.place().key).first();
    QCOMPARE(row.id, nothing);
    QVERIFY(!row.undoable);
    QCOMPARE(last()->id, id);
  }

  // The operation stayed behind as an interrupted one that could neither be resumed nor discarded.
  void whatNeverBeganLeavesNothing() {
    Journal broken(QStringLiteral("/proc/nowhere/journal.jsonl"), m_bench.place().key);
    const RunPlace place{m_bench.place().folder, m_bench.place().key, broken, QStringLiteral("test"), QStringLiteral("development"), m_bench.clock()};
    const auto plan = m_bench.plan("a:*");
    QVERIFY(!runPlan(*plan, {}, {}, m_bench.options(), m_bench.permit(), place, m_bench.progress, {}));
    QCOMPARE(m_bench.size(), 4);
    QVERIFY(listOperations(place.folder).isEmpty());
    plan->forget();
  }

  // Undo entries had no text, and ids and words among their counts.
  void theJournalSaysWhatWasUndone() {
    const QString id = deleted("a:*");
    QVERIFY(m_bench.undo(id));
    const JournalEntry entry = m_bench.journal().read(1)->first();
    QCOMPARE(entry.action, QStringLiteral("keys.undo"));
    QCOMPARE(entry.phase, QStringLiteral("end"));
    QCOMPARE(entry.text, QStringLiteral("Undo: Delete: a:*"));
    QCOMPARE(entry.counts[QLatin1String("restored")].toInt(), 3);
    for (const QJsonValue& count : entry.counts) QVERIFY(count.isDouble());
    QVERIFY(!entry.counts.contains(QLatin1String("seconds")));
  }

  // One that cannot be read was passed over: an older one was undone in its place.
  void aDamagedLogIsNotPassedOver() {
    const QString older = deleted("b:*");
    QTest::qWait(2);
    const QString id = deleted("a:*");
    change(id, [](QByteArray& bytes) { bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1); });
    const QList<UnreadableOperation> unreadable = unreadableOperations(m_bench.place().folder, m_bench.place().key);
    QCOMPARE(unreadable.size(), 1);
    QCOMPARE(unreadable.first().id, id);
    QVERIFY(!unreadable.first().reason.isEmpty());
    const auto found = last();
    QVERIFY(!found);
    QVERIFY2(found.error().kind == Error::Kind::Protocol && found.error().message.contains(id) && found.error().message.contains(older), qPrintable(found.error().message));
  }

  // Of a log that ended in the middle nothing was said, neither before its undo nor after.
  void aTornLogIsSaid() {
    const QString id = deleted("a:*");
    change(id, [](QByteArray& bytes) { bytes.chop(10); });
    const auto preview = previewUndo(m_bench.place(), id);
    QVERIFY(preview);
    QVERIFY(preview->torn);
    QVERIFY(preview->toJson()[QLatin1String("torn")].toBool());
    const auto undone = m_bench.undo(id);
    QVERIFY2(undone, undone ? "" : qPrintable(undone.error().message));
    QCOMPARE(undone->restored, 3);
    QVERIFY2(undone->note.contains(QLatin1String("damaged")), qPrintable(undone->note));
  }

  // Images of a production operation were thrown away with nothing asked.
  void imagesAreDiscardedLikeAnUndo() {
    const QString id = deleted("a:*", QStringLiteral("shop"), Environment::Production);
    const RunPlace place = m_bench.place();
    const auto preview = previewDiscard(place, id);
    QVERIFY(preview);
    QCOMPARE(preview->keys, 3);
    Guard desk(QStringLiteral("desk"), Environment::Development, m_bench.journal());
    QVERIFY(!desk.permitDiscard(*preview, {}, m_bench.clock()));
    Guard guard = desk.forOperation(preview->owner);
    QVERIFY(guard.unlock(QStringLiteral("not needed any more"), m_bench.clock()));
    QVERIFY(!guard.permitDiscard(*preview, QStringLiteral("desk 3"), m_bench.clock()));
    const auto permit = guard.permitDiscard(*preview, QStringLiteral("shop 3"), m_bench.clock());
    QVERIFY(permit);
    QVERIFY(!undoOperation(id, m_bench.options(), *permit, place, m_bench.progress, {}));
    QVERIFY(!discardOperation(*preview, m_bench.permit(), place));
    const auto done = discardOperation(*preview, *permit, place);
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    QVERIFY(listOperations(place.folder).isEmpty());
    const JournalEntry entry = m_bench.journal().read(1)->first();
    QCOMPARE(entry.profile, QStringLiteral("shop"));
    QVERIFY2(entry.where.startsWith(QLatin1String("production ")) && entry.text.contains(QLatin1String("not needed any more")), qPrintable(entry.where + entry.text));
  }

  // A permit for trying things out is none for what was begun in production, whatever environment the session has.
  void productionOperationsNeedTheirOwnPermit() {
    const QString id = deleted("a:*", QStringLiteral("shop"), Environment::Production);
    const auto undone = m_bench.undo(id);
    QVERIFY(!undone);
    QCOMPARE(undone.error().kind, Error::Kind::Permission);
    const auto preview = previewUndo(m_bench.place(), id);
    QCOMPARE(preview->environment, std::optional(Environment::Production));
    Guard desk(QStringLiteral("desk"), Environment::Development, m_bench.journal());
    QVERIFY(!desk.permitUndo(*preview, {}, m_bench.clock()));
    // Production is paced by itself, and the log keeps it for who goes on.
    const auto summary = readOperation(m_bench.place().folder, id, m_bench.place().key);
    QCOMPARE(summary->plan[QLatin1String("options")][QLatin1String("keys_per_second")].toDouble(), productionRate);
  }

  // Logs of before the environment was kept have it by their line in the journal.
  void olderLogsHaveTheirEnvironmentByTheJournal() {
    const RunPlace place = m_bench.place();
    JournalEntry begun;
    begun.action = QStringLiteral("keys.delete");
    begun.phase = QStringLiteral("begin");
    begun.operation = QStringLiteral("older-1");
    begun.where = QStringLiteral("staging 127.0.0.1:1 db 0 as default");
    QVERIFY(m_bench.journal().append(begun));
    OperationSummary summary;
    summary.id = begun.operation;
    summary.plan = {{QStringLiteral("profile"), QStringLiteral("stage")}};
    QCOMPARE(ownerOf(summary, place.journal).environment, std::optional(Environment::Staging));
    summary.id = QStringLiteral("older-2");
    QVERIFY(!ownerOf(summary, place.journal).environment);
  }

 private:
  /// Deletes what matches; the operation's id.
  QString deleted(const QByteArray& pattern, const QString& profile = QStringLiteral("test"), Environment environment = Environment::Development) {
    const auto plan = m_bench.plan(pattern);
    if (!plan) qFatal("%s", qPrintable(plan.error().message));
    RunPlace place = m_bench.place();
    place.profile = profile;
    place.environment = environmentKey(environment);
    const auto report = runPlan(*plan, {}, {}, m_bench.options(), m_bench.permit(), place, m_bench.progress, {});
    if (!report) qFatal("%s", qPrintable(report.error().message));
    return plan->id;
  }
  Result<OperationRow> last() {
    OperationFilter filter;
    filter.undoable = true;
    return lastOperation(m_bench.place(), filter);
  }
  void change(const QString& id, const std::function<void(QByteArray&)>& how) {
    QFile file(m_bench.place().folder + QLatin1Char('/') + id + QStringLiteral(".cdop"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    how(bytes);
    QVERIFY(file.resize(0) && file.seek(0));
    QCOMPARE(file.write(bytes), bytes.size());
  }
  KeysBench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysOperations)
#include "tst_keys_operations.moc"
