// SPDX-License-Identifier: GPL-3.0-or-later
// Load runs that an installed k6 makes, on the page. What is started is a stand-in.
#include "core/runs/run_store.h"
#include "tests/core/tst_run_support.h"
#include "tests/ui/k6_stand_in.h"
#include "tests/ui/load_stage.h"
#include "ui/charts/chartpanel.h"
#include "ui/load/compareview.h"
#include "ui/load/enginechoice.h"
#include "ui/load/figuretile.h"
#include "ui/load/loadmodels.h"
#include "ui/load/loadtext.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"

#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

const QByteArray ownScript = "import http from 'k6/http';\nexport default function () { http.get(__ENV.CACHEDECK_LOAD_URL); }\n";

/// Opened, and told whether there is a k6.
void openWith(Stage& stage, const LoadTarget& target) {
  QSignalSpy k6(&stage.page->controller(), &LoadController::k6Came);
  stage.open(target);
  QTRY_COMPARE_WITH_TIMEOUT(k6.size(), 1, patience);
}

QString urlHere() { return QStringLiteral("http://127.0.0.1:9"); }

}  // namespace

class TestLoadK6 : public QObject {
  Q_OBJECT

  static RecordShot ranToItsEnd(LoadPage& page) {
    QSignalSpy ended(&page, &LoadPage::ended);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    return QTest::qWaitFor([&] { return ended.size() == 1; }, patience) ? ended.first().first().value<RecordShot>() : RecordShot();
  }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void whereThereIsNoneItIsSaidWhatToInstall() {
    const K6StandIn k6;
    k6.isAbsent();
    Stage stage;
    stage.write(QStringLiteral("own.js"), ownScript);
    openWith(stage, stage.target(urlHere()));
    SetupPanel& setup = *stage.page->setup();
    QVERIFY(!setup.engine()->k6()->isEnabled() && setup.engine()->own()->isChecked());
    QVERIFY(setup.engine()->k6()->toolTip().contains(QStringLiteral("Install it")));
    QCOMPARE(setup.missing(), QString());  // without it all is as it was
    QVERIFY(!setup.request().k6);
    stage.page->chooseScenario(stage.own(QStringLiteral("own.js")));
    QVERIFY(setup.missing().contains(QStringLiteral("Install it")) && !setup.startButton()->isEnabled());
    QVERIFY(!setup.command().contains(QStringLiteral("--k6")));
    QTest::qWait(50);
    picture(*stage.page, QStringLiteral("load-k6-absent"));
  }

