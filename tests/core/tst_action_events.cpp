// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/action_events.h"
#include "tests/core/tst_journal_support.h"

#include <QRegularExpression>

using namespace cachedeck;
using namespace cachedeck::test;
using State = ActionEvent::State;

namespace {

constexpr qint64 at = 1'770'000'000'000;

JournalEntry entry(const char* action, const char* phase, qint64 seconds, const char* operation = "op-1") {
  JournalEntry one;
  one.wallMs = at + 1000 * seconds;
  one.action = QLatin1String(action);
  one.phase = QLatin1String(phase);
  one.operation = QLatin1String(operation);
  one.profile = QStringLiteral("Shop");
  one.where = QStringLiteral("production 10.0.0.5:6379 db 0");
  return one;
}

JournalEntry begin(qint64 seconds, const char* operation = "op-1", qint64 planned = 20'000) {
  JournalEntry one = entry("keys.delete", "begin", seconds, operation);
  one.counts = {{QStringLiteral("planned"), planned}};
  one.text = QStringLiteral("Delete: risk:* (stale prices)");
  return one;
}

JournalEntry end(qint64 seconds, const char* outcome = "done", const char* operation = "op-1") {
  JournalEntry one = entry("keys.delete", "end", seconds, operation);
  one.counts = {{QStringLiteral("planned"), 20'000}, {QStringLiteral("deleted"), 19'990}, {QStringLiteral("gone"), 10}, {QStringLiteral("refused"), 0}};
  one.outcome = QLatin1String(outcome);
  return one;
}

}  // namespace

