// SPDX-License-Identifier: GPL-3.0-or-later
// `cachedeck snapshot` as a person or cron runs it, on servers whose passwords would be noticed anywhere.
#include "core/snapshot/bundle.h"
#include "tests/live/tst_snapshot_support.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

struct Outcome {
  int exitCode = -1;
  QByteArray out, err, shown;  // shown: /proc/PID/cmdline while it ran
};

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

}  // namespace

class TestSnapshotProgram : public QObject {
  Q_OBJECT
  SnapshotServers m_servers;
  QTemporaryDir m_home;

  QProcessEnvironment environment() const {
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) env.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) env.remove(QLatin1String(name));
    env.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    return env;
  }
  Outcome run(const QStringList& arguments, const QProcessEnvironment& env, const QString& command = QStringLiteral("snapshot")) const {
    QProcess process;
    process.setProcessEnvironment(env);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{command} + arguments);
    Outcome outcome;
    const Deadline deadline(std::chrono::seconds(60));
    if (process.waitForStarted() && arguments.contains(QLatin1String("--for"))) {
      // The last of it, since a busy machine may not have let it begin for a while.
      do {
        QFile cmdline(QStringLiteral("/proc/%1/cmdline").arg(process.processId()));
        if (const QByteArray now = cmdline.open(QIODevice::ReadOnly) ? cmdline.readAll() : QByteArray(); !now.isEmpty()) outcome.shown = now;
      } while (!process.waitForFinished(100) && process.state() != QProcess::NotRunning && !deadline.expired());
    }
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(60000)) {
      process.kill();
      process.waitForFinished();
      return {};
    }
    outcome.exitCode = process.exitCode();
    outcome.out = process.readAllStandardOutput();
    outcome.err = process.readAllStandardError();
    return outcome;
  }
  Outcome run(const QStringList& arguments) const { return run(arguments, environment()); }
  QString file(const char* name) const { return m_home.filePath(QLatin1String(name)); }
  QStringList named() const {
    QStringList arguments;
    const QMap<QString, QString> urls = m_servers.urls();
    for (auto url = urls.begin(); url != urls.end(); ++url) arguments << QStringLiteral("--") + url.key() << url.value();
    return arguments;
  }
  QByteArray zipMembers(const QString& path) const {
    QProcess unzip;
    unzip.start(QStringLiteral("unzip"), {QStringLiteral("-p"), path});
    unzip.waitForFinished(30000);
    return unzip.readAllStandardOutput();
  }
  QByteArray filesOf(const QString& folder) const {
    QByteArray all;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
      QFile one(files.next());
      if (one.open(QIODevice::ReadOnly)) all += one.readAll();
    }
    return all;
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_servers.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_servers.redisCli({QStringLiteral("get"), QStringLiteral("nothing")});
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void takeShowAndVerify() {
    const QString path = file("all.cdsnap");
    const Outcome taken = run(QStringList{QStringLiteral("take"), QStringLiteral("--for"), QStringLiteral("3s"), QStringLiteral("--title"), QStringLiteral("Black Friday"), QStringLiteral("--note"), QStringLiteral("One line\n") + QStringLiteral("long ").repeated(700) + QStringLiteral("THE-END\nlast"), QStringLiteral("--out"), path} + named());
    QVERIFY2(taken.exitCode == 0, (taken.out + taken.err).constData());
    QVERIFY2(taken.out.contains("4 of 4 servers"), taken.out.constData());
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

    const Outcome shown = run({QStringLiteral("show"), path});
    QVERIFY2(shown.exitCode == 0, shown.err.constData());
    for (const char* part : {"Black Friday", "redis-info", "postgres-statements", "alertmanager-silences", "redis.memory_used", "PostgreSQL"}) QVERIFY2(shown.out.contains(part), part);
    for (const char* part : {"\n  | One line\n  | long ", "long THE-END\n  | last\n"}) QVERIFY2(shown.out.contains(part), shown.out.constData());  // the whole note, in its lines
    const Outcome json = run({QStringLiteral("show"), path, QStringLiteral("--json")});
    const QJsonObject object = QJsonDocument::fromJson(json.out).object();
    QCOMPARE(object[QLatin1String("servers")].toArray().size(), 4);
    QCOMPARE(object[QLatin1String("facts")].toArray().size(), 11);
    QVERIFY(object[QLatin1String("series")][QLatin1String("redis.memory_used")][QLatin1String("mean")].toDouble() > 100'000);
    const Outcome intact = run({QStringLiteral("verify"), path});
    QVERIFY2(intact.exitCode == 0 && intact.out.contains("intact"), (intact.out + intact.err).constData());

    const QByteArray members = zipMembers(path);
    QVERIFY(members.contains("maxmemory"));
    for (const QByteArray& text : {members, taken.out, taken.err, taken.shown, shown.out, json.out, filesOf(m_home.path())}) QVERIFY2(canaryIn(text).isEmpty(), canaryIn(text).constData());
    QVERIFY(taken.shown.contains("take"));
  }

  void verifySaysWhichMemberDiffers() {
    const QString path = file("changed.cdsnap");
    QVERIFY(QFile::copy(file("all.cdsnap"), path));
    QFile changed(path);
    QVERIFY(changed.open(QIODevice::ReadWrite));
    const QByteArray bytes = changed.readAll();
    const qsizetype member = bytes.indexOf("facts/redis-info");
    QVERIFY(member > 0 && changed.seek(member + 200) && changed.write(QByteArray(1, static_cast<char>(bytes[member + 200] ^ 0x55))) == 1);
    changed.close();
    const Outcome outcome = run({QStringLiteral("verify"), path});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.out.contains("facts/redis-info"), (outcome.out + outcome.err).constData());
    QCOMPARE(run({QStringLiteral("verify"), path, QStringLiteral("--json")}).exitCode, 1);
    // As for `export` and `compare`; here it was 1, as of a file that was changed.
    for (const QString& look : {QStringLiteral("verify"), QStringLiteral("show")}) QCOMPARE(run({look, file("none.cdsnap")}).exitCode, 2);
  }

  void cronGetsPasswordsFromTheEnvironment() {
    QProcessEnvironment env = environment();
    env.insert(QStringLiteral("CACHEDECK_REDIS_PASSWORD"), canary("redis"));
    const Outcome taken = run(words("take --for 0 --out") + QStringList{file("cron.cdsnap"), QStringLiteral("--redis"), QStringLiteral("redis://") + m_servers.redis().address()}, env);
    QVERIFY2(taken.exitCode == 0, (taken.out + taken.err).constData());
    QVERIFY2(taken.err.isEmpty(), taken.err.constData());
    const Result<snapshot::Snapshot> read = snapshot::readBundle(file("cron.cdsnap"));
    QVERIFY(read.ok());
    QCOMPARE(read->servers.size(), 1);
    QVERIFY(read->series.empty() && read->profile.isEmpty());
  }

  // What had been recorded each second could not become a snapshot: `take --range` only asked Prometheus.
  void aRecordingBecomesASnapshot() {
    const QString recorded = file("shop.sqlite"), out = file("recorded.cdsnap");
    const QStringList redis{QStringLiteral("--redis"), m_servers.urls()[QStringLiteral("redis")]};
    const Outcome record = run(words("--for 8s --file") + QStringList{recorded} + redis, environment(), QStringLiteral("record"));
    QVERIFY2(record.exitCode == 0, (record.out + record.err).constData());
    const Outcome taken = run(words("take --for 0 --range 3m --recording") + QStringList{recorded, QStringLiteral("--out"), out} + redis);
    QVERIFY2(taken.exitCode == 0, (taken.out + taken.err).constData());
    QVERIFY2(taken.err.contains("it was recorded since") && !taken.err.contains("--recording FILE"), taken.err.constData());
    const Result<snapshot::Snapshot> read = snapshot::readBundle(out);
    QVERIFY(read.ok());
    QVERIFY(!read->series.empty() && read->series[0].timesMs.size() >= 3 && read->series[0].columns.size() > 20);
    // Servers by URL have a recording of their own, too; here nothing is in it.
    const Outcome own = run(words("take --for 0 --range 1m --out") + QStringList{out} + redis);
    QVERIFY2(own.exitCode == 0 && own.err.contains("--recording FILE"), own.err.constData());
    QCOMPARE(run(words("take --for 0 --range 1m --recording") + QStringList{file("none.sqlite"), QStringLiteral("--out"), out} + redis).exitCode, 2);
    QCOMPARE(run(words("take --for 0 --recording") + QStringList{recorded, QStringLiteral("--out"), out} + redis).exitCode, 2);
  }

  void exitCodesTellWhatWentWrong() {
    const QString down = QStringLiteral("redis://127.0.0.1:%1").arg(freePort()), out = file("down.cdsnap");
    const Outcome none = run(words("take --for 1s --out") + QStringList{out, QStringLiteral("--redis"), down});
    QCOMPARE(none.exitCode, 3);
    QVERIFY2(none.err.contains("Everything of Redis"), none.err.constData());
    QVERIFY(QFileInfo::exists(out));  // an outage is worth a file
    const Outcome some = run(words("take --for 1s --out") + QStringList{out, QStringLiteral("--redis"), down, QStringLiteral("--alertmanager"), m_servers.urls()[QStringLiteral("alertmanager")]});
    QCOMPARE(some.exitCode, 1);
    const QStringList redis{QStringLiteral("--redis"), down};
    QCOMPARE(run(words("take") + redis).exitCode, 2);
    QCOMPARE(run(words("take --for soon --out") + QStringList{out} + redis).exitCode, 2);
    QCOMPARE(run(words("take --for 3d --out") + QStringList{out} + redis).exitCode, 2);
    QCOMPARE(run(words("take --profile nobody --out") + QStringList{out}).exitCode, 2);
    QCOMPARE(run(words("take --out") + QStringList{m_home.path()} + redis).exitCode, 2);
    const Outcome nowhere = run(words("take --out") + QStringList{m_home.filePath(QStringLiteral("no/such/x.cdsnap"))} + redis);
    QVERIFY2(nowhere.exitCode == 1 && nowhere.err.contains("no folder"), nowhere.err.constData());
    QCOMPARE(run({}).exitCode, 2);
  }
};

QTEST_GUILESS_MAIN(TestSnapshotProgram)
#include "tst_snapshot_program.moc"
