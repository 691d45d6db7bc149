// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, words and layouts of the page of load runs, without a run.
#include "core/sources/postgres/postgres_settings.h"
#include "core/sources/redis/redis_url.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/charts/frameclock.h"
#include "ui/load/compareview.h"
#include "ui/load/judgement.h"
#include "ui/load/loadcommand.h"
#include "ui/load/loadmodels.h"
#include "ui/load/loadtext.h"
#include "ui/load/profilechart.h"
#include "ui/load/runcurves.h"
#include "ui/load/rungrid.h"
#include "ui/load/runhead.h"
#include "ui/load/serverurl.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QProgressBar>
#include <QPushButton>
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
    runs::RunSummary stopped = run(QStringLiteral("4"));
    stopped.end = QStringLiteral("stopped");
    model.setRuns({stopped}, 0);
    QVERIFY(model.index(0).data(SecondLineRole).toString().startsWith(QStringLiteral("stopped")));
    QVERIFY(model.index(0).data(IconColourRole).value<QColor>() != Theme::instance().palette().good);
    model.setRuns({open, limited, failed, run(QStringLiteral("0"))}, 0);
    const auto second = [&](int row) { return model.index(row).data(SecondLineRole).toString(); };
    QVERIFY(second(0).startsWith(QStringLiteral("no thresholds")));
    QVERIFY(second(1).startsWith(QStringLiteral("not valid")));
    QVERIFY(second(2).startsWith(QStringLiteral("failed · p95 43.2 ms · 1.23 k/s")));
    QVERIFY(second(3).startsWith(QStringLiteral("passed")));
    QVERIFY(!model.index(2).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
  }

  // The pause was counted as time of the schedule: the bar went on, the field showed a rate that nobody asked for yet.
  void theHeadStandsStillWithThePause() {
    runs::RunRecord record;
    record.scenario = QStringLiteral("ramp");
    load::Scenario scenario;
    scenario.executor.kind = load::ExecutorKind::RampingArrivalRate;
    scenario.executor.stages = {{load::Millis{60'000}, 60}};
    RunHead head;
    head.begin(record, scenario, 1000);
    load::RunFigures figures;
    figures.state = load::RunFigures::State::Running;
    figures.elapsedMs = 50'000;
    figures.pausedMs = 20'000;
    head.move(figures);
    QCOMPARE(head.progress(), QStringLiteral("0:30 of 1:00 · 0:30 left"));
    QCOMPARE(head.findChild<QDoubleSpinBox*>()->value(), 30.0);
    QCOMPARE(head.findChild<QProgressBar*>()->value(), 500);
  }

  // A run that was stopped stood there as passed, in green, and could be pinned as what later ones are held against.
  void theHeadSaysWhatEndedARun() {
    runs::RunRecord record;
    record.scenario = QStringLiteral("warm");
    record.definition = QJsonDocument::fromJson(R"({"name": "warm", "executor": "constant-vus", "vus": 2, "duration": "4m", "steps": [{"name": "list", "path": "/"}]})").object();
    record.figures.end = load::RunFigures::End::Stopped;
    record.figures.elapsedMs = 73'000;
    record.figures.all.requests = 1000;
    record.figures.thresholds = {{"errors", "count<1", true, true, 0}};
    RunHead head;
    head.show(record);
    QCOMPARE(head.state(), QStringLiteral("stopped"));
    QCOMPARE(head.progress(), QStringLiteral("at 1:13 of 4:00 · no threshold crossed so far"));
    head.setPinned(false, false);
    QVERIFY(!head.pinButton()->isVisibleTo(&head));
    head.setPinned(true, false);
    QVERIFY(head.pinButton()->isVisibleTo(&head));  // one that was pinned before can be unpinned
    record.figures.limited = "the generator was the bottleneck";
    head.show(record);
    head.setPinned(false, false);
    QCOMPARE(head.state(), QStringLiteral("not valid"));
    QCOMPARE(head.progress(), QStringLiteral("stopped at 1:13 of 4:00"));
    QVERIFY(!head.pinButton()->isVisibleTo(&head));
    record.figures.limited.clear();
    record.figures.end = load::RunFigures::End::Completed;
    record.figures.thresholds.front().passed = false;
    head.show(record);
    head.setPinned(false, false);
    QCOMPARE(head.state(), QStringLiteral("failed"));
    QCOMPARE(head.progress(), QStringLiteral("1 of 1 threshold crossed"));
    // Three requests had been under way when it was stopped.
    runs::RunRecord silent = record;
    silent.figures.end = load::RunFigures::End::Stopped;
    silent.figures.all.requests = 0;
    silent.figures.interrupted = 3;
    RunHead other;
    other.show(silent);
    QCOMPARE(other.progress(), QStringLiteral("before its first answer"));
    QVERIFY(head.pinButton()->isVisibleTo(&head));  // whole and valid: what a run without cache is held against misses its targets
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

  // Pasted into a shell, the command of a sandbox or of servers that URLs named ended with exit 2: it named none.
  void aCommandNamesItsServers() {
    LoadTarget target;
    target.environment = Environment::Development;
    target.serviceUrl = QStringLiteral("http://127.0.0.1:22614");
    target.variables = {{"user", "demo"}, {"password", "hunter2"}};
    target.sandboxDir = QStringLiteral("/run/user/1000/cachedeck/sandbox-Ab12");
    RunRequest request;
    request.scenario.name = "baseline";
    request.scenario.variables = {{"user", "demo"}};
    request.scenario.secretVariables = {"password"};
    request.variables = target.variables;
    request.url = target.serviceUrl;
    const QString sandboxed = QStringLiteral("cachedeck load run baseline --sandbox-dir /run/user/1000/cachedeck/sandbox-Ab12");
    QCOMPARE(loadCommand(target, request, {}), sandboxed);
    QVERIFY(commandSecrets(target, request).isEmpty());  // the sandbox says its own
    request.variables["user"] = "other";
    request.variables["password"] = "another";
    QCOMPARE(loadCommand(target, request, {}), sandboxed + QStringLiteral(" --var user=other"));
    QCOMPARE(commandSecrets(target, request), QStringList{QStringLiteral("CACHEDECK_LOAD_PASSWORD")});

    target = {};
    target.environment = Environment::Development;
    target.servers[QStringLiteral("redis")] = *redisSettingsFromUrl(QStringLiteral("redis://app:hunter2@127.0.0.1:7001/2"));
    target.servers[QStringLiteral("postgres")] = *postgresSettingsFromUrl(QStringLiteral("postgresql://app:hunter2@db.example/shop"));
    request = {};
    request.scenario.name = "direct-warm";
    request.scenario.target = load::Target::CacheAside;
    QCOMPARE(loadCommand(target, request, {}), QStringLiteral("cachedeck load run direct-warm --redis redis://app@127.0.0.1:7001/2 --postgres postgresql://app@db.example/shop"));
    QCOMPARE(commandSecrets(target, request), (QStringList{QStringLiteral("CACHEDECK_REDIS_PASSWORD"), QStringLiteral("CACHEDECK_POSTGRES_PASSWORD")}));
  }

  void serversAreNamedByUrlsThatSayTheSame() {
    for (const char* const url : {"redis://127.0.0.1:6379/0", "redis://us%40er@[::1]:7000/3?master=main", "rediss://host:6380/0?ca=/etc/a%20b.pem&servername=cache", "unix:///run/redis/a%20b.sock?db=2&user=app"}) {
      const SourceSettings settings = *redisSettingsFromUrl(QString::fromLatin1(url));
      QCOMPARE(redisSettingsFromUrl(serverUrl(QStringLiteral("redis"), settings))->fields, settings.fields);
    }
    for (const char* const url : {"postgresql://us%40er@host:5433/my%20db?sslmode=require", "postgresql:///shop?host=/var/run/postgresql&port=5432", "postgresql://a,b/shop?target_session_attrs=read-write", "postgresql://app@[::1]:5432/shop"}) {
      const SourceSettings settings = *postgresSettingsFromUrl(QString::fromLatin1(url));
      const Result<SourceSettings> again = postgresSettingsFromUrl(serverUrl(QStringLiteral("postgres"), settings));
      QVERIFY2(again, again ? "" : qPrintable(again.error().message));
      QCOMPARE(*postgresParameters(*again), *postgresParameters(settings));
    }
    SourceSettings secret = *redisSettingsFromUrl(QStringLiteral("redis://app:hunter2@host"));
    QVERIFY(!serverUrl(QStringLiteral("redis"), secret).contains(QStringLiteral("hunter2")));
  }

  // A run that failed before its first request showed ticks: no error had been counted, and no check had failed.
  void nothingIsTickedThatWasNotMeasured() {
    load::RunFigures figures;
    figures.end = load::RunFigures::End::Failed;
    figures.thresholds = {{"errors", "count<1", true, true, 0}, {"http_reqs", "count>10", false, true, 0}, {"http_req_duration", "p(95)<100", true, false, 0}};
    figures.checks = {{"status is 200", 0, 0}};
    for (const RowList::Row& row : judgementRows(figures)) QVERIFY(row.icon != QLatin1String("check") && row.icon != QLatin1String("cross"));
    QCOMPARE(thresholdsText(figures), QStringLiteral("not measured"));
    figures.end = load::RunFigures::End::Completed;
    figures.all.requests = 5;
    QCOMPARE(thresholdsText(figures), QStringLiteral("1 crossed"));
    QCOMPARE(judgementRows(figures)[1].icon, QStringLiteral("check"));
  }

  void aTableIsCopiedWhole() {
    CellTable table(QStringLiteral("Scorecard"));
    table.setTable({QStringLiteral("a"), QStringLiteral("b")}, {{{QStringLiteral("x")}, {QStringLiteral("1")}}});
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(&table, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString());
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a\tb\nx\t1\n"));
  }

  // Words at the left stuck to the figures before them, which end at the right.
  void wordsStandOffTheFiguresBeforeThem() {
    CellTable table(QStringLiteral("Scorecard"));
    table.resize(900, 120);
    using Row = CellTableModel::Row;
    const QString check = QStringLiteral("check");
    table.setTable({QStringLiteral("Figure"), QStringLiteral("This run"), QStringLiteral("Target met"), QStringLiteral("Band")},
                   {Row{{QStringLiteral("mean")}, {QStringLiteral("164 µs")}, {QStringLiteral("met"), RowList::Tone::Good, check}, {QStringLiteral("good")}}}, {3});
    QCOMPARE(table.indentOf(0), 0);
    QCOMPARE(table.indentOf(1), 0);
    QVERIFY(table.indentOf(2) >= 20);
    QCOMPARE(table.indentOf(3), 0);
    const auto aligned = [&](int column) { return table.model()->index(0, column).data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignHorizontal_Mask; };
    QCOMPARE(aligned(1), Qt::AlignRight);
    QCOMPARE(aligned(3), Qt::AlignLeft);
  }

  // The heading named the first run's scenario as if all were of it, and the cards named none.
  void runsOfDifferentScenariosAreNamedByThem() {
    SystemClock clock;
    FrameClock frames(clock);
    CompareView view(frames);
    const auto compared = [](std::initializer_list<const char*> scenarios) {
      ComparedRuns made;
      for (const char* const name : scenarios) {
        runs::ComparedRun one;
        one.scenario = QString::fromLatin1(name);
        one.startedMs = 1'750'000'000'000;
        made.comparison.runs << one;
        made.records << std::make_shared<runs::RunRecord>();
      }
      return made;
    };
    view.show(compared({"cold-start", "warm-cache"}));
    QVERIFY2(view.title().startsWith(QStringLiteral("warm-cache of ")) && view.title().contains(QStringLiteral(", against cold-start of ")), qPrintable(view.title()));
    QVERIFY(view.titles().first().startsWith(QStringLiteral("warm-cache of ")));
    view.show(compared({"cold-start", "warm-cache", "peak"}));
    QVERIFY2(view.title().startsWith(QStringLiteral("2 runs, against cold-start of ")), qPrintable(view.title()));
    view.resize(1100, 500);
    view.setVisible(true);
    QVERIFY(!picture(view, QStringLiteral("load-compare-scenarios")).isNull());
    view.show(compared({"peak", "peak"}));
    QVERIFY(view.title().startsWith(QStringLiteral("peak, against the run of ")));
    QVERIFY(view.titles().first().startsWith(QStringLiteral("Run of ")));
  }

  // At 1280 × 800 the thresholds scrolled in a card of a page that scrolled.
  void theJudgementHasTheRoomThatItNeeds() {
    for (const int width : {500, 900, 1180}) QVERIFY(layOutRun(width, 520, 560).judgement.height() >= 560);
    QCOMPARE(layOutRun(1180, 520, 100).judgement, layOutRun(1180, 520).judgement);
    QVERIFY(layOutRun(900, 520, 5000).judgement.height() < 1000);
  }

  void panelsFillTheirRectangle() {
    for (const auto& [width, judgement] : {std::pair{500, 0}, std::pair{900, 0}, std::pair{900, 600}, std::pair{1180, 0}, std::pair{1180, 600}, std::pair{2400, 0}}) {
      const RunGrid grid = layOutRun(width, 700, judgement);
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
