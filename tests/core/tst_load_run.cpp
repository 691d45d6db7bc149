// SPDX-License-Identifier: GPL-3.0-or-later
#include "tst_load_server.h"

#include "core/load/load_run.h"
#include "tests/support/start_load.h"

#include <QtTest>

#include <fstream>
#include <map>

using namespace cachedeck::load;
using cachedeck::test::startLoad;
using namespace std::chrono_literals;

namespace {

RunPlan planFor(const std::string& url, int users = 2, Millis duration = 300ms) {
  RunPlan plan;
  plan.baseUrl = url;
  plan.scenario.name = "test";
  Step step;
  step.name = "get";
  step.path = "/x";
  plan.scenario.steps.push_back(step);
  plan.scenario.executor.vus = users;
  plan.scenario.executor.duration = duration;
  plan.scenario.timeout = 20s;
  return plan;
}

std::uint64_t failuresOf(const RunFigures& figures, FailureKind kind) { return figures.failures[static_cast<std::size_t>(kind)]; }

std::string allExamples(const RunFigures& figures) {
  std::string text;
  for (const auto& [example, count] : figures.failureExamples) text += example + "\n";
  return text;
}

long residentKb() {
  std::ifstream statm("/proc/self/statm");
  long size = 0, resident = 0;
  statm >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

#ifdef __SANITIZE_ADDRESS__
constexpr long mostGrowthKb = 400 * 1024;  // it keeps what was freed for a while, 256 MB of it
#else
constexpr long mostGrowthKb = 8 * 1024;
#endif

RunFigures runOf(RunPlan plan) {
  auto run = startLoad(std::move(plan));
  if (!run) {
    RunFigures figures;
    figures.problem = run.error();
    return figures;
  }
  return (*run)->wait();
}

}  // namespace

class TestLoadRun : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void everyRequestIsCounted() {
    LoadServer server([n = std::make_shared<std::atomic<int>>(0)](const std::string&, int) { return httpOk("hello", ++*n % 4 ? "X-Cache: HIT\r\n" : "X-Cache: MISS\r\n"); });
    const RunFigures figures = runOf(planFor(server.url(), 5));
    QCOMPARE(figures.end, RunFigures::End::Completed);
    QCOMPARE(static_cast<int>(figures.all.requests), server.requests.load());
    QVERIFY(figures.all.requests >= 5);  // many more, where the machine does not stand still
    QCOMPARE(figures.all.failed, 0u);
    QCOMPARE(server.connections.load(), 5);  // kept alive
    QCOMPARE(figures.all.latency.count(), figures.all.requests);
    QCOMPARE(figures.iterations + figures.interrupted, figures.all.requests);
    QCOMPARE(figures.all.hits + figures.all.misses, figures.all.requests);
    QCOMPARE(figures.all.misses, figures.all.requests / 4);
    QCOMPARE(figures.statuses.at(200), figures.all.requests);
    std::uint64_t inRows = 0;
    for (const SecondFigures& row : figures.seconds) inRows += row.requests;
    QCOMPARE(inRows, figures.all.requests);
  }

