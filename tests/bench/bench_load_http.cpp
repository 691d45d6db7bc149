// SPDX-License-Identifier: GPL-3.0-or-later
// Load over HTTP, beside wrk, h2load, hey and k6 where they are installed, on an nginx of its own that answers 1 KB.
//   bench_load_http peers [ROUNDS]   requests a second of the generator's processor time at 50 kept connections; the medians' ratios count
//   bench_load_http stall            the server stands still for 500 ms under 2,000 arrivals a second; p95 and p99 against theory, and what a closed loop (hey) sees
//   bench_load_http memory [MILLIONS]  resident memory after one million requests and at the end
// Exit 1 where a goal is missed.
#include "tests/support/process.h"
#include "tests/support/start_load.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace cachedeck::load;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

constexpr int roundSeconds = 5, connections = 50;
constexpr double arrivals = 2000, stallS = 0.5, stalledRunS = 5;

class Nginx : public TestServer {
 public:
  Nginx() : TestServer(QStringLiteral("nginx"), {QStringLiteral("nginx")}) { addFile(QStringLiteral("1k"), QByteArray(1024, 'x')); }
  ~Nginx() override { stop(); }
  QString url() const { return QStringLiteral("http://%1/1k").arg(address()); }

 protected:
  QStringList arguments() override {
    const QByteArray config =
        "daemon off; master_process off; worker_processes 1; pid @DIR@/pid; error_log @DIR@/err;\n"
        "events { worker_connections 4096; }\n"
        "http { access_log off; keepalive_requests 1000000000; client_body_temp_path @DIR@/b; proxy_temp_path @DIR@/p; fastcgi_temp_path @DIR@/f;\n"
        "  uwsgi_temp_path @DIR@/u; scgi_temp_path @DIR@/s; server { listen 127.0.0.1:@PORT@ backlog=4096; root @DIR@; } }\n";
    return {QStringLiteral("-c"), addFile(QStringLiteral("nginx.conf"), filledIn(QString::fromLatin1(config)).toLatin1()), QStringLiteral("-p"), dir(), QStringLiteral("-e"), dir() + QStringLiteral("/err")};
  }
  bool ready() override {
    QProcess probe;
    probe.start(QStringLiteral("bash"), {QStringLiteral("-c"), QStringLiteral("exec 3<>/dev/tcp/127.0.0.1/%1").arg(port())});
    return probe.waitForFinished(1000) && probe.exitCode() == 0;
  }
};

double childrenCpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

struct Ran {
  QString out;
  double cpuSeconds = 0;
};

