// SPDX-License-Identifier: GPL-3.0-or-later
// What a cached answer of the service costs beside the bare HTTP library, and what the cache changes for 10 users. Needs wrk.
//   bench_sample hit     CPU of the server a request, rate and latency: bare library, cache in memory, cache in Redis; fails when any of them
//                        takes more than twice the CPU of the bare library
//   bench_sample users   10 users for 30 s, without cache and with Redis
#include "tests/bench/sample/bare_server.h"
#include "tests/bench/sample/wrk.h"
#include "tests/support/process.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QThread>

#include <algorithm>
#include <cstdio>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

constexpr unsigned threads = 2;  // of both servers; what the service takes by itself on two processors
const QString password = QStringLiteral("bench-only");

/// A child that prints "listening on URL" into its log.
struct Child {
  ServerProcess process;
  QString url;
};

Child startChild(const QString& dir, const QString& name, const QString& program, const QStringList& arguments, const QStringList& environment = {}) {
  LaunchSpec spec;
  spec.name = name;
  spec.program = program;
  spec.arguments = arguments;
  spec.environment = plainEnvironment(dir) + environment;
  spec.directory = dir;
  spec.logFile = dir + QLatin1Char('/') + name + QStringLiteral(".log");
  QFile::remove(spec.logFile);
  Result<ServerProcess> started = ServerProcess::start(spec);
  if (!started) qFatal("%s", qPrintable(started.error().message));
  Child child{std::move(*started), {}};
  static const QRegularExpression line(QStringLiteral("listening on (http://\\S+)"));
  for (int i = 0; i < 3000 && child.process.running() && child.url.isEmpty(); ++i) {
    QThread::msleep(10);
    QFile log(spec.logFile);
    if (log.open(QIODevice::ReadOnly)) child.url = line.match(QString::fromUtf8(log.readAll())).captured(1);
  }
  if (child.url.isEmpty()) qFatal("%s did not start:\n%s", qPrintable(name), qPrintable(child.process.logTail(20)));
  return child;
}

/// Redis and PostgreSQL, and services in front of them.
class System {
 public:
  System() {
    for (const QString& problem : {m_redis.start(), m_postgres.start()})
      if (!problem.isEmpty()) qFatal("%s", qPrintable(problem));
    m_postgres.psql(QStringLiteral("CREATE ROLE app LOGIN PASSWORD '%1'").arg(PostgresServer::password()));
    m_postgres.psql(QStringLiteral("CREATE DATABASE app OWNER app"));
  }
  Child service(const QString& cache, const QString& poolMode, const QString& queryCost, bool unixSocket = false) {
    const QString redis = unixSocket ? QStringLiteral("unix://%1/redis.sock").arg(m_redis.dir()) : QStringLiteral("redis://127.0.0.1:%1/0").arg(m_redis.port());
    const QString postgres = QStringLiteral("postgresql://app@127.0.0.1:%1/app").arg(m_postgres.port());
    return startChild(m_redis.dir(), QStringLiteral("sample"), QCoreApplication::applicationDirPath() + QStringLiteral("/cachedeck-sample"),
                      {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--postgres"), postgres, QStringLiteral("--redis"),
                       redis, QStringLiteral("--cache"), cache, QStringLiteral("--pool-mode"),
                       poolMode, QStringLiteral("--query-cost"), queryCost, QStringLiteral("--threads"), QString::number(threads)},
                      {QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=") + PostgresServer::password(), QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=") + password});
  }
  Child bare(int size) {
    return startChild(m_redis.dir(), QStringLiteral("bare"), QCoreApplication::applicationFilePath(), {QStringLiteral("bare"), QString::number(size)});
  }
  /// Sessions of the service at PostgreSQL now.
  double connections() const { return m_postgres.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'")).toDouble(); }
  QByteArray redis(const QStringList& command) const { return m_redis.cli(command); }

 private:
  RedisServer m_redis{{QStringLiteral("unixsocket @DIR@/redis.sock")}};
  PostgresServer m_postgres;
};

QString basic() { return QStringLiteral("Basic ") + QString::fromLatin1(("demo:" + password.toUtf8()).toBase64()); }

struct Cost {
  double cpuMicroseconds, rate, meanMs;
};

Cost measure(Child& child, const QString& path, int connections) {
  const double before = cpuSeconds(child.process.pid());
  const WrkRun run = runWrk(child.url, {path}, basic(), connections, 3);
  if (run.errors > 0) std::printf("%.0f errors!\n", run.errors);
  return {1e6 * (cpuSeconds(child.process.pid()) - before) / run.requests, run.requestsPerSecond, run.meanMs};
}

Cost median(std::vector<Cost> costs) {
  const auto of = [&](auto member) {
    std::sort(costs.begin(), costs.end(), [&](const Cost& a, const Cost& b) { return a.*member < b.*member; });
    return costs[costs.size() / 2].*member;
  };
  return {of(&Cost::cpuMicroseconds), of(&Cost::rate), of(&Cost::meanMs)};
}

