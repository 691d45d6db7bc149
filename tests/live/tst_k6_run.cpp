// SPDX-License-Identifier: GPL-3.0-or-later
// k6 is in no package of Debian: what is started here is a stand-in, a shell script of that name which this test writes, and which replays what k6 tells. Where a real k6 is on
// PATH, the last case runs that one against a server of its own.
#include "tests/core/k6_sample.h"
#include "tests/core/tst_load_server.h"

#include "core/load/step_latency.h"
#include "core/runs/k6_run.h"
#include "core/runs/run_guard.h"
#include "core/runs/running_load.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

using namespace cachedeck;
using namespace cachedeck::runs;
using load::RunFigures;
using namespace std::chrono_literals;

namespace {

load::RunPlan planFor(const std::string& url) {
  load::RunPlan plan;
  plan.baseUrl = url;
  plan.scenario.name = "orders";
  plan.scenario.secretVariables = {"password"};
  plan.variables["password"] = "c4nary";
  load::Step step;
  step.name = "list";
  step.path = "/x";
  plan.scenario.steps.push_back(step);
  plan.scenario.executor.vus = 2;
  plan.scenario.executor.duration = 2000ms;
  return plan;
}

Result<load::LoadPermit> permitFor(const load::RunPlan& plan) { return RunGuard(withoutProfile(), nullptr).permit(plan, {}, SystemClock()); }

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool put(const QString& path, const QByteArray& text) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

std::string allMarks(const RunFigures& figures) {
  std::string text;
  for (const load::RunMark& mark : figures.marks) text += mark.text + '\n';
  return text;
}

}  // namespace

/// An installed k6: launched, read, stopped, and whatever else it may do.
class TestK6Run : public QObject {
  Q_OBJECT
 private:
  QTemporaryDir m_home;
  const QByteArray m_path = qgetenv("PATH");

