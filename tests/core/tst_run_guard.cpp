// SPDX-License-Identifier: GPL-3.0-or-later
// The guard of load runs: what has to be typed and unlocked before one starts, and the profile's limits.
#include "core/load/load_run.h"
#include "core/profiles/profile_fields.h"
#include "core/profiles/profiledocument.h"
#include "core/runs/direct_target.h"
#include "core/runs/run_guard.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using runs::LoadSubject;
using runs::RunGuard;

namespace {

load::RunPlan planFor(const char* url, int users = 10) {
  load::RunPlan plan;
  plan.scenario.name = "quick";
  plan.scenario.executor.vus = users;
  plan.scenario.executor.duration = load::Millis(1000);
  plan.scenario.steps = {load::Step{}};
  plan.baseUrl = url;
  return plan;
}

load::RunPlan planAt(double perSecond, int users) {
  load::RunPlan plan = planFor("http://127.0.0.1:1");
  plan.scenario.executor.kind = load::ExecutorKind::ConstantArrivalRate;
  plan.scenario.executor.rate = perSecond;
  plan.scenario.executor.preAllocatedVus = plan.scenario.executor.maxVus = users;
  return plan;
}

QString refusal(const RunGuard& guard, const load::RunPlan& plan, const QString& typed = {}) {
  const Result<load::LoadPermit> permit = guard.permit(plan, typed, SystemClock());
  return permit ? QString() : permit.error().message;
}

}  // namespace

class TestRunGuard : public QObject {
  Q_OBJECT
  QTemporaryDir m_folder;
  Journal m_journal{m_folder.path() + QStringLiteral("/journal.jsonl"), Secret(QByteArray(32, 'k'))};
  SystemClock m_clock;

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

  void productionIsUnlockedAndTyped() {
    const LoadSubject shop{QStringLiteral("shop"), Environment::Production, QStringLiteral("http://shop.example"), {}};
    keys::Guard changes(QStringLiteral("shop"), Environment::Production, m_journal);
    const RunGuard guard(shop, &changes);
    const load::RunPlan plan = planFor("http://shop.example");
    QVERIFY(refusal(guard, plan, QStringLiteral("shop.example")).contains(QStringLiteral("read-only")));
    QVERIFY(changes.unlock(QStringLiteral("rehearsal of the sale"), m_clock).ok());
    QVERIFY(refusal(guard, plan).contains(QStringLiteral("shop.example")));
    QVERIFY(refusal(guard, plan, QStringLiteral("shop")).contains(QStringLiteral("shop.example")));
    QCOMPARE(refusal(guard, plan, QStringLiteral(" shop.example ")), QString());
    changes.lock();
    QVERIFY(!refusal(guard, plan, QStringLiteral("shop.example")).isEmpty());
    QVERIFY(refusal(RunGuard(shop, nullptr), plan, QStringLiteral("shop.example")).contains(QStringLiteral("journal")));
  }

  void anotherProfilesUnlockingIsNoHelp() {
    keys::Guard other(QStringLiteral("other"), Environment::Development, m_journal);
    const RunGuard guard({QStringLiteral("shop"), Environment::Production, {}, {}}, &other);
    QVERIFY(refusal(guard, planFor("http://127.0.0.1"), QStringLiteral("127.0.0.1")).contains(QStringLiteral("shop")));
  }

  void theDirectWorkloadTypesTheProfile() {
    keys::Guard changes(QStringLiteral("shop"), Environment::Production, m_journal);
    QVERIFY(changes.unlock(QStringLiteral("rehearsal"), m_clock).ok());
    const RunGuard guard({QStringLiteral("shop"), Environment::Production, {}, {}}, &changes);
    load::RunPlan plan = planFor("");
    plan.scenario.target = load::Target::CacheAside;
    QVERIFY(!refusal(guard, plan).isEmpty());
    QCOMPARE(refusal(guard, plan, QStringLiteral("shop")), QString());
  }