std::optional<Ran> ran(const QStringList& command) {
  QProcess process;
  process.setStandardErrorFile(QProcess::nullDevice());
  const double before = childrenCpuSeconds();
  process.start(command.first(), command.mid(1));
  if (!process.waitForFinished(120'000)) return std::nullopt;
  return Ran{QString::fromUtf8(process.readAllStandardOutput()), childrenCpuSeconds() - before};
}

struct Generator {
  const char* name;
  QStringList command;
  const char* requests;  ///< pattern whose captures add up to the requests that were answered
  double goal;           ///< ours / theirs
};

double requestsIn(const QString& text, const char* pattern) {
  double sum = 0;
  for (auto matches = QRegularExpression(QString::fromLatin1(pattern)).globalMatch(text); matches.hasNext();) sum += matches.next().captured(1).toDouble();
  return sum;
}

int peers(const Nginx& server, int rounds) {
  const QString seconds = QString::number(roundSeconds), users = QString::number(connections), url = server.url();
  const QString k6Script = server.dir() + QStringLiteral("/k6.js");
  QFile file(k6Script);
  if (!file.open(QIODevice::WriteOnly)) return 2;
  file.write(QStringLiteral("import http from 'k6/http'; export const options = {vus: %1, duration: '%2s'}; export default function () { http.get('%3'); }").arg(users, seconds, url).toUtf8());
  file.close();
  const std::vector<Generator> generators{
      {"cachedeck",
       {QCoreApplication::applicationDirPath() + QStringLiteral("/cachedeck"), QStringLiteral("load"), QStringLiteral("run"), QStringLiteral("--url"), url, QStringLiteral("--vus"), users,
        QStringLiteral("--duration"), seconds + QLatin1Char('s'), QStringLiteral("--json")},
       "\"requests\": ?([0-9]+),\\s*\"result\": ?\"[^\"]*\",\\s*\"rps\"", 1},
      {"wrk", {QStringLiteral("wrk"), QStringLiteral("-t1"), QStringLiteral("-c") + users, QStringLiteral("-d") + seconds, url}, "([0-9]+) requests in", 1},
      {"h2load", {QStringLiteral("h2load"), QStringLiteral("--h1"), QStringLiteral("-t1"), QStringLiteral("-c") + users, QStringLiteral("-D") + seconds, url}, "started, ([0-9]+) done", 0},
      {"hey", {QStringLiteral("hey"), QStringLiteral("-c"), users, QStringLiteral("-z"), seconds + QLatin1Char('s'), url}, "\\[200\\]\\s+([0-9]+) responses", 0},
      {"k6", {QStringLiteral("k6"), QStringLiteral("run"), QStringLiteral("--no-usage-report"), QStringLiteral("--no-color"), k6Script}, "http_reqs[.]*: ([0-9]+)", 7},
  };
  double own = 0;
  bool reached = true;
  for (const Generator& generator : generators) {
    if (QStandardPaths::findExecutable(generator.command.first()).isEmpty()) {
      std::printf("%-10s is not installed\n", generator.name);
      continue;
    }
    std::vector<double> rates;
    for (int i = 0; i < rounds; ++i) {
      const auto one = ran(generator.command);
      if (one && one->cpuSeconds > 0) rates.push_back(requestsIn(one->out, generator.requests) / one->cpuSeconds);
    }
    if (rates.empty()) return 2;
    std::sort(rates.begin(), rates.end());
    const double median = rates[rates.size() / 2];
    if (!(median > 0)) {  // its output has another form: a ratio of nothing would be printed
      std::printf("%-10s its requests could not be read\n", generator.name);
      return 2;
    }
    if (own == 0) own = median;
    std::printf("%-10s %9.0f requests a second of its processor time: cachedeck does %.2f times that", generator.name, median, own / median);
    std::printf(generator.goal > 0 ? " (goal %.1f)\n" : "\n", generator.goal);
    reached &= own / median >= generator.goal;
    std::fflush(stdout);
  }
  return reached ? 0 : 1;
}

RunPlan planFor(const Nginx& server) {
  RunPlan plan;
  plan.scenario.name = "bench";
  plan.scenario.steps.emplace_back();
  plan.scenario.steps.front().name = "1k";
  plan.scenario.steps.front().path = "/1k";
  plan.baseUrl = "http://" + server.address().toStdString();
  return plan;
}

/// Those that arrive in the stall wait for what is left of it: a share (S - t) / D of all waits longer than t.
double theoryMs(double quantile) { return 1000 * (stallS - (1 - quantile) * stalledRunS); }

bool judge(const char* name, double measuredMs, double theory) {
  const double off = measuredMs / theory - 1;
  std::printf("%-22s %7.1f ms, theory %7.1f ms: %+.1f %% (goal within 10 %%)\n", name, measuredMs, theory, 100 * off);
  return std::abs(off) <= 0.1;
}

int stall(Nginx& server) {
  RunPlan plan = planFor(server);
  Executor& executor = plan.scenario.executor;
  executor.kind = ExecutorKind::ConstantArrivalRate;
  executor.rate = arrivals;
  executor.duration = Millis(static_cast<int>(1000 * stalledRunS));
  executor.preAllocatedVus = executor.maxVus = 1500;
  const auto freeze = [&] {
    std::this_thread::sleep_for(2s);
    server.freeze();
    std::this_thread::sleep_for(std::chrono::duration<double>(stallS));
    server.thaw();
  };
  const auto run = startLoad(std::move(plan));
  if (!run) {
    std::printf("%s\n", run.error().c_str());
    return 2;
  }
  freeze();
  const RunFigures figures = (*run)->wait();
  std::printf("%llu requests, %llu failed, %llu dropped\n", static_cast<unsigned long long>(figures.all.requests), static_cast<unsigned long long>(figures.all.failed),
              static_cast<unsigned long long>(figures.dropped));
  bool good = judge("cachedeck p95", figures.all.latency.percentileNs(95) * 1e-6, theoryMs(0.95));
  good &= judge("cachedeck p99", figures.all.latency.percentileNs(99) * 1e-6, theoryMs(0.99));
  if (!QStandardPaths::findExecutable(QStringLiteral("hey")).isEmpty()) {
    QProcess hey;
    hey.start(QStringLiteral("hey"), {QStringLiteral("-c"), QString::number(connections), QStringLiteral("-z"), QStringLiteral("%1s").arg(stalledRunS), server.url()});
    freeze();
    hey.waitForFinished(30'000);
    const auto p99 = QRegularExpression(QStringLiteral("99% in (\\S+)")).match(QString::fromUtf8(hey.readAllStandardOutput()));
    std::printf("%-22s %7.1f ms: a closed loop waits with the server, and hides the stall\n", "hey p99", 1000 * p99.captured(1).toDouble());
  }
  return good ? 0 : 1;
}

double residentMb() {
  QFile status(QStringLiteral("/proc/self/status"));
  if (!status.open(QIODevice::ReadOnly)) return 0;
  return QRegularExpression(QStringLiteral("VmRSS:\\s+([0-9]+)")).match(QString::fromLatin1(status.readAll())).captured(1).toDouble() / 1024;
}

int memory(const Nginx& server, double millions) {
  RunPlan plan = planFor(server);
  plan.scenario.executor.vus = connections;
  plan.scenario.executor.duration = 3600s;
  const auto run = startLoad(std::move(plan));
  if (!run) return 2;
  double first = 0, last = 0;
  double requests = 0;
  for (; requests < millions * 1e6; std::this_thread::sleep_for(200ms)) {
    requests = static_cast<double>((*run)->figures().all.requests);
    if (requests < 1e6) continue;
    last = residentMb();
    if (first == 0) std::printf("after %.1f M requests %.1f MB\n", requests * 1e-6, first = last);
  }
  std::printf("after %.1f M requests %.1f MB (goal: at most 2 MB more)\n", requests * 1e-6, last);
  (*run)->stop();
  return (*run)->wait().all.failed == 0 && last - first <= 2 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  const QByteArray what = argc > 1 ? argv[1] : "";
  const double number = argc > 2 ? std::atof(argv[2]) : 0;
  Nginx server;
  if (const QString problem = server.start(); !problem.isEmpty()) {
    std::printf("%s\n", qPrintable(problem));
    return 2;
  }
  if (what == "peers") return peers(server, number > 0 ? static_cast<int>(number) : 3);
  if (what == "stall") return stall(server);
  if (what == "memory") return memory(server, number > 0 ? number : 10);
  std::puts("bench_load_http peers|stall|memory");
  return 2;
}
