// SPDX-License-Identifier: GPL-3.0-or-later
// The page of load runs against a small real service: started, watched, stopped, kept, compared; and what it says where it cannot.
#include "core/load/scenario_json.h"
#include "core/runs/run_store.h"
#include "tests/ui/kept_run.h"
#include "tests/ui/load_service.h"
#include "tests/ui/load_stage.h"
#include "ui/charts/chartpanel.h"
#include "ui/load/compareview.h"
#include "ui/load/figuretile.h"
#include "ui/load/loadmodels.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void aRunIsStartedWatchedStoppedAndKept() {
    LoadService service;
    Stage stage;
    stage.open(stage.target(service.url()));
    LoadPage& page = *stage.page;
    SourceState live;
    live.kind = SourceState::Kind::Live;
    for (const auto& [id, title] : {std::pair{"redis", "Redis"}, std::pair{"postgres", "PostgreSQL"}}) page.setSourceState(QLatin1String(id), live, QLatin1String(title));
    picture(page, QStringLiteral("load-setup"));
    QCOMPARE(page.setup()->missing(), QString());
    QVERIFY(page.setup()->command().startsWith(QStringLiteral("cachedeck load run ")) && page.setup()->command().contains(QStringLiteral("--url ") + service.url()));
    QSignalSpy started(&page, &LoadPage::started), ended(&page, &LoadPage::ended), acted(&page, &LoadPage::acted);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QVERIFY(page.run()->isLive() && page.run()->isVisible());
    for (int second = 0; second < 4; ++second) {  // as often as a server says something
      stage.samples(stage.clock.now().wallMs);
      QTest::qWait(1000);
    }
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->curves().history().lastMs(QLatin1String("load.p95")) > 0, patience);
    QVERIFY(service.requests() > 0);
    QVERIFY(page.run()->tiles()[0]->text() != QStringLiteral("–"));
    QCOMPARE(page.run()->head()->state(), QStringLiteral("running"));
    QVERIFY(!page.underWay().isEmpty());
    picture(page, QStringLiteral("load-running"));

    QTest::mouseClick(page.run()->head()->pauseButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->head()->state(), QStringLiteral("paused"), patience);
    QTest::mouseClick(page.run()->head()->pauseButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->head()->state(), QStringLiteral("running"), patience);
    page.run()->head()->level()->setValue(4);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->tiles()[4]->text(), QStringLiteral("4"), patience);
    QCOMPARE(page.run()->head()->level()->value(), 4.0);

    QTest::mouseClick(page.run()->head()->stopButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QVERIFY(!page.run()->isLive() && page.underWay().isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);
    QCOMPARE(acted.size(), 2);  // begin and end
    QVERIFY(!page.run()->record()->series.isEmpty());
    // A run that was stopped stood there as passed, in green, and could be pinned as what later ones are held against.
    const bool valid = page.run()->record()->figures.limited.empty();  // a busy machine may have been the bottleneck
    QCOMPARE(page.run()->head()->state(), valid ? QStringLiteral("stopped") : QStringLiteral("not valid"));
    if (valid) QVERIFY2(page.run()->head()->progress().endsWith(QStringLiteral(" of 1:00 · no threshold crossed so far")), qPrintable(page.run()->head()->progress()));
    QVERIFY(!page.run()->head()->pinButton()->isVisible());
    QCOMPARE(page.run()->judgement()->rows().first().value, QStringLiteral("none crossed so far"));
    QVERIFY(page.runList()->model()->index(0, 0).data(SecondLineRole).toString().startsWith(page.run()->head()->state()));
    QVERIFY(page.run()->tiles()[5]->footer().endsWith(QStringLiteral(" iterations")));
    picture(page, QStringLiteral("load-ended"));
    page.run()->setTab(RunView::Percentiles);
    QCOMPARE(page.run()->percentiles()->model()->rowCount(), 3);
    picture(page, QStringLiteral("load-percentiles"));
    page.run()->setTab(RunView::Scorecard);
    QVERIFY(page.run()->scorecard()->model()->rowCount() > 5);
    picture(page, QStringLiteral("load-scorecard"));
    const runs::RunStore store(stage.target({}).runFolder());
    QCOMPARE(store.list(stage.clock.now().wallMs).runs.size(), 1);
    QCOMPARE(store.list(stage.clock.now().wallMs).runs.first().end, QStringLiteral("stopped"));
  }

  void aRunPassesOrFails_data() {
    QTest::addColumn<bool>("failing");
    QTest::newRow("passed") << false;
    QTest::newRow("failed") << true;
  }
  void aRunPassesOrFails() {
    QFETCH(bool, failing);
    LoadService service;
    service.setFailing(failing);
    Stage stage("4500ms");
    stage.open(stage.target(service.url()));
    LoadPage& page = *stage.page;
    // Once more where the machine of the test was the bottleneck.
    for (int run = 1; run == 1 || (run <= 8 && page.run()->head()->state() == QLatin1String("not valid")); ++run) {
      QSignalSpy ended(&page, &LoadPage::ended);
      page.chooseScenario(stage.own());
      QTRY_VERIFY_WITH_TIMEOUT(page.setup()->missing().isEmpty(), patience);
      QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
      QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
      QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), run, patience);
      page.scenarioList()->setCurrentIndex({});
    }
    QCOMPARE(page.run()->head()->state(), QString::fromLatin1(QTest::currentDataTag()));
    if (failing) picture(page, QStringLiteral("load-failed-threshold"));
  }

  void notesTagsBaselineAndComparison() {
    Stage stage;
    const runs::RunStore store(stage.target({}).runFolder());
    for (const auto& run : {keptRun(30, 1, startedMs), keptRun(15, 2, startedMs + 5 * minute)}) QVERIFY(store.save(*run));
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QAbstractItemModel* const model = page.runList()->model();
    const auto row = [&](int at) { return model->index(at, 0); };
    page.runList()->setCurrentIndex(row(1));
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->record() && page.run()->record()->id == row(1).data(IdRole).toString(), patience);
    QCOMPARE(page.run()->head()->state(), QStringLiteral("passed"));
    QVERIFY(page.run()->head()->pinButton()->isVisible());
    page.run()->head()->note()->clear();
    QTest::keyClicks(page.run()->head()->note(), QStringLiteral("before the index"));
    QTest::keyClick(page.run()->head()->note(), Qt::Key_Return);
    QTest::keyClicks(page.run()->head()->tags(), QStringLiteral("night, <b>bold</b>"));
    QTest::keyClick(page.run()->head()->tags(), Qt::Key_Return);
    const QString first = row(1).data(IdRole).toString();
    QTRY_COMPARE_WITH_TIMEOUT(store.load(first)->note, QStringLiteral("before the index"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(store.load(first)->tags.size(), 2, patience);
    Q_EMIT page.run()->head()->pinWanted(true);
    QTRY_VERIFY_WITH_TIMEOUT(row(1).data(PinnedRole).toBool(), patience);
    page.runList()->selectAll();
    QVERIFY(page.compareButton()->isEnabled());
    QSignalSpy compared(&page.controller(), &LoadController::compared);
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QVERIFY(page.comparison()->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, patience);
    QCOMPARE(page.comparison()->tables().size(), std::size_t{1});
    QVERIFY(page.comparison()->tables().front()->model()->rowCount() > 4);
    QTest::qWait(100);
    picture(page, QStringLiteral("load-compare"));
    verifyPlainText(page, QStringLiteral("<b>bold"));
    page.resize(1220, 744);
    QTest::qWait(50);
    picture(page, QStringLiteral("load-compare-small"));
  }

  void whatCannotRunIsSaid() {
    Stage stage;
    stage.write(QStringLiteral("wrong.json"), "{\"name\": \"wrong\", \"vuz\": 1}");
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QVERIFY(page.setup()->missing().contains(QStringLiteral("http://")));
    picture(page, QStringLiteral("load-no-url"));
    page.setup()->url()->setText(QStringLiteral("http://user:secret@host/"));
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QVERIFY(!page.setup()->command().contains(QStringLiteral("secret")));
    page.chooseScenario(stage.own(QStringLiteral("wrong.json")));
    QVERIFY(page.setup()->entry().problem.startsWith(QStringLiteral("line 1")) && page.setup()->entry().problem.contains(QLatin1Char('\n')));
    QVERIFY(!page.setup()->startButton()->isEnabled());
    picture(page, QStringLiteral("load-wrong-file"));
    page.close();
    picture(page, QStringLiteral("load-closed"));
  }

  void anUnreachableHostIsSaidAndEnds() {
    Stage stage("2s");
    stage.open(stage.target(QStringLiteral("http://127.0.0.1:9")));
    LoadPage& page = *stage.page;
    QSignalSpy ended(&page, &LoadPage::ended);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(ended.size() == 1 || page.setup()->isVisible(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QVERIFY(!page.run()->judgement()->rows().isEmpty());
    picture(page, QStringLiteral("load-unreachable"));
  }

  // A run that could not set itself up showed ticks for thresholds that nothing was measured of, beside charts that waited for figures, and said nowhere that it had sent nothing.
  void aRunThatCouldNotBeginSaysWhy() {
    Stage stage;
    stage.write(QStringLiteral("quick.json"), QByteArray(scenarioText("2s")).replace("\"steps\"", "\"setup\": [{\"name\": \"login\", \"method\": \"POST\", \"path\": \"/login\", \"checks\": [{\"status\": \"200\"}]}], \"steps\""));
    stage.open(stage.target(QStringLiteral("http://127.0.0.1:9")));
    LoadPage& page = *stage.page;
    QSignalSpy ended(&page, &LoadPage::ended);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QCOMPARE(page.run()->head()->state(), QStringLiteral("did not run"));
    for (const RowList::Row& row : page.run()->judgement()->rows()) QVERIFY2(row.icon != QLatin1String("check"), qPrintable(row.text));
    QCOMPARE(page.run()->judgement()->rows().first().value, QStringLiteral("not measured"));
    QVERIFY(page.run()->instead()->isVisible());
    QVERIFY2(page.run()->instead()->accessibleDescription().contains(QStringLiteral("login")), qPrintable(page.run()->instead()->accessibleDescription()));
    for (const ChartPanel* const panel : page.run()->panels()) QVERIFY(!panel->isVisible());
    QVERIFY(!page.run()->head()->pinButton()->isVisible());
    picture(page, QStringLiteral("load-could-not-begin"));
    page.resize(1220, 744);
    picture(page, QStringLiteral("load-could-not-begin-small"));
    page.chooseScenario(stage.own());
    page.setup()->url()->setText(QStringLiteral("http://127.0.0.1:9"));
    picture(page, QStringLiteral("load-setup-small"));
  }

  // The field said 10, the most that the ramp asks for, while none to three users ran.
  void theFieldOfUsersSaysWhatRunsNow() {
    LoadService service;
    Stage stage;
    stage.write(QStringLiteral("quick.json"), QByteArray(scenarioText("60s")).replace("\"constant-vus\", \"vus\": 2, \"duration\": \"60s\"", "\"ramping-vus\", \"startVUs\": 1, \"stages\": [{\"duration\": \"60s\", \"target\": 10}]"));
    stage.open(stage.target(service.url()));
    LoadPage& page = *stage.page;
    QSignalSpy started(&page, &LoadPage::started);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->tiles()[4]->text() == QLatin1String("1"), patience);
    QCOMPARE(page.run()->head()->level()->value(), 1.0);
    page.run()->head()->level()->setValue(7);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->tiles()[4]->text(), QStringLiteral("7"), patience);
    QCOMPARE(page.run()->head()->level()->value(), 7.0);
  }

  // At 1280 × 800 the thresholds scrolled in a card of a page that scrolled.
  void theThresholdsDoNotScrollInAPageThatDoes() {
    LoadService service;
    Stage stage("2s");
    QByteArray checks;
    for (int i = 0; i < 10; ++i) checks += "{\"bodyContains\": \"o" + QByteArray(i, 'k') + "\"}, ";
    stage.write(QStringLiteral("quick.json"), QByteArray(scenarioText("2s")).replace("\"checks\": [", "\"checks\": [" + checks));
    stage.open(stage.target(service.url()));
    LoadPage& page = *stage.page;
    page.resize(1220, 744);
    QSignalSpy ended(&page, &LoadPage::ended);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QVERIFY(page.run()->judgement()->rows().size() > 14);
    QVERIFY(page.run()->judgement()->parentWidget()->parentWidget()->height() >= page.run()->judgement()->sizeHint().height());
    picture(page, QStringLiteral("load-many-checks-small"));
  }

  void closingStopsARunAndKeepsIt() {
    LoadService service;
    Stage stage("60s");
    const LoadTarget target = stage.target(service.url());
    stage.open(target);
    QSignalSpy started(stage.page.get(), &LoadPage::started);
    QTest::mouseClick(stage.page->setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QSignalSpy ended(stage.page.get(), &LoadPage::ended);
    stage.page->close();
    const runs::RunList list = runs::RunStore(target.runFolder()).list(stage.clock.now().wallMs);
    QCOMPARE(list.runs.size(), 1);
    QCOMPARE(list.runs.first().end, QStringLiteral("stopped"));
    // Whoever takes a snapshot after each run never heard of it.
    QCOMPARE(ended.size(), 1);
    const auto record = ended.first().first().value<RecordShot>();
    QCOMPARE(record->id, list.runs.first().id);
    QVERIFY(!record->partial && record->figures.state == load::RunFigures::State::Ended);
    stage.page->close();
    QCOMPARE(ended.size(), 1);
  }

  void itIsGoodInBothColoursAndSizes() {
    LoadService service;
    Stage stage;
    stage.open(stage.target(service.url()));
    LoadPage& page = *stage.page;
    for (const auto& [name, size] : {std::pair{"1600", QSize(1540, 944)}, std::pair{"1280", QSize(1220, 744)}})
      for (const Theme::Scheme scheme : {Theme::Scheme::Dark, Theme::Scheme::Light}) {
        Theme::instance().setScheme(scheme);
        page.resize(size);
        page.chooseScenario(QStringLiteral("cold-start"));
        QTest::qWait(20);
        QVERIFY(!picture(page, QStringLiteral("load-%1-%2-setup").arg(QLatin1String(name), scheme == Theme::Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light"))).isNull());
      }
    page.chooseScenario(stage.own());
    QSignalSpy started(&page, &LoadPage::started);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QTest::qWait(3300);
    picture(page, QStringLiteral("load-1280-light-running"));
    page.resize(1540, 944);
    QTest::qWait(300);
    picture(page, QStringLiteral("load-1600-light-running"));
  }
};

QTEST_MAIN(TestLoadPage)
#include "tst_load_page.moc"