  QString at(const char* name) const { return m_home.filePath(QLatin1String(name)); }
  /// $summary, $script and $K6_WEB_DASHBOARD_RECORD are set where `body` begins, and its files lie in $home.
  bool standIn(const QByteArray& body) const {
    const QByteArray front = "#!/bin/sh\nhome='" + m_home.path().toUtf8() + "'\nprintf '%s\\n' \"$@\" >\"$home/arguments\"\n"
                             "while [ $# -gt 0 ]; do case $1 in --summary-export) summary=$2; shift;; esac; script=$1; shift; done\n";
    const QString file = m_home.filePath(QStringLiteral("bin/k6"));
    return put(file, front + body) && QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }
  static Result<RunFigures> run(const K6Plan& plan, std::stop_token stop = {}, const std::function<void(const RunFigures&)>& moved = {}) {
    const Result<load::LoadPermit> permit = permitFor(plan.load);
    return permit ? runK6(plan, *permit, moved, std::move(stop)) : Result<RunFigures>(permit.error());
  }
  /// A run of the plan, stopped once it has told something.
  static Result<RunFigures> runStopped(const K6Plan& plan) {
    std::stop_source source;
    return run(plan, source.get_token(), [&](const RunFigures& now) {
      if (now.all.requests > 0) source.request_stop();
    });
  }
  struct Outcome {
    int code = -1;
    QByteArray out, err;
    QByteArray all() const { return "exit code " + QByteArray::number(code) + '\n' + out + err; }
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
  };
  Outcome program(const QStringList& arguments) const {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) environment.insert(QLatin1String(name), at(name));
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    environment.insert(QStringLiteral("CACHEDECK_LOAD_PASSWORD"), QStringLiteral("c4nary-x"));
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("load")} + arguments);
    if (!process.waitForFinished(120'000)) process.kill();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  static QByteArray replay(const QByteArray& rest = "exit 0\n") {
    return "cat \"$home/begin\" \"$home/rest\" >\"$K6_WEB_DASHBOARD_RECORD\"\ncp \"$home/summary\" \"$summary\"\n" + rest;
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY(QDir(m_home.path()).mkdir(QStringLiteral("bin")) && QDir(m_home.path()).mkdir(QStringLiteral("empty")));
    QVERIFY(put(at("begin"), test::k6FeedBegin) && put(at("rest"), test::k6FeedRest) && put(at("summary"), test::k6Summary));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    qputenv("PATH", at("bin").toUtf8() + ':' + m_path);
  }
  void cleanupTestCase() { qputenv("PATH", m_path); }

  void isReadWhileItGoesOn() {
    QVERIFY(standIn("env >\"$home/environment\"\ncp \"$script\" \"$home/script\"\nstat -c %a \"$(dirname \"$summary\")\" >\"$home/mode\"\nexec 3>\"$K6_WEB_DASHBOARD_RECORD\"\ncat \"$home/begin\" >&3\n"
                    "while [ ! -e \"$home/go\" ]; do sleep 0.02; done\ncat \"$home/rest\" >&3\ncp \"$home/summary\" \"$summary\"\nexit 0\n"));
    QVector<RunFigures> seen;
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}}, {}, [&](const RunFigures& now) {
      seen.append(now);
      if (now.all.requests == 8) put(at("go"), "x");  // it goes on only when its first words were heard
    });
    QVERIFY2(figures.ok(), qPrintable(figures.ok() ? QString() : figures.error().message));
    QCOMPARE(seen.first().state, RunFigures::State::Preparing);
    QVERIFY(std::ranges::any_of(seen, [](const RunFigures& now) { return now.state == RunFigures::State::Running && now.users == 2; }));
    QCOMPARE(figures->state, RunFigures::State::Ended);
    QCOMPARE(figures->end, RunFigures::End::Completed);
    QCOMPARE(figures->all.requests, 20u);
    QCOMPARE(figures->all.hits, 15u);
    QCOMPARE(figures->seconds.size(), 2u);
    QCOMPARE(figures->steps.size(), 1u);
    QCOMPARE(load::percentileNs(figures->all, 95), 90e6);
    // Secrets go by the environment alone; the script is the exported one, in a folder for this user alone, which is gone.
    const QByteArray arguments = contentOf(at("arguments")), environment = contentOf(at("environment"));
    QVERIFY2(!arguments.contains("c4nary"), arguments);
    QVERIFY(arguments.startsWith("run\n-q\n--no-color\n"));
    for (const char* line : {"CACHEDECK_LOAD_PASSWORD=c4nary\n", "K6_NO_USAGE_REPORT=true\n", "K6_WEB_DASHBOARD_PORT=-1\n", "K6_AUTO_EXTENSION_RESOLUTION=false\n"}) QVERIFY2(environment.contains(line), line);
    QVERIFY(contentOf(at("script")).contains("import http from"));
    QVERIFY(!contentOf(at("script")).contains("c4nary"));
    QCOMPARE(contentOf(at("mode")).trimmed(), QByteArray("700"));
    const QString script = QString::fromUtf8(arguments.trimmed().split('\n').last());
    QVERIFY(!script.isEmpty() && !QFile::exists(script) && !QFile::exists(QFileInfo(script).path()));
  }

  // What was permitted is the plan's URL: neither a variable of that name nor the caller's environment goes before it.
  void theUrlIsThePlans() {
    QVERIFY(standIn("env >\"$home/environment\"\n" + replay()));
    load::RunPlan plan = planFor("http://127.0.0.1:1");
    plan.variables["url"] = "http://192.0.2.1";
    qputenv("CACHEDECK_LOAD_OTHER", "x");
    qputenv("K6_VUS", "77");
    const Result<RunFigures> figures = run({plan, {}});
    qunsetenv("CACHEDECK_LOAD_OTHER");
    qunsetenv("K6_VUS");
    QVERIFY(figures.ok());
    const QByteArray environment = contentOf(at("environment"));
    QVERIFY2(environment.contains("CACHEDECK_LOAD_URL=http://127.0.0.1:1\n"), environment);
    QVERIFY(!environment.contains("CACHEDECK_LOAD_OTHER") && !environment.contains("K6_VUS"));
  }

  void thatNeverOpensItsFeed() {
    QVERIFY(standIn("cp \"$home/summary\" \"$summary\"\nexit 0\n"));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->end, RunFigures::End::Completed);
    QCOMPARE(figures->all.requests, 20u);
    QVERIFY(figures->seconds.empty() && allMarks(*figures).find("no seconds") != std::string::npos);
  }

  void thatLeavesNoSummary() {
    QVERIFY(standIn("cat \"$home/begin\" >\"$K6_WEB_DASHBOARD_RECORD\"\nexit 99\n"));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->all.requests, 8u);
    QVERIFY(!figures->thresholdsPassed());
    QVERIFY(allMarks(*figures).find("last figures") != std::string::npos);
  }

  void thatTellsNothingAtAll() {
    QVERIFY(standIn("echo what; exit 0\n"));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->end, RunFigures::End::Failed);
    QVERIFY2(figures->problem.find("without any figures") != std::string::npos, figures->problem.c_str());
  }

  // Against a server that never answered, k6 ends with no requests, no errors and exit code 0, and the run had passed.
  void thatHadNoAnswer() {
    QVERIFY(standIn("printf '{\"root_group\": {}, \"metrics\": {\"vus\": {\"value\": 3, \"min\": 3, \"max\": 3}, \"data_sent\": {\"count\": 300, \"rate\": 9}}}' >\"$summary\"\nexit 0\n"));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY2(figures.ok(), qPrintable(figures.ok() ? QString() : figures.error().message));
    QCOMPARE(figures->end, RunFigures::End::Failed);
    QVERIFY2(figures->problem.starts_with("k6 ended, and not one request was answered"), figures->problem.c_str());
  }

  void thatFailsAtOnce() {
    for (const char* code : {"104", "107"}) {
      QVERIFY(standIn(QByteArray("echo 'time=\"x\" level=error msg=\"no such thing\"' >&2\nexit ") + code + '\n'));
      const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
      QVERIFY(figures.ok());
      QCOMPARE(figures->end, RunFigures::End::Failed);
      QVERIFY2(figures->problem.find("no such thing") != std::string::npos, figures->problem.c_str());
    }
  }

  void thatStopsWhenAsked() {
    QVERIFY(standIn("trap 'cp \"$home/summary\" \"$summary\"; exit 105' INT\ncat \"$home/begin\" >\"$K6_WEB_DASHBOARD_RECORD\"\nwhile :; do sleep 0.02; done\n"));
    const Result<RunFigures> figures = runStopped({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->end, RunFigures::End::Stopped);
    QCOMPARE(figures->all.requests, 20u);
  }

  void thatIgnoresBeingAsked() {
    QVERIFY(standIn("trap '' INT\ncat \"$home/begin\" >\"$K6_WEB_DASHBOARD_RECORD\"\nsleep 300 &\nwhile :; do sleep 0.02; done\n"));
    const Result<RunFigures> figures = runStopped({planFor("http://127.0.0.1:1"), {}, 300ms});
    QVERIFY(figures.ok());
    QCOMPARE(figures->end, RunFigures::End::Stopped);
    QVERIFY(allMarks(*figures).find("killed") != std::string::npos);
  }

  void thatFloods() {
    QVERIFY(standIn("head -c 30000000 /dev/zero | tr '\\0' x >\"$K6_WEB_DASHBOARD_RECORD\"\nhead -c 30000000 /dev/zero | tr '\\0' '\\n'\nhead -c 3000000 /dev/zero\n"
                    "printf '\\n' >\"$K6_WEB_DASHBOARD_RECORD\"\n" + replay()));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->all.requests, 20u);
    QCOMPARE(figures->seconds.size(), 2u);
    QVERIFY(allMarks(*figures).find("not understood") != std::string::npos);
  }

  void aSummaryThatIsNoFile() {
    QVERIFY(standIn("cat \"$home/begin\" >\"$K6_WEB_DASHBOARD_RECORD\"\nmkfifo \"$summary\"\nexit 0\n"));
    const Result<RunFigures> figures = run({planFor("http://127.0.0.1:1"), {}});
    QVERIFY(figures.ok());
    QCOMPARE(figures->all.requests, 8u);
  }

  void whatCannotBegin() {
    QVERIFY(standIn(replay()));
    load::RunPlan plan = planFor("http://127.0.0.1:1");
    const Result<load::LoadPermit> permit = permitFor(plan);
    QVERIFY(permit.ok());
    load::RunPlan elsewhere = plan;
    elsewhere.baseUrl = "http://127.0.0.1:2";
    QCOMPARE(checkK6({elsewhere, {}}, *permit).error().kind, Error::Kind::Permission);
    for (const char* url : {"127.0.0.1:1", "nonsense", "", "http://a:b@127.0.0.1/"}) {
      load::RunPlan odd = plan;
      odd.baseUrl = url;
      if (const Result<load::LoadPermit> its = permitFor(odd)) QCOMPARE(checkK6({odd, {}}, *its).error().kind, Error::Kind::Usage);
    }
    load::RunPlan tooMany = plan;
    tooMany.caps.users = 1;
    QCOMPARE(checkK6({tooMany, {}}, *permit).error().kind, Error::Kind::Usage);
    load::RunPlan withoutPassword = plan;
    withoutPassword.variables.clear();
    QVERIFY(checkK6({withoutPassword, {}}, *permit).error().message.contains(QLatin1String("CACHEDECK_LOAD_PASSWORD")));
    load::RunPlan direct = plan;
    direct.scenario.target = load::Target::CacheAside;
    QVERIFY(!checkK6({direct, {}}, *permit).ok());
    QCOMPARE(checkK6({plan, at("no-such-script.js")}, *permit).error().kind, Error::Kind::NotFound);
    qputenv("PATH", at("empty").toUtf8());
    const Result<void> none = checkK6({plan, {}}, *permit);
    QCOMPARE(none.error().kind, Error::Kind::NotFound);
    QVERIFY2(none.error().message.contains(QLatin1String("Install")), qPrintable(none.error().message));
  }

  // k6 does not make users wait: their iterations a second cannot be held down.
  void aLimitThatItCannotKeep() {
    QVERIFY(standIn(replay()));
    load::RunPlan plan = planFor("http://127.0.0.1:1");
    const RunGuard guard({QStringLiteral("shop"), Environment::Development, {}, {0, 20}}, nullptr);
    const Result<load::LoadPermit> permit = guard.permit(plan, {}, SystemClock());
    QVERIFY(permit.ok());
    const Result<void> refused = checkK6({plan, {}}, *permit);
    QCOMPARE(refused.error().kind, Error::Kind::Permission);
    QVERIFY2(refused.error().message.contains(QLatin1String("at most 20 iterations a second")), qPrintable(refused.error().message));
    plan.scenario.executor.kind = load::ExecutorKind::ConstantArrivalRate;
    plan.scenario.executor.rate = 20;
    QVERIFY(checkK6({plan, {}}, *permit).ok());
    QVERIFY(put(at("own.js"), "export default function () {}\n"));
    QCOMPARE(checkK6({plan, at("own.js")}, *permit).error().kind, Error::Kind::Permission);
  }

  void anOwnerThatGoesAwayDoesNotWaitForItsGrace() {
    QVERIFY(standIn("trap '' INT\ncat \"$home/begin\" >\"$K6_WEB_DASHBOARD_RECORD\"\nwhile :; do sleep 0.02; done\n"));
    const load::RunPlan plan = planFor("http://127.0.0.1:1");
    const Result<load::LoadPermit> permit = permitFor(plan);
    QVERIFY(permit.ok());
    const auto started = RunningLoad::start(K6Plan{plan, {}, 24h}, *permit);
    QVERIFY(started.ok());
    QVERIFY((*started)->figures().startedMs > 0);
    (*started)->stop();
    (*started)->stopAtOnce();
    QCOMPARE((*started)->wait().end, RunFigures::End::Stopped);
  }

  void theFaceOfTheEngine() {
    QVERIFY(standIn(replay("sleep 0.2\nexit 0\n")));
    const load::RunPlan plan = planFor("http://127.0.0.1:1");
    const Result<load::LoadPermit> permit = permitFor(plan);
    QVERIFY(permit.ok());
    const auto started = K6Run::start({plan, {}}, *permit);
    QVERIFY(started.ok());
    QCOMPARE((*started)->wait().all.requests, 20u);
    QVERIFY((*started)->ended());
  }

  void fromTheCommandLine() {
    QVERIFY(standIn(replay()));
    const QString scenario = at("orders.json");
    QVERIFY(put(scenario, "{\"name\": \"orders\", \"title\": \"Orders\", \"executor\": \"constant-vus\", \"vus\": 1, \"duration\": \"1s\", \"steps\": [{\"name\": \"list\", \"path\": \"/x\"}]}"));
    const Outcome outcome = program({QStringLiteral("run"), scenario, QStringLiteral("--k6"), QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:1"), QStringLiteral("--json")});
    QVERIFY2(outcome.code == 99, outcome.all());  // the summary says that a threshold failed
    const QJsonObject json = outcome.json();
    QCOMPARE(json[QLatin1String("engine")].toString(), QStringLiteral("k6"));
    QCOMPARE(json[QLatin1String("requests")].toInt(), 20);
    QCOMPARE(json[QLatin1String("p95_ms")].toDouble(), 90.0);
    QCOMPARE(json[QLatin1String("seconds")].toArray().size(), 2);
    const Outcome history = program({QStringLiteral("runs"), QStringLiteral("--json")});
    const QJsonObject kept = history.json()[QLatin1String("runs")][0].toObject();
    QVERIFY2(kept[QLatin1String("engine")] == QLatin1String("k6") && kept[QLatin1String("scenario")] == QLatin1String("orders"), history.all());
  }

  void ownScript() {
    QVERIFY(standIn("env >\"$home/environment\"\n" + replay("exit 99\n")));
    QVERIFY(put(at("own.js"), "export default function () {}\n"));
    const QStringList words{QStringLiteral("run"), at("own.js"), QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:1"), QStringLiteral("--var"), QStringLiteral("COLOUR=red")};
    const Outcome outcome = program(words);
    QVERIFY2(outcome.code == 99 && outcome.out.contains("own.js") && outcome.out.contains("no histogram"), outcome.all());
    QVERIFY(contentOf(at("arguments")).trimmed().endsWith("/own.js"));
    for (const char* line : {"COLOUR=red\n", "CACHEDECK_LOAD_URL=http://127.0.0.1:1\n", "CACHEDECK_LOAD_PASSWORD=c4nary-x\n"}) QVERIFY2(contentOf(at("environment")).contains(line), line);
    const Outcome report = program({QStringLiteral("compare"), QStringLiteral("last"), QStringLiteral("last-1")});
    QVERIFY2(report.code == 0, report.all());
    for (const QStringList& more : {QStringList{QStringLiteral("--vus"), QStringLiteral("3")}, QStringList{QStringLiteral("--var"), QStringLiteral("K6_OUT=cloud")}}) QVERIFY2(program(words + more).code == 2, qPrintable(more.join(QLatin1Char(' '))));
    // The guard is the same as of every run.
    const Outcome elsewhere = program({QStringLiteral("run"), at("own.js"), QStringLiteral("--url"), QStringLiteral("http://192.0.2.1")});
    QVERIFY2(elsewhere.code == 2 && elsewhere.err.contains("--confirm"), elsewhere.all());
    QVERIFY2(program({QStringLiteral("run"), at("own.js")}).code == 2, "without --url");
    qputenv("PATH", at("empty").toUtf8());
    const Outcome without = program(words);
    QVERIFY2(without.code == 2 && without.err.contains("Install"), without.all());
  }

  void aRealOne() {
    qputenv("PATH", m_path);
    if (!findK6()) return;  // in no package of Debian
    LoadServer server([](const std::string&, int) { return httpOk("hello", "X-Cache: HIT\r\n"); });
    const Result<RunFigures> figures = run({planFor(server.url()), {}});
    QVERIFY2(figures.ok(), qPrintable(figures.ok() ? QString() : figures.error().message));
    QVERIFY2(figures->end == RunFigures::End::Completed, figures->problem.c_str());
    QVERIFY(figures->all.requests > 10);
    QCOMPARE(figures->all.requests, static_cast<std::uint64_t>(server.requests));
    QCOMPARE(figures->all.hits, figures->all.requests);
    QVERIFY(!figures->seconds.empty() && figures->all.trend && figures->all.trend->p99Ms > 0);
    QCOMPARE(figures->steps.size(), 1u);
  }
};

QTEST_GUILESS_MAIN(TestK6Run)
#include "tst_k6_run.moc"
