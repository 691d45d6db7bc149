// SPDX-License-Identifier: GPL-3.0-or-later
// What stands between the page of load runs and a run: production, hosts elsewhere, the profile's limits.
#include "core/journal/journal.h"
#include "core/runs/run_store.h"
#include "tests/ui/load_service.h"
#include "tests/ui/load_stage.h"
#include "ui/keys/lockbar.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/theme/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadGuard : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void productionIsUnlockedAndItsHostTyped() {
    LoadService service;
    Stage stage;
    LoadTarget target = stage.target(service.url());
    target.environment = Environment::Production;
    stage.open(target);
    LoadPage& page = *stage.page;
    QVERIFY(page.lockBar()->isVisible());
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QVERIFY(page.setup()->command().contains(QStringLiteral("--unlock why --confirm 127.0.0.1")));
    RunRequest request = page.setup()->request();
    request.typed = QStringLiteral("127.0.0.1");
    QVERIFY(!page.controller().start(request));  // locked
    picture(page, QStringLiteral("load-production-locked"));
    Q_EMIT page.lockBar()->unlockWanted(QStringLiteral("no"));
    QTRY_VERIFY_WITH_TIMEOUT(page.lockBar()->text().contains(QStringLiteral("few words")), patience);
    Q_EMIT page.lockBar()->unlockWanted(QStringLiteral("rehearsal of the sale"));
    QTRY_VERIFY_WITH_TIMEOUT(page.controller().unlockedForMs() > 0, patience);
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QVERIFY(!page.controller().start(page.setup()->request()));  // not typed
    page.setup()->host()->setText(QStringLiteral("127.0.0.1"));
    QVERIFY(page.setup()->startButton()->isEnabled());
    picture(page, QStringLiteral("load-production"));
    QSignalSpy ended(&page, &LoadPage::ended), started(&page, &LoadPage::started);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QTest::mouseClick(page.run()->head()->stopButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    const auto entries = Journal(target.stateFolder + QStringLiteral("/journal.jsonl"), Secret()).read(100);
    QVERIFY(entries.ok());
    QCOMPARE(entries->first().action, QStringLiteral("unlock"));
    QCOMPARE(entries->first().text, QStringLiteral("rehearsal of the sale"));
    page.controller().lock();
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QVERIFY(!page.controller().start(request));
  }

  void lockingOvertakesAnUnlockingUnderWay() {
    Stage stage;
    LoadTarget target = stage.target(QStringLiteral("http://127.0.0.1:9"));
    target.environment = Environment::Production;
    stage.open(target);
    stage.page->controller().unlock(QStringLiteral("rehearsal of the sale"));
    stage.page->controller().lock();
    const Journal journal(target.stateFolder + QStringLiteral("/journal.jsonl"), Secret());
    QTRY_VERIFY_WITH_TIMEOUT(journal.read(10).ok() && journal.read(10)->size() == 1, patience);
    QTest::qWait(50);
    QCOMPARE(stage.page->controller().unlockedForMs(), qint64{0});
  }

  void aHostElsewhereIsTyped() {
    Stage stage;
    LoadTarget target = stage.target(QStringLiteral("http://api.staging.invalid"));
    target.environment = Environment::Staging;
    stage.open(target);
    SetupPanel& setup = *stage.page->setup();
    QVERIFY(!setup.host()->isVisible());  // the profile's own service
    QVERIFY(setup.missing().isEmpty());
    setup.url()->setText(QStringLiteral("http://elsewhere.invalid:8080"));
    QVERIFY(setup.host()->isVisible());
    QVERIFY(!setup.missing().isEmpty());
    QVERIFY(!stage.page->controller().start(setup.request()));
    setup.host()->setText(QStringLiteral("elsewhere.invalid"));
    QCOMPARE(setup.missing(), QString());
    QVERIFY(setup.command().contains(QStringLiteral("--confirm elsewhere.invalid")));
  }

  void theProfilesLimitsAreKept() {
    LoadService service;
    Stage stage;
    LoadTarget target = stage.target(service.url());
    target.limits.users = 1;
    stage.open(target);
    LoadPage& page = *stage.page;
    QVERIFY(page.setup()->missing().contains(QStringLiteral("at most 1 user")));
    QVERIFY(!page.setup()->startButton()->isEnabled());
    const Result<void> refused = page.controller().start(page.setup()->request());
    QVERIFY(!refused && refused.error().message.contains(QStringLiteral("“shop” may have at most 1 user")));
    picture(page, QStringLiteral("load-limit"));
    target.limits.users = 3;
    stage.open(target);
    QSignalSpy started(&page, &LoadPage::started);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    page.controller().setLevel(50);  // while it goes on, too
    QSignalSpy moved(&page.controller(), &LoadController::moved);
    QTRY_VERIFY_WITH_TIMEOUT(!moved.isEmpty() && moved.last().first().value<FiguresShot>()->users == 3, patience);
  }

  void theDirectWorkloadNeedsBothServersAndSaysWhatIsWrong() {
    Stage stage;
    stage.write(QStringLiteral("straight.json"), R"({"name": "straight", "executor": "constant-vus", "vus": 2, "duration": "1s", "target": "cache-aside", "workload": {"keys": 100}})");
    LoadTarget target = stage.target({});
    stage.open(target);
    LoadPage& page = *stage.page;
    page.chooseScenario(stage.own(QStringLiteral("straight.json")));
    QCOMPARE(page.setup()->entry().problem, QString());
    QVERIFY(!page.setup()->url()->isVisible());
    QVERIFY(page.setup()->missing().contains(QStringLiteral("PostgreSQL")));
    QVERIFY(!page.controller().start(page.setup()->request()));
    load::DirectTarget direct;
    direct.redisHost = "127.0.0.1";
    direct.redisPort = 9;
    direct.postgres = {{"host", "127.0.0.1"}, {"port", "9"}, {"user", "nobody"}, {"connect_timeout", "2"}};
    target.direct = direct;
    stage.open(target);
    page.chooseScenario(stage.own(QStringLiteral("straight.json")));
    QCOMPARE(page.setup()->missing(), QString());
    QSignalSpy ended(&page, &LoadPage::ended), refused(&page.controller(), &LoadController::startFailed);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(ended.size() + refused.size() == 1, patience);
    QCOMPARE(ended.size(), 1);
    const RecordShot run = ended.first().first().value<RecordShot>();
    QVERIFY(!run->figures.problem.empty());
    // Direct runs of all profiles had an empty URL, and with it one baseline; those of commands had this one.
    QCOMPARE(run->url, QStringLiteral("redis://127.0.0.1:9"));
    picture(page, QStringLiteral("load-direct-unreachable"));
  }
};

QTEST_MAIN(TestLoadGuard)
#include "tst_load_guard.moc"
