// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle.h"
#include "tests/core/tst_load_server.h"
#include "tests/support/process.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QUuid>
#include <QDir>
#include <QtTest>

#include <csignal>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

struct Outcome {
  int code = -1;
  QByteArray out, err;
  QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
  QByteArray all() const { return "exit code " + QByteArray::number(code) + '\n' + out + err; }
};

}  // namespace

/// `cachedeck load` as a person or a script runs it.
class TestLoadProgram : public QObject {
  Q_OBJECT
 private:
  QTemporaryDir m_home;
  QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
  std::unique_ptr<LoadServer> m_server;
  LoadServer m_shop{[](const std::string&, int) { return httpOk("hello"); }};  ///< the service of saved profiles
  RedisServer m_redis;
  PushgatewayServer m_gateway;

  void start(QProcess& process, QStringList arguments) const {
    process.setProcessEnvironment(m_environment);
    process.setStandardInputFile(QProcess::nullDevice());
    arguments.prepend(QStringLiteral("load"));
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), arguments);
  }
  Outcome load(const QStringList& arguments) const {
    QProcess process;
    start(process, arguments);
    if (!process.waitForFinished(120'000)) process.kill();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  Outcome load(const char* words) const { return load(QString::fromUtf8(words).replace(QLatin1String("%1"), QString::fromStdString(m_server->url())).split(QLatin1Char(' '))); }
  /// A profile of profiles.json, its servers by source id.
  static QJsonObject saved(const char* name, const char* environment, const QJsonObject& fields, const QJsonObject& servers) {
    QJsonObject sources;
    for (auto server = servers.begin(); server != servers.end(); ++server) sources.insert(server.key(), QJsonObject{{QStringLiteral("enabled"), true}, {QStringLiteral("fields"), server.value()}});
    return {{QStringLiteral("id"), QUuid::createUuid().toString(QUuid::WithoutBraces)}, {QStringLiteral("name"), QLatin1String(name)}, {QStringLiteral("environment"), QLatin1String(environment)},
            {QStringLiteral("secrets"), QStringLiteral("session")}, {QStringLiteral("fields"), fields}, {QStringLiteral("sources"), sources}};
  }
  void saveProfiles(const QJsonArray& profiles) const {
    QVERIFY(QDir().mkpath(m_home.filePath(QStringLiteral("XDG_CONFIG_HOME/cachedeck"))));
    const QJsonObject root{{QStringLiteral("format"), QStringLiteral("cachedeck-profiles")}, {QStringLiteral("version"), 1}, {QStringLiteral("profiles"), profiles}};
    QVERIFY(!file("XDG_CONFIG_HOME/cachedeck/profiles.json", QJsonDocument(root).toJson()).isEmpty());
  }
  QString file(const char* name, const QByteArray& text) const {
    QFile file(m_home.filePath(QLatin1String(name)));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
  }

 private Q_SLOTS:
  void initTestCase() {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) m_environment.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
    m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    m_server = std::make_unique<LoadServer>([](const std::string& head, int) {
      if (head.starts_with("POST /login")) return httpOk(R"JSON({"token": "tok"})JSON");
      if (head.starts_with("GET /bad")) return std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
      return httpOk("hello", "X-Cache: HIT\r\n");
    });
    const QString problem = startAll({&m_redis, &m_gateway});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void requestsToOneUrl() {
    const Outcome run = load("run --url %1/x --vus 3 --duration 1s --json");
    QVERIFY2(run.code == 0, run.all());
    const QJsonObject json = run.json();
    QVERIFY(json[QLatin1String("requests")].toInt() > 10);
    QCOMPARE(json[QLatin1String("errors")].toInt(), 0);
    QCOMPARE(json[QLatin1String("dropped")].toInt(), 0);
    QCOMPARE(json[QLatin1String("hit_ratio")].toDouble(), 1.0);
    for (const char* field : {"rps", "mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms"}) QVERIFY2(json[QLatin1String(field)].toDouble() > 0, run.out);
    QVERIFY(json[QLatin1String("thresholds")].isArray());
  }

  void aCrossedThresholdIsExitCode99() {
    const Outcome run = load({QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server->url() + "/bad"), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"),
                              QStringLiteral("1s"), QStringLiteral("--threshold"), QStringLiteral("http_req_failed: rate<0.01"), QStringLiteral("--json")});
    QVERIFY2(run.code == 99, run.all());
    const QJsonObject verdict = run.json()[QLatin1String("thresholds")][0].toObject();
    QCOMPARE(verdict[QLatin1String("passed")].toBool(), false);
    QCOMPARE(verdict[QLatin1String("value")].toDouble(), 1.0);
    QVERIFY(run.json()[QLatin1String("failures")][QLatin1String("status")].toInt() > 0);
  }

  void historyComparesAndPins() {
    QVERIFY2(load("run --url %1/x --vus 2 --duration 1s --note before --tag one --no-save").code == 0, "");
    const int kept = static_cast<int>(QJsonDocument::fromJson(load("runs --json").out)[QLatin1String("runs")].toArray().size());
    QCOMPARE(load("run --url %1/x --vus 2 --duration 1s").code, 0);
    QCOMPARE(load("run --url %1/x --vus 2 --duration 1s").code, 0);
    QCOMPARE(static_cast<int>(QJsonDocument::fromJson(load("runs --json").out)[QLatin1String("runs")].toArray().size()), kept + 2);
    const Outcome compared = load("compare last-1 last --json");
    QVERIFY2(compared.code == 0 && compared.json()[QLatin1String("metrics")].toArray().size() >= 5, compared.all());
    QCOMPARE(load("pin last-1").code, 0);
    const Outcome relative = load({QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server->url() + "/x"), QStringLiteral("--vus"), QStringLiteral("2"), QStringLiteral("--duration"),
                                   QStringLiteral("1s"), QStringLiteral("--threshold"), QStringLiteral("http_req_duration: p(95)<=baseline*100+30s"), QStringLiteral("--json")});
    QVERIFY2(relative.code == 0, relative.all());
    QVERIFY(relative.json()[QLatin1String("thresholds")][0][QLatin1String("known")].toBool());
    for (const char* words : {"report last", "report last --format md", "report last --format csv", "scorecard last", "runs"}) {
      const Outcome outcome = load(words);
      QVERIFY2(outcome.code == 0 && outcome.out.size() > 100, outcome.all());
    }
    QCOMPARE(load("report no-such-run").code, 2);
  }

  // A note could not be removed: an empty one did nothing, and neither did no option at all, each with exit code 0.
  void aNoteIsRemovedByAnEmptyOne() {
    QCOMPARE(load("run --url %1/x --vus 1 --duration 200ms --note before --tag one").code, 0);
    const auto last = [&] { return QJsonDocument::fromJson(load("runs --json").out)[QLatin1String("runs")][0].toObject(); };
    QCOMPARE(last()[QLatin1String("note")].toString(), QStringLiteral("before"));
    const Outcome nothing = load("note last");
    QVERIFY2(nothing.code == 2 && nothing.err.contains("--note TEXT"), nothing.all());
    QCOMPARE(load("note last --note after").code, 0);
    QCOMPARE(last()[QLatin1String("note")].toString(), QStringLiteral("after"));
    QCOMPARE(load({QStringLiteral("note"), QStringLiteral("last"), QStringLiteral("--note"), QString()}).code, 0);
    QCOMPARE(last()[QLatin1String("note")].toString(), QString());
    QCOMPARE(last()[QLatin1String("tags")].toArray(), (QJsonArray{QStringLiteral("one")}));
    QCOMPARE(load({QStringLiteral("note"), QStringLiteral("last"), QStringLiteral("--tag"), QString()}).code, 0);
    QVERIFY(last()[QLatin1String("tags")].toArray().isEmpty());
  }

  // A run whose login was refused made no request, and the list called it passed.
  void aRunThatFailedIsListedAsFailed() {
    const QString scenario = file("nobody.json", R"({"name": "nobody", "title": "N", "executor": "constant-vus", "vus": 1, "duration": "1s",
  "setup": [{"name": "login", "path": "/login"}], "steps": [{"name": "list", "path": "/list"}], "thresholds": {"http_req_duration": ["p(95)<100"]}})");
    QVERIFY(load({QStringLiteral("run"), scenario, QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:%1").arg(freePort())}).code != 0);
    const Outcome list = load("runs");
    const QList<QByteArray> lines = list.out.split('\n');
    QVERIFY2(lines.value(1).contains("nobody") && lines.value(1).trimmed().endsWith("did not run"), list.all());
    QCOMPARE(QJsonDocument::fromJson(load("runs --json").out)[QLatin1String("runs")][0][QLatin1String("result")].toString(), QStringLiteral("did not run"));
  }

  // A run of nothing but refused connections was complete, valid and exit code 0, where a name that nobody knows gave 3.
  void aRunThatNobodyAnsweredHasFailed() {
    const Outcome run = load(QStringList{QStringLiteral("run"), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("300ms"), QStringLiteral("--json"), QStringLiteral("--url"),
                                         QStringLiteral("http://127.0.0.1:%1").arg(freePort())});
    QVERIFY2(run.code == 3 && run.err.contains("requests was answered (connect: "), run.all());
    QCOMPARE(run.json()[QLatin1String("result")].toString(), QStringLiteral("did not run"));
    QCOMPARE(run.json()[QLatin1String("valid")].toBool(true), false);
  }

  // A server that took every request and never answered one: 0 requests, 0 errors, both thresholds held, exit code 0.
  void aRunThatNobodyEndedHasFailed() {
    LoadServer silent([&silent](const std::string&, int) {
      while (!silent.over()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return std::string();
    });
    const QString scenario = file("silent.json", R"({"name": "silent", "title": "S", "executor": "constant-vus", "vus": 3, "duration": "300ms", "gracefulStop": "1s", "steps": [{"name": "a", "path": "/"}],
  "thresholds": {"http_req_duration": ["p(95)<100"], "errors": ["count<1"]}})");
    const Outcome run = load({QStringLiteral("run"), scenario, QStringLiteral("--json"), QStringLiteral("--url"), QString::fromStdString(silent.url())});
    QVERIFY2(run.code == 3 && run.err.contains("Not one of 3 requests was answered (unanswered: no whole answer for 1000 ms"), run.all());
    QCOMPARE(run.json()[QLatin1String("result")].toString(), QStringLiteral("did not run"));
    QCOMPARE(run.json()[QLatin1String("failures")][QLatin1String("unanswered")].toInt(), 3);
    QCOMPARE(run.json()[QLatin1String("interrupted")].toInt(), 3);
    QCOMPARE(run.json()[QLatin1String("valid")].toBool(true), false);
  }

  // `report baseline` opened the pinned run of another scenario, or said that none was pinned.
  void theScenarioThatIsCalledBaselineHasItsName() {
    const QString scenario = file("named.json", R"({"name": "baseline", "title": "B", "executor": "per-vu-iterations", "vus": 1, "iterations": 1, "steps": [{"name": "a", "path": "/x"}]})");
    const QString url = QString::fromStdString(m_server->url());
    QCOMPARE(load({QStringLiteral("run"), QStringLiteral("--url"), url, QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("200ms")}).code, 0);
    QCOMPARE(load("pin last").code, 0);
    QCOMPARE(load({QStringLiteral("run"), scenario, QStringLiteral("--url"), url}).code, 0);
    QCOMPARE(load("report baseline --format json").json()[QLatin1String("scenario")].toString(), QStringLiteral("baseline"));
    QCOMPARE(load("report @baseline --format json").json()[QLatin1String("scenario")].toString(), QStringLiteral("url"));
  }

  void aScenarioWithASecret() {
    const QString scenario = file("mine.json", R"({
  "name": "mine", "title": "Mine", "executor": "per-vu-iterations", "vus": 2, "iterations": 5,
  "secretVariables": ["password"],
  "setup": [{"name": "login", "method": "POST", "path": "/login", "body": {"password": "${password}"}, "extract": {"token": "/token"}}],
  "steps": [{"name": "list", "path": "/list", "headers": {"Authorization": "Bearer ${token}"}, "tags": {"endpoint": "list"}, "checks": [{"status": "2xx"}]}],
  "thresholds": {"http_req_duration{endpoint:list}": ["p(95)<60000"], "checks": ["rate==1"]}
})");
    const QStringList words{QStringLiteral("run"), scenario, QStringLiteral("--url"), QString::fromStdString(m_server->url()), QStringLiteral("--json")};
    const Outcome without = load(words);
    QVERIFY2(without.code == 2 && without.err.contains("CACHEDECK_LOAD_PASSWORD"), without.all());
    const Outcome inArguments = load(words + QStringList{QStringLiteral("--var"), QStringLiteral("password=c4nary-x")});
    QVERIFY2(inArguments.code == 2 && !inArguments.all().contains("c4nary"), inArguments.all());
    m_environment.insert(QStringLiteral("CACHEDECK_LOAD_PASSWORD"), QString());  // as good as none: it took the place of the password that a sandbox knows
    const Outcome empty = load(words);
    QVERIFY2(empty.code == 2 && empty.err.contains("CACHEDECK_LOAD_PASSWORD"), empty.all());
    m_environment.insert(QStringLiteral("CACHEDECK_LOAD_PASSWORD"), QStringLiteral("c4nary-x"));
    const Outcome run = load(words);
    m_environment.remove(QStringLiteral("CACHEDECK_LOAD_PASSWORD"));
    QVERIFY2(run.code == 0, run.all());
    QCOMPARE(run.json()[QLatin1String("requests")].toInt(), 10);
    QVERIFY(!run.all().contains("c4nary"));
    QDirIterator files(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
      QFile one(files.next());
      QVERIFY(one.open(QIODevice::ReadOnly));
      QVERIFY2(!one.readAll().contains("c4nary"), qPrintable(one.fileName()));
    }
  }

  void mistakesAreNamedWithTheirLine() {
    const QString scenario = file("bad.json", "{\n  \"name\": \"bad\",\n  \"executor\": \"ramping-vus\",\n  \"stages\": [{\"duration\": \"-5s\", \"target\": 1}],\n  \"colour\": \"red\",\n  \"steps\": [{\"name\": \"a\", \"path\": \"/\"}]\n}\n");
    const Outcome run = load({QStringLiteral("run"), scenario, QStringLiteral("--url"), QString::fromStdString(m_server->url())});
    QVERIFY2(run.code == 2, run.all());
    QVERIFY2(run.err.contains("line 4") && run.err.contains("line 5") && run.err.contains("colour"), run.err);
  }

  void wrongUse() {
    for (const char* words : {"run", "run no-such-scenario --url %1", "run --url nonsense", "run --url %1 --vus 0", "run --url %1 --duration -1s", "run --url %1 --rate x", "run direct-warm", "compare last",
                              "run --url http://192.0.2.1/ --vus 1 --duration 1s", "run warm-cache --url %1 --time-scale nan", "run warm-cache --url %1 --time-scale inf", "run warm-cache --url %1 --time-scale 0",
                              "run warm-cache --url %1 --time-scale -1", "run --url %1 --ca /nonexistent.pem", "run --url %1 --max-rate nan", "export-k6 baseline --url foo", "export-k6 baseline --url %1 --time-scale nan"}) {
      const Outcome outcome = load(words);
      QVERIFY2(outcome.code == 2 && !outcome.err.isEmpty(), QByteArray(words) + ": " + outcome.all());
    }
  }

  // The host of ftp://x/ had to be typed before the URL was found to be none.
  void aUrlThatIsNoneIsSaidFirst() {
    const Outcome outcome = load("run --url ftp://x/ --vus 1 --duration 1s");
    QVERIFY2(outcome.code == 2 && outcome.err.contains("http://") && !outcome.err.contains("--confirm"), outcome.all());
  }

  // The profile says how much, and production asks for a reason and the host: a command does not get past what the page asks for.
  void aProfileSaysHowMuchAndProductionAsks() {
    const auto profile = [&](const char* name, const char* environment) {
      return saved(name, environment, {{QStringLiteral("service_url"), QString::fromStdString(m_shop.url())}, {QStringLiteral("max_users"), QStringLiteral("4")}, {QStringLiteral("max_rate"), QStringLiteral("50")}},
                   {{QStringLiteral("redis"), QJsonObject{{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(m_redis.port())}}}});
    };
    saveProfiles({profile("shop", "production"), profile("try", "development")});
    const QString own = file("own.json", "{\"name\": \"own\", \"executor\": \"constant-vus\", \"vus\": 4, \"duration\": \"300ms\", \"steps\": [{\"name\": \"a\", \"path\": \"/\"}]}");
    const auto run = [&](const QString& words) { return load(QStringLiteral("run %1 --no-save %2").arg(own, words).split(QLatin1Char(' '))); };
    const Outcome fine = run(QStringLiteral("--profile try"));  // where to comes of the profile
    QVERIFY2(fine.code == 0, fine.all());
    const Outcome without = load("run --no-save --profile try --vus 1 --duration 200ms");  // a scenario is no more needed than a URL
    QVERIFY2(without.code == 0, without.all());
    const Outcome users = run(QStringLiteral("--profile try --vus 5"));
    QVERIFY2(users.code == 2 && users.err.contains("“try” may have at most 4 users"), users.all());
    const Outcome rate = run(QStringLiteral("--profile try --rate 51 --vus 2"));
    QVERIFY2(rate.code == 2 && rate.err.contains("at most 50 iterations a second"), rate.all());
    const int before = m_shop.requests;
    const Outcome locked = run(QStringLiteral("--profile shop --confirm 127.0.0.1"));
    QVERIFY2(locked.code == 2 && locked.err.contains("--unlock"), locked.all());
    const Outcome untyped = run(QStringLiteral("--profile shop --unlock rehearsal"));
    QVERIFY2(untyped.code == 2 && untyped.err.contains("--confirm 127.0.0.1"), untyped.all());
    QCOMPARE(m_shop.requests.load(), before);
    const Outcome unlocked = run(QStringLiteral("--profile shop --unlock rehearsal --confirm 127.0.0.1"));
    QVERIFY2(unlocked.code == 0, unlocked.all());
    QVERIFY(m_shop.requests > before);
  }

  // A run on a production server by its URL, a tunnel's, ran as development: what the session said of the profile was not listened to, and its events dropped keys without unlock.
  void aUrlIsNoWayAroundAProductionProfile() {
    m_redis.cli({QStringLiteral("SET"), QStringLiteral("drop:1"), QStringLiteral("x")});
    const QString scenario = file("flush.json", R"({"name": "flush", "title": "F", "executor": "constant-vus", "vus": 1, "duration": "300ms", "cache": "flushed", "preparedPrefixes": ["drop:"],
  "steps": [{"name": "a", "path": "/x"}], "events": [{"at": "100ms", "dropPrefix": "drop:"}]})");
    const auto run = [&](const QString& what, const QStringList& words) {
      return load(QStringList{QStringLiteral("run"), what, QStringLiteral("--no-save"), QStringLiteral("--redis"), QStringLiteral("redis://localhost:%1/0").arg(m_redis.port())} + words);
    };
    const QStringList service{QStringLiteral("--url"), QString::fromStdString(m_server->url())};
    const QStringList database{QStringLiteral("--postgres"), QStringLiteral("postgresql://127.0.0.1:%1/shop").arg(freePort())};
    for (const Outcome& refused : {run(scenario, service), run(QStringLiteral("direct-warm"), database)}) {
      QVERIFY2(refused.code == 2 && refused.err.contains("This is the server of profile “shop” (production)."), refused.all());
      QVERIFY2(refused.err.contains("“shop” is a production profile. A load run on it needs --unlock"), refused.all());
    }
    const Outcome untyped = run(QStringLiteral("direct-warm"), database + QStringList{QStringLiteral("--unlock"), QStringLiteral("rehearsal")});
    QVERIFY2(untyped.code == 2 && untyped.err.contains("--confirm shop"), untyped.all());
    const Outcome unlocked = run(scenario, service + QStringList{QStringLiteral("--unlock"), QStringLiteral("rehearsal"), QStringLiteral("--confirm"), QStringLiteral("127.0.0.1")});
    QVERIFY2(unlocked.err.contains("a production cache is not emptied by a scenario"), unlocked.all());
    QCOMPARE(m_redis.cli({QStringLiteral("DEL"), QStringLiteral("drop:1")}), QByteArray("1"));
    const Outcome many = run(scenario, service + QStringList{QStringLiteral("--vus"), QStringLiteral("5"), QStringLiteral("--unlock"), QStringLiteral("rehearsal"), QStringLiteral("--confirm"), QStringLiteral("127.0.0.1")});
    QVERIFY2(many.code == 2 && many.err.contains("“shop” may have at most 4 users"), many.all());
  }

  // The service of a production profile that allows 4 users was put under 5 by its URL alone, as "command line (development)", without unlock.
  void aServiceIsNoWayAroundAProductionProfile() {
    const QString url = QStringLiteral("http://localhost:%1/x").arg(m_shop.port());
    const auto run = [&](const QStringList& words) { return load(QStringList{QStringLiteral("run"), QStringLiteral("--duration"), QStringLiteral("300ms")} + words); };
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("rehearsal")}, typed{QStringLiteral("--confirm"), QStringLiteral("localhost")};
    const auto users = [](const char* count) { return QStringList{QStringLiteral("--vus"), QLatin1String(count)}; };
    const QStringList service{QStringLiteral("--url"), url};
    const int before = m_shop.requests;
    const Outcome locked = run(service + users("5"));
    QVERIFY2(locked.code == 2 && locked.err.contains("This is the server of profile “shop” (production).") && locked.err.contains("needs --unlock"), locked.all());
    const Outcome untyped = run(service + users("5") + unlock);
    QVERIFY2(untyped.code == 2 && untyped.err.contains("--confirm localhost"), untyped.all());
    const Outcome many = run(service + users("5") + unlock + typed);
    QVERIFY2(many.code == 2 && many.err.contains("“shop” may have at most 4 users"), many.all());
    const Outcome beside = run(service + users("1") + QStringList{QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1/1").arg(m_redis.port())});  // which is no profile's
    QVERIFY2(beside.code == 2 && beside.err.contains("needs --unlock"), beside.all());
    // A step may have it as its own URL.
    const QString step = file("step.json", "{\"name\": \"step\", \"executor\": \"constant-vus\", \"vus\": 1, \"duration\": \"300ms\", \"steps\": [{\"name\": \"a\", \"path\": \"" + url.toUtf8() + "\"}]}");
    const Outcome hidden = load({QStringLiteral("run"), step, QStringLiteral("--url"), QString::fromStdString(m_server->url())});
    QVERIFY2(hidden.code == 2 && hidden.err.contains("needs --unlock"), hidden.all());
    QCOMPARE(m_shop.requests.load(), before);
    const Outcome allowed = run(service + users("4") + unlock + typed + QStringList{QStringLiteral("--json")});
    QVERIFY2(allowed.code == 0, allowed.all());
    QCOMPARE(allowed.json()[QLatin1String("profile")].toString(), QStringLiteral("shop"));
    QCOMPARE(allowed.json()[QLatin1String("environment")].toString(), QStringLiteral("production"));
    QVERIFY(m_shop.requests > before);
  }

  // A production profile's database took the rows and the load of the direct workload by its URL alone.
  void aDatabaseIsNoWayAroundAProductionProfile() {
    const quint16 port = freePort();
    saveProfiles({saved("vault", "production", {}, {{QStringLiteral("postgres"), QJsonObject{{QStringLiteral("host"), QStringLiteral("127.0.0.1")}, {QStringLiteral("port"), QString::number(port)}, {QStringLiteral("database"), QStringLiteral("shop")}}}})});
    const auto run = [&](const char* database, const QStringList& words) {
      return load(QStringList{QStringLiteral("run"), QStringLiteral("direct-warm"), QStringLiteral("--no-save"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1/1").arg(m_redis.port()),  // which is no profile's
                              QStringLiteral("--postgres"), QStringLiteral("postgresql://localhost:%1/%2").arg(QString::number(port), QLatin1String(database))} + words);
    };
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("rehearsal")};
    const Outcome locked = run("shop", {});
    QVERIFY2(locked.code == 2 && locked.err.contains("This is the server of profile “vault” (production).") && locked.err.contains("needs --unlock"), locked.all());
    const Outcome untyped = run("shop", unlock);
    QVERIFY2(untyped.code == 2 && untyped.err.contains("--confirm vault"), untyped.all());
    for (const Outcome& allowed : {run("shop", unlock + QStringList{QStringLiteral("--confirm"), QStringLiteral("vault")}), run("other", {})})  // nobody listens there
      QVERIFY2(allowed.code == 3 && !allowed.err.contains("--unlock") && !allowed.err.contains("--confirm"), allowed.all());
  }

  // Limits bound a run by the URL only where the profile was of a stricter environment.
  void limitsBindARunByTheUrlToo() {
    saveProfiles({saved("try", "development", {{QStringLiteral("service_url"), QStringLiteral("http://localhost:%1").arg(m_shop.port())}, {QStringLiteral("max_users"), QStringLiteral("4")}}, {})});
    const auto run = [&](const char* users) {
      return load({QStringLiteral("run"), QStringLiteral("--no-save"), QStringLiteral("--json"), QStringLiteral("--url"), QString::fromStdString(m_shop.url()), QStringLiteral("--duration"), QStringLiteral("300ms"), QStringLiteral("--vus"), QLatin1String(users)});
    };
    const Outcome many = run("5");
    QVERIFY2(many.code == 2 && many.err.contains("“try” may have at most 4 users"), many.all());
    const Outcome fine = run("4");
    QVERIFY2(fine.code == 0 && fine.err.contains("Limits of load runs hold here: those of profile “try”."), fine.all());
    QCOMPARE(fine.json()[QLatin1String("profile")].toString(), QString());  // it is nobody's all the same
  }

  // A production profile without a Redis could have no run at all: the guard was that of the session on it.
  void productionWithoutARedisIsUnlockedToo() {
    saveProfiles({saved("till", "production", {{QStringLiteral("service_url"), QString::fromStdString(m_shop.url())}}, {})});
    const auto run = [&](const QStringList& words) { return load(QStringList{QStringLiteral("run"), QStringLiteral("--no-save"), QStringLiteral("--profile"), QStringLiteral("till"), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("300ms")} + words); };
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("stock taking")};
    const Outcome locked = run({}), untyped = run(unlock);
    QVERIFY2(locked.code == 2 && locked.err.contains("“till” is a production profile. A load run on it needs --unlock"), locked.all());
    QVERIFY2(untyped.code == 2 && untyped.err.contains("--confirm 127.0.0.1"), untyped.all());
    const Outcome unlocked = run(unlock + QStringList{QStringLiteral("--confirm"), QStringLiteral("127.0.0.1")});
    QVERIFY2(unlocked.code == 0, unlocked.all());
    QFile journal(m_home.filePath(QStringLiteral("XDG_STATE_HOME/cachedeck/journal.jsonl")));
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QVERIFY(journal.readAll().contains("stock taking"));
  }

  void aHostThatNobodyKnows() {
    const Outcome outcome = load("run --url http://no-such-host.invalid/ --vus 1 --duration 1s --confirm no-such-host.invalid");
    QVERIFY2(outcome.code == 3 && outcome.err.contains("no-such-host.invalid"), outcome.all());
  }

  // An event of a scenario is a planned deletion: it stands in the journal, and other keys stay.
  void aPrefixIsDroppedInTheMiddle() {
    const QStringList other{QStringLiteral("-n"), QStringLiteral("1")};  // which is no profile's
    for (int i = 0; i < 20; ++i) m_redis.cli(other + QStringList{QStringLiteral("SET"), QStringLiteral("drop:%1").arg(i), QStringLiteral("x")});
    m_redis.cli(other + QStringList{QStringLiteral("SET"), QStringLiteral("stay:1"), QStringLiteral("x")});
    const QString scenario = file("drop.json", R"({"name": "drop", "title": "Drop", "executor": "constant-vus", "vus": 1, "duration": "4s",
  "steps": [{"name": "a", "path": "/x", "thinkTime": "10ms"}], "events": [{"at": "200ms", "dropPrefix": "drop:"}]})");
    const Outcome run = load({QStringLiteral("run"), scenario, QStringLiteral("--url"), QString::fromStdString(m_server->url()), QStringLiteral("--redis"),
                              QStringLiteral("redis://127.0.0.1:%1/1").arg(m_redis.port()), QStringLiteral("--json")});
    QVERIFY2(run.code == 0, run.all());
    QCOMPARE(m_redis.cli(other + QStringList{QStringLiteral("DBSIZE")}), QByteArray("1"));
    QFile journal(m_home.filePath(QStringLiteral("XDG_STATE_HOME/cachedeck/journal.jsonl")));
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QVERIFY(journal.readAll().contains("drop:"));
  }

  // A snapshot after each run was the window's alone: a pipeline had to take one by hand, and knew neither when the run had begun nor what had been sampled beside it.
  void aSnapshotIsTakenAtTheEnd() {
    const QString out = m_home.filePath(QStringLiteral("run.cdsnap"));
    const auto words = [&](const QString& snapshot) {
      return QStringList{QStringLiteral("run"), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("6s"), QStringLiteral("--json"), QStringLiteral("--no-save"), QStringLiteral("--note"), QStringLiteral("build 17"),
                         QStringLiteral("--url"), QString::fromStdString(m_server->url() + "/x"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1/1").arg(m_redis.port()), QStringLiteral("--snapshot"), snapshot};  // which is no profile's
    };
    const Outcome run = load(words(out));
    QVERIFY2(run.code == 0 && !run.json().isEmpty(), run.all());
    const Result<snapshot::Snapshot> taken = snapshot::readBundle(out);
    QVERIFY2(taken.ok(), taken ? "" : qPrintable(taken.error().message));
    QCOMPARE(taken->note, QStringLiteral("build 17"));
    QCOMPARE(taken->servers.size(), 1);
    QVERIFY(!taken->runs.isEmpty());
    const runs::RunRecord& last = taken->runs.last();
    QVERIFY(taken->fromMs <= last.figures.startedMs - 59'000 && taken->toMs >= last.figures.startedMs + last.figures.elapsedMs);
    const SeriesGroup* group = nullptr;
    QVERIFY(snapshot::findColumn(*taken, "redis.memory_used", &group) && group->timesMs.size() >= 2);
    QVERIFY(std::ranges::any_of(taken->journal, [](const JournalEntry& entry) { return entry.action.startsWith(QLatin1String("load")); }));
    // What cannot be written is said before the load is made.
    const int before = m_server->requests;
    QCOMPARE(load(words(m_home.filePath(QStringLiteral("run.json")))).code, 2);
    QCOMPARE(m_server->requests.load(), before);
  }

  void theResultIsPushed() {
    const Outcome run = load({QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server->url() + "/x"), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"),
                              QStringLiteral("1s"), QStringLiteral("--push"), QStringLiteral("--pushgateway"), m_gateway.url(), QStringLiteral("--json")});
    QVERIFY2(run.code == 0 && !run.json().isEmpty() && run.err.isEmpty(), run.all());
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_gateway.port());
    QVERIFY(socket.waitForConnected());
    socket.write("GET /metrics HTTP/1.0\r\n\r\n");
    while (socket.waitForReadyRead(60'000)) {}
    QVERIFY(socket.readAll().contains("job=\"cachedeck_load\""));
  }

  void ctrlCStopsIt() {
    QProcess process;
    start(process, {QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server->url() + "/x"), QStringLiteral("--vus"), QStringLiteral("2"), QStringLiteral("--duration"), QStringLiteral("10m"), QStringLiteral("--threshold"),
                    QStringLiteral("errors: count<100"), QStringLiteral("--json")});
    const int before = m_server->requests;
    QTRY_VERIFY_WITH_TIMEOUT(m_server->requests > before + 10, 60000);
    kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1);
    const QJsonDocument result = QJsonDocument::fromJson(process.readAllStandardOutput());
    QVERIFY(result[QLatin1String("requests")].toInt() > 0);
    // It stood in the list as passed.
    QCOMPARE(result[QLatin1String("result")].toString(), QStringLiteral("stopped"));
    const Outcome list = load("runs");
    QVERIFY2(list.out.split('\n').value(1).endsWith("  stopped, no threshold crossed so far"), list.all());
  }

  void exportsToK6() {
    const Outcome script = load("export-k6 baseline --url http://127.0.0.1:1");
    QVERIFY2(script.code == 0 && script.out.contains("import http from \"k6/http\""), script.all());
    const Outcome fleet = load("export-k6 baseline --url http://127.0.0.1:1 --operator --parallelism 3");
    QVERIFY2(fleet.code == 0 && fleet.out.contains("kind: TestRun"), fleet.all());
  }
};

QTEST_GUILESS_MAIN(TestLoadProgram)
#include "tst_load_program.moc"