class TestActionEvents : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void beginAndEndAreOneEvent() {
    const auto events = actionEvents({begin(0), end(4)}, 0);
    QCOMPARE(events.size(), 1);
    QCOMPARE(events[0].fromMs, at);
    QCOMPARE(events[0].toMs, at + 4000);
    QCOMPARE(events[0].label, QStringLiteral("Delete 20,000 keys: risk:* (stale prices)"));
    QCOMPARE(events[0].detail, QStringLiteral("done: 19,990 deleted, 10 already gone"));
    QVERIFY(events[0].state == State::Done && events[0].kind == ActionEvent::Kind::Delete);
  }

  void silencesAndTestAlertsAreActions() {
    JournalEntry silence = entry("alerts.silence", "begin", 0, "a"), made = entry("alerts.silence", "end", 1, "a"), test = entry("alerts.test", "begin", 5, "b"), lost = entry("alerts.test", "end", 30, "b");
    silence.text = QStringLiteral("alertname=\"HighRedisMemory\" for 2 h (move to the new host)");
    made.outcome = QStringLiteral("done");
    test.text = QStringLiteral("severity warning");
    lost.outcome = QStringLiteral("failed");
    lost.text = QStringLiteral("No integration sent it.");
    const auto events = actionEvents({silence, made, test, lost}, 0);
    QCOMPARE(events.size(), 2);
    QCOMPARE(events[0].label, QStringLiteral("Silence alertname=\"HighRedisMemory\" for 2 h (move to the new host)"));
    QVERIFY(events[0].state == State::Done);
    QCOMPARE(events[1].label, QStringLiteral("Test alert: severity warning"));
    QVERIFY(events[1].state == State::Failed && events[1].detail.contains(QLatin1String("No integration sent it.")));
  }

  void othersBetweenThemDoNotMatter() {
    JournalEntry unlock = entry("unlock", "note", 1, "");
    unlock.text = QStringLiteral("stale prices");
    const auto events = actionEvents({begin(0), unlock, begin(1, "op-2"), end(3, "cancelled", "op-2"), end(4), entry("journal.repair", "note", 5, "")}, 0);
    QCOMPARE(events.size(), 2);
    QVERIFY(events[0].state == State::Done && events[0].toMs == at + 4000);
    QVERIFY(events[1].state == State::Cancelled && events[1].toMs == at + 3000);
  }

  void withoutAnEndItGoesOnOrWasInterrupted() {
    const auto events = actionEvents({begin(0, "op-1"), begin(100, "op-2")}, at + 50'000);
    QVERIFY(events[0].state == State::Interrupted && events[0].toMs == 0);
    QCOMPARE(events[0].detail, QStringLiteral("interrupted"));
    QVERIFY(events[1].state == State::UnderWay && events[1].toMs == 0);
  }

  void aResumedOneHasTwoEvents() {
    const auto events = actionEvents({begin(0), begin(100), end(104)}, 0);
    QCOMPARE(events.size(), 2);
    QVERIFY(events[0].state == State::Interrupted && events[0].toMs == 0);
    QVERIFY(events[1].state == State::Done && events[1].fromMs == at + 100'000);
  }

  void anUndoSaysWhatOf() {
    JournalEntry undone = entry("keys.undo", "end", 21);
    undone.outcome = QStringLiteral("done");
    undone.counts = {{QStringLiteral("restored"), 19'990}, {QStringLiteral("kept"), 5}};
    const auto events = actionEvents({begin(0), end(4), entry("keys.undo", "begin", 20), undone}, 0);
    QCOMPARE(events.size(), 2);
    QCOMPARE(events[1].label, QStringLiteral("Undo: Delete 20,000 keys: risk:* (stale prices)"));
    QCOMPARE(events[1].detail, QStringLiteral("done: 19,990 restored, 5 left as they are"));
    QVERIFY(events[0].detail.startsWith(QLatin1String("done: 19,990 deleted")));
  }

  void aTtlSaysWhich() {
    JournalEntry one = entry("keys.ttl", "begin", 0);
    one.text = QStringLiteral("Set TTL 1 h ± 10 %: cat:*");
    one.counts = {{QStringLiteral("planned"), 1}};
    QCOMPARE(actionEvents({one}, 0)[0].label, QStringLiteral("Set TTL 1 h ± 10 % on 1 key: cat:*"));
    one.text.clear();
    QCOMPARE(actionEvents({one}, 0)[0].label, QStringLiteral("Change TTL on 1 key"));
  }

  void emptyingAndEditing() {
    JournalEntry flush = entry("keys.flushdb", "begin", 0), edit = entry("keys.edit", "begin", 10, ""), edited = entry("keys.edit", "end", 10, "");
    flush.text = QStringLiteral("Empty database 3");
    flush.counts = {{QStringLiteral("planned"), 1'000'000}};
    edit.text = edited.text = QStringLiteral("a: b");
    edited.outcome = QStringLiteral("done");
    JournalEntry again = edit;
    again.text = QStringLiteral("c");
    const auto events = actionEvents({flush, edit, edited, again}, 0);
    QCOMPARE(events.size(), 3);
    QCOMPARE(events[0].label, QStringLiteral("Empty database 3 (1,000,000 keys)"));
    QVERIFY(events[0].kind == ActionEvent::Kind::Delete);
    QCOMPARE(events[1].label, QStringLiteral("Edit a: b"));
    QVERIFY(events[1].state == State::Done && events[2].state == State::UnderWay);
    QCOMPARE(events[2].label, QStringLiteral("Edit c"));
  }

  void aLoadRunIsAStretch() {
    JournalEntry run = entry("load.run", "begin", 0), ended = entry("load.run", "end", 60);
    run.text = QStringLiteral("warm-cache");
    ended.outcome = QStringLiteral("done");
    const auto events = actionEvents({run, ended}, 0);
    QCOMPARE(events.size(), 1);
    QCOMPARE(events[0].label, QStringLiteral("Load run warm-cache"));
    QVERIFY(events[0].state == State::Done && events[0].toMs > events[0].fromMs);
  }

  void aFailureSaysWhyAndNotesGoWithIt() {
    JournalEntry failed = end(4, "failed"), note = entry("keys.delete", "note", 64);
    failed.text = QStringLiteral("Delete: the server is gone");
    note.text = QStringLiteral("1 min after: hit ratio 94.0 % before, 93.0 % now.");
    const auto events = actionEvents({begin(0), failed, note}, 0);
    QCOMPARE(events[0].detail.split(QLatin1Char('\n')),
             QStringList({QStringLiteral("failed: 19,990 deleted, 10 already gone"), failed.text, note.text}));
    QVERIFY(events[0].state == State::Failed);
  }

  void oddJournalsAreHarmless() {
    QVERIFY(actionEvents({}, 0).isEmpty());
    QVERIFY(actionEvents({end(4), entry("keys.delete", "note", 5), entry("keys.delete", "???", 6), entry("", "begin", 7)}, 0).isEmpty());
    JournalEntry hostile = begin(10);
    hostile.text = QStringLiteral("Delete: a\x1b[31m\n\u202E") + QString(5000, QLatin1Char('x'));
    const auto events = actionEvents({hostile, end(5), end(6)}, 0);  // the clock was set back, and two ends
    QVERIFY(events[0].toMs > events[0].fromMs);
    QVERIFY(events[0].label.size() <= 220);
    for (const QChar c : events[0].label) QVERIFY(c.isPrint());
  }

  void onlyThoseOfThisServer() {
    QVERIFY(concerns(begin(0), QStringLiteral("Shop"), {}));
    QVERIFY(concerns(begin(0), QStringLiteral("Other"), QStringLiteral("10.0.0.5:6379")));  // by a command, say
    QVERIFY(!concerns(begin(0), QStringLiteral("Other"), QStringLiteral("0.0.0.5:6379")));
    QVERIFY(!concerns(begin(0), {}, {}));
    JournalEntry nameless = begin(0);
    nameless.profile.clear();
    QVERIFY(!concerns(nameless, {}, QStringLiteral("127.0.0.1:6379")));
  }
};

QTEST_GUILESS_MAIN(TestActionEvents)
#include "tst_action_events.moc"
