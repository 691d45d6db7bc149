// SPDX-License-Identifier: GPL-3.0-or-later
// Actions of the journal on the charts, and the notes on what came of them.
#include "app/console/action_track.h"
#include "app/console/console.h"
#include "core/profiles/fromurls.h"
#include "tests/support/no_keyring.h"
#include "tests/support/process.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/plotitem.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;
using State = ActionEvent::State;

namespace {

class HandClock : public Clock {
 public:
  explicit HandClock(qint64 wallMs) : m_wallMs(wallMs) {}
  Instant now() const override { return {m_wallMs * 1'000'000, m_wallMs}; }
  void advance(qint64 ms) { m_wallMs += ms; }

 private:
  qint64 m_wallMs;
};

JournalEntry entry(const char* phase, qint64 ms, const QString& operation, const QString& where = QStringLiteral("production 10.0.0.5:6379 db 0")) {
  JournalEntry one;
  one.wallMs = ms;
  one.action = QStringLiteral("keys.delete");
  one.phase = QLatin1String(phase);
  one.operation = operation;
  one.where = where;
  one.counts = {{QStringLiteral("planned"), 20'000}};
  if (one.phase == QLatin1String("begin")) one.text = QStringLiteral("Delete: risk:*");
  if (one.phase == QLatin1String("end")) {
    one.outcome = QStringLiteral("done");
    one.counts[QLatin1String("deleted")] = 20'000;
  }
  return one;
}

}  // namespace

class TestActionTrack : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    // A Redis that stands still is no fault of these charts.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints|Redis ).*")));
    m_state = std::make_unique<QTemporaryDir>();
    m_config = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", m_state->path().toUtf8());
    configFolder = m_config->path();
  }

  void thePastIsMarked() {
    append(entry("begin", now - 26 * hour, QStringLiteral("too-old")));
    append(entry("begin", now - hour, QStringLiteral("op-1")));
    append(entry("end", now - hour + 4000, QStringLiteral("op-1")));
    append(entry("begin", now - hour, QStringLiteral("elsewhere"), QStringLiteral("production 10.0.0.6:6379 db 0")));
    append(entry("begin", now - 1000, QStringLiteral("op-2")));
    Track track;
    track.track.open(QStringLiteral("Shop"), endpoint);
    QTRY_COMPARE_WITH_TIMEOUT(track.view.actions().size(), 2, 60000);
    QCOMPARE(track.view.actions()[0].label, QStringLiteral("Delete 20,000 keys: risk:*"));
    QVERIFY(track.view.actions()[0].state == State::Done);
    QVERIFY(track.view.actions()[1].state == State::Interrupted);
    track.track.close();
    QVERIFY(track.view.actions().isEmpty());
  }

  void withoutAJournalThereAreNone() {
    Track track;
    track.track.open(QStringLiteral("Shop"), endpoint);
    track.track.happened(entry("begin", now, QStringLiteral("op-1")));
    settle(track);
    QCOMPARE(track.view.actions().size(), 1);
    QVERIFY(track.view.actions()[0].state == State::UnderWay);
    track.track.happened(entry("begin", now, QStringLiteral("op-2"), QStringLiteral("production 10.0.0.6:6379 db 0")));
    QCOMPARE(track.view.actions().size(), 1);
  }

  void whatHappensWhileTheJournalIsReadComesOnce() {
    Track track;
    track.track.open(QStringLiteral("Shop"), endpoint);
    const JournalEntry written = append(entry("begin", now, QStringLiteral("op-1")));
    track.track.happened(written);
    settle(track);
    QCOMPARE(track.view.actions().size(), 1);
    track.track.happened(written);
    QCOMPARE(track.view.actions().size(), 1);
  }

  void aNoteFollows() {
    Track track;
    for (qint64 ms = now - 5 * minute; ms <= now + 20 * minute; ms += 1000)
      track.history.append(QLatin1String("redis"), ms, {{QLatin1String("redis.hit_ratio"), ms < now ? 94.0 : 90.0}});
    track.track.open(QStringLiteral("Shop"), endpoint);
    QSignalSpy noted(&track.track, &ActionTrack::noted);
    track.track.happened(append(entry("begin", now, QStringLiteral("op-1"))));
    track.track.happened(append(entry("end", now + 4000, QStringLiteral("op-1"))));
    track.clock.advance(16 * minute);
    QTRY_COMPARE_WITH_TIMEOUT(noted.size(), 3, 60000);
    const QList<JournalEntry> entries = journal().read().value();
    QCOMPARE(entries.size(), 5);
    QCOMPARE(entries[2].phase, QStringLiteral("note"));
    QCOMPARE(entries[2].operation, QStringLiteral("op-1"));
    QCOMPARE(entries[2].text, QStringLiteral("1 min after: hit ratio 94.0 % before, 90.0 % now, lowest 90.0 %, not back within 1 point yet."));
    QVERIFY(entries[4].text.startsWith(QLatin1String("15 min after: ")));
    QVERIFY(journal().verify().value().intact);
    QCOMPARE(track.view.actions().size(), 1);
    QCOMPARE(track.view.actions()[0].detail.count(QLatin1String(" min after: ")), 3);
  }

