// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/ports.h"
#include "core/sandbox/probe.h"
#include "core/sandbox/proc_info.h"
#include "core/sandbox/server_process.h"

#include <QFile>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <set>
#include <thread>
#include <unistd.h>

using namespace cachedeck;
using namespace std::chrono_literals;

/// Child processes: what they get, how they end, and that they never outlive what started them.
class TestServerProcess : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void runsAProgram();
  void saysWhyItDidNotStart();
  void givesOnlyWhatIsNamed();
  void stopsAskingFirst();
  void killsWhatDoesNotListen();
  void stopsAStoppedFamily();
  void diesWithItsParent();
  void isCancelled();
  void findsFreePorts();
  void asksNobody();

 private:
  LaunchSpec shell(const QString& script) const {
    LaunchSpec spec;
    spec.name = QStringLiteral("shell");
    spec.program = QStringLiteral("/bin/sh");
    spec.arguments = {QStringLiteral("-c"), script};
    spec.environment = plainEnvironment(m_dir.path());
    spec.directory = m_dir.path();
    spec.logFile = m_dir.filePath(QStringLiteral("log"));
    return spec;
  }
  QTemporaryDir m_dir;
};

void TestServerProcess::runsAProgram() {
  const auto output = runProgram(shell(QStringLiteral("pwd; echo $HOME; echo oops >&2")), Deadline(10s));
  QVERIFY(output.ok());
  QCOMPARE(*output, m_dir.path().toUtf8() + '\n' + m_dir.path().toUtf8() + "\noops\n");
  const auto failed = runProgram(shell(QStringLiteral("echo the reason; exit 3")), Deadline(10s));
  QVERIFY(!failed.ok());
  QCOMPARE(failed.error().message, QStringLiteral("shell failed with exit code 3."));
  QCOMPARE(failed.error().detail, QStringLiteral("the reason"));
}

void TestServerProcess::saysWhyItDidNotStart() {
  LaunchSpec spec = shell({});
  spec.program = QStringLiteral("/no/such/program");
  const auto absent = ServerProcess::start(spec);
  QVERIFY(!absent.ok());
  QCOMPARE(absent.error().message, QStringLiteral("shell (/no/such/program) could not be started: No such file or directory."));
  spec = shell({});
  spec.logFile = QStringLiteral("/no/such/folder/log");
  QVERIFY(!ServerProcess::start(spec).ok());
}

void TestServerProcess::givesOnlyWhatIsNamed() {
  ::setenv("CACHEDECK_TEST_SECRET", "leaked", 1);
  int ends[2];
  QCOMPARE(::pipe(ends), 0);  // without close-on-exec, as a careless library would
  LaunchSpec spec = shell(QStringLiteral("env; ls /proc/self/fd; echo hello >&3"));
  spec.descriptors = {ends[1]};
  const auto output = runProgram(spec, Deadline(60s));
  QVERIFY(output.ok());
  QVERIFY(!output->contains("leaked"));
  // 0, 1, 2, the one that was passed, and the one with which ls reads the folder
  QVERIFY2(output->endsWith("\n0\n1\n2\n3\n4\n"), output->constData());
  char text[6] = {};
  QCOMPARE(::read(ends[0], text, 6), ssize_t(6));
  QCOMPARE(QByteArray(text, 6), QByteArray("hello\n"));
  ::close(ends[0]);
  ::close(ends[1]);
}

void TestServerProcess::stopsAskingFirst() {
  auto process = ServerProcess::start(shell(QStringLiteral("trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done")));
  QVERIFY(process.ok());
  QTRY_COMPARE_WITH_TIMEOUT(process->logTail(1), QStringLiteral("ready"), 60000);  // the trap is set
  process->stop();
  QCOMPARE(process->ending(), QStringLiteral("exit code 0"));
  QCOMPARE(process->logTail(1), QStringLiteral("asked"));
}

void TestServerProcess::killsWhatDoesNotListen() {
  auto process = ServerProcess::start(shell(QStringLiteral("trap '' TERM; echo ready; while :; do sleep 0.05; done")));
  QVERIFY(process.ok());
  QTRY_COMPARE_WITH_TIMEOUT(process->logTail(1), QStringLiteral("ready"), 60000);
  const pid_t pid = process->pid();
  process->stop(300ms);
  QCOMPARE(process->ending(), QStringLiteral("signal 9"));
  QVERIFY(!processAlive(pid));
}

void TestServerProcess::stopsAStoppedFamily() {
  auto process = ServerProcess::start(shell(QStringLiteral("setsid sleep 100 & wait")));
  QVERIFY(process.ok());
  const pid_t parent = process->pid();
  QTRY_VERIFY_WITH_TIMEOUT(!descendants(parent).empty(), 60000);
  const pid_t child = descendants(parent).front();
  process->signal(SIGSTOP, true);
  QVERIFY(processAlive(parent) && processAlive(child));
  process->signal(SIGKILL, true);
  QVERIFY(process->wait(Deadline(60s)));
  QTRY_VERIFY_WITH_TIMEOUT(!processAlive(child), 60000);
}

void TestServerProcess::diesWithItsParent() {
  pid_t pid = 0;
  std::thread([&] {
    auto process = ServerProcess::start(shell(QStringLiteral("sleep 100")));
    pid = process.ok() ? process->pid() : 0;
    if (process.ok()) process->leave();
  }).join();  // to the kernel, the thread is the parent
  QVERIFY(pid > 0);
  QTRY_VERIFY_WITH_TIMEOUT(!processAlive(pid), 60000);
}

void TestServerProcess::isCancelled() {
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = runProgram(shell(QStringLiteral("sleep 100")), Deadline(60s), stop.get_token());
  QVERIFY(!cancelled.ok());
  QVERIFY(cancelled.error().isCancelled());
  const auto late = runProgram(shell(QStringLiteral("sleep 100")), Deadline(50ms));
  QVERIFY(!late.ok());
  QCOMPARE(late.error().kind, Error::Kind::Timeout);
}

void TestServerProcess::findsFreePorts() {
  const QList<quint16> ports = freePorts(20);
  QCOMPARE(std::set<quint16>(ports.begin(), ports.end()).size(), size_t(20));
  QTcpServer server;
  QVERIFY(server.listen(QHostAddress::AnyIPv4));
  QVERIFY(!portIsFree(server.serverPort()));
}

void TestServerProcess::asksNobody() {
  const quint16 port = freePorts(1).value(0);
  QVERIFY(!acceptsTcp(port));
  QCOMPARE(httpStatus(port, "/"), 0);
  QVERIFY(!redisAnswers(port));
  QVERIFY(!postgresAnswers(port));
}

QTEST_GUILESS_MAIN(TestServerProcess)
#include "tst_server_process.moc"
