// SPDX-License-Identifier: GPL-3.0-or-later
// Does the window answer while a large keyspace is listed? The longest wait of the event loop on the Keys page, idle and during the scan, and the memory that the scan takes.
//   bench_keys_page [KEYS]     5,000,000 by default, in 977 prefixes
#include "tests/support/process.h"
#include "tests/support/stall_probe.h"
#include "ui/keys/keyspage.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

double residentMb() {
  QFile file(QStringLiteral("/proc/self/statm"));
  return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  const int keys = argc > 1 ? std::atoi(argv[1]) : 5'000'000;
  RedisServer redis;
  if (const QString problem = redis.start(); !problem.isEmpty()) qFatal("%s", qPrintable(problem));
  for (int from = 0; from < keys; from += 100000)
    redis.cli({QStringLiteral("eval"), QStringLiteral("for i=tonumber(ARGV[1]),tonumber(ARGV[2]) do redis.call('SET','session:'..(i%977)..':'..i,'v') end"), QStringLiteral("0"), QString::number(from),
               QString::number(std::min(keys, from + 100000) - 1)});

  Theme::instance().setScheme(Theme::Scheme::Dark);
  QTemporaryDir folder;
  SystemClock clock;
  KeysTarget target;
  target.profile = QStringLiteral("bench");
  target.environment = Environment::Development;
  target.redis.host = QStringLiteral("127.0.0.1");
  target.redis.port = redis.port();
  target.stateFolder = folder.filePath(QStringLiteral("state"));
  target.configFolder = folder.filePath(QStringLiteral("config"));
  KeysPage page(clock, [] { return std::optional<double>(); });
  page.resize(1600, 1000);
  page.show();
  StallProbe stalls;
  stalls.start();
  QTest::qWait(2000);
  const double idle = stalls.worst(), before = residentMb();
  stalls.start();
  QElapsedTimer timer;
  timer.start();
  page.open(target);
  double largest = before;
  do {
    QTest::qWait(50);
    largest = std::max(largest, residentMb());
  } while (page.browsing().isScanning() || page.browsing().isListing());
  std::printf("%d keys: listed in %.1f s; longest wait of the window %.1f ms (idle %.1f ms); memory +%.0f MB at most\n", keys, static_cast<double>(timer.elapsed()) / 1000, stalls.worst(), idle, largest - before);
  return 0;
}