  void sharedIterationsAreSoManyInAll() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 7);
    plan.scenario.executor.kind = ExecutorKind::SharedIterations;
    plan.scenario.executor.iterations = 100;
    QCOMPARE(runOf(plan).iterations, 100u);
    QCOMPARE(server.requests.load(), 100);
  }

  void perVuIterationsAreSoManyOfEach() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 7);
    plan.scenario.executor.kind = ExecutorKind::PerVuIterations;
    plan.scenario.executor.iterations = 11;
    QCOMPARE(runOf(plan).iterations, 77u);
    QCOMPARE(server.requests.load(), 77);
  }

  void aRampGoesUpAndDown() {
    LoadServer server([](const std::string&, int) {
      std::this_thread::sleep_for(5ms);
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url());
    plan.scenario.executor.kind = ExecutorKind::RampingVus;
    plan.scenario.executor.startVus = 0;
    plan.scenario.executor.stages = {{600ms, 12}, {3s, 12}, {600ms, 0}};
    const RunFigures figures = runOf(plan);
    QVERIFY2(figures.mostUsers >= 11 && figures.mostUsers <= 12, qPrintable(QString::number(figures.mostUsers)));
    QCOMPARE(figures.interrupted, 0u);
    QVERIFY(figures.elapsedMs >= 4200);
  }

  void arrivalsComeByTheClock() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 200;
    executor.duration = 1s;
    executor.preAllocatedVus = executor.maxVus = 20;
    const RunFigures figures = runOf(plan);
    QVERIFY2(figures.iterations >= 199 && figures.iterations <= 201, qPrintable(QString::number(figures.iterations)));
    QCOMPARE(figures.dropped, 0u);
  }

  // A closed tool would show one slow request; here all that should have been sent meanwhile were late too.
  void aStallIsInTheLatencyOfAllThatWaited() {
    std::atomic<bool> stalled{false};
    const auto begun = std::chrono::steady_clock::now();
    LoadServer server([&](const std::string&, int) {
      if (std::chrono::steady_clock::now() - begun > 300ms && !stalled.exchange(true)) std::this_thread::sleep_for(400ms);
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 100;
    executor.duration = 1s;
    executor.preAllocatedVus = executor.maxVus = 1;  // one connection: all others have to wait for it
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.iterations, 100u);
    // Arrivals of 400 ms wait between 400 and 0 ms: a tenth of all waits 300 ms and more.
    QVERIFY2(figures.all.latency.percentileNs(90) > 250e6, qPrintable(QString::number(figures.all.latency.percentileNs(90) / 1e6)));
    QVERIFY(figures.all.latency.percentileNs(70) > 50e6);
  }

  void whatNeverGotAUserIsDroppedAndCounted() {
    LoadServer server([](const std::string&, int) {
      std::this_thread::sleep_for(100ms);
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 100;
    executor.duration = 500ms;
    executor.preAllocatedVus = executor.maxVus = 1;
    executor.gracefulStop = 100ms;
    const RunFigures figures = runOf(plan);
    QVERIFY(figures.dropped > 30);
    QCOMPARE(figures.dropped + figures.iterations + figures.interrupted, 50u);
  }

  void stepsGoInOrderAndHandValuesOn() {
    std::mutex mutex;
    std::vector<std::string> heads;
    LoadServer server([&](const std::string& head, int) {
      const std::lock_guard lock(mutex);
      heads.push_back(head);
      return head.starts_with("POST /login") ? httpOk("{\"token\": \"t\\\"1\", \"ids\": [7, 8]}") : httpOk("{}");
    });
    RunPlan plan = planFor(server.url(), 1);
    Scenario& scenario = plan.scenario;
    scenario.executor.kind = ExecutorKind::PerVuIterations;
    scenario.executor.iterations = 2;
    Step login;
    login.name = "login";
    login.method = "POST";
    login.path = "/login";
    login.extract = {{"token", "/token"}, {"id", "/ids/1"}};
    scenario.setup = {login};
    scenario.steps[0].path = "/risk/${id}";
    scenario.steps[0].headers = {{"Authorization", "Bearer ${token}"}};
    scenario.steps[0].checks = {{Check::Kind::Status, "is 2xx", "", "2xx"}, {Check::Kind::BodyContains, "has x", "", "x"}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(QString::fromStdString(figures.problem), QString());
    QCOMPARE(heads.size(), 3u);
    QVERIFY(heads[1].starts_with("GET /risk/8 HTTP/1.1\r\n"));
    QVERIFY(heads[1].find("Authorization: Bearer t\"1\r\n") != std::string::npos);
    QCOMPARE(figures.all.requests, 2u);  // the setup is not part of the result
    QCOMPARE(figures.checks.size(), 2u);
    QCOMPARE(figures.checks[0].passed, 2u);
    QCOMPARE(figures.checks[1].failed, 2u);
  }

  void aSetupThatFailsEndsTheRunWithTheReason() {
    LoadServer server([](const std::string&, int) { return std::string("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"); });
    RunPlan plan = planFor(server.url());
    plan.scenario.setup = plan.scenario.steps;
    plan.scenario.setup[0].name = "login";
    plan.scenario.setup[0].checks = {{Check::Kind::Status, "status is 200", "", "200"}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QVERIFY2(figures.problem.find("login was answered with 401") != std::string::npos, figures.problem.c_str());
    // Checks of the setup were not counted: the one that refused the login had a tick.
    QCOMPARE(figures.checks.size(), 1u);
    QCOMPARE(figures.checks[0].failed, 1u);
  }

  // What a run that was killed left behind had a threshold of two seconds before beside the percentile of now.
  void thresholdsAreOfTheFiguresTheyStandWith() {
    LoadServer server([n = std::make_shared<std::atomic<int>>(0)](const std::string&, int) {
      std::this_thread::sleep_for(std::chrono::milliseconds(++*n / 10));  // slower and slower
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url(), 2, 60s);
    plan.scenario.thresholds = {{"http_req_duration", "p(95)<60000", false, {}}};
    auto run = startLoad(std::move(plan));
    QVERIFY(run.ok());
    for (std::uint64_t seen = 0, different = 0; different < 3;) {
      const RunFigures figures = (*run)->figures();
      if (figures.all.requests == seen) {
        QTest::qWait(20);
        continue;
      }
      seen = figures.all.requests;
      ++different;
      QCOMPARE(figures.thresholds.size(), 1u);
      QVERIFY(figures.thresholds[0].known);
      QCOMPARE(figures.thresholds[0].value, figures.all.latency.percentileNs(95) / 1e6);
    }
  }

  void warmingAsksUntilAllAreHits() {
    std::atomic<int> asked{0};
    LoadServer server([&](const std::string&, int) { return httpOk("x", ++asked > 3 ? "X-Cache: HIT\r\n" : "X-Cache: MISS\r\n"); });
    RunPlan plan = planFor(server.url(), 1);
    plan.scenario.cache = CachePreparation::Warmed;
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.all.misses, 0u);
    QVERIFY(figures.all.hits > 0);
  }

  void redirectsAreFollowedWithinTheServer() {
    LoadServer server([](const std::string& head, int) {
      return head.starts_with("GET /x ") ? std::string("HTTP/1.1 302 Found\r\nLocation: /y?z=1\r\nContent-Length: 0\r\n\r\n") : head.starts_with("GET /y?z=1 ") ? httpOk("x") : std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    });
    const RunFigures figures = runOf(planFor(server.url()));
    QVERIFY(figures.all.requests >= 2);
    QCOMPARE(figures.all.failed, 0u);
  }

  // What a server may do, and the kind that it is counted under.
  void badServers_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const QByteArray& answer, FailureKind kind, const char* said) { QTest::newRow(name) << answer << static_cast<int>(kind) << QByteArray(said); };
    row("status", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", FailureKind::Status, "503");
    row("closes", "", FailureKind::Closed, "closed");
    row("garbage", "\x16\x03\x01 what", FailureKind::Garbage, "not HTTP");
    row("1 GB", "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n" + QByteArray(100'000, 'x'), FailureKind::TooLarge, "64 MiB");
    row("longer than its length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcd", FailureKind::WrongLength, "more bytes");
    row("redirect loop", "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", FailureKind::Redirects, "more than 10 redirects");
    row("redirect to elsewhere", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.9:1/\r\nContent-Length: 0\r\n\r\n", FailureKind::Redirects, "another server");
    row("head without end", "HTTP/1.1 200 OK\r\n" + QByteArray("A: b\r\n").repeated(20'000), FailureKind::TooLarge, "header");
  }

  void badServers() {
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(QByteArray, said);
    LoadServer server([answer](const std::string&, int) { return answer.toStdString(); });
    const RunFigures figures = runOf(planFor(server.url(), 2));
    const bool isAnswer = kind != static_cast<int>(FailureKind::Closed) && kind != static_cast<int>(FailureKind::Garbage);
    QCOMPARE(figures.end, isAnswer ? RunFigures::End::Completed : RunFigures::End::Failed);
    QVERIFY(figures.all.requests > 0);
    QCOMPARE(figures.all.failed, figures.all.requests);
    QCOMPARE(failuresOf(figures, static_cast<FailureKind>(kind)), figures.all.requests);
    QVERIFY2(allExamples(figures).find(said.toStdString()) != std::string::npos, allExamples(figures).c_str());
  }

  void aBodyShorterThanItsLength() {
    LoadServer server([](const std::string&, int fd) {
      const std::string part = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";
      (void)!::send(fd, part.data(), part.size(), MSG_NOSIGNAL);
      return std::string();
    });
    const RunFigures figures = runOf(planFor(server.url()));
    QCOMPARE(failuresOf(figures, FailureKind::Closed), figures.all.requests);
    QVERIFY(allExamples(figures).find("in the middle") != std::string::npos);
  }

  void aServerThatTricklesIsTimedOut() {
    LoadServer server([&server](const std::string&, int fd) {
      const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
      (void)!::send(fd, head.data(), head.size(), MSG_NOSIGNAL);
      while (!server.over() && ::send(fd, "x", 1, MSG_NOSIGNAL) == 1) std::this_thread::sleep_for(20ms);
      return std::string();
    });
    RunPlan plan = planFor(server.url(), 2, 600ms);
    plan.scenario.timeout = 200ms;
    const RunFigures figures = runOf(plan);
    QVERIFY(figures.all.requests >= 2);
    QCOMPARE(failuresOf(figures, FailureKind::Timeout), figures.all.requests);
    QVERIFY(allExamples(figures).find("200 ms") != std::string::npos);
  }

  // A server that took every request and answered none made a run of 0 errors that had passed, and nothing was said of those that waited.
  void aServerThatNeverAnswers_data() {
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("gracefulMs");
    QTest::newRow("nothing") << QByteArray() << 0 << 1000;
    QTest::newRow("nothing, to arrivals") << QByteArray() << 20 << 1000;
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le") << 0 << 1000;
    QTest::newRow("half a body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") << 0 << 1000;
    QTest::newRow("to be continued") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n") << 0 << 1000;
    QTest::newRow("nobody waits for an answer") << QByteArray() << 0 << 0;
  }
  void aServerThatNeverAnswers() {
    QFETCH(QByteArray, said);
    QFETCH(int, rate);
    QFETCH(int, gracefulMs);
    LoadServer server([&](const std::string&, int fd) {
      if (!said.isEmpty()) (void)!::send(fd, said.constData(), static_cast<std::size_t>(said.size()), MSG_NOSIGNAL);
      while (!server.over()) std::this_thread::sleep_for(5ms);
      return std::string();
    });
    RunPlan plan = planFor(server.url(), 3, 300ms);
    Executor& executor = plan.scenario.executor;
    executor.gracefulStop = Millis{gracefulMs};
    if (rate > 0) {
      executor.kind = ExecutorKind::ConstantArrivalRate;
      executor.rate = rate;
      executor.preAllocatedVus = executor.maxVus = 3;
    }
    plan.scenario.thresholds = {{"http_req_duration", "p(95)<100"}, {"errors", "count<1"}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QCOMPARE(figures.interrupted, 3u);
    if (gracefulMs == 0) {  // no request has waited long, and none has ended
      QCOMPARE(figures.all.requests, 0u);
      QVERIFY2(figures.problem.starts_with("Not one request was answered before the run ended: 3 were under way."), figures.problem.c_str());
      return;
    }
    QCOMPARE(failuresOf(figures, FailureKind::Unanswered), 3u);
    QCOMPARE(figures.all.failed, 3u);
    QVERIFY2(figures.problem.starts_with("Not one of 3 requests was answered (unanswered: no whole answer for 1000 ms when the run ended)."), figures.problem.c_str());
    QVERIFY(!figures.thresholds[0].passed && !figures.thresholds[1].passed);
  }

  void aHandshakeThatNeverEnds() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor("https://127.0.0.1:" + std::to_string(server.port()), 2);  // that server waits for the end of a line
    plan.scenario.executor.gracefulStop = 1s;
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QCOMPARE(failuresOf(figures, FailureKind::Unanswered), 2u);
  }

  // A server that hung in the middle of a run had no errors, and a threshold on them held.
  void aServerThatHangsInTheMiddle() {
    LoadServer server([&server](const std::string&, int) {
      if (server.requests > 5)
        while (!server.over()) std::this_thread::sleep_for(5ms);
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url(), 3, 3s);
    plan.scenario.executor.gracefulStop = 1s;
    plan.scenario.thresholds = {{"errors", "count<1"}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Completed);
    QCOMPARE(failuresOf(figures, FailureKind::Unanswered), 3u);
    QCOMPARE(figures.interrupted, 3u);
    QVERIFY(!figures.thresholdsPassed());
    QVERIFY(figures.all.latency.maxNs() >= 1'000'000'000u);
  }

  // Users that a ramp takes away wait for their answers no longer than that.
  void aServerThatHangsWhileUsersLeave() {
    LoadServer server([&server](const std::string&, int) {
      while (!server.over()) std::this_thread::sleep_for(5ms);
      return std::string();
    });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::RampingVus;
    executor.startVus = 4;
    executor.stages = {{300ms, 1}, {1800ms, 1}};
    executor.gracefulRampDown = executor.gracefulStop = 1s;
    QCOMPARE(failuresOf(runOf(plan), FailureKind::Unanswered), 4u);
  }

  // An answer that is only slow, here not slower than others were, is no failure where the scenario gives none the time.
  void aSlowAnswerIsCutOffAndNoFailure() {
    RunFigures figures;
    for (int run = 0; run < 5 && (figures.interrupted != 2 || figures.all.failed != 0); ++run) {  // a machine that stands still in the middle makes the second answers the slowest
      std::atomic<int> requests = 0;
      LoadServer server([&](const std::string&, int) {
        const int most = ++requests <= 2 ? 150 : 6000;
        for (int i = 0; i < most && !server.over(); ++i) std::this_thread::sleep_for(10ms);
        return httpOk("x");
      });
      RunPlan plan = planFor(server.url(), 2, 2500ms);
      plan.scenario.executor.gracefulStop = 0ms;
      figures = runOf(plan);
      QCOMPARE(figures.end, RunFigures::End::Completed);
    }
    QCOMPARE(figures.interrupted, 2u);
    QCOMPARE(figures.all.failed, 0u);
  }

  // A threshold on users was held against 0 of them.
  void thresholdsOnUsersSeeThem() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 3);
    plan.scenario.thresholds = {{"vus", "value==3"}, {"vus", "value<3"}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.thresholds[0].value, 3.0);
    QVERIFY(figures.thresholds[0].passed);
    QVERIFY(!figures.thresholds[1].passed);
  }

  void nobodyListens() {
    const RunFigures figures = runOf(planFor("http://127.0.0.1:1"));
    QVERIFY(figures.all.requests > 0);
    QCOMPARE(failuresOf(figures, FailureKind::Connect), figures.all.requests);
    // It was a whole and valid run of so many errors.
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QVERIFY2(figures.problem.starts_with("Not one of " + std::to_string(figures.all.requests) + " requests was answered (connect: "), figures.problem.c_str());
  }

  void oneAnswerMakesItARun() {
    LoadServer server([n = std::make_shared<std::atomic<int>>(0)](const std::string&, int) { return ++*n == 1 ? httpOk("x") : std::string(); });
    const RunFigures figures = runOf(planFor(server.url()));
    QCOMPARE(figures.all.failed, figures.all.requests - 1);
    QCOMPARE(figures.end, RunFigures::End::Completed);
  }

  void aNameThatNobodyKnows() {
    const RunFigures figures = runOf(planFor("http://no-such-host.invalid"));
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QVERIFY2(figures.problem.find("no-such-host.invalid") != std::string::npos, figures.problem.c_str());
  }

  void tlsToAServerWithoutIt() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor("https://127.0.0.1:" + std::to_string(server.port()));
    plan.scenario.timeout = 200ms;  // that server waits for the end of a line
    const RunFigures figures = runOf(plan);
    QVERIFY(figures.all.requests > 0);
    QCOMPARE(figures.all.failed, figures.all.requests);
    QCOMPARE(failuresOf(figures, FailureKind::Tls) + failuresOf(figures, FailureKind::Timeout), figures.all.requests);
  }

  // A kept connection that the server closed between two requests is no failure of either.
  void aKeptConnectionThatWasClosedIsOpenedAgain() {
    LoadServer server([](const std::string&, int fd) {
      const std::string answer = httpOk("x");
      (void)!::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
      return std::string();  // closes, without having said so
    });
    const RunFigures figures = runOf(planFor(server.url()));
    QVERIFY(figures.all.requests >= 3);  // of two users
    QCOMPARE(figures.all.failed, 0u);
  }

  void stopEndsAtOnce() {
    LoadServer server([&server](const std::string&, int) {
      while (!server.over()) std::this_thread::sleep_for(5ms);
      return std::string();
    });
    auto run = startLoad(planFor(server.url(), 10, 60s));
    QVERIFY(run.ok());
    QTRY_COMPARE_WITH_TIMEOUT(server.requests.load(), 10, 60000);
    QElapsedTimer since;
    since.start();
    (*run)->stop();
    const RunFigures figures = (*run)->wait();
    QVERIFY2(since.elapsed() < 10'000, qPrintable(QString::number(since.elapsed())));  // the promise of the button, not a speed: an answer has 20 s
    QCOMPARE(figures.end, RunFigures::End::Stopped);
    QCOMPARE(figures.interrupted, 10u);
    QCOMPARE(figures.all.requests, 0u);  // what the operator cut off has not failed
  }

  void aPauseStopsNewRequestsAndTheClock() {
    LoadServer server([](const std::string&, int) {
      std::this_thread::sleep_for(1ms);
      return httpOk("x");
    });
    auto run = startLoad(planFor(server.url(), 3, 4s));
    QVERIFY(run.ok());
    QTRY_VERIFY_WITH_TIMEOUT(server.requests > 10, 60000);
    (*run)->setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().state, RunFigures::State::Paused, 60000);
    QTest::qWait(500);  // what was on its way has arrived
    const int then = server.requests;
    QTest::qWait(4000);
    QCOMPARE(server.requests.load(), then);
    QVERIFY(!(*run)->ended());  // 4 s of schedule are not over
    (*run)->setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(server.requests > then, 60000);
    QCOMPARE((*run)->wait().end, RunFigures::End::Completed);
  }

  void usersCanBeChangedWhileItRuns() {
    LoadServer server([](const std::string&, int) {
      std::this_thread::sleep_for(1ms);
      return httpOk("x");
    });
    auto run = startLoad(planFor(server.url(), 2, 60s));
    QVERIFY(run.ok());
    (*run)->setLevel(9);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().users, 9, 60000);
    (*run)->setLevel(1);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().users, 1, 60000);
    (*run)->setLevel(1e9);
    QTRY_VERIFY_WITH_TIMEOUT((*run)->figures().users > 100, 60000);
    QVERIFY((*run)->figures().users <= Caps().users);
    (*run)->stop();
    QCOMPARE((*run)->wait().marks.size(), 3u);
  }

  // The pause up to the change counted twice: nothing came for as long again, here for the rest of the run.
  void aRateThatIsSetInAPauseHoldsWhenItEnds() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 50;
    executor.duration = 3s;
    executor.preAllocatedVus = executor.maxVus = 10;
    auto run = startLoad(std::move(plan));
    QVERIFY(run.ok());
    QTRY_VERIFY_WITH_TIMEOUT(server.requests > 0, 60000);
    (*run)->setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().state, RunFigures::State::Paused, 60000);
    QTest::qWait(3200);  // longer than what is left of the run
    const int then = server.requests;
    (*run)->setLevel(100);
    (*run)->setPaused(false);
    const RunFigures figures = (*run)->wait();
    QCOMPARE(figures.end, RunFigures::End::Completed);
    QVERIFY2(server.requests > then, qPrintable(QStringLiteral("%1 before, %2 after").arg(then).arg(server.requests - then)));
  }

  // The first arrival after the end was due again and again, so that nothing else was: the run never ended, and took a whole processor.
  void aRunWhoseRateWasSetEnds() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    for (const double level : {7.0, 40.0, 100.0, 130.0}) {
      RunPlan plan = planFor(server.url());
      Executor& executor = plan.scenario.executor;
      executor.kind = ExecutorKind::ConstantArrivalRate;
      executor.rate = 50;
      executor.duration = 400ms;
      executor.preAllocatedVus = executor.maxVus = 10;
      auto run = startLoad(std::move(plan));
      QVERIFY(run.ok());
      QTRY_VERIFY_WITH_TIMEOUT((*run)->figures().state == RunFigures::State::Running || (*run)->ended(), 60000);
      (*run)->setLevel(level);
      QTRY_VERIFY_WITH_TIMEOUT((*run)->ended(), 60000);
    }
  }

  // All who waited for a user when the run was paused were told to have waited the pause through.
  void aPauseIsNobodysLatency() {
    std::atomic<bool> holds{true};
    LoadServer server([&](const std::string&, int) {
      while (holds && !server.over()) std::this_thread::sleep_for(2ms);
      return httpOk("x");
    });
    RunPlan plan = planFor(server.url());
    Executor& executor = plan.scenario.executor;
    executor.kind = ExecutorKind::ConstantArrivalRate;
    executor.rate = 100;
    executor.duration = 3s;
    executor.preAllocatedVus = executor.maxVus = 1;
    plan.scenario.thresholds = {{"http_reqs", "rate>0"}};
    auto run = startLoad(std::move(plan));
    QVERIFY(run.ok());
    QTRY_COMPARE_WITH_TIMEOUT(server.requests.load(), 1, 60000);
    QTest::qWait(200);  // others wait behind it
    (*run)->setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().state, RunFigures::State::Paused, 60000);
    holds = false;
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().all.requests, 1u, 60000);
    QTest::qWait(8000);
    QCOMPARE((*run)->figures().all.requests, 1u);
    (*run)->setPaused(false);
    const RunFigures figures = (*run)->wait();
    QCOMPARE(figures.end, RunFigures::End::Completed);
    QVERIFY2(figures.all.latency.maxNs() < 7'500'000'000u, qPrintable(QString::number(figures.all.latency.maxNs())));
    // Throughput is of the time in which there was load.
    QVERIFY(figures.pausedMs >= 8000);
    const double perSecond = 1000.0 * static_cast<double>(figures.all.requests) / static_cast<double>(figures.elapsedMs - figures.pausedMs);
    QCOMPARE(figures.perSecond(), perSecond);
    QCOMPARE(figures.thresholds[0].value, perSecond);
  }

  // An event came in the middle of a pause, and its effect was over when the load went on.
  void eventsWaitForAPauseToEnd() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 1, 4s);
    plan.scenario.events = {{Event::Kind::DropPrefix, 3s, "a:", {}}};
    std::atomic<bool> done{false};
    plan.hands.act = [&](const Event&, const std::stop_token&) {
      done = true;
      return std::string();
    };
    auto run = startLoad(std::move(plan));
    QVERIFY(run.ok());
    QTRY_VERIFY_WITH_TIMEOUT(server.requests > 0, 60000);
    (*run)->setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT((*run)->figures().state, RunFigures::State::Paused, 60000);
    QTest::qWait(3500);
    QVERIFY(!done);
    (*run)->setPaused(false);
    const RunFigures figures = (*run)->wait();
    QVERIFY(done);
    QVERIFY(figures.marks.back().atMs >= 6500);
  }

  void capsAreKept() {
    RunPlan plan = planFor("http://127.0.0.1:1", 100);
    plan.caps.users = 50;
    const auto run = startLoad(plan);
    QVERIFY(!run.ok());
    QVERIFY2(run.error().find("at most 50") != std::string::npos, run.error().c_str());
  }

  // Users without a pause would begin as fast as the service answers.
  void theAllowedRateHoldsForUsersToo() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 5, 2s);
    plan.caps.perSecond = 40;
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Completed);
    const double allowed = 40 * static_cast<double>(figures.elapsedMs) / 1000 + 5;
    QVERIFY2(static_cast<double>(figures.all.requests) <= allowed, qPrintable(QStringLiteral("%1 of %2").arg(figures.all.requests).arg(allowed)));
    QVERIFY(figures.all.requests > 1);
    plan.scenario.executor.kind = ExecutorKind::SharedIterations;
    plan.scenario.executor.iterations = 20;
    plan.scenario.executor.maxDuration = 60s;
    QCOMPARE(runOf(plan).iterations, 20u);  // all of them, though they wait in between
  }

  void aCrossedThresholdMayStopTheRun() {
    LoadServer server([](const std::string&, int) { return std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"); });
    RunPlan plan = planFor(server.url(), 1, 60s);
    plan.scenario.thresholds = {{"http_req_failed", "rate<0.1", true, 0ms}, {"http_req_duration", "p(95)<60000", false, 0ms}};
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::ThresholdAborted);
    QVERIFY(figures.elapsedMs < 30'000);
    QCOMPARE(figures.thresholds.size(), 2u);
    QVERIFY(!figures.thresholds[0].passed);
    QVERIFY(figures.thresholds[1].passed);
    QVERIFY(!figures.thresholdsPassed());
  }

  void eventsAreDoneAtTheirTime() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    RunPlan plan = planFor(server.url(), 1, 4s);
    plan.scenario.events = {{Event::Kind::DropPrefix, 200ms, "b:", {}}, {Event::Kind::DropPrefix, 50ms, "a:", {}}};
    std::mutex mutex;
    std::vector<std::string> done;
    plan.hands.act = [&](const Event& event, const std::stop_token&) {
      const std::lock_guard lock(mutex);
      done.push_back(event.prefix);
      return event.prefix == "b:" ? std::string("it did not work") : std::string();
    };
    const RunFigures figures = runOf(plan);
    QCOMPARE(done, (std::vector<std::string>{"a:", "b:"}));
    QCOMPARE(figures.marks.size(), 3u);
    QVERIFY(figures.marks[2].text.find("it did not work") != std::string::npos);
  }

  void anEmptiedCacheNeedsARedis() {
    RunPlan plan = planFor("http://127.0.0.1:1");
    plan.scenario.cache = CachePreparation::Flushed;
    const RunFigures figures = runOf(plan);
    QCOMPARE(figures.end, RunFigures::End::Failed);
    QVERIFY(figures.problem.find("--redis") != std::string::npos);
  }

  void aSecretMustBeGivenAndIsNotInAnyText() {
    LoadServer server([](const std::string&, int) { return std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"); });
    RunPlan plan = planFor(server.url());
    plan.scenario.secretVariables = {"password"};
    plan.scenario.steps[0].path = "/x?p=${password}";
    QVERIFY(!startLoad(plan).ok());
    plan.variables["password"] = "c4nary";
    const RunFigures figures = runOf(plan);
    QVERIFY(figures.all.requests > 0);
    QVERIFY(allExamples(figures).find("c4nary") == std::string::npos);
    QVERIFY(figures.problem.find("c4nary") == std::string::npos);
  }

  // What a long run needs is what a short one needs.
  void memoryStaysFlat() {
    LoadServer server([](const std::string&, int) { return httpOk("x"); });
    auto run = startLoad(planFor(server.url(), 20, 600s));
    QVERIFY(run.ok());
    QTRY_VERIFY_WITH_TIMEOUT((*run)->figures().all.requests > 5'000, 60000);
    const long before = residentKb();
    QTRY_VERIFY_WITH_TIMEOUT((*run)->figures().all.requests > 60'000, 60'000);
    const long after = residentKb();
    QVERIFY2(after - before < mostGrowthKb, qPrintable(QStringLiteral("%1 kB").arg(after - before)));
  }
};

QTEST_GUILESS_MAIN(TestLoadRun)
#include "tst_load_run.moc"
