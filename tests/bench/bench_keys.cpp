// SPDX-License-Identifier: GPL-3.0-or-later
// Bulk work on keys: redis-cli in pipelines against `cachedeck keys`, in one run on one server, while a PING a millisecond on a connection of its own measures how long others wait.
//   bench_keys [KEYS] [ROUNDS]     1,000,000 keys, of which every fifth is risk:*, and 3 rounds by default
// Beside the peers stands what the server allows at most (keys_limit).
#include "core/keys/probe.h"
#include "tests/bench/keys_limit.h"
#include "tests/support/process.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

struct Tool {
  const char* name;
  QString command;   ///< for bash; exit code 0
  bool takesAway;    ///< the keys have to be filled in again
};

struct Work {
  const char* name;
  std::vector<Tool> tools;  ///< the first is the peer
};

class Bench {
 public:
  Bench(int keys, int rounds) : m_keys(keys), m_rounds(rounds) {
    if (const QString problem = m_redis.start(); !problem.isEmpty()) qFatal("%s", qPrintable(problem));
    m_environment.insert(QStringLiteral("XDG_STATE_HOME"), m_home.filePath(QStringLiteral("state")));
    m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home.filePath(QStringLiteral("config")));
  }
  void run();

 private:
  RedisOptions options() const {
    RedisOptions options;
    options.host = QStringLiteral("127.0.0.1");
    options.port = m_redis.port();
    return options;
  }
  void fill() const {
    m_redis.cli({QStringLiteral("flushall")});
    const QString script = QStringLiteral(
        "for i=tonumber(ARGV[1]),tonumber(ARGV[2]) do if i%5==0 then redis.call('SET','risk:id:'..i,string.rep('v',200),'EX',3600+i%7200) "
        "elseif i%5==4 then redis.call('HSET','session:'..(i%977)..':'..i,'name',string.rep('x',40),'state','open') else redis.call('SET','session:'..(i%977)..':'..i,string.rep('v',200)) end end");
    for (int from = 0; from < m_keys; from += 50000)
      m_redis.cli({QStringLiteral("eval"), script, QStringLiteral("0"), QString::number(from), QString::number(std::min(m_keys, from + 50000) - 1)});
  }
  double seconds(const Tool& tool, double& p99) const;
  static double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  }

  const int m_keys, m_rounds;
  RedisServer m_redis;
  QTemporaryDir m_home;
  QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

double Bench::seconds(const Tool& tool, double& p99) const {
  keys::Probe probe(options());
  QProcess process;
  process.setProcessEnvironment(m_environment);
  QElapsedTimer timer;
  timer.start();
  process.start(QStringLiteral("bash"), {QStringLiteral("-o"), QStringLiteral("pipefail"), QStringLiteral("-c"), tool.command});
  process.waitForFinished(-1);
  const double seconds = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
  probe.stop();
  p99 = probe.percentile(0.99);
  const qint64 left = m_redis.cli({QStringLiteral("dbsize")}).toLongLong();
  const qint64 expected = tool.takesAway ? m_keys - (m_keys + 4) / 5 : m_keys;
  if (process.exitCode() != 0 || left != expected)
    qFatal("%s: exit code %d, %lld keys left, not %lld\n%s", tool.name, process.exitCode(), static_cast<long long>(left), static_cast<long long>(expected), process.readAllStandardError().constData());
  return seconds;
}

void Bench::run() {
  const QString cli = QStringLiteral("redis-cli -p %1").arg(m_redis.port()), scan = cli + QStringLiteral(" --scan --pattern 'risk:*'");
  const QString program = QCoreApplication::applicationDirPath() + QStringLiteral("/cachedeck keys ");
  const QString server = QStringLiteral(" --redis redis://127.0.0.1:%1/0 --match 'risk:*' --json").arg(m_redis.port());
  const std::vector<Work> all{
      {"count", {{"redis-cli --scan | wc", scan + QStringLiteral(" | wc -l"), false}, {"cachedeck keys count", program + QStringLiteral("count") + server, false}}},
      {"TTL",
       {{"redis-cli --scan | awk | --pipe", scan + QStringLiteral(" | awk '{printf \"*3\\r\\n$6\\r\\nEXPIRE\\r\\n$%d\\r\\n%s\\r\\n$4\\r\\n3600\\r\\n\", length($0), $0}' | ") + cli + QStringLiteral(" --pipe"), false},
        {"cachedeck keys ttl", program + QStringLiteral("ttl --set 3600 --yes") + server, false},
        {"cachedeck keys ttl --no-undo", program + QStringLiteral("ttl --set 3500 --yes --no-undo") + server, false},
        {"the limit: one pass, nothing kept", QStringLiteral("%1 --one-pass %2 3400").arg(QCoreApplication::applicationFilePath()).arg(m_redis.port()), false}}},
      {"delete",
       {{"redis-cli --scan | xargs unlink", scan + QStringLiteral(" | xargs -n 1000 ") + cli + QStringLiteral(" unlink >/dev/null"), true},
        {"cachedeck keys delete", program + QStringLiteral("delete --yes") + server, true},
        {"cachedeck keys delete --no-undo", program + QStringLiteral("delete --yes --no-undo") + server, true},
        {"… --no-undo --budget-ms 5", program + QStringLiteral("delete --yes --no-undo --budget-ms 5") + server, true}}},
  };
  fill();
  {
    keys::Probe idle(options());
    QProcess::execute(QStringLiteral("sleep"), {QStringLiteral("3")});
    idle.stop();
    std::printf("%d keys, %d rounds, medians; probe of the idle server: p99 %.2f ms\n", m_keys, m_rounds, idle.percentile(0.99));
  }
  for (const Work& work : all) {
    std::vector<std::vector<double>> times(work.tools.size()), waits(work.tools.size());
    for (int round = 0; round < m_rounds; ++round)
      for (std::size_t i = 0; i < work.tools.size(); ++i) {
        if (work.tools[i].takesAway) fill();
        double p99 = 0;
        times[i].push_back(seconds(work.tools[i], p99));
        waits[i].push_back(p99);
      }
    for (std::size_t i = 0; i < work.tools.size(); ++i)
      std::printf("%-8s %-34s %7.2f s   %5.1fx   probe p99 %6.2f ms\n", work.name, work.tools[i].name, median(times[i]), median(times[0]) / median(times[i]), median(waits[i]));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  if (argc == 4 && QLatin1String(argv[1]) == QLatin1String("--one-pass")) return setExpiriesInOnePass(std::atoi(argv[2]), std::atoi(argv[3]));
  Bench(argc > 1 ? std::atoi(argv[1]) : 1'000'000, argc > 2 ? std::atoi(argv[2]) : 3).run();
  return 0;
}
