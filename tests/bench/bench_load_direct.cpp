// SPDX-License-Identifier: GPL-3.0-or-later
// The direct workload against redis-benchmark and pgbench, on servers of its own: operations a second of the client's CPU time, in alternating rounds; the
// medians' ratios count. Exit 1 where a ratio is below its goal.
//   bench_load_direct [ROUNDS]
#include "core/load/load_run.h"
#include "tests/support/process.h"
#include "tests/support/start_load.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <sys/resource.h>
#include <vector>

using namespace cachedeck::load;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

constexpr int roundSeconds = 3, gets = 150'000;

double childrenCpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

struct Rate {
  double perSecond = 0, perCpuSecond = 0;
};

/// A peer that writes how many operations it did a second; for how many in all, or for how long a round takes.
std::optional<Rate> peer(const QString& program, const QStringList& arguments, const QString& rate, double inAll = 0) {
  const QString path = QStandardPaths::findExecutable(program);
  if (path.isEmpty()) return std::nullopt;
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("PGPASSWORD"), PostgresServer::password());
  process.setProcessEnvironment(environment);
  const double before = childrenCpuSeconds();
  process.start(path, arguments);
  if (!process.waitForFinished(120'000)) return std::nullopt;
  const double cpu = childrenCpuSeconds() - before;
  const auto match = QRegularExpression(rate).match(QString::fromUtf8(process.readAllStandardOutput()));
  if (!match.hasMatch() || cpu <= 0) return std::nullopt;
  const double perSecond = match.captured(1).toDouble();
  return Rate{perSecond, (inAll > 0 ? inAll : perSecond * roundSeconds) / cpu};
}

RunPlan planFor(const RedisServer& redis, const PostgresServer& postgres) {
  RunPlan plan;
  plan.scenario.name = "bench";
  plan.scenario.target = Target::CacheAside;
  plan.scenario.executor.duration = Millis(roundSeconds * 1000);
  plan.scenario.workload.distribution = CacheAsideWorkload::Keys::Uniform;
  plan.direct.redisHost = "127.0.0.1";
  plan.direct.redisPort = redis.port();
  plan.direct.postgres = {{"host", "127.0.0.1"}, {"port", std::to_string(postgres.port())}, {"user", "postgres"}, {"dbname", "postgres"}, {"password", PostgresServer::password().toStdString()}};
  return plan;
}

std::optional<Rate> ours(RunPlan plan) {
  const auto run = startLoad(std::move(plan));
  if (!run) {
    std::printf("%s\n", run.error().c_str());
    return std::nullopt;
  }
  const RunFigures figures = (*run)->wait();
  if (figures.all.failed > 0 || figures.all.requests == 0) std::printf("%llu failed. %s\n", static_cast<unsigned long long>(figures.all.failed), figures.problem.c_str());
  return Rate{figures.perSecond(), static_cast<double>(figures.all.requests) / std::max(0.001, figures.cpuSeconds)};
}

std::optional<Rate> cachedGets(const RedisServer& redis, const PostgresServer& postgres) {
  RunPlan plan = planFor(redis, postgres);
  plan.scenario.executor.vus = 50;
  plan.scenario.cache = CachePreparation::Warmed;
  return ours(std::move(plan));
}

std::optional<Rate> selects(const RedisServer& redis, const PostgresServer& postgres) {
  RunPlan plan = planFor(redis, postgres);
  plan.scenario.executor.vus = 10;
  plan.scenario.workload.keys = 100'000;
  plan.scenario.workload.valueBytes = 84;
  plan.scenario.workload.cache = false;
  plan.scenario.workload.poolMode = "dev";
  return ours(std::move(plan));
}

Rate median(std::vector<Rate> rates) {
  std::sort(rates.begin(), rates.end(), [](const Rate& a, const Rate& b) { return a.perCpuSecond < b.perCpuSecond; });
  return rates[rates.size() / 2];
}

/// True when the goal was reached, or the peer is not installed.
bool compare(const char* name, int rounds, double goal, const std::function<std::optional<Rate>()>& own, const char* peerName, const std::function<std::optional<Rate>()>& other) {
  std::vector<Rate> mine, theirs;
  for (int i = 0; i < rounds; ++i) {
    if (const auto rate = own()) mine.push_back(*rate);
    if (const auto rate = other()) theirs.push_back(*rate);
  }
  if (mine.empty()) return false;
  const Rate own1 = median(mine);
  std::printf("%-24s %9.0f/s %9.0f per client CPU second\n", name, own1.perSecond, own1.perCpuSecond);
  if (theirs.empty()) {
    std::printf("%-24s is not installed\n", peerName);
    return true;
  }
  const Rate peer1 = median(theirs);
  const double ratio = own1.perCpuSecond / peer1.perCpuSecond;
  std::printf("%-24s %9.0f/s %9.0f per client CPU second: %.2f times (goal %.2f)\n", peerName, peer1.perSecond, peer1.perCpuSecond, ratio, goal);
  return ratio >= goal;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
  RedisServer redis;
  PostgresServer postgres;
  if (const QString problem = startAll({&redis, &postgres}); !problem.isEmpty()) {
    std::printf("%s\n", qPrintable(problem));
    return 2;
  }
  redis.cli({QStringLiteral("set"), QStringLiteral("bench"), QString(512, QLatin1Char('x'))});
  const QString database = QStringLiteral("postgres"), postgresPort = QString::number(postgres.port());
  const QStringList where{QStringLiteral("-h"), QStringLiteral("127.0.0.1"), QStringLiteral("-p"), postgresPort, QStringLiteral("-U"), database};
  peer(QStringLiteral("pgbench"), QStringList{QStringLiteral("-i"), QStringLiteral("-q")} + where + QStringList{database}, QStringLiteral("(x)"));
  bool reached = compare("GET, 50 users", rounds, 1.0, [&] { return cachedGets(redis, postgres); }, "redis-benchmark -c 50", [&] {
    return peer(QStringLiteral("redis-benchmark"), {QStringLiteral("-p"), QString::number(redis.port()), QStringLiteral("-c"), QStringLiteral("50"), QStringLiteral("-n"), QString::number(gets), QStringLiteral("-q"), QStringLiteral("GET"), QStringLiteral("bench")},
                QStringLiteral("([0-9.]+) requests per second"), gets);
  });
  reached &= compare("SELECT, 10 users", rounds, 0.95, [&] { return selects(redis, postgres); }, "pgbench -S -c 10", [&] {
    return peer(QStringLiteral("pgbench"), QStringList{QStringLiteral("-S"), QStringLiteral("-n"), QStringLiteral("-M"), QStringLiteral("prepared"), QStringLiteral("-c"), QStringLiteral("10"), QStringLiteral("-T"), QString::number(roundSeconds)} + where + QStringList{database},
                QStringLiteral("tps = ([0-9.]+)"));
  });
  return reached ? 0 : 1;
}
