// SPDX-License-Identifier: GPL-3.0-or-later
// Load and the doctor on a sandbox in a directory of one's own: `load run --sandbox` said that none was running.
#include "tests/live/sandbox_fixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck::test;

class TestLoadSandbox : public QObject {
  Q_OBJECT
  QTemporaryDir m_home;
  const QString m_dir = m_home.filePath(QStringLiteral("own place"));

  QStringList environment() const {
    // An empty password took the place of the one that the sandbox knows.
    QStringList variables{QStringLiteral("DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"), QStringLiteral("CACHEDECK_LOAD_PASSWORD=")};
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) variables << QStringLiteral("%1=%2/%1").arg(QLatin1String(name), m_home.path());
    return variables;
  }
  Run run(const QStringList& arguments) const { return runCommand(qEnvironmentVariable("CACHEDECK_BIN"), arguments, environment()); }
  Run load(const QStringList& more) const { return run(QStringList{QStringLiteral("load"), QStringLiteral("run"), QStringLiteral("warm-cache")} + more); }

 private Q_SLOTS:
  void initTestCase() {
    // The servers' account has to pass.
    QVERIFY(QFile::setPermissions(m_home.path(), QFile::permissions(m_home.path()) | QFile::ExeGroup | QFile::ExeOther));
    const Run up = sandbox({QStringLiteral("up"), QStringLiteral("--dir"), m_dir, QStringLiteral("--json")}, environment());
    QVERIFY2(up.code == 0, up.err);
    QCOMPARE(up.json()[QLatin1String("dir")].toString(), m_dir);
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanupTestCase() {
    const Run down = sandbox({QStringLiteral("down"), QStringLiteral("--dir"), m_dir}, environment());
    QVERIFY2(down.code == 0, down.err);
  }

  void withoutItsDirectoryTheOptionIsNamed() {
    const Run outcome = load({QStringLiteral("--sandbox")});
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.err, QByteArray("cachedeck load: No sandbox is running. Start one with: cachedeck sandbox up, or name the directory of one that was started with --dir: --sandbox-dir DIR\n"));
  }

  void loadGoesToTheOneThatIsNamed() {
    const Run outcome = load({QStringLiteral("--sandbox-dir"), m_dir, QStringLiteral("--vus"), QStringLiteral("2"), QStringLiteral("--duration"), QStringLiteral("1s"), QStringLiteral("--json")});
    QVERIFY2(outcome.code == 0 || outcome.code == 99, outcome.out + outcome.err);  // 99: a threshold, on a busy machine
    QVERIFY2(outcome.json()[QLatin1String("requests")].toInt() > 0, outcome.out + outcome.err);
    QCOMPARE(outcome.json()[QLatin1String("errors")].toInt(), 0);
  }

  // Runs of the command had no processor time of the service, which those of the page have: only Redis and PostgreSQL were watched.
  void theRecordHasWhatPrometheusKnowsOfTheService() {
    Run card;
    int found = 0;
    for (int attempt = 0; attempt < 3 && found < 3; ++attempt) {  // again, where Prometheus stood still while it was to scrape
      const Run outcome = load({QStringLiteral("--sandbox-dir"), m_dir, QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("12s"), QStringLiteral("--json")});
      QVERIFY2(outcome.code == 0 || outcome.code == 99, outcome.out + outcome.err);
      card = run({QStringLiteral("load"), QStringLiteral("scorecard"), QStringLiteral("last"), QStringLiteral("--json")});
      found = 0;
      for (const QJsonValue& row : card.json()[QLatin1String("rows")].toArray())
        if (const QString id = row[QLatin1String("id")].toString(); id == QLatin1String("server_cpu") || id == QLatin1String("redis_memory") || id == QLatin1String("db_connections"))
          found += row[QLatin1String("value")].isDouble() ? 1 : 0;
    }
    QVERIFY2(found == 3, card.out);
  }

  // The console's account may make the schema that the direct workload keeps its rows in.
  void theDirectWorkloadRunsOnIt() {
    const Run outcome = run({QStringLiteral("load"), QStringLiteral("run"), QStringLiteral("direct-baseline"), QStringLiteral("--sandbox-dir"), m_dir, QStringLiteral("--time-scale"), QStringLiteral("0.02"), QStringLiteral("--json")});
    QVERIFY2(outcome.code == 0 || outcome.code == 99, outcome.out + outcome.err);
    QVERIFY2(outcome.json()[QLatin1String("requests")].toInt() > 0, outcome.out + outcome.err);
  }

  void theDoctorLooksAtItToo() {
    const Run outcome = run({QStringLiteral("doctor"), QStringLiteral("--sandbox-dir"), m_dir, QStringLiteral("--json")});
    QCOMPARE(outcome.json()[QLatin1String("looked")].toArray().size(), 6);
    QCOMPARE(run({QStringLiteral("doctor"), QStringLiteral("--sandbox-dir"), m_dir, QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1")}).code, 2);
  }

  void aDirectoryWithoutOneIsSaid() {
    const QString elsewhere = m_home.filePath(QStringLiteral("elsewhere"));
    const Run outcome = load({QStringLiteral("--sandbox-dir"), elsewhere});
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.err, QStringLiteral("cachedeck load: No sandbox is running in %1.\n").arg(elsewhere).toUtf8());
  }
};

QTEST_GUILESS_MAIN(TestLoadSandbox)
#include "tst_load_sandbox.moc"
