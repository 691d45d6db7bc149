// SPDX-License-Identifier: GPL-3.0-or-later
// `cachedeck doctor` as a person runs it: on a healthy sandbox, on one whose exporter was ended, on nothing.
#include "tests/support/process.h"
#include "tests/support/stand_still.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <csignal>

using namespace cachedeck::test;

namespace {

struct Outcome {
  int exitCode = -1;
  QByteArray out, err;
  QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

Outcome run(const QStringList& arguments, const QString& home) {
  QProcess process;
  QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) env.insert(QLatin1String(name), home + QLatin1Char('/') + QLatin1String(name));
  env.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
  process.setProcessEnvironment(env);
  process.setStandardInputFile(QProcess::nullDevice());
  process.start(qEnvironmentVariable("CACHEDECK_BIN"), arguments);
  if (!process.waitForFinished(90000)) process.kill();
  return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

bool finds(const QJsonObject& report, const char* check, const char* severity) {
  for (const QJsonValue& one : report.value(QStringLiteral("findings")).toArray())
    if (one[QStringLiteral("check")].toString() == QLatin1String(check) && one[QStringLiteral("severity")].toString() == QLatin1String(severity)) return true;
  return false;
}

}  // namespace

class TestDoctorProgram : public QObject {
  Q_OBJECT
  QTemporaryDir m_home;
  QJsonObject m_info;

  Outcome doctor(const QStringList& more = {}) const {
    QStringList arguments{QStringLiteral("doctor")};
    return run(arguments << QStringLiteral("--sandbox") << more, m_home.path());
  }

 private Q_SLOTS:
  void initTestCase() {
    // The servers' account has to pass: a sandbox lies in the caches' folder.
    QVERIFY(QFile::setPermissions(m_home.path(), QFile::permissions(m_home.path()) | QFile::ExeGroup | QFile::ExeOther));
    const Outcome up = run({QStringLiteral("sandbox"), QStringLiteral("up"), QStringLiteral("--json")}, m_home.path());
    QVERIFY2(up.exitCode == 0, up.err.constData());
    m_info = up.json();
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanupTestCase() { run({QStringLiteral("sandbox"), QStringLiteral("down")}, m_home.path()); }

  void aHealthySandboxHasNoFinding() {
    Outcome outcome;
    const StandStill machine;
    // From its first second on, before anything was scraped, and through a batch of its traffic.
    for (int look = 0, calm = 0; calm < 12; ++look) {
      outcome = doctor({QStringLiteral("--json")});
      QTest::qWait(1000);
      if (machine.isRecent() && look < 60) continue;
      ++calm;
      QVERIFY2(outcome.exitCode == 0, (outcome.out + outcome.err).constData());
      QVERIFY2(outcome.json().value(QStringLiteral("findings")).toArray().isEmpty(), outcome.out.constData());
      QCOMPARE(outcome.json().value(QStringLiteral("looked")).toArray().size(), 6);
      QVERIFY2(outcome.json().value(QStringLiteral("missing")).toArray().isEmpty(), outcome.out.constData());
    }
    const Outcome text = doctor();
    QCOMPARE(text.exitCode, 0);
    QVERIFY(text.out.contains("Looked at: Redis 7"));
    for (const char* source : {"redis", "postgres", "sample"}) {
      const QByteArray password = QUrl(m_info.value(QLatin1String(source)).toString()).password().toUtf8();
      QVERIFY(!password.isEmpty() && !text.out.contains(password) && !outcome.out.contains(password));
    }
  }

  void anExporterThatWasEndedIsSaid() {
    QVERIFY(::kill(static_cast<pid_t>(m_info.value(QStringLiteral("pids"))[QStringLiteral("redis_exporter")].toInteger()), SIGSTOP) == 0);
    Outcome outcome;
    QTRY_VERIFY2_WITH_TIMEOUT((outcome = doctor({QStringLiteral("--json")}), finds(outcome.json(), "exporter-down", "critical")), (outcome.out + outcome.err).constData(), 60000);
    QCOMPARE(outcome.exitCode, 1);
    const Outcome text = doctor();
    QVERIFY(text.out.startsWith("Critical"));
    QVERIFY(text.out.contains("to do:"));
    QVERIFY2(!text.out.contains("Start redis_exporter"), text.out.constData());  // it runs, and hangs
    QVERIFY(::kill(static_cast<pid_t>(m_info.value(QStringLiteral("pids"))[QStringLiteral("redis_exporter")].toInteger()), SIGCONT) == 0);
  }

  void nothingThatAnswersIsThree() {
    const QString nowhere = QStringLiteral("127.0.0.1:%1").arg(freePort());
    const Outcome outcome = run({QStringLiteral("doctor"), QStringLiteral("--json"), QStringLiteral("--redis"), QStringLiteral("redis://") + nowhere, QStringLiteral("--prometheus"), QStringLiteral("http://") + nowhere}, m_home.path());
    QCOMPARE(outcome.exitCode, 3);
    QVERIFY(finds(outcome.json(), "cache-connection", "critical"));
    QVERIFY(finds(outcome.json(), "prometheus-connection", "critical"));
  }

  void wrongArgumentsAreTwo() {
    QCOMPARE(run({QStringLiteral("doctor"), QStringLiteral("--profile"), QStringLiteral("none")}, m_home.path()).exitCode, 2);
    QCOMPARE(run({QStringLiteral("doctor"), QStringLiteral("--sandbox"), QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1")}, m_home.path()).exitCode, 2);
    QCOMPARE(run({QStringLiteral("doctor")}, m_home.path()).exitCode, 2);
  }
};

QTEST_GUILESS_MAIN(TestDoctorProgram)
#include "tst_doctor_program.moc"
