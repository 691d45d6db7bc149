// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"
#include "core/recording/recorder.h"
#include "tests/ui/chart_data.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/snapshots/snapshotcompareview.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/snapshotview.h"
#include "ui/snapshots/takepanel.h"
#include "ui/snapshots/takeschedule.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;

/// The page of snapshots on files, without servers.
class TestSnapshotsPage : public QObject {
  Q_OBJECT
  static constexpr qint64 now = 1'750'000'000'000;
  static constexpr QFile::Permissions othersMay = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
  FixedClock m_clock;
  History m_history;
  TimeView m_view;
  QTemporaryDir m_dir;
  std::unique_ptr<SnapshotsPage> m_page;

  QString folder() const { return m_dir.filePath(QStringLiteral("snapshots")); }
  int rows() const { return m_page->list()->model()->rowCount(); }
  void takeOne(const QString& title, int range = 1) {
    m_page->panel()->title()->setText(title);
    m_page->panel()->range()->setCurrentIndex(range);
    QSignalSpy taken(&m_page->controller(), &SnapshotController::taken);
    QSignalSpy failed(&m_page->controller(), &SnapshotController::failed);
    const int before = rows();
    m_page->panel()->button()->click();
    QTRY_VERIFY2_WITH_TIMEOUT(taken.size() == 1 || failed.size() == 1, "neither taken nor failed", 60000);
    QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), before + 1, 60000);
    m_clock.wallMs += 1000;
  }

 private Q_SLOTS:
  void initTestCase() { Theme::instance().apply(); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QLatin1String(anyWarning)));
    m_clock.wallMs = now;
    m_history.clear();
    fill(m_history, now, 600);
    QDir(folder()).removeRecursively();
    m_page = std::make_unique<SnapshotsPage>(m_clock, m_view, m_history, folder());
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->open(SnapshotTarget{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path()});
  }
  void cleanup() { m_page.reset(); }

  void withoutAProfileNoneIsTaken() {
    m_page->open(std::nullopt);
    QVERIFY(!m_page->panel()->button()->isEnabled());
    m_page->take();
    QVERIFY(!m_page->controller().isAsking());
    m_page->setKept(KeptSession{std::make_shared<const snapshot::Snapshot>(), {}, {}});
    QVERIFY(!m_page->panel()->button()->isEnabled());
  }

  void takenListedOpenedWithTheSameValues() {
    takeOne(QStringLiteral("before <b>the</b> cache"));
    QCOMPARE(m_page->view()->file(), m_page->list()->model()->index(0, 0).data(Qt::UserRole + 6).toString());
    QTRY_VERIFY_WITH_TIMEOUT(m_page->view()->figures()->cells()->rowCount() > 5, 60000);
    QSignalSpy opened(m_page.get(), &SnapshotsPage::openRequested);
    m_page->view()->openButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60000);
    const auto kept = opened.front().front().value<KeptSession>();
    QCOMPARE(kept.snapshot->profile, QStringLiteral("shop"));
    QCOMPARE(kept.snapshot->title, QStringLiteral("before <b>the</b> cache"));
    QCOMPARE(kept.snapshot->toMs - kept.snapshot->fromMs, 300'000);
    History other;
    other.adopt(kept.past);
    for (const char* metric : {"redis.ops", "redis.hit_ratio", "postgres.connections"})
      for (qint64 ms = kept.snapshot->fromMs + 5000; ms <= kept.snapshot->toMs; ms += 1000) {
        const double one = m_history.at(QLatin1String(metric), ms), two = other.at(QLatin1String(metric), ms);
        QVERIFY2(one == two || (std::isnan(one) && std::isnan(two)), metric);
      }
    // The button leads back.
    m_page->setKept(kept);
    QSignalSpy closed(m_page.get(), &SnapshotsPage::closeRequested);
    m_page->view()->openButton()->click();
    QCOMPARE(closed.size(), 1);
  }

  // A snapshot that was opened from elsewhere could be neither closed nor exported: the page said that none was chosen, or had another one.
  void oneFromElsewhereIsChosenWhileItIsOnShow() {
    takeOne(QStringLiteral("of the folder"));
    takeOne(QStringLiteral("sent by somebody"));
    const QString sent = m_dir.filePath(QStringLiteral("sent.cdsnap"));
    QVERIFY(QFile::rename(m_page->view()->file(), sent));
    m_page->controller().refresh();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 60000);
    QSignalSpy opened(m_page.get(), &SnapshotsPage::openRequested);
    m_page->openFile(sent);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60000);
    m_page->open(std::nullopt);
    m_page->setKept(opened.front().front().value<KeptSession>());
    QCOMPARE(rows(), 2);
    QCOMPARE(m_page->view()->file(), sent);
    QVERIFY(m_page->view()->exportButton()->isVisibleTo(m_page.get()));
    QCOMPARE(m_page->list()->currentIndex().data().toString(), QStringLiteral("sent by somebody"));
    QVERIFY(!m_page->removeButton()->isEnabled());  // it is not the list's to delete
    QVERIFY(!m_page->panel()->every()->isEnabled() && !m_page->panel()->afterRuns()->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(m_page->view()->figures()->cells()->rowCount() > 5, 60000);
    m_page->controller().refresh();  // and it stays
    QSignalSpy told(&m_page->controller(), &SnapshotController::told), closed(m_page.get(), &SnapshotsPage::closeRequested);
    m_page->controller().exportTo(m_page->view()->file(), QStringLiteral("md"), m_dir.filePath(QStringLiteral("sent.md")));
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, 60000);
    QCOMPARE(m_page->view()->file(), sent);
    m_page->view()->openButton()->click();
    QCOMPARE(closed.size(), 1);
    m_page->open(SnapshotTarget{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path()});
    QCOMPARE(rows(), 1);
    // One of the folder has its own row, by whatever name it was opened.
    m_page->openFile(folder() + QStringLiteral("/../snapshots/") + QFileInfo(m_page->list()->model()->index(0, 0).data(Qt::UserRole + 6).toString()).fileName());
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 2, 60000);
    m_page->setKept(opened.back().front().value<KeptSession>());
    QCOMPARE(rows(), 1);
    QVERIFY(m_page->removeButton()->isEnabled());
  }

  // The range stood in the heading and again in the line below it.
  void anUntitledOneSaysItsRangeOnce() {
    takeOne({});
    QStringList texts;
    for (const QLabel* label : m_page->view()->findChildren<QLabel*>()) texts << label->text();
    const QString range = m_page->list()->model()->index(0, 0).data().toString();
    QVERIFY(range.contains(QStringLiteral("(5 min)")));
    QCOMPARE(texts.join(QLatin1Char('\n')).count(range), 1);
  }

  // A note of several lines, as a script or another program gives one, was a single line with "\x0a" in it, and cut.
  void aNoteKeepsItsLines() {
    snapshot::Snapshot sent;
    sent.id = QStringLiteral("20250615-150640000-4f3a9c");
    sent.takenMs = sent.toMs = now;
    sent.fromMs = now - 60'000;
    QStringList lines{QStringLiteral("deploy 4711\r"), QStringLiteral("step <b>1</b>"), QStringLiteral("bell \x07")};
    while (lines.size() < 60) lines << QStringLiteral("this is line %1 of what was noted by the one who was on call").arg(lines.size());
    sent.note = lines.join(QLatin1Char('\n'));
    QVERIFY(QDir().mkpath(folder()) && snapshot::writeBundle(sent, folder() + QStringLiteral("/sent.cdsnap")));
    m_page->controller().refresh();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 60000);
    QStringList texts;
    for (const QLabel* label : m_page->view()->findChildren<QLabel*>())
      if (label->text().startsWith(QLatin1String("deploy 4711\nstep <b>1</b>\nbell \\x07\nthis is line 3 "))) texts << label->text();
    QCOMPARE(texts.size(), 1);
    QVERIFY(texts.front().endsWith(QLatin1String("this is line 59 of what was noted by the one who was on call")));
    QVERIFY(!m_page->list()->model()->index(0, 0).data(Qt::ToolTipRole).toString().contains(QLatin1String("\\x0a")));
    QVERIFY(m_page->height() <= 850);
    test::picture(*m_page, QStringLiteral("snapshots_note"));
  }

  // "good, worst critical" was green.
  void aBandHasTheColourOfItsWorst() {
    takeOne(QStringLiteral("one"));
    CellTableModel& cells = *m_page->view()->figures()->cells();
    snapshot::Figure figure;
    figure.metric = findMetric(QLatin1String("redis.hit_ratio"));
    figure.samples = 2;
    figure.judged = true;
    figure.worst = Level::Critical;
    const auto colour = [&] {
      m_page->view()->setFigures({figure}, {});
      return cells.data(cells.index(0, cells.columnCount() - 1), Qt::ForegroundRole).value<QColor>();
    };
    QCOMPARE(colour(), Theme::instance().palette().critical);
    figure.worst = Level::Good;
    QCOMPARE(colour(), Theme::instance().palette().good);
  }

  void brokenAndForeignFilesSaySo() {
    takeOne(QStringLiteral("good"));
    const QString bad = folder() + QStringLiteral("/bad.cdsnap");
    QFile file(bad);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("PK nothing") > 0);
    file.close();
    m_page->controller().refresh();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 60000);
    QSignalSpy failed(&m_page->controller(), &SnapshotController::failed);
    m_page->openFile(bad);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
    QVERIFY(m_page->message()->isVisible());
    QVERIFY(m_page->message()->text().title.contains(QLatin1String("bad.cdsnap")));
    m_page->openFile(m_dir.filePath(QStringLiteral("not-there.cdsnap")));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 2, 60000);
  }

  void aChangedFileDoesNotVerify() {
    takeOne(QStringLiteral("one"));
    QSignalSpy told(&m_page->controller(), &SnapshotController::told), failed(&m_page->controller(), &SnapshotController::failed);
    m_page->view()->verifyButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, 60000);
    QFile file(m_page->view()->file());
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() / 2));
    const QByteArray before = file.peek(8);
    QByteArray after = before;
    for (char& byte : after) byte = static_cast<char>(byte ^ 0x55);
    file.write(after);
    file.close();
    m_page->view()->verifyButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(failed.size() == 1, 60000);
  }

  void removedAfterAQuestion() {
    takeOne(QStringLiteral("one"));
    takeOne(QStringLiteral("two"));
    QSignalSpy listed(&m_page->controller(), &SnapshotController::listed);
    m_page->controller().remove(m_page->view()->file());
    QTRY_VERIFY_WITH_TIMEOUT(listed.size() > 0, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 60000);
    QCOMPARE(m_page->list()->model()->index(0, 0).data().toString(), QStringLiteral("one"));
  }

  void exportedInEveryFormat() {
    takeOne(QStringLiteral("one"));
    QSignalSpy told(&m_page->controller(), &SnapshotController::told), failed(&m_page->controller(), &SnapshotController::failed);
    for (const char* format : {"csv", "json", "md", "html", "svg", "png", "pdf"}) {
      const QString out = m_dir.filePath(QStringLiteral("out.") + QLatin1String(format));
      m_page->controller().exportTo(m_page->view()->file(), QLatin1String(format), out);
      QTRY_VERIFY2_WITH_TIMEOUT(told.size() == 1, format, 60000);
      QVERIFY(QFileInfo(out).size() > 300);
      QCOMPARE(QFileInfo(out).permissions() & othersMay, QFile::Permissions());  // everybody on the machine could read it
      told.clear();
    }
    QVERIFY(failed.isEmpty());
    QVERIFY(m_page->view()->exportButton()->menu()->actions().size() >= 7);
    m_page->controller().exportTo(m_page->view()->file(), QStringLiteral("csv"), m_dir.filePath(QStringLiteral("no/where.csv")));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
  }

  void twoAreCompared() {
    takeOne(QStringLiteral("before"));
    takeOne(QStringLiteral("after"), 2);
    QSignalSpy withNow(&m_page->controller(), &SnapshotController::compared);
    m_page->compareButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(withNow.size(), 1, 60000);
    QVERIFY(withNow.front().front().value<ComparedSnapshots>().sides.value(1).contains(QLatin1String("now")));
    m_page->list()->selectAll();
    QVERIFY(m_page->compareButton()->isEnabled());
    QSignalSpy compared(&m_page->controller(), &SnapshotController::compared);
    m_page->compareButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, 60000);
    QVERIFY(m_page->comparison()->isVisible());
    QVERIFY(m_page->comparison()->findChildren<CellTable*>().size() >= 2);
    const auto result = compared.front().front().value<ComparedSnapshots>();
    QVERIFY(result.sides.front().contains(QLatin1String("before")));
    QVERIFY(result.charts.size() >= 5);
    QVERIFY(!m_page->grab().isNull());
    const QString saved = m_dir.filePath(QStringLiteral("comparison.html"));
    QSignalSpy told(&m_page->controller(), &SnapshotController::told);
    m_page->controller().save(m_page->comparison()->html(), saved);
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, 60000);
    QCOMPARE(QFileInfo(saved).permissions() & othersMay, QFile::Permissions());
    m_page->comparison()->closeButton()->click();
    QVERIFY(m_page->view()->isVisibleTo(m_page.get()));
  }

  void takenByThemselves() {
    TakeSchedule& schedule = m_page->schedule();
    QSignalSpy due(&schedule, &TakeSchedule::due), taken(&m_page->controller(), &SnapshotController::taken);
    schedule.look();
    QCOMPARE(due.size(), 0);
    m_page->panel()->every()->setCurrentIndex(1);
    Q_EMIT m_page->panel()->every()->activated(1);
    QCOMPARE(schedule.every(), 900);
    m_clock.wallMs += 899'000;
    schedule.look();
    QCOMPARE(due.size(), 0);
    m_clock.wallMs += 1000;
    schedule.look();
    QCOMPARE(due.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(taken.size(), 1, 60000);
    QVERIFY(QFileInfo(taken.front().front().toString()).fileName().startsWith(QLatin1String("auto-")));
    schedule.look();
    QCOMPARE(due.size(), 1);
    runs::RunRecord run;
    run.scenario = QStringLiteral("peak");
    run.figures.startedMs = now + 60'000;
    run.figures.elapsedMs = 30'000;
    schedule.runEnded(run);
    QCOMPARE(due.size(), 1);
    m_page->panel()->afterRuns()->click();
    schedule.runEnded(run);
    QCOMPARE(due.size(), 2);
    const auto request = due.back().front().value<SnapshotRequest>();
    QVERIFY(request.fromMs < run.figures.startedMs && request.toMs >= run.figures.startedMs + 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(taken.size(), 2, 60000);
  }

  // Each quarter of an hour a comparison was closed, what somebody typed was wiped out, and the page had another snapshot and a notice.
  void oneThatNobodyAskedForDisturbsNobody() {
    takeOne(QStringLiteral("before"));
    takeOne(QStringLiteral("after"), 2);
    m_page->message()->hide();
    const QString shown = m_page->view()->file();
    QSignalSpy compared(&m_page->controller(), &SnapshotController::compared);
    m_page->list()->selectAll();
    m_page->compareButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, 60000);
    m_page->panel()->title()->setText(QStringLiteral("half a ti"));
    m_page->panel()->note()->setText(QStringLiteral("half a note"));
    m_page->panel()->title()->setFocus();
    m_page->schedule().setEvery(900);
    QSignalSpy steps(&m_page->controller(), &SnapshotController::stepped);
    const auto oneMore = [&](int rowsThen) {
      m_clock.wallMs += 900'000;
      m_page->schedule().look();
      QVERIFY(m_page->panel()->title()->isEnabled());
      QTRY_COMPARE_WITH_TIMEOUT(rows(), rowsThen, 60000);
      QCOMPARE(m_page->panel()->title()->text(), QStringLiteral("half a ti"));
      QCOMPARE(m_page->panel()->note()->text(), QStringLiteral("half a note"));
      QVERIFY(!m_page->message()->isVisible());
    };
    oneMore(3);
    QVERIFY(m_page->comparison()->isVisible());
    QCOMPARE(m_page->list()->selectionModel()->selectedIndexes().size(), 2);
    QCOMPARE(m_page->compareButton()->text(), QStringLiteral("Compare"));
    m_page->comparison()->closeButton()->click();
    QCOMPARE(m_page->view()->file(), shown);
    m_page->list()->setCurrentIndex(m_page->list()->model()->index(2, 0));
    const QString picked = m_page->view()->file();
    oneMore(4);
    QCOMPARE(m_page->view()->file(), picked);
    QCOMPARE(m_page->list()->currentIndex().row(), 3);
    QVERIFY(steps.isEmpty());
  }

  // One that was due while another was taken was lost, the time that it was to hold as well; after a load run there was no second chance.
  void oneThatIsDueMeanwhileIsTakenToo() {
    QSignalSpy taken(&m_page->controller(), &SnapshotController::taken);
    m_page->schedule().setEvery(900);
    m_page->schedule().setAfterRuns(true);
    m_page->panel()->button()->click();
    QVERIFY(m_page->controller().isAsking());
    m_clock.wallMs += 900'000;
    m_page->schedule().look();
    runs::RunRecord run;
    run.scenario = QStringLiteral("peak");
    run.figures.startedMs = now + 60'000;
    m_page->schedule().runEnded(run);
    QTRY_COMPARE_WITH_TIMEOUT(taken.size(), 3, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 60000);
    QSet<QString> titles;
    for (int row = 0; row < 3; ++row) titles.insert(m_page->list()->model()->index(row, 0).data().toString());
    QVERIFY(titles.contains(QStringLiteral("Taken by itself")) && titles.contains(QStringLiteral("Load run peak")));
  }

  // Who opened another profile while one was taken by itself, as after each load run, never got it.
  void oneThatIsDueIsOfTheProfileOfThatMoment() {
    QSignalSpy taken(&m_page->controller(), &SnapshotController::taken);
    m_page->schedule().setAfterRuns(true);
    runs::RunRecord run;
    run.scenario = QStringLiteral("peak");
    run.figures.startedMs = now - 60'000;
    m_page->schedule().runEnded(run);
    m_page->open(std::nullopt);
    m_history.clear();
    m_page->open(SnapshotTarget{QStringLiteral("other"), QStringLiteral("production"), {}, m_dir.path()});
    QVERIFY(QTest::qWaitFor([&] { return taken.size() == 1; }, 60'000));
    const auto snapshot = snapshot::readBundle(taken.front().front().toString());
    QVERIFY(snapshot);
    QCOMPARE(snapshot->profile, QStringLiteral("shop"));
    QCOMPARE(snapshot->environment, QStringLiteral("staging"));
    QVERIFY(!snapshot->series.empty());
    QVERIFY(QTest::qWaitFor([&] { return rows() == 1; }, 60'000));
  }

  void oneThatIsDueAndNotTakenNamesItsProfile() {
    QFile inTheWay(folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QSignalSpy failed(&m_page->controller(), &SnapshotController::failed);
    m_page->schedule().setEvery(900);
    m_clock.wallMs += 900'000;
    m_page->schedule().look();
    m_page->open(std::nullopt);
    QVERIFY(QTest::qWaitFor([&] { return failed.size() == 1; }, 60'000));
    const QString sentence = failed.front().front().toString();
    QVERIFY2(sentence.startsWith(QStringLiteral("A snapshot of shop was due and is not taken. The folder ")), qPrintable(sentence));
    QVERIFY(inTheWay.remove());
  }

  // A timer that looked once a minute took the one of each 15 minutes after 16.
  void oneThatIsDueIsTakenAtThatMoment() {
    QSignalSpy due(&m_page->schedule(), &TakeSchedule::due);
    m_page->schedule().setEvery(1);
    m_clock.wallMs += 999;
    m_page->schedule().look();
    QVERIFY(due.isEmpty());
    m_clock.wallMs += 1;
    QVERIFY(QTest::qWaitFor([&] { return !due.isEmpty(); }, 60'000));
    const auto request = due.front().front().value<SnapshotRequest>();
    QCOMPARE(request.fromMs, now);
    QCOMPARE(request.toMs, now + 1000);
  }

  // "Compare with now" knew only what the window remembers, and what is taken at the same moment knows the recording as well.
  void thePresentIsTheRecordingsToo() {
    const QString file = m_dir.filePath(QStringLiteral("present.sqlite"));
    {
      recording::RecordingPlace place;
      place.file = file;
      place.profile = QStringLiteral("shop");
      recording::Recorder recorder(place, {}, m_clock);
      for (qint64 ms = now - 300'000; ms <= now; ms += 1000) {
        Sample sample;
        sample.at = {ms * 1'000'000, ms};
        sample.values = {{QLatin1String("redis.hit_ratio"), 50}};
        recorder.take(QLatin1String("redis"), sample);
      }
    }
    takeOne(QStringLiteral("before"));
    m_history.clear();
    QSignalSpy compared(&m_page->controller(), &SnapshotController::compared);
    m_page->panel()->range()->setCurrentIndex(1);
    m_page->open(SnapshotTarget{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path(), file});
    m_page->compareButton()->click();
    QVERIFY(QTest::qWaitFor([&] { return compared.size() == 1; }, 60'000));
    const QList<QStringList> figures = compared.front().front().value<ComparedSnapshots>().tables.value(1).rows;
    const auto ratio = std::find_if(figures.begin(), figures.end(), [](const QStringList& row) { return row.front() == QLatin1String("redis.hit_ratio"); });
    QVERIFY(ratio != figures.end());
    QCOMPARE(ratio->value(3), formatValue(50, Unit::Percent));
  }

  // A server that does not answer held the list up, and opening and checking of files; cancelling did not reach it, and what came at last stood under another profile.
  void comparingWithAServerThatHangsHoldsNothingUp() {
    takeOne(QStringLiteral("before"));
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    SnapshotTarget target{QStringLiteral("shop"), QStringLiteral("staging"), {}, m_dir.path()};
    target.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(silent.serverPort())}};
    m_page->open(target);
    QSignalSpy compared(&m_page->controller(), &SnapshotController::compared), told(&m_page->controller(), &SnapshotController::told), failed(&m_page->controller(), &SnapshotController::failed);
    m_page->compareButton()->click();
    QVERIFY(m_page->controller().isAsking() && !m_page->compareButton()->isEnabled());
    QVERIFY(QTest::qWaitFor([&] { return silent.hasPendingConnections(); }, 60'000));
    m_page->view()->verifyButton()->click();
    QVERIFY(QTest::qWaitFor([&] { return told.size() == 1; }, 60'000));
    QVERIFY(m_page->controller().isAsking());
    QCOMPARE(m_page->panel()->button()->text(), QStringLiteral("Cancel"));
    test::picture(*m_page, QStringLiteral("snapshots_asking"));
    m_page->panel()->button()->click();
    QVERIFY(!m_page->controller().isAsking() && m_page->compareButton()->isEnabled());
    m_page->compareButton()->click();
    m_page->open(SnapshotTarget{QStringLiteral("other"), QStringLiteral("production"), {}, m_dir.path()});
    QVERIFY(!m_page->controller().isAsking());
    m_page->compareButton()->click();
    QVERIFY(QTest::qWaitFor([&] { return !compared.isEmpty(); }, 60'000));
    QCOMPARE(compared.size(), 1);
    QVERIFY2(compared.front().front().value<ComparedSnapshots>().notes.join(QLatin1Char('\n')).contains(QLatin1String("other")), "the old profile's");
    QVERIFY(failed.isEmpty());
  }

  void aCancelledOneLeavesNothing() {
    m_page->panel()->button()->click();
    m_page->controller().cancel();
    QVERIFY(!m_page->controller().isAsking());
    QTest::qWait(50);
    QVERIFY(m_page->panel()->button()->isEnabled());
  }
};

QTEST_MAIN(TestSnapshotsPage)
#include "tst_snapshots_page.moc"