  void whatOtherProgramsDoIsSeen() {
    Track track;
    track.history.append(QLatin1String("redis"), now - 1000, {{QLatin1String("redis.hit_ratio"), 94.0}});
    track.history.append(QLatin1String("redis"), now + minute, {{QLatin1String("redis.hit_ratio"), 93.5}});
    track.track.open(QStringLiteral("Shop"), endpoint);
    settle(track);
    append(entry("begin", now + 1000, QStringLiteral("op-1")));
    QTRY_COMPARE_WITH_TIMEOUT(track.view.actions().size(), 1, 60000);
    QVERIFY(track.view.actions()[0].state == State::UnderWay);
    append(entry("end", now + 2000, QStringLiteral("op-1")));
    QTRY_VERIFY_WITH_TIMEOUT(track.view.actions()[0].state == State::Done, 60000);
    track.clock.advance(3 * minute);
    QTRY_VERIFY_WITH_TIMEOUT(track.view.actions()[0].detail.contains(QLatin1String("1 min after: hit ratio 94.0 % before, 93.5 % now")), 60000);
  }

  void twoConsolesWriteOneNote() {
    Track first, second;
    for (Track* track : {&first, &second}) {
      track->history.append(QLatin1String("redis"), now - 1000, {{QLatin1String("redis.hit_ratio"), 94.0}});
      track->history.append(QLatin1String("redis"), now + minute, {{QLatin1String("redis.hit_ratio"), 93.5}});
      track->track.open(QStringLiteral("Shop"), endpoint);
    }
    append(entry("begin", now, QStringLiteral("op-1")));
    append(entry("end", now + 2000, QStringLiteral("op-1")));
    const auto notes = [](const Track& track) { return track.view.actions().isEmpty() ? 0 : track.view.actions()[0].detail.count(QLatin1String("1 min after")); };
    for (Track* track : {&first, &second}) {
      QTRY_VERIFY_WITH_TIMEOUT(!track->view.actions().isEmpty() && track->view.actions()[0].state == State::Done, 60000);
      track->clock.advance(2 * minute);
      QTRY_COMPARE_WITH_TIMEOUT(notes(*track), 1, 60000);
    }
    QTRY_COMPARE_WITH_TIMEOUT(notes(first), 1, 60000);
    QCOMPARE(journal().read().value().size(), 3);
  }

  void aClosedProfileGetsNoNotes() {
    Track track;
    track.history.append(QLatin1String("redis"), now - 1000, {{QLatin1String("redis.hit_ratio"), 94.0}});
    track.track.open(QStringLiteral("Shop"), endpoint);
    track.track.happened(append(entry("end", now, QStringLiteral("op-1"))));
    track.track.close();
    track.clock.advance(hour);
    track.track.open(QStringLiteral("Other"), {});
    settle(track);
    QCOMPARE(journal().read().value().size(), 1);
  }

  /// The console as the program makes it.
  void everyChartOfTheConsoleHasThem() {
    RedisServer redis;
    QCOMPARE(redis.start(), QString());
    const QString where = QStringLiteral("development %1 db 0").arg(redis.address());
    const qint64 at = SystemClock().now().wallMs;
    append(entry("begin", at - 2000, QStringLiteral("op-1"), where));
    append(entry("end", at - 1900, QStringLiteral("op-1"), where));
    Console console(noSecrets(), m_config->path());
    auto made = profileFromUrls(QStringLiteral("test"), {{QStringLiteral("redis"), QStringLiteral("redis://") + redis.address()}});
    QVERIFY(made);
    made->handOver(console.secrets());
    console.window().resize(1600, 1000);
    console.window().show();
    console.open(made->profile);
    QTRY_COMPARE_WITH_TIMEOUT(console.view().actions().size(), 1, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console.history().last(QLatin1String("redis.ops"))), 60000);
    Q_EMIT console.actionHappened(entry("begin", SystemClock().now().wallMs, QStringLiteral("op-2"), where));
    QCOMPARE(console.view().actions().size(), 2);
    const auto marked = [&] {
      console.drawNow();
      int panels = 0;
      for (ChartPanel* panel : console.window().findChildren<ChartPanel*>())
        if (panel->status().body == PanelStatus::Body::Chart && panel->backend().plot().data().marks.size() == 2) ++panels;
      return panels;
    };
    QTRY_VERIFY_WITH_TIMEOUT(marked() >= 2, 60000);
    console.open(Profile());
    QVERIFY(console.view().actions().isEmpty());
  }

 private:
  static constexpr qint64 now = 1'770'000'000'000, minute = 60'000, hour = 60 * minute;
  const QString endpoint = QStringLiteral("10.0.0.5:6379");
  inline static QString configFolder;

  struct Track {
    TimeView view;
    History history;
    HandClock clock{now};
    Worker storage{QStringLiteral("storage")};
    ActionTrack track{view, history, storage, clock, configFolder};
  };

  static Journal journal() { return Journal(Journal::defaultFile(), stateKey(configFolder).value()); }
  static JournalEntry append(const JournalEntry& one) { return journal().append(one).value(); }
  /// Whatever was asked of the storage worker has come back.
  static void settle(Track& track) {
    bool done = false;
    track.storage.post(&track.track, [](std::stop_token) { return true; }, [&done](bool) { done = true; });
    QTRY_VERIFY_WITH_TIMEOUT(done, 60000);
  }

  std::unique_ptr<QTemporaryDir> m_state, m_config;
};

QTEST_MAIN(TestActionTrack)
#include "tst_action_track.moc"
