// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"
#include "core/recording/recorder.h"
#include "tests/ui/chart_data.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/snapshots/comparepanel.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/snapshotview.h"
#include "ui/snapshots/takepanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QDateTime>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

/// Two times of what is on show, held against each other on the page of snapshots.
class TestCompareTimes : public QObject {
  Q_OBJECT
  static constexpr qint64 now = 1'750'000'000'000;
  FixedClock m_clock;
  History m_history;
  TimeView m_view;
  QTemporaryDir m_dir;
  std::unique_ptr<SnapshotsPage> m_page;

  ComparePanel& panel() { return *m_page->comparePanel(); }
  void openLive() { m_page->open(SnapshotTarget{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path()}); }
  void choose(QComboBox* box, const char* words) {
    const int index = box->findText(QLatin1String(words), Qt::MatchContains);
    QVERIFY2(index >= 0, words);
    box->setCurrentIndex(index);
  }
  /// What came of a click on the button, or why nothing did.
  std::optional<ComparedSnapshots> compared(QString* why = nullptr) {
    QSignalSpy done(&m_page->controller(), &SnapshotController::compared), failed(&m_page->controller(), &SnapshotController::failed);
    panel().button()->click();
    if (!QTest::qWaitFor([&] { return !done.isEmpty() || !failed.isEmpty(); }, 60000)) return {};
    if (why && !failed.isEmpty()) *why = failed.front().front().toString();
    return done.isEmpty() ? std::nullopt : std::optional(done.front().front().value<ComparedSnapshots>());
  }
  static QStringList rowOf(const ComparedSnapshots& compared, const char* metric) {
    for (const QStringList& row : compared.tables.value(1).rows)
      if (row.front() == QLatin1String(metric)) return row;
    return {};
  }

 private Q_SLOTS:
  void initTestCase() { Theme::instance().apply(); }
  void init() {
    test::failOnWarnings();
    qputenv("XDG_STATE_HOME", m_dir.filePath(QStringLiteral("state")).toUtf8());
    m_clock.wallMs = now;
    m_history.clear();
    fill(m_history, now, 1200);
    m_view.setKept(std::nullopt);
    m_view.setRange(300);
    m_view.advance(now, m_history.firstMs(), now);
    m_page = std::make_unique<SnapshotsPage>(m_clock, m_view, m_history, m_dir.filePath(QStringLiteral("snapshots")));
    m_page->resize(1220, 744);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    openLive();
  }
  void cleanup() { m_page.reset(); }

