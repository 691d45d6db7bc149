// SPDX-License-Identifier: GPL-3.0-or-later
// How soon the console notices that a server froze or died, how soon it is Live again, and the longest time that its event
// loop did not answer meanwhile. On a sandbox, whose supervisor starts killed servers again.
//   bench_faults PATH-OF-CACHEDECK
#include "app/console/console.h"
#include "core/profiles/fromurls.h"
#include "core/sandbox/proc_info.h"
#include "tests/support/no_keyring.h"
#include "tests/support/stall_probe.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>

using namespace cachedeck;
using Kind = SourceState::Kind;

namespace {

Kind kindOf(const Console& console, const QString& source) { return console.pollers().at(source)->state().kind; }

bool allLive(const Console& console) {
  return std::all_of(console.pollers().begin(), console.pollers().end(), [](const auto& p) { return p.second->state().kind == Kind::Live; });
}

void waitFor(const std::function<bool()>& condition) {
  if (!QTest::qWaitFor(condition, 60000)) std::printf("gave up after 60 s\n");
}

qint64 pidOf(const QString& dir, const QString& source) {
  const auto info = sandboxStatus(dir);
  return info ? info->pids.value(source) : 0;
}

void signalTree(qint64 pid, int number) {
  for (const pid_t child : descendants(static_cast<pid_t>(pid))) ::kill(child, number);
  ::kill(static_cast<pid_t>(pid), number);
}

void measure(Console& console, test::StallProbe& probe, const QString& dir, const QString& source, bool frozen) {
  if (!QTest::qWaitFor([&] { return allLive(console); }, 60000)) {
    std::printf("%-14s not all live before the fault\n", qPrintable(source));
    return;
  }
  QTest::qWait(1500);
  const qint64 pid = pidOf(dir, source);
  if (pid <= 1) {
    std::printf("%-14s has no pid\n", qPrintable(source));
    return;
  }
  probe.start();
  QElapsedTimer timer;
  timer.start();
  if (frozen)
    signalTree(pid, SIGSTOP);
  else
    ::kill(static_cast<pid_t>(pid), SIGKILL);
  waitFor([&] { return kindOf(console, source) != Kind::Live; });
  const double noticed = static_cast<double>(timer.elapsed()) * 1e-3;
  const QString state = stateName(kindOf(console, source));
  if (frozen) {
    QTest::qWait(4000);
    signalTree(pid, SIGCONT);
  }
  timer.restart();
  waitFor([&] { return kindOf(console, source) == Kind::Live; });
  const double back = static_cast<double>(timer.elapsed()) * 1e-3;
  probe.stop();
  std::printf("%-14s %-10s %-8s %12.2f %14.2f %16.1f\n", qPrintable(source), frozen ? "kill -STOP" : "kill -9", qPrintable(state), noticed, back,
              probe.worst());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_faults PATH-OF-CACHEDECK\n");
    return 2;
  }
  SandboxOptions options;
  options.program = QString::fromLocal8Bit(argv[1]);
  auto sandbox = Sandbox::startOwned(options, [](const QString&) {}, {});
  if (!sandbox) {
    std::fprintf(stderr, "%s\n", qPrintable(sandbox.error().message));
    return 1;
  }
  const SandboxInfo info = (*sandbox)->info();
  QTemporaryDir folder;
  Theme::instance().apply();
  Console console(test::noSecrets(), folder.path());
  auto made = profileFromUrls(QStringLiteral("bench"), info.urls);
  if (!made) return 1;
  made->handOver(console.secrets());
  console.window().resize(1600, 1000);
  console.window().show();
  console.open(made->profile);
  waitFor([&] { return !console.pollers().empty() && allLive(console); });
  QTest::qWait(3000);

  test::StallProbe probe;
  probe.start();
  QTest::qWait(10000);
  probe.stop();
  std::printf("idle for 10 s: longest event-loop stall %.1f ms\n", probe.worst());
  std::printf("%-14s %-10s %-8s %12s %14s %16s\n", "server", "fault", "state", "noticed s", "live again s", "longest stall ms");
  for (const char* source : {"redis", "postgres", "prometheus", "alertmanager", "pushgateway"})
    for (const bool frozen : {true, false}) measure(console, probe, info.dir, QString::fromLatin1(source), frozen);
  return 0;
}
