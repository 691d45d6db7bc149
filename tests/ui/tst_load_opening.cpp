// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs is opened on.
#include "app/console/console.h"
#include "app/console/load_opening.h"
#include "core/profiles/fromurls.h"
#include "core/profiles/profile_fields.h"
#include "tests/support/no_keyring.h"
#include "ui/load/loadpage.h"
#include "ui/load/runview.h"
#include "ui/widgets/notice.h"

#include <QListView>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadOpening : public QObject {
  Q_OBJECT
  QTemporaryDir m_folder;

  Profile named(const QMap<QString, QString>& urls, QMap<QString, SourceSettings>& sources) const {
    auto made = profileFromUrls(QStringLiteral("named"), urls);
    if (!made) qFatal("no profile");
    for (auto source = made->profile.sources.cbegin(); source != made->profile.sources.cend(); ++source) sources.insert(source.key(), SourceSettings{source->fields, {}});
    return made->profile;
  }

 private Q_SLOTS:
  void initTestCase() {
    for (const char* home : {"XDG_STATE_HOME", "XDG_CONFIG_HOME"}) qputenv(home, m_folder.path().toUtf8());
  }

  // The command that the page shows has to find the same servers when it is pasted into a terminal.
  void serversThatNobodySavedGoWithIt() {
    QMap<QString, SourceSettings> sources;
    const Profile profile = named({{QStringLiteral("redis"), QStringLiteral("redis://127.0.0.1:6399/2")}}, sources);
    const LoadTarget target = loadTargetOf(profile, false, sources, nullptr, m_folder.path());
    QCOMPARE(target.servers.keys(), QStringList{QStringLiteral("redis")});
    QVERIFY(target.sandboxDir.isEmpty() && !target.saved);
    QVERIFY(loadTargetOf(profile, true, sources, nullptr, m_folder.path()).servers.isEmpty());
  }

  void theSandboxIsNamedByItsDirectory() {
    QMap<QString, SourceSettings> sources;
    const Profile profile = named({{QStringLiteral("redis"), QStringLiteral("redis://127.0.0.1:6399/0")}}, sources);
    SandboxInfo sandbox;
    sandbox.dir = QStringLiteral("/tmp/own place");
    sandbox.services.insert(QStringLiteral("sample"), QStringLiteral("http://demo:secret@127.0.0.1:8080"));
    const LoadTarget target = loadTargetOf(profile, false, sources, &sandbox, m_folder.path());
    QCOMPARE(target.sandboxDir, sandbox.dir);
    QVERIFY(target.servers.isEmpty());
    QCOMPARE(target.serviceUrl, QStringLiteral("http://127.0.0.1:8080"));
    QCOMPARE(QString::fromStdString(target.variables.at("password")), QStringLiteral("secret"));
  }

  // The service of a production profile took load from the page of any other, whose field its URL was typed into.
  void aServiceOfAStricterProfileIsForeign() {
    ProfileStore store(m_folder.filePath(QStringLiteral("profiles")));
    QVERIFY(store.load());
    const auto saved = [&](const char* name, Environment environment, const char* service) {
      QMap<QString, SourceSettings> sources;
      Profile profile = named({{QStringLiteral("redis"), QStringLiteral("redis://127.0.0.1:6399/0")}}, sources);
      profile.name = QLatin1String(name);
      profile.environment = environment;
      profile.fields[QLatin1String(serviceUrlField)] = QLatin1String(service);
      if (!store.save(profile)) qFatal("not saved");
      return profile;
    };
    const Profile desk = saved("desk", Environment::Development, "http://127.0.0.1:8081"), stage = saved("stage", Environment::Staging, "http://api.stage");
    const Profile shop = saved("shop", Environment::Production, "http://localhost:8080/v1"), twin = saved("twin", Environment::Development, "http://localhost:8080");
    const auto foreign = [&](const Profile& own, const QString& url) { return othersWithService(own, store, url).refusal; };
    QCOMPARE(foreign(desk, QStringLiteral("http://127.0.0.1:8080/list")),
             QStringLiteral("http://127.0.0.1:8080/list is the service of profile “shop” (production). Open that profile to put load on it: what it asks for and allows holds there."));
    for (const char* const url : {"http://[::1]:8080", "http://127.0.0.1:8080", "http://0.0.0.0:8080", "http://LOCALHOST.:8080"}) QVERIFY2(!foreign(stage, QLatin1String(url)).isEmpty(), url);
    QVERIFY(!foreign(desk, QStringLiteral("http://api.stage:80/")).isEmpty());
    QVERIFY(foreign(shop, QStringLiteral("http://api.stage")).isEmpty());         // which asks for less
    QVERIFY(foreign(shop, QStringLiteral("http://localhost:8080")).isEmpty());    // its own
    QVERIFY(foreign(twin, QStringLiteral("http://127.0.0.1:8080")).isEmpty());    // which it names as its own
    QVERIFY(foreign(desk, QStringLiteral("http://localhost:8082")).isEmpty());
    QVERIFY(foreign(desk, QStringLiteral("http://elsewhere:8080")).isEmpty());
    // The limits of one that is not stricter hold.
    Profile tried = twin;
    tried.id = QUuid::createUuid();
    tried.name = QStringLiteral("try");
    tried.fields = {{QLatin1String(serviceUrlField), QStringLiteral("http://127.0.0.1:8082")}, {QLatin1String(maxUsersField), QStringLiteral("4")}};
    QVERIFY(store.save(tried).ok());
    const load::LoadLimits limits = othersWithService(desk, store, QStringLiteral("http://localhost:8082/list")).limits;
    QCOMPARE(limits.users, 4);
    QCOMPARE(QString::fromStdString(limits.usersOf), QStringLiteral("try"));
    QCOMPARE(othersWithService(desk, store, QStringLiteral("http://localhost:8083")).limits.users, 0);
  }

  // The page was empty while a snapshot was on show, whatever runs were in it.
  void aSnapshotBringsItsRuns() {
    Console console(noSecrets(), m_folder.path());
    snapshot::Snapshot without;
    without.id = QStringLiteral("kept");
    without.fromMs = 1'795'922'000'000;
    without.toMs = without.takenMs = without.fromMs + 600'000;
    snapshot::Snapshot with = without;
    for (int i = 0; i < 2; ++i) {
      runs::RunRecord run;
      run.id = runs::newRunId(with.fromMs + 60'000 * i);
      run.scenario = QStringLiteral("warm-cache");
      run.figures.startedMs = with.fromMs + 60'000 * i;
      run.figures.elapsedMs = 30'000;
      run.figures.end = load::RunFigures::End::Completed;
      with.runs.append(run);
    }
    const auto shared = std::make_shared<const snapshot::Snapshot>(with);
    console.window().show();
    console.open(KeptSession{shared, History::past({}), {}});
    console.window().showPage(QStringLiteral("load"));
    const LoadPage* const page = console.window().findChild<LoadPage*>();
    QVERIFY(page);
    QTRY_COMPARE_WITH_TIMEOUT(page->runList()->model()->rowCount(), 2, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(page->run()->isVisible(), 60000);
    QCOMPARE(page->run()->record().get(), &shared->runs[1]);  // the newest, and no copy of it
    console.open(KeptSession{std::make_shared<const snapshot::Snapshot>(without), History::past({}), {}});
    console.window().showPage(QStringLiteral("load"));
    QTRY_VERIFY_WITH_TIMEOUT(page->nothing()->isVisible(), 60000);
    QCOMPARE(page->nothing()->text().title, QStringLiteral("No load run in this snapshot"));
    QCOMPARE(page->runList()->model()->rowCount(), 0);
  }
};

QTEST_MAIN(TestLoadOpening)
#include "tst_load_opening.moc"
