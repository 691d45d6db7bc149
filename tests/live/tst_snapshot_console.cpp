// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot from the window: taken of real servers, opened again in their place, and back.
#include "app/console/console.h"
#include "core/metrics/custom_panel.h"
#include "core/profiles/fromurls.h"
#include "core/recording/recording_place.h"
#include "core/recording/recording_read.h"
#include "core/load/scenario_json.h"
#include "core/snapshot/bundle.h"
#include "tests/support/no_keyring.h"
#include "tests/support/process.h"
#include "tests/ui/load_service.h"
#include "ui/charts/chartpanel.h"
#include "ui/load/loadpage.h"
#include "ui/overview/kpitile.h"
#include "ui/doctor/doctorpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/snapshots/comparepanel.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/snapshotview.h"
#include "ui/snapshots/takeschedule.h"
#include "ui/widgets/notice.h"
#include "ui/window/profilebutton.h"

#include <QDirIterator>
#include <QListView>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

/// But not of a server that a busy machine kept from answering in time.
void failOnWarnings() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints|.*(did not answer|No answer from|said nothing)).*"))); }

}  // namespace

class TestSnapshotConsole : public QObject {
  Q_OBJECT
  RedisServer m_redis{{QStringLiteral("maxmemory 64mb"), QStringLiteral("requirepass \"c4nary-pw\"")}};
  PostgresServer m_postgres{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}};
  QTemporaryDir m_home;

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_STATE_HOME", m_home.filePath(QStringLiteral("state")).toUtf8());
    QCOMPARE(m_redis.start(), QString());
    QCOMPARE(m_postgres.start(), QString());
    m_postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
  }

  void takenShownAndLeft() {
    failOnWarnings();
    Console console(noSecrets(), m_home.filePath(QStringLiteral("config")));
    auto made = profileFromUrls(QStringLiteral("shop"), {{QStringLiteral("redis"), QStringLiteral("redis://:c4nary-pw@") + m_redis.address()},
                                                         {QStringLiteral("postgres"), QStringLiteral("postgresql://postgres:%1@%2/postgres").arg(PostgresServer::password(), m_postgres.address())}});
    QVERIFY(made);
    made->handOver(console.secrets());
    console.window().resize(1600, 1000);
    console.window().show();
    console.open(made->profile);
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console.history().last(QLatin1String("redis.ops"))) && !std::isnan(console.history().last(QLatin1String("postgres.calls"))), 60000);
    console.setRecording(true);
    const QString recorded = recording::recordingPlace(made->profile, false).file;
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(recorded) && recording::recordingInfo(recorded) && recording::recordingInfo(recorded)->rows > 2, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(console.history().lastMs(QLatin1String("redis.memory_used")) - console.history().firstMs(QLatin1String("redis.memory_used")) > 18000, 60000);
    console.view().setRange(60);  // as much of them as is compared below: by itself it is a round number of seconds, 10 of 18
    console.drawNow();
    console.takeSnapshot();
    SnapshotsPage* const page = console.window().findChild<SnapshotsPage*>();
    QVERIFY(page);
    QSignalSpy taken(&page->controller(), &SnapshotController::taken), failed(&page->controller(), &SnapshotController::failed);
    QTRY_VERIFY_WITH_TIMEOUT(taken.size() + failed.size() > 0, 60000);
    QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
    QCOMPARE(taken.front().at(1).toStringList(), QStringList());
    const QString file = taken.front().front().toString();

    const auto bundle = snapshot::readBundle(file);
    QVERIFY2(bundle, bundle ? "" : qPrintable(bundle.error().message));
    QCOMPARE(bundle->profile, QStringLiteral("shop"));
    QCOMPARE(bundle->servers.size(), 2);
    const auto has = [&](const char* id) { return std::any_of(bundle->facts.begin(), bundle->facts.end(), [&](const auto& table) { return table.id == QLatin1String(id) && !table.rows.isEmpty(); }); };
    for (const char* id : {"redis-info", "redis-config", "postgres-settings", "postgres-statements"}) QVERIFY2(has(id), id);
    std::map<qint64, double> before;
    for (qint64 ms = bundle->fromMs + 2000; ms <= bundle->toMs; ms += 500) before[ms] = console.history().at(QLatin1String("redis.memory_used"), ms);

    // Six seconds against the six before, of the servers and later of the snapshot: the same figures, and no settings, which were asked once.
    // Not up to the end: a sample that was under way when the snapshot was taken is not in it.
    const auto compareTimes = [&]() -> QStringList {
      console.view().zoom(bundle->toMs - 9000, bundle->toMs - 3000);
      QSignalSpy compared(&page->controller(), &SnapshotController::compared);
      page->comparePanel()->button()->click();
      if (!QTest::qWaitFor([&] { return !compared.isEmpty() || !failed.isEmpty(); }, 60'000) || !failed.isEmpty()) return failed.value(0).value(0).toStringList();
      const auto result = compared.front().front().value<ComparedSnapshots>();
      for (const QStringList& row : result.tables.value(1).rows)
        if (row.front() == QLatin1String("redis.memory_used") && result.tables.size() == 2 && result.html.contains("Not compared")) return row.mid(2, 2);
      return {};
    };
    const QStringList live = compareTimes();
    QCOMPARE(live.size(), 2);
    QVERIFY2(live[0].endsWith(QLatin1String("B")) && live[1].endsWith(QLatin1String("B")), qPrintable(live.join(QLatin1Char(' '))));

    QTRY_COMPARE_WITH_TIMEOUT(page->view()->file(), file, 60000);
    page->view()->openButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(console.pollers().empty(), 60000);
    QCOMPARE(console.window().currentPage(), QStringLiteral("overview"));
    QVERIFY(console.view().isKept() && !console.view().isFollowing());
    for (const auto& [ms, value] : before) {
      const double now = console.history().at(QLatin1String("redis.memory_used"), ms);
      QVERIFY(now == value || (std::isnan(now) && std::isnan(value)));
    }
    console.drawNow();
    QCOMPARE(console.view().span().toMs, bundle->toMs);
    for (const ChartPanel* panel : console.window().findChildren<ChartPanel*>())
      if (panel->info().id == QLatin1String("memory")) QCOMPARE(static_cast<int>(panel->status().body), static_cast<int>(PanelStatus::Body::Chart));
    const QImage shown = console.window().grab().toImage();
    QVERIFY(!shown.isNull());
    QCOMPARE(compareTimes(), live);
    // Time does not go on, and the zoom works as ever.
    console.view().zoom(bundle->toMs - 2500, bundle->toMs - 200);
    QVERIFY(console.view().isZoomed());
    QTest::qWait(1200);
    QCOMPARE(console.history().lastMs(QLatin1String("redis.memory_used")) > bundle->toMs, false);

    // Back to servers that were named by URLs: no saved profile knows them, and they were lost.
    Q_EMIT page->closeRequested();
    QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(console.history().last(QLatin1String("redis.ops"))), 60000);
    QVERIFY(!console.view().isKept());
    QCOMPARE(console.pollers().size(), 2u);
  }

  void aSnapshotWithNothingBehindItLeadsToTheWelcome() {
    failOnWarnings();
    Console console(noSecrets(), m_home.filePath(QStringLiteral("new config")));
    console.window().show();
    snapshot::Snapshot kept;
    kept.id = QStringLiteral("kept");
    kept.toMs = QDateTime::currentMSecsSinceEpoch() - 60'000;
    kept.fromMs = kept.toMs - 600'000;
    console.open(KeptSession{std::make_shared<const snapshot::Snapshot>(kept), History::past({}), {}});
    ProfileButton* const profile = console.window().findChild<ProfileButton*>();
    QVERIFY(profile && profile->current() && !profile->current()->environment);  // nobody said which: no green DEVELOPMENT
    console.window().showPage(QStringLiteral("snapshots"));
    Q_EMIT console.window().findChild<SnapshotsPage*>()->closeRequested();
    QVERIFY(console.window().currentPage().isEmpty());
    QVERIFY(!profile->current() && !console.view().isKept());
  }

  // What an own query measures now has no place among the figures of a snapshot; it is back with the profile.
  void ownChartsAreOfTheProfile() {
    failOnWarnings();
    PrometheusServer prometheus;
    QCOMPARE(prometheus.start(), QString());
    Console console(noSecrets(), m_home.filePath(QStringLiteral("config")));
    auto made = profileFromUrls(QStringLiteral("watched"), {{QStringLiteral("redis"), QStringLiteral("redis://:c4nary-pw@") + m_redis.address()}, {QStringLiteral("prometheus"), prometheus.url()}});
    QVERIFY(made);
    CustomPanels own;
    const int number = own.add({QStringLiteral("Own"), QStringLiteral("vector(4)")});
    made->profile.ownPanels = customPanelsJson(own);
    made->handOver(console.secrets());
    console.window().show();
    OverviewPage* const overview = console.window().findChild<OverviewPage*>();
    const size_t bundled = overview->panels().size();
    const QByteArray metric = "custom." + QByteArray::number(number) + ".0";
    const auto value = [&] { return console.history().last(QLatin1String(metric)); };
    console.open(made->profile);
    QTRY_COMPARE_WITH_TIMEOUT(value(), 4.0, 60000);
    QCOMPARE(overview->panels().size(), bundled + 1);

    snapshot::Snapshot kept;
    kept.id = QStringLiteral("kept");
    kept.toMs = QDateTime::currentMSecsSinceEpoch() - 60'000;
    kept.fromMs = kept.toMs - 600'000;
    console.open(KeptSession{std::make_shared<const snapshot::Snapshot>(kept), History::past({}), {}});
    QCOMPARE(overview->panels().size(), bundled);
    QTest::qWait(6000);  // longer than between two rounds of queries
    QCOMPARE(overview->panels().size(), bundled);
    QVERIFY(std::isnan(value()));

    console.open(made->profile);
    QTRY_COMPARE_WITH_TIMEOUT(value(), 4.0, 60000);
    QCOMPARE(overview->panels().size(), bundled + 1);
  }

  // The console wrote its whole copy of the profile for the switch Record and for one chart: an address that was saved under Connections meanwhile was put back, with nothing said.
  void whatIsSwitchedWhileAProfileIsOpenIsWrittenAlone() {
    failOnWarnings();
    const QString config = m_home.filePath(QStringLiteral("edited config"));
    Profile shop;
    shop.id = QUuid::createUuid();
    shop.name = QStringLiteral("shop");
    shop.environment = Environment::Development;
    shop.secretPlace = SecretPlace::Session;
    shop.sources[QStringLiteral("prometheus")].fields = {{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:%1").arg(freePort())}};
    shop.sources[QStringLiteral("prometheus")].enabled = false;  // nobody has to answer
    CustomPanels own;
    const int number = own.add({QStringLiteral("Own"), QStringLiteral("vector(4)")});
    shop.ownPanels = customPanelsJson(own);
    ProfileStore store(config);
    QVERIFY(store.load());
    QVERIFY(store.save(shop));
    Console console(noSecrets(), config);
    console.window().show();
    QVERIFY(!console.openLast());
    QSignalSpy opened(&console, &Console::opened);
    console.open(shop);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60000);
    const QString elsewhere = QStringLiteral("http://127.0.0.1:%1").arg(freePort());
    QVERIFY(store.change(shop.id, [&](Profile& profile) { profile.sources[QStringLiteral("prometheus")].fields[QStringLiteral("url")] = elsewhere; }));
    console.setRecording(true);
    Q_EMIT console.window().findChild<OverviewPage*>()->customPanelRemoved(number);
    const auto onDisk = [&] {
      ProfileStore now(config);
      return now.load() && now.find(shop.id) ? *now.find(shop.id) : Profile();
    };
    QVERIFY(QTest::qWaitFor([&] { return customPanelsOf(onDisk().ownPanels).panels.isEmpty() && recording::isRecorded(onDisk()); }, 60'000));
    QCOMPARE(onDisk().sources[QStringLiteral("prometheus")].fields[QStringLiteral("url")], elsewhere);
  }

  // A run that ended because another profile was opened had no snapshot, and nothing said so.
  void aRunThatIsLeftHasASnapshotOfItsOwnProfile() {
    failOnWarnings();
    LoadService service;
    Console console(noSecrets(), m_home.filePath(QStringLiteral("left config")));
    console.window().show();
    const auto open = [&](const QString& name) {
      auto made = profileFromUrls(name, {{QStringLiteral("redis"), QStringLiteral("redis://:c4nary-pw@") + m_redis.address()}});
      QVERIFY(made);
      made->handOver(console.secrets());
      console.open(made->profile);
    };
    const auto measured = [&] { return !std::isnan(console.history().last(QLatin1String("redis.ops"))); };
    open(QStringLiteral("left"));
    QVERIFY(QTest::qWaitFor(measured, 60'000));
    console.window().showPage(QStringLiteral("snapshots"));
    SnapshotsPage* const snapshots = console.window().findChild<SnapshotsPage*>();
    snapshots->schedule().setAfterRuns(true);
    console.window().showPage(QStringLiteral("load"));
    LoadController& controller = console.window().findChild<LoadPage*>()->controller();
    QSignalSpy started(&controller, &LoadController::started);
    RunRequest request;
    const auto scenario = load::parseScenario(R"({"name": "long", "executor": "constant-vus", "vus": 1, "duration": "600s", "steps": [{"name": "one", "path": "/", "thinkTime": {"min": "5ms", "max": "10ms"}}]})");
    QVERIFY(scenario);
    request.scenario = *scenario;
    request.url = service.url();
    QVERIFY(QTest::qWaitFor([&] { return controller.state() == LoadController::State::Idle && controller.start(request).ok(); }, 60'000));
    QVERIFY(QTest::qWaitFor([&] { return started.size() == 1 && service.requests() > 5; }, 60'000));

    QSignalSpy taken(&snapshots->controller(), &SnapshotController::taken), failed(&snapshots->controller(), &SnapshotController::failed);
    open(QStringLiteral("entered"));
    QVERIFY(QTest::qWaitFor([&] { return taken.size() + failed.size() > 0; }, 60'000));
    QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
    QVERIFY(taken.front().at(2).toBool());  // by itself
    const auto bundle = snapshot::readBundle(taken.front().front().toString());
    QVERIFY2(bundle, bundle ? "" : qPrintable(bundle.error().message));
    QCOMPARE(bundle->profile, QStringLiteral("left"));
    QCOMPARE(bundle->servers.size(), 1);
    QVERIFY(!bundle->series.empty());
    QCOMPARE(bundle->runs.size(), 1);
    QCOMPARE(bundle->runs.front().profile, QStringLiteral("left"));
    QCOMPARE(bundle->runs.front().figures.end, load::RunFigures::End::Stopped);
    QVERIFY(QTest::qWaitFor(measured, 60'000));
    QTest::qWait(200);
    QCOMPARE(taken.size(), 1);
  }

  // To look at PromQL for the first time ended the doctor's examination, and the doctor's page took an answer away.
  void onePageIsOpenedAlone() {
    failOnWarnings();
    Console console(noSecrets(), m_home.filePath(QStringLiteral("config")));
    auto made = profileFromUrls(QStringLiteral("shop"), {{QStringLiteral("redis"), QStringLiteral("redis://:c4nary-pw@") + m_redis.address()}});
    QVERIFY(made);
    made->handOver(console.secrets());
    console.window().show();
    QSignalSpy opened(&console, &Console::opened);
    console.open(made->profile);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60000);
    console.window().showPage(QStringLiteral("doctor"));
    DoctorPage* const doctor = console.window().findChild<DoctorPage*>();
    QVERIFY(doctor);
    doctor->examine();
    console.window().showPage(QStringLiteral("query"));
    QVERIFY(doctor->isExamining());
    doctor->cancel();

    snapshot::Snapshot kept;
    kept.id = QStringLiteral("kept");
    kept.toMs = QDateTime::currentMSecsSinceEpoch() - 60'000;
    kept.fromMs = kept.toMs - 600'000;
    const auto says = [](Console& shown, const char* page) {
      shown.window().showPage(QLatin1String(page));
      const auto notices = shown.window().findChildren<Notice*>();
      return QTest::qWaitFor([&] { return std::any_of(notices.begin(), notices.end(), [](const Notice* notice) { return notice->isVisible() && notice->text().title == QStringLiteral("A snapshot is on show"); }); }, 60'000);
    };
    console.open(KeptSession{std::make_shared<const snapshot::Snapshot>(kept), History::past({}), {}});
    for (const char* const page : {"query", "doctor"}) QVERIFY2(says(console, page), page);
    Console later(noSecrets(), m_home.filePath(QStringLiteral("config")));  // whose pages are made while it is on show
    later.window().show();
    later.open(KeptSession{std::make_shared<const snapshot::Snapshot>(kept), History::past({}), {}});
    for (const char* const page : {"query", "doctor"}) QVERIFY2(says(later, page), page);
  }

  void thePasswordIsInNoFile() {
    QDirIterator files(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int looked = 0;
    while (files.hasNext()) {
      QFile file(files.next());
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray bytes = file.readAll();
      QVERIFY2(!bytes.contains("c4nary-pw") && !bytes.contains(PostgresServer::password().toUtf8()), qPrintable(file.fileName()));
      ++looked;
    }
    QVERIFY(looked > 0);
  }
};

QTEST_MAIN(TestSnapshotConsole)
#include "tst_snapshot_console.moc"
