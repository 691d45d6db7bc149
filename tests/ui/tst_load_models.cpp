// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, words and layouts of the page of load runs, without a run.
#include "tests/ui/tst_window_pictures.h"
#include "ui/load/judgement.h"
#include "ui/load/loadmodels.h"
#include "ui/load/loadtext.h"
#include "ui/load/profilechart.h"
#include "ui/load/runcurves.h"
#include "ui/load/rungrid.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadModels : public QObject {
  Q_OBJECT

  static runs::RunSummary run(const QString& id) {
    runs::RunSummary made;
    made.id = id;
    made.scenario = QStringLiteral("baseline");
    made.requests = 1000;
    made.p95Ms = 43.21;
    made.perSecond = 1234;
    made.thresholds = 2;
    return made;
  }
  static load::Executor ramp() {
    load::Executor executor;
    executor.kind = load::ExecutorKind::RampingVus;
    executor.startVus = 0;
    executor.stages = {{load::Millis(60'000), 10}, {load::Millis(120'000), 50}, {load::Millis(60'000), 0}};
    return executor;
  }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void runsAreMergedInAndKeepTheirPlaces() {
    RunModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRuns({run(QStringLiteral("3")), run(QStringLiteral("1"))}, 0);
    const QPersistentModelIndex oldest = model.index(1);
    model.setRuns({run(QStringLiteral("4")), run(QStringLiteral("3")), run(QStringLiteral("2")), run(QStringLiteral("1"))}, 0);
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(oldest.row(), 3);
    QCOMPARE(oldest.data(IdRole).toString(), QStringLiteral("1"));
    model.setRuns({run(QStringLiteral("2")), run(QStringLiteral("0"))}, 0);
    QVERIFY(!oldest.isValid());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.rowOf(QStringLiteral("0")), 1);
    model.setRuns({}, 0);
    QCOMPARE(model.rowCount(), 0);
  }

  void aRunSaysWhatCameOfIt() {
    RunModel model;
    runs::RunSummary failed = run(QStringLiteral("1"));
    failed.failedThresholds = 1;
    failed.note = QStringLiteral("<img src=x>");
    runs::RunSummary limited = run(QStringLiteral("2"));
    limited.limited = QStringLiteral("the generator was the bottleneck");
    runs::RunSummary open = run(QStringLiteral("3"));
    open.thresholds = 0;
    model.setRuns({open, limited, failed, run(QStringLiteral("0"))}, 0);
    const auto second = [&](int row) { return model.index(row).data(SecondLineRole).toString(); };
    QVERIFY(second(0).startsWith(QStringLiteral("no thresholds")));
    QVERIFY(second(1).startsWith(QStringLiteral("not valid")));
    QVERIFY(second(2).startsWith(QStringLiteral("failed · p95 43.2 ms · 1.23 k/s")));
    QVERIFY(second(3).startsWith(QStringLiteral("passed")));
    QVERIFY(!model.index(2).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
  }

  void scenariosAndTablesAreSoundModels() {
    ScenarioModel scenarios;
    const QAbstractItemModelTester first(&scenarios, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QList<ScenarioEntry> bundled = readScenarios({});
    QVERIFY(bundled.size() >= 5);
    for (const ScenarioEntry& entry : bundled) QVERIFY2(entry.problem.isEmpty(), qPrintable(entry.problem));
    scenarios.setEntries(bundled);
    QCOMPARE(scenarios.rowOf(QStringLiteral("peak")) >= 0, true);
    CellTableModel cells;
    const QAbstractItemModelTester second(&cells, QAbstractItemModelTester::FailureReportingMode::QtTest);
    cells.setTable({QStringLiteral("a"), QStringLiteral("b")}, {{{QStringLiteral("x")}, {QStringLiteral("1")}}, {{QStringLiteral("y")}}});
    QCOMPARE(cells.toText(), QStringLiteral("a\tb\nx\t1\ny\n"));
  }

  void scenariosAreToldInWords() {
    QCOMPARE(levelText(ramp()), QStringLiteral("0 → 10 → 50 → 0 users"));
    load::Executor rate;
    rate.kind = load::ExecutorKind::ConstantArrivalRate;
    rate.rate = 2000;
    QCOMPARE(levelText(rate), QStringLiteral("2000 iterations/s"));
    QCOMPARE(clockText(3'723'000), QStringLiteral("1:02:03"));
    QCOMPARE(scaleText(0.1), QStringLiteral("1/10"));
    QVERIFY(!urlProblem(QStringLiteral("ftp://host")).isEmpty());
    QVERIFY(urlProblem(QStringLiteral("https://host:8443/prefix")).isEmpty());
  }

  void secretsStandInNoCommand() {
    LoadTarget target;
    target.profile = QStringLiteral("my shop");
    target.saved = true;
    target.environment = Environment::Development;
    target.serviceUrl = QStringLiteral("http://host:8080");
    RunRequest request;
    request.scenario.name = "peak";
    request.scenario.variables = {{"user", "demo"}};
    request.scenario.secretVariables = {"password"};
    request.timeScale = 0.25;
    request.url = QStringLiteral("http://host:8080");
    request.variables = {{"user", "it's"}, {"password", "hunter2"}};
    QCOMPARE(loadCommand(target, request, {}), QStringLiteral("cachedeck load run peak --url http://host:8080 --profile 'my shop' --time-scale 0.25 --var 'user=it'\\''s'"));
    target.environment = Environment::Production;
    QVERIFY(loadCommand(target, request, {}).contains(QStringLiteral(" --unlock why --confirm host")));
  }

  void panelsFillTheirRectangle() {
    for (const int width : {500, 900, 1180, 2400}) {
      const RunGrid grid = layOutRun(width, 700);
      QCOMPARE(grid.panels.size(), loadPanels().size());
      qint64 area = 0;
      std::vector<QRect> all = grid.panels;
      all.push_back(grid.judgement);
      for (std::size_t i = 0; i < all.size(); ++i) {
        area += qint64{all[i].width() + Theme::cardGap} * (all[i].height() + Theme::cardGap);
        for (std::size_t k = 0; k < i; ++k) QVERIFY(!all[i].intersects(all[k]));
        QVERIFY(all[i].right() < width && all[i].bottom() < grid.height);
      }
      QVERIFY(area <= qint64{width + Theme::cardGap} * (grid.height + Theme::cardGap));
    }
  }

  void curvesHoldWhatARunSaid() {
    RunCurves curves;
    load::RunFigures figures;
    figures.startedMs = 1'750'000'000'000;
    for (int second = 0; second < 5; ++second) {
      load::SecondFigures row;
      row.fromMs = second * 1000;
      row.requests = 100;
      row.hits = 90;
      row.misses = 10;
      row.p95Ms = 20;
      figures.seconds.push_back(row);
    }
    curves.begin(figures.startedMs);
    curves.add(figures);
    curves.add(figures);
    QCOMPARE(curves.history().last(QLatin1String("load.p95")), 0.02f);
    QCOMPARE(curves.history().last(QLatin1String("load.hit_ratio")), 90.0);
    QCOMPARE(curves.history().summary(QLatin1String("load.requests"), 0, figures.startedMs + 100'000).count, 5);
  }

  void hostileTextsAreShownAsTheyAre() {
    load::RunFigures figures;
    figures.all.failed = 3;
    figures.failures[static_cast<std::size_t>(load::FailureKind::Status)] = 3;
    figures.failureExamples["<script>\xE2\x80\xAE evil\n\x1b[31m"] = 3;
    figures.thresholds.push_back({"errors", "count<1", false, true, 3});
    RowList list;
    list.resize(300, 400);
    list.setRows(judgementRows(figures));
    for (const RowList::Row& row : list.rows()) QVERIFY(!row.text.contains(QChar(0x202E)) && !row.text.contains(QLatin1Char('\x1b')));
    QVERIFY(!picture(list, QStringLiteral("load-judgement")).isNull());
    ProfileChart chart;
    chart.resize(600, 200);
    load::Scenario scenario;
    scenario.executor = ramp();
    scenario.events = {{load::Event::Kind::DropPrefix, load::Millis(90'000), "risk:", load::Millis(0)}};
    chart.setScenario(scenario);
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("drop risk:*")));
    QVERIFY(!picture(chart, QStringLiteral("load-course")).isNull());
  }
};

QTEST_MAIN(TestLoadModels)
#include "tst_load_models.moc"
