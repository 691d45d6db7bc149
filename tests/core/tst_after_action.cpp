// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/after_action.h"

#include <QRegularExpression>
#include <QTest>

#include <functional>

using namespace cachedeck;
using namespace cachedeck::keys;

namespace {

constexpr qint64 endMs = 1'770'000'000'000, beginMs = endMs - 4000;
constexpr qint64 minute = 60'000;

using Curve = std::function<double(double secondsAfterEnd)>;

/// A metric sampled once a second from ten minutes before to 16 minutes after the end.
void fill(History& history, const char* group, std::vector<std::pair<QLatin1String, Curve>> curves, int stepMs = 1000) {
  for (qint64 ms = endMs - 10 * minute; ms <= endMs + 16 * minute; ms += stepMs) {
    History::Values values;
    for (const auto& [metric, curve] : curves) values.emplace_back(metric, curve(static_cast<double>(ms - endMs) * 1e-3));
    history.append(QLatin1String(group), ms, values, false, 2 * stepMs);
  }
}

/// 94 %; from the action's end on 61 %, and back linearly within a minute.
double dip(double s) { return s < 0 || s > 60 ? 94 : 61 + 33 * s / 60; }

constexpr QLatin1String hitRatio("redis.hit_ratio"), calls("postgres.calls"), p95("app.latency_p95");

AfterFigures at(const History& history, int minutes) { return afterFigures(history, beginMs, endMs, endMs + minutes * minute); }

JournalEntry entry(const char* phase, qint64 ms, const char* action = "keys.delete") {
  JournalEntry one;
  one.wallMs = ms;
  one.action = QLatin1String(action);
  one.phase = QLatin1String(phase);
  one.operation = QStringLiteral("op-1");
  one.profile = QStringLiteral("Shop");
  one.where = QStringLiteral("production 10.0.0.5:6379 db 0");
  one.planDigest = QStringLiteral("abc");
  return one;
}

JournalEntry ended(qint64 ms, qint64 deleted = 20'000) {
  JournalEntry one = entry("end", ms);
  one.outcome = QStringLiteral("done");
  one.counts = {{QStringLiteral("planned"), 20'000}, {QStringLiteral("deleted"), deleted}};
  return one;
}

bool isNear(double a, double b, double within) { return std::abs(a - b) <= within; }

}  // namespace

class TestAfterAction : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aDipAndItsRecovery() {
    History history;
    fill(history, "redis", {{hitRatio, dip}});
    for (const int minutes : AfterActions::minutesAfter) {
      const AfterFigures figures = at(history, minutes);
      QCOMPARE(figures.hitRatio.before, 94.0);
      QVERIFY2(isNear(figures.lowestHitRatio, 61, 4), qPrintable(QString::number(figures.lowestHitRatio)));
      QVERIFY2(isNear(figures.recoverSeconds, 58, 9), qPrintable(QString::number(figures.recoverSeconds)));  // 93 % after 58.2 s, by stretches of 8 s
    }
    QVERIFY(isNear(at(history, 1).hitRatio.after, 77.5, 0.5));  // the mean of the way up
    QCOMPARE(at(history, 5).hitRatio.after, 94.0);
  }

  void notBackYet() {
    History history;
    fill(history, "redis", {{hitRatio, [](double s) { return s < 0 ? 94.0 : 70.0; }}});
    const AfterFigures figures = at(history, 5);
    QVERIFY(std::isnan(figures.recoverSeconds));
    QVERIFY(isNear(figures.lowestHitRatio, 70, 0.01));
    QCOMPARE(afterSentence(figures, 5), QStringLiteral("5 min after: hit ratio 94.0 % before, 70.0 % now, lowest 70.0 %, not back within 1 point yet."));
  }

  void nothingHappened() {
    History history;
    fill(history, "redis", {{hitRatio, [](double s) { return s < 0 ? 94.0 : 93.4; }}});
    const AfterFigures figures = at(history, 1);
    QCOMPARE(figures.recoverSeconds, 0.0);
    QCOMPARE(afterSentence(figures, 1), QStringLiteral("1 min after: hit ratio 94.0 % before, 93.4 % now, never more than 1 point lower."));
  }

  void everythingInOneSentence() {
    History history;
    fill(history, "redis", {{hitRatio, dip}});
    fill(history, "postgres", {{calls, [](double s) { return s < 0 ? 1650.0 : 2310.0; }}, {QLatin1String("postgres.query_mean"), [](double) { return 0.0018; }}});
    fill(history, "prometheus", {{p95, [](double s) { return s < 0 ? 0.043 : 0.0512; }}}, 15'000);
    const QString sentence = afterSentence(at(history, 15), 15);
    QVERIFY2(QRegularExpression(QStringLiteral("^15 min after: hit ratio 94\\.0 % before, 94\\.0 % now, lowest 6\\d\\.\\d %, back within 1 point after (\\d+ s|1 min( \\d s)?); "
                                               "database calls 1\\.65 k/s before, 2\\.31 k/s now; mean query 1\\.80 ms before, 1\\.80 ms now; "
                                               "p95 of the service 43\\.0 ms before, 51\\.2 ms now\\.$"))
                 .match(sentence).hasMatch(), qPrintable(sentence));
  }

  void whatIsNotMeasuredIsLeftOut() {
    History history;
    QVERIFY(at(history, 1).isEmpty());
    QVERIFY(afterSentence(at(history, 1), 1).isEmpty());
    fill(history, "postgres", {{QLatin1String("postgres.transactions"), [](double) { return 700.0; }}});
    fill(history, "redis", {{hitRatio, [](double s) { return s < -4 ? NAN : 90.0; }}});  // nobody asked before
    QCOMPARE(afterSentence(at(history, 5), 5), QStringLiteral("5 min after: database calls 700 /s before, 700 /s now."));
  }

  void theServicesHitRatioWhereRedisHasNone() {
    History history;
    fill(history, "prometheus", {{QLatin1String("app.hit_ratio"), [](double) { return 86.0; }}}, 15'000);
    QCOMPARE(at(history, 5).hitRatio.metric, QLatin1String("app.hit_ratio"));
    QCOMPARE(at(history, 5).hitRatio.after, 86.0);
  }

  void anOutageIsNoRecovery() {
    History history;
    fill(history, "redis", {{hitRatio, [](double s) { return s < 0 ? 94.0 : s < 20 ? 60.0 : s < 50 ? NAN : 94.0; }}});
    const AfterFigures figures = at(history, 5);
    QVERIFY(figures.recoverSeconds >= 45 && figures.recoverSeconds <= 60);
  }

  void aLongRunRecoversBeforeItsEnd() {
    History history;
    fill(history, "redis", {{hitRatio, [](double s) { return s > -250 && s < -100 ? 80.0 : 94.0; }}});
    const AfterFigures figures = afterFigures(history, endMs - 250'000, endMs, endMs + minute);
    QCOMPARE(figures.recoverSeconds, 0.0);
    QVERIFY(isNear(figures.lowestHitRatio, 80, 0.1));
  }

  void dueAtOneFiveAndFifteenMinutes() {
    AfterActions actions;
    actions.take(entry("begin", beginMs));
    QVERIFY(actions.isEmpty());
    actions.take(ended(endMs));
    QList<int> seen;
    for (qint64 now = endMs; now <= endMs + 20 * minute; now += 1000)
      for (const AfterActions::Due& due : actions.due(now)) {
        QCOMPARE(due.beginMs, beginMs);
        QCOMPARE(now, due.atMs());
        seen << due.minutes;
      }
    QCOMPARE(seen, QList<int>({1, 5, 15}));
    QVERIFY(actions.isEmpty());
  }

  void allThatIsDueAfterAPause() {
    AfterActions actions;
    actions.take(entry("begin", beginMs));
    actions.take(ended(endMs));
    actions.take(ended(endMs + 90'000));  // its begin is not known
    const auto due = actions.due(endMs + 6 * minute);
    QCOMPARE(due.size(), 3u);
    QCOMPARE(due[1].minutes, 1);
    QCOMPARE(due[1].beginMs, endMs + 90'000);
    QCOMPARE(due[2].minutes, 5);
    QVERIFY(!actions.isEmpty());
    actions.clear();
    QVERIFY(actions.due(endMs + 60 * minute).empty());
  }

  void whatChangedNothingIsNotLookedAt() {
    AfterActions actions;
    actions.take(ended(endMs, 0));
    JournalEntry unlock = ended(endMs);
    unlock.action = QStringLiteral("unlock");
    actions.take(unlock);
    actions.take(entry("note", endMs));
    QVERIFY(actions.isEmpty());
  }

  void theNoteBelongsToTheOperation() {
    History history;
    fill(history, "redis", {{hitRatio, dip}});
    fill(history, "postgres", {{calls, [](double) { return 1650.0; }}});
    AfterActions actions;
    actions.take(entry("begin", beginMs));
    actions.take(ended(endMs));
    const auto due = actions.due(endMs + 5 * minute);
    const JournalEntry note = afterNote(due.back(), afterFigures(history, due.back().beginMs, due.back().end.wallMs, due.back().atMs()));
    QCOMPARE(note.phase, QStringLiteral("note"));
    QCOMPARE(note.operation, QStringLiteral("op-1"));
    QCOMPARE(note.action, QStringLiteral("keys.delete"));
    QCOMPARE(note.where, QStringLiteral("production 10.0.0.5:6379 db 0"));
    QCOMPARE(note.planDigest, QStringLiteral("abc"));
    QVERIFY(note.text.startsWith(QLatin1String("5 min after: hit ratio 94.0 % before, 94.0 % now")));
    QCOMPARE(note.counts[QLatin1String("minutes_after")].toInt(), 5);
    QCOMPARE(note.counts[QLatin1String("redis.hit_ratio.before")].toDouble(), 94.0);
    QCOMPARE(note.counts[QLatin1String("postgres.calls.after")].toDouble(), 1650.0);
    QVERIFY(note.counts[QLatin1String("recover_seconds")].toDouble() > 40);
  }
};

QTEST_GUILESS_MAIN(TestAfterAction)
#include "tst_after_action.moc"