constexpr double mostCpu = 2;  // of the service, against the bare library

/// False when a cached answer costs more than it may.
bool compareHit(System& system) {
  const QString path = QStringLiteral("/api/v1/risks/42");
  Child memory = system.service(QStringLiteral("memory"), QStringLiteral("dev"), QStringLiteral("0"));
  Child redis = system.service(QStringLiteral("redis"), QStringLiteral("dev"), QStringLiteral("0"));
  Child local = system.service(QStringLiteral("redis"), QStringLiteral("dev"), QStringLiteral("0"), true);
  for (const Child* service : {&memory, &redis, &local}) runWrk(service->url, {path}, basic(), 1, 1);  // filled
  const int size = system.redis({QStringLiteral("strlen"), QStringLiteral("risk:id:42")}).toInt();
  if (size == 0) qFatal("the services answer, but nothing is in Redis");
  Child bare = system.bare(size);
  std::printf("a cached answer of %d bytes; medians of 5 rounds of 3 s, wrk with one thread; CPU is the server process's\n", size);
  bool within = true;
  std::printf("%-6s %-16s %14s %12s %10s   %s\n", "users", "server", "CPU us/request", "requests/s", "mean ms", "CPU, rate, mean against bare");
  for (const int users : {1, 10, 50}) {
    std::pair<const char*, Child*> servers[] = {{"bare library", &bare}, {"cache in memory", &memory}, {"Redis, TCP", &redis}, {"Redis, Unix", &local}};
    std::vector<Cost> costs[4];
    for (int round = 0; round < 5; ++round)
      for (std::size_t i = 0; i < 4; ++i) costs[i].push_back(measure(*servers[i].second, path, users));
    const Cost reference = median(costs[0]);
    for (std::size_t i = 0; i < 4; ++i) {
      const Cost cost = median(costs[i]);
      const double cpu = cost.cpuMicroseconds / reference.cpuMicroseconds;
      within = within && cpu <= mostCpu;
      std::printf("%-6d %-16s %14.1f %12.0f %10.3f   %.2fx %.2fx %.2fx%s\n", users, servers[i].first, cost.cpuMicroseconds, cost.rate, cost.meanMs, cpu,
                  reference.rate / cost.rate, cost.meanMs / reference.meanMs, cpu <= mostCpu ? "" : "   too much CPU");
    }
    std::fflush(stdout);
  }
  return within;
}

/// What an iteration of the reference's load test visits.
QStringList visits() {
  QStringList paths;
  static const char* words[] = {"supplier", "access", "backup", "network", "privacy"};
  for (int i = 0; i < 50; ++i)
    paths << QStringLiteral("/api/v1/risks?page=%1&limit=20").arg(1 + i % 5) << QStringLiteral("/api/v1/stats?period=30d") << QStringLiteral("/api/v1/stats/risk-matrix")
          << QStringLiteral("/api/v1/risks?search=%1").arg(QLatin1String(words[i % 5])) << QStringLiteral("/api/v1/stats/trends?days=30")
          << QStringLiteral("/api/v1/risks/%1").arg(1 + 7 * i % 100);
  return paths;
}

void compareUsers(System& system, const QString& queryCost) {
  std::printf("10 users for 30 s without pauses, query cost %s, pool mode prod; times as wrk measured them, uncorrected\n", qPrintable(queryCost));
  std::printf("%-8s %10s %10s %10s %12s %10s %8s %22s\n", "cache", "mean ms", "p95 ms", "p99 ms", "requests/s", "hit rate", "errors", "DB connections mean/max");
  for (const char* cache : {"none", "redis"}) {
    Child service = system.service(QLatin1String(cache), QStringLiteral("prod"), queryCost);
    std::vector<double> seen;
    const WrkRun run = runWrk(service.url, visits(), basic(), 10, 30, [&] { seen.push_back(system.connections()); });
    double sum = 0;
    for (const double connections : seen) sum += connections;
    std::printf("%-8s %10.2f %10.2f %10.2f %12.0f %9.1f%% %8.0f %15.1f / %.0f\n", cache, run.meanMs, run.p95Ms, run.p99Ms, run.requestsPerSecond,
                100 * run.hits / run.requests, run.errors, sum / static_cast<double>(seen.size()), *std::max_element(seen.begin(), seen.end()));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = app.arguments();
  if (arguments.value(1) == QLatin1String("bare")) return serveBare(arguments.value(2).toUInt(), threads);
  if (arguments.value(1) == QLatin1String("hit")) {
    System system;
    return compareHit(system) ? 0 : 1;
  } else if (arguments.value(1) == QLatin1String("users")) {
    System system;
    compareUsers(system, arguments.value(2, QStringLiteral("100ms")));
  } else {
    std::fprintf(stderr, "bench_sample hit | users [QUERY-COST]\n");
    return 2;
  }
  return 0;
}