  void aHostElsewhereIsTypedUnlessTheProfileNamesIt() {
    const LoadSubject staging{QStringLiteral("staging"), Environment::Staging, QStringLiteral("http://api.staging:8080"), {}};
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://api.staging:8080/v1"), load::Scenario()), QString());
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://localhost:1"), load::Scenario()), QString());
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://[::1]:1"), load::Scenario()), QString());
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://0.0.0.0:1"), load::Scenario()), QString());
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://api.staging.:8080"), load::Scenario()), QString());
    QCOMPARE(RunGuard::phraseFor(staging, QStringLiteral("http://elsewhere"), load::Scenario()), QStringLiteral("elsewhere"));
    QCOMPARE(RunGuard::phraseFor(runs::withoutProfile(), QStringLiteral("http://elsewhere"), load::Scenario()), QStringLiteral("elsewhere"));
    QVERIFY(!refusal(RunGuard(runs::withoutProfile(), nullptr), planFor("http://elsewhere")).isEmpty());
  }

  // A scenario that somebody was given must not reach a host that nobody named.
  void hostsOfStepsAreTypedToo() {
    load::RunPlan plan = planFor("http://127.0.0.1:1");
    plan.scenario.steps.clear();
    for (const char* const path : {"https://user@shop.example:8443/list", "http://127.0.0.1/", "http://${where}/x"}) plan.scenario.steps.emplace_back().path = path;
    QCOMPARE(RunGuard::phraseFor(runs::withoutProfile(), QStringLiteral("http://127.0.0.1:1"), plan.scenario), QStringLiteral("shop.example ${where}"));
    const RunGuard guard(runs::withoutProfile(), nullptr);
    QVERIFY(!refusal(guard, plan, QStringLiteral("shop.example")).isEmpty());
    QCOMPARE(refusal(guard, plan, QStringLiteral("shop.example ${where}")), QString());
  }

  // The page of a development profile put load on a production service whose URL was typed.
  void anotherProfilesServiceIsRefused() {
    load::RunPlan plan = planFor("http://127.0.0.1:1/shop");
    plan.scenario.steps.emplace_back().path = "http://127.0.0.1:2/list?x";
    QStringList asked;
    const auto guarded = [&](const QString& foreign) {
      return RunGuard(runs::withoutProfile(), nullptr, [&asked, foreign](const QString& url) {
        asked << url;
        return RunGuard::Others{url.startsWith(foreign) ? url + QStringLiteral(" is the shop's.") : QString()};
      });
    };
    QCOMPARE(refusal(guarded(QStringLiteral("no")), plan), QString());
    QCOMPARE(asked, (QStringList{QStringLiteral("http://127.0.0.1:1/shop"), QStringLiteral("http://127.0.0.1:2")}));
    QCOMPARE(refusal(guarded(QStringLiteral("http://127.0.0.1:2")), plan), QStringLiteral("http://127.0.0.1:2 is the shop's."));
  }

  // A URL that was typed on the page was bound by the limits of the page's profile alone.
  void limitsOfOtherProfilesWithTheServiceAreKept() {
    const LoadSubject desk{QStringLiteral("desk"), Environment::Development, {}, {20, 100}};
    const RunGuard guard(desk, nullptr, [](const QString& url) { return RunGuard::Others{{}, url.endsWith(QLatin1Char('1')) ? load::LoadLimits{4, 0, "try"} : load::LoadLimits{0, 50, {}, "slow"}}; });
    QCOMPARE(refusal(guard, planFor("http://127.0.0.1:1", 4)), QString());
    QVERIFY(refusal(guard, planFor("http://127.0.0.1:1", 5)).contains(QStringLiteral("“try” may have at most 4 users")));
    QVERIFY(refusal(guard, planFor("http://127.0.0.1:2", 21)).contains(QStringLiteral("“desk” may have at most 20 users")));
    load::RunPlan both = planAt(51, 4);
    both.scenario.steps.emplace_back().path = "http://127.0.0.1:2/list";
    QVERIFY(refusal(guard, both).contains(QStringLiteral("“slow” may have at most 50 iterations a second")));
    both.scenario.executor.rate = 50;
    const Result<load::LoadPermit> permit = guard.permit(both, {}, m_clock);
    QVERIFY(permit.ok());
    QCOMPARE(permit->limits().users, 4);
    QCOMPARE(permit->limits().perSecond, 50.0);
  }