  void aScenarioIsRunByIt() {
    const K6StandIn k6;
    k6.waits();
    Stage stage;
    openWith(stage, stage.target(urlHere()));
    LoadPage& page = *stage.page;
    QTest::mouseClick(page.setup()->engine()->k6(), Qt::LeftButton);
    QVERIFY(page.setup()->request().k6);
    QVERIFY(page.setup()->command().contains(QStringLiteral(" --k6 ")));
    for (const Theme::Scheme scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
      Theme::instance().setScheme(scheme);
      picture(page, scheme == Theme::Scheme::Dark ? QStringLiteral("load-k6-setup") : QStringLiteral("load-k6-setup-light"));
    }
    QSignalSpy ended(&page, &LoadPage::ended), acted(&page, &LoadPage::acted);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->tiles()[1]->text(), QStringLiteral("180 ms"), patience);
    RunHead& head = *page.run()->head();
    QCOMPARE(head.state(), QStringLiteral("running"));
    QCOMPARE(page.run()->tiles()[3]->footer(), QStringLiteral("k6 tells it at the end"));
    QVERIFY(!head.pauseButton()->isEnabled() && !head.level()->isEnabled());
    QVERIFY(head.pauseButton()->toolTip().contains(QStringLiteral("k6")) && head.level()->toolTip().contains(QStringLiteral("k6")));
    QCOMPARE(page.run()->curves().history().last(QLatin1String("load.requests")), 8.0);
    picture(page, QStringLiteral("load-k6-running"));
    k6.put("go", "x");
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QCOMPARE(acted.size(), 2);
    const RecordShot record = page.run()->record();
    QCOMPARE(record->engine, QLatin1String(runs::k6Engine));
    QCOMPARE(record->figures.all.requests, 20u);
    QCOMPARE(page.run()->tiles()[1]->text(), QStringLiteral("90.0 ms"));
    QCOMPARE(head.state(), QStringLiteral("failed"));  // a threshold
    page.run()->setTab(RunView::Percentiles);
    const QAbstractItemModel& cells = *page.run()->percentiles()->model();
    QCOMPARE(cells.index(0, 7).data().toString(), QStringLiteral("90.0 ms"));
    QCOMPARE(cells.index(0, 9).data().toString(), QStringLiteral("–"));  // 99.9 is not told
    picture(page, QStringLiteral("load-k6-percentiles"));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);
    QVERIFY(page.runList()->model()->index(0, 0).data(SecondLineRole).toString().startsWith(QStringLiteral("failed · k6 · p95 90.0 ms")));
    QVERIFY(k6.read("environment").contains("CACHEDECK_LOAD_URL=http://127.0.0.1:9\n"));
  }

  // It finishes what is on its way first, and the window lives on meanwhile.
  void stoppingItDoesNotHoldTheWindowUp() {
    const K6StandIn k6;
    k6.waits(false);
    Stage stage;
    openWith(stage, stage.target(urlHere()));
    LoadPage& page = *stage.page;
    page.setup()->engine()->choose(true);
    QSignalSpy ended(&page, &LoadPage::ended);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->head()->state(), QStringLiteral("running"), patience);
    QTest::mouseClick(page.run()->head()->stopButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page.run()->head()->state(), QStringLiteral("ending"), patience);
    QVERIFY(page.run()->isLive());
    k6.put("go", "x");
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QCOMPARE(page.run()->record()->figures.end, load::RunFigures::End::Stopped);
  }

  void closingStopsItAndKeepsWhatItTold() {
    const K6StandIn k6;
    k6.waits();
    Stage stage;
    const LoadTarget target = stage.target(urlHere());
    openWith(stage, target);
    stage.page->setup()->engine()->choose(true);
    QTest::mouseClick(stage.page->setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(stage.page->run()->head()->state(), QStringLiteral("running"), patience);
    stage.page->close();
    const runs::RunList list = runs::RunStore(target.runFolder()).list(stage.clock.now().wallMs);
    QCOMPARE(list.runs.size(), 1);
    QCOMPARE(list.runs.first().end, QStringLiteral("stopped"));
    QCOMPARE(list.runs.first().engine, QLatin1String(runs::k6Engine));
  }

  void anOwnScriptIsImportedAndRun() {
    const K6StandIn k6;
    k6.replays();
    Stage stage;
    LoadTarget target = stage.target(urlHere());
    target.variables["user"] = "demo";
    openWith(stage, target);
    LoadPage& page = *stage.page;
    const QString file = stage.folder.path() + QStringLiteral("/evening.js");
    QFile script(file);
    QVERIFY(script.open(QIODevice::WriteOnly) && script.write(ownScript) == ownScript.size());
    script.close();
    page.importScenario(file);
    QTRY_COMPARE_WITH_TIMEOUT(page.setup()->entry().name, QStringLiteral("evening.js"), patience);
    QCOMPARE(page.setup()->entry().file, stage.own(QStringLiteral("evening.js")));
    QVERIFY(!page.setup()->engine()->own()->isEnabled() && page.setup()->engine()->k6()->isChecked());
    QVERIFY(!page.setup()->exports().isEmpty() && page.setup()->missing().isEmpty());
    QCOMPARE(page.scenarioList()->currentIndex().data(SecondLineRole).toString(), QStringLiteral("k6 script"));
    picture(page, QStringLiteral("load-k6-script"));
    const RecordShot record = ranToItsEnd(page);
    QVERIFY(record);
    QCOMPARE(record->scenario, QStringLiteral("evening.js"));
    QCOMPARE(record->definition[QLatin1String("k6Script")].toString(), QStringLiteral("evening.js"));
    QVERIFY(!record->definition[QLatin1String("sha256")].toString().isEmpty());
    QVERIFY(k6.read("environment").contains("CACHEDECK_LOAD_USER=demo\n"));
    picture(page, QStringLiteral("load-k6-script-ended"));
    page.chooseScenario(stage.own());
    QVERIFY(!page.setup()->request().k6);  // who was not asked makes nothing
    Q_EMIT page.run()->head()->againWanted();
    QCOMPARE(page.setup()->entry().name, QStringLiteral("evening.js"));
    QVERIFY(page.setup()->request().k6);
  }

  void whatIsNoScriptIsRefused() {
    const K6StandIn k6;
    k6.replays();
    Stage stage;
    openWith(stage, stage.target(urlHere()));
    QSignalSpy refused(&stage.page->controller(), &LoadController::importFailed);
    for (const QByteArray& text : {QByteArray(), QByteArray("G\0@", 3)}) {
      const qsizetype before = refused.size();
      const QString file = stage.folder.path() + QStringLiteral("/film.ts");
      QFile film(file);
      QVERIFY(film.open(QIODevice::WriteOnly) && film.write(text) == text.size());
      film.close();
      stage.page->importScenario(file);
      QTRY_COMPARE_WITH_TIMEOUT(refused.size(), before + 1, patience);
      QVERIFY(!stage.page->setup()->entry().problem.isEmpty() && !QFile::exists(stage.own(QStringLiteral("film.ts"))));
    }
  }

  void aLimitOfIterationsIsNotForUsersOfK6() {
    const K6StandIn k6;
    k6.replays();
    Stage stage;
    stage.write(QStringLiteral("own.js"), ownScript);
    LoadTarget target = stage.target(urlHere());
    target.limits.perSecond = 50;
    openWith(stage, target);
    LoadPage& page = *stage.page;
    QCOMPARE(page.setup()->missing(), QString());
    page.setup()->engine()->choose(true);
    const RunRequest request = page.setup()->request();
    QVERIFY(page.setup()->missing().contains(QStringLiteral("at most 50 iterations a second")));
    QSignalSpy failed(&page.controller(), &LoadController::startFailed);
    QVERIFY(page.controller().start(request));  // whoever asks: it is refused where it would start
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
    QVERIFY(failed.first().first().toString().contains(QStringLiteral("at most 50 iterations a second")));
    page.chooseScenario(stage.own(QStringLiteral("own.js")));
    QVERIFY(page.setup()->missing().contains(QStringLiteral("what a k6 script asks for")));
    picture(page, QStringLiteral("load-k6-limit"));
  }

  void itsRunsAreComparedByName() {
    const K6StandIn k6;
    k6.replays();
    Stage stage;
    const LoadTarget target = stage.target(urlHere());
    QVERIFY(runs::RunStore(target.runFolder()).save(recordOf({20.0}, 1, 1'795'922'000'000)).ok());
    openWith(stage, target);
    LoadPage& page = *stage.page;
    page.setup()->engine()->choose(true);
    QVERIFY(ranToItsEnd(page));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QSignalSpy compared(&page.controller(), &LoadController::compared);
    page.runList()->selectAll();
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, patience);
    QVERIFY(compared.first().first().value<ComparedRuns>().comparison.notes.join(QLatin1Char(' ')).contains(QStringLiteral("k6")));
    QVERIFY(!page.comparison()->tables().front()->model()->match(page.comparison()->tables().front()->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("p95")).isEmpty());
    QTest::qWait(100);
    picture(page, QStringLiteral("load-k6-compare"));
  }

  void whatIsNotToldIsADash() {
    RunModel model;
    runs::RunSummary untold;
    untold.id = QStringLiteral("1");
    untold.requests = 5;
    untold.p95Ms = load::TrendFigures::unknown;
    untold.engine = QLatin1String(runs::k6Engine);
    model.setRuns({untold}, 0);
    QVERIFY(model.index(0).data(SecondLineRole).toString().contains(QStringLiteral("p95 –")));
  }
};

QTEST_MAIN(TestLoadK6)
#include "tst_load_k6.moc"