  void theTimeOnShowAgainstTheOneBefore() {
    const auto times = panel().times();
    QVERIFY(times);
    QCOMPARE(times->second, (snapshot::Stretch{now - 300'000, now}));
    QCOMPARE(times->first, (snapshot::Stretch{now - 600'000, now - 300'000}));
    QVERIFY2(panel().said().contains(QLatin1String("(5 min) with ")), qPrintable(panel().said()));
    const auto result = compared();
    QVERIFY(result);
    QVERIFY(m_page->comparison()->isVisible());
    QVERIFY(result->sides[0].startsWith(QLatin1String("first: The same length just before, 2025-06-15 14:56:40 to 15:01:40 UTC")) && result->sides[1].startsWith(QLatin1String("second: What the charts show, ")));
    QVERIFY(result->charts.size() >= 5);
    // The figures are those of the history.
    const double first = m_history.summary(QLatin1String("redis.ops"), times->first.fromMs, times->first.toMs).mean;
    const QStringList row = rowOf(*result, "redis.ops");
    QCOMPARE(row.value(2), formatValue(first, Unit::PerSecond));
    QVERIFY(result->notes.join(QLatin1Char('\n')).contains(QLatin1String("they are not compared")));
    QVERIFY(std::ranges::none_of(result->tables, [](const snapshot::ReportTable& table) { return table.title.contains(QLatin1String("setting"), Qt::CaseInsensitive); }));
    QVERIFY(QString::fromUtf8(result->html).contains(QLatin1String("Not compared")));
    test::picture(*m_page, QStringLiteral("compare_times"));
    m_page->comparison()->closeButton()->click();
    QVERIFY(m_page->view()->isVisibleTo(m_page.get()));
  }

  void aTimeThatIsKeptThenZoomedElsewhere() {
    m_view.zoom(now - 900'000, now - 780'000);
    choose(panel().first(), "Another time");
    QVERIFY(panel().other()->isVisible() && !panel().button()->isEnabled());
    QVERIFY(panel().said().contains(QLatin1String("keep what the charts show")));
    panel().takeOverButton()->click();
    m_view.zoom(now - 200'000, now - 80'000);
    const auto times = panel().times();
    QVERIFY(times);
    QCOMPARE(times->first, (snapshot::Stretch{now - 900'000, now - 780'000}));
    QCOMPARE(times->second, (snapshot::Stretch{now - 200'000, now - 80'000}));
    test::picture(*m_page, QStringLiteral("compare_times_another"));
    QVERIFY(compared());
  }

  void whatIsTypedWronglySaysHowToWriteIt() {
    choose(panel().first(), "Another time");
    panel().other()->setText(QStringLiteral("yesterday <b>"));
    QVERIFY(!panel().button()->isEnabled());
    QVERIFY2(panel().said().contains(QLatin1String("12:40..12:55")), qPrintable(panel().said()));
    QSignalSpy wanted(&panel(), &ComparePanel::compareRequested);
    QTest::keyClick(panel().other(), Qt::Key_Return);
    QVERIFY(wanted.isEmpty());
    panel().other()->setText(QDateTime::fromMSecsSinceEpoch(now - 900'000).toString(QStringLiteral("HH:mm:ss")) + QStringLiteral("..") + QDateTime::fromMSecsSinceEpoch(now - 600'000).toString(QStringLiteral("HH:mm:ss")));
    QTest::keyClick(panel().other(), Qt::Key_Return);
    QCOMPARE(wanted.size(), 1);
    QVERIFY(QTest::qWaitFor([&] { return m_page->comparison()->isVisible(); }, 60000));
  }

  void aTimeThatNobodyMeasuredSaysSo() {
    choose(panel().first(), "one day before");
    QString why;
    QVERIFY(!compared(&why));
    QVERIFY2(why.startsWith(QLatin1String("Nothing was measured in the first range")) && why.contains(QLatin1String("knows figures since")) && why.contains(QLatin1String("switch Record on")), qPrintable(why));
    QVERIFY(m_page->message()->isVisible() && panel().button()->isEnabled());
    test::picture(*m_page, QStringLiteral("compare_times_nothing"));
    choose(panel().first(), "just before");
    QVERIFY(compared());
    QVERIFY(!m_page->message()->isVisible());
  }

  void aTimeThatIsKnownInPartSaysSo() {
    choose(panel().second(), "Last 15 minutes");
    const auto result = compared();
    QVERIFY(result);
    const QString notes = result->notes.join(QLatin1Char('\n'));
    QVERIFY2(notes.contains(QLatin1String("redis: measured for 5 min of the 15 min of the first range")), qPrintable(notes));
  }

  // What the window has forgotten, or never saw, the recording knows.
  void theRecordingReachesFurtherBack() {
    const QString file = m_dir.filePath(QStringLiteral("shop.sqlite"));
    {
      recording::RecordingPlace place;
      place.file = file;
      place.profile = QStringLiteral("shop");
      recording::Recorder recorder(place, {}, m_clock);
      for (qint64 ms = now - 86'400'000 - 400'000; ms <= now - 86'400'000; ms += 1000) {
        Sample sample;
        sample.at = {ms * 1'000'000, ms};
        sample.values = {{QLatin1String("redis.hit_ratio"), 50}, {QLatin1String("redis.ops"), 1}};
        recorder.take(QLatin1String("redis"), sample);
      }
    }
    m_page->open(SnapshotTarget{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path(), file});
    choose(panel().first(), "one day before");
    QString why;
    const auto result = compared(&why);
    QVERIFY2(result, qPrintable(why));
    QCOMPARE(rowOf(*result, "redis.hit_ratio").value(2), formatValue(50, Unit::Percent));
    QVERIFY(result->notes.join(QLatin1Char('\n')).contains(QLatin1String("postgres: nothing was measured in the first range")));
  }

  void ofASnapshotOnShow() {
    snapshot::Snapshot kept;
    kept.id = QStringLiteral("kept");
    kept.fromMs = now - 86'400'000 - 1'200'000;
    kept.toMs = now - 86'400'000;
    History then;
    fill(then, kept.toMs, 1200);
    kept.series = then.tables(kept.fromMs, kept.toMs);
    snapshot::FactTable config{QStringLiteral("redis-config"), QStringLiteral("Redis configuration"), 1, {{QStringLiteral("Name"), false, {}}, {QStringLiteral("Value"), false, {}}}, {{QStringLiteral("hz"), QStringLiteral("10")}}};
    kept.facts = {config};
    m_page->setKept(KeptSession{std::make_shared<const snapshot::Snapshot>(kept), History::past(kept.series), {}});
    QVERIFY(!m_page->panel()->button()->isEnabled());
    choose(panel().second(), "Last 5 minutes");
    const auto times = panel().times();
    QVERIFY(times);
    QCOMPARE(times->second, (snapshot::Stretch{kept.toMs - 300'000, kept.toMs}));
    const auto result = compared();
    QVERIFY(result && !rowOf(*result, "redis.ops").isEmpty());
    QVERIFY(!QString::fromUtf8(result->html).contains(QLatin1String("Redis configuration")));
    choose(panel().first(), "one week before");
    QString why;
    QVERIFY(!compared(&why));
    QVERIFY2(why.contains(QLatin1String("The snapshot on show reaches from")), qPrintable(why));
    openLive();
    QCOMPARE(panel().times()->second.toMs, now);
  }

  void withoutServersThereIsNothingToCompare() {
    m_page->open(std::nullopt);
    QVERIFY(!panel().button()->isEnabled() && !panel().second()->isEnabled());
    QVERIFY(panel().said().contains(QLatin1String("Open a profile")));
  }

  // What was asked of one profile came when another one was on show.
  void anotherProfileGetsNoOldAnswer() {
    QSignalSpy done(&m_page->controller(), &SnapshotController::compared);
    panel().button()->click();
    m_page->open(SnapshotTarget{QStringLiteral("other"), QStringLiteral("staging"), {}, m_dir.path()});
    QVERIFY(panel().button()->isEnabled());
    QTest::qWait(1500);
    QVERIFY(done.isEmpty());
  }

  void goodInTheLightTooAndTall() {
    Theme::instance().setScheme(Theme::Scheme::Light);
    m_page->resize(1540, 944);
    QVERIFY(compared());
    test::picture(*m_page, QStringLiteral("compare_times_light"));
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_page->resize(1540, 3000);
    QVERIFY(compared());
    test::picture(*m_page, QStringLiteral("compare_times_whole"));
  }
};

QTEST_MAIN(TestCompareTimes)
#include "tst_compare_times.moc"