  void limitsAreKept() {
    Profile profile;
    profile.name = QStringLiteral("shop");
    profile.environment = Environment::Development;
    profile.fields = {{QLatin1String(maxUsersField), QStringLiteral("20")}, {QLatin1String(maxRateField), QStringLiteral("100")}};
    const RunGuard guard(runs::loadSubject(profile), nullptr);
    QCOMPARE(refusal(guard, planFor("http://127.0.0.1:1", 20)), QString());
    QVERIFY(refusal(guard, planFor("http://127.0.0.1:1", 21)).contains(QStringLiteral("at most 20 users")));
    QCOMPARE(refusal(guard, planAt(100, 20)), QString());
    QVERIFY(refusal(guard, planAt(101, 20)).contains(QStringLiteral("at most 100 iterations a second")));
    QVERIFY(refusal(guard, planAt(100, 21)).contains(QStringLiteral("at most 20 users")));
    profile.fields[QLatin1String(maxUsersField)] = QStringLiteral("0");
    profile.fields.remove(QLatin1String(maxRateField));
    QCOMPARE(refusal(RunGuard(runs::loadSubject(profile), nullptr), planFor("http://127.0.0.1:1", 4000)), QString());
    profile.fields[QLatin1String(maxUsersField)] = QStringLiteral("ten");
    QVERIFY(refusal(RunGuard(runs::loadSubject(profile), nullptr), planFor("http://127.0.0.1:1")).contains(QStringLiteral("not a number")));
  }

  // Page and command name the Redis of a direct run alike, or the baseline of one is not the other's.
  void theDirectWorkloadHasAnAddress() {
    load::DirectTarget direct;
    const auto address = [&](const char* host, int port, int database) {
      direct.redisHost = host;
      direct.redisPort = port;
      direct.redisDatabase = database;
      direct.redisUser = "me";
      direct.redisPassword = "secret";
      return runs::directAddress(direct);
    };
    QCOMPARE(address("127.0.0.1", 6379, 0), QStringLiteral("redis://127.0.0.1:6379"));
    QCOMPARE(address("10.0.0.5", 6380, 2), QStringLiteral("redis://10.0.0.5:6380/2"));
    QCOMPARE(address("::1", 6379, 0), QStringLiteral("redis://[::1]:6379"));
    QCOMPARE(address("/run/redis.sock", 6379, 1), QStringLiteral("unix:///run/redis.sock/1"));
  }

  void aPermitIsForItsTargetAlone() {
    const load::RunPlan plan = planFor("http://127.0.0.1:1");
    const auto permit = RunGuard(runs::withoutProfile(), nullptr).permit(plan, {}, m_clock);
    QVERIFY(permit.ok());
    QVERIFY(permit->covers(plan));
    const auto run = load::LoadRun::start(planFor("http://127.0.0.1:2"), *permit);
    QVERIFY(!run.ok());
    QVERIFY(run.error().find("another target") != std::string::npos);
  }

  void theFieldsAreKeptInTheFileWithoutPasswords() {
    ProfileDocument document;
    Profile profile;
    profile.id = QUuid::createUuid();
    profile.name = QStringLiteral("shop");
    profile.fields = {{QLatin1String(serviceUrlField), QStringLiteral("http://user:secret@shop.example")}, {QLatin1String(maxUsersField), QStringLiteral("20")}};
    document.profiles = {profile};
    const auto read = parseProfiles(serialiseProfiles(document), sourceRegistry());
    QVERIFY(read.ok());
    QCOMPARE(read->profiles.first().fields.value(QLatin1String(maxUsersField)), QStringLiteral("20"));
    QCOMPARE(read->profiles.first().fields.value(QLatin1String(serviceUrlField)), QStringLiteral("http://user@shop.example"));
    QVERIFY(read->profiles.first().extra.isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestRunGuard)
#include "tst_run_guard.moc"
