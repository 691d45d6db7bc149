// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself, run as a person or a script runs it, on a sandbox of its own.
#include "core/sandbox/sandbox.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <fcntl.h>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

struct Outcome {
  int exitCode = -1;
  QByteArray out, err;
};

QString program() { return qEnvironmentVariable("CACHEDECK_BIN"); }

}  // namespace

class TestProgram : public QObject {
  Q_OBJECT
  QTemporaryDir m_home;
  QMap<QString, QString> m_urls;

  QProcessEnvironment environment() const {
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
      env.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) env.remove(QLatin1String(name));
    env.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    return env;
  }
  enum class Output { Read, Full };
  Outcome run(const QStringList& arguments, const QProcessEnvironment& env, int seconds = 120, Output output = Output::Read) const {
    QProcess process;
    if (output == Output::Full) process.setChildProcessModifier([] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); });
    process.setProcessEnvironment(env);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program(), arguments);
    if (!process.waitForFinished(seconds * 1000)) {
      process.kill();
      process.waitForFinished();
      return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  Outcome run(const QStringList& arguments, int seconds = 120) const { return run(arguments, environment(), seconds); }
  QStringList named() const {
    return {QStringLiteral("--redis"), m_urls[QStringLiteral("redis")], QStringLiteral("--postgres"), m_urls[QStringLiteral("postgres")],
            QStringLiteral("--prometheus"), m_urls[QStringLiteral("prometheus")]};
  }
  static QJsonObject metrics(const QJsonObject& line, const char* source) {
    return line[QLatin1String("sources")][QLatin1String(source)][QLatin1String("metrics")].toObject();
  }

 private Q_SLOTS:
  void initTestCase() {
    // As root the servers run under another account, which has to get to its folder.
    QVERIFY(QFile::setPermissions(m_home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther));
    const Outcome up = run({QStringLiteral("sandbox"), QStringLiteral("up"), QStringLiteral("--json"), QStringLiteral("--dir"), m_home.filePath(QStringLiteral("box"))});
    QVERIFY2(up.exitCode == 0, up.err.constData());
    const QJsonObject info = QJsonDocument::fromJson(up.out).object();
    for (const char* url : {"redis", "postgres", "prometheus", "alertmanager", "pushgateway"}) {
      m_urls[QLatin1String(url)] = info[QLatin1String(url)].toString();
      QVERIFY2(!m_urls[QLatin1String(url)].isEmpty(), url);
    }
  }
  void cleanupTestCase() {
    const Outcome down = run({QStringLiteral("sandbox"), QStringLiteral("down"), QStringLiteral("--dir"), m_home.filePath(QStringLiteral("box"))});
    QVERIFY2(down.exitCode == 0, down.err.constData());
  }

  void watchPrintsWhatTheServersSay() {
    Outcome watch;
    const auto allLive = [&] {  // a server that stands still for a moment is stale, and rightly so
      watch = run(QStringList{QStringLiteral("watch"), QStringLiteral("--json"), QStringLiteral("--count"), QStringLiteral("3")} + named());
      return watch.exitCode == 0 && watch.out.count("\"live\"") == 9;
    };
    QVERIFY2(becomes(allLive), (watch.out + watch.err).constData());
    const QList<QByteArray> lines = watch.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    for (const QByteArray& text : lines) {
      QJsonParseError error;
      const QJsonObject line = QJsonDocument::fromJson(text, &error).object();
      QCOMPARE(error.error, QJsonParseError::NoError);
      QVERIFY(metrics(line, "redis")[QLatin1String("redis.ops")].toDouble() > 0);
      QVERIFY(metrics(line, "redis")[QLatin1String("redis.memory_limit")].toDouble() == 64.0 * 1048576);
      QVERIFY(metrics(line, "postgres")[QLatin1String("postgres.connections")].toDouble() >= 1);
      QVERIFY(metrics(line, "postgres")[QLatin1String("postgres.max_connections")].toDouble() == 100);
      QCOMPARE(line[QLatin1String("sources")][QLatin1String("redis")][QLatin1String("state")].toString(), QStringLiteral("live"));
    }
  }

  // It waited for ever, and said nothing.
  void aPictureOfABrokenSnapshotEnds() {
    QFile broken(m_home.filePath(QStringLiteral("broken.cdsnap")));
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("PK no more") > 0);
    broken.close();
    for (const QString& file : {broken.fileName(), m_home.filePath(QStringLiteral("none.cdsnap"))}) {
      const QString picture = m_home.filePath(QStringLiteral("broken.png"));
      const Outcome outcome = run({QStringLiteral("--open"), file, QStringLiteral("--grab"), picture, QStringLiteral("--after"), QStringLiteral("1s")});
      QCOMPARE(outcome.exitCode, 1);
      QVERIFY2(outcome.err.startsWith("cachedeck: ") && outcome.err.contains(QFileInfo(file).fileName().toUtf8()), outcome.err.constData());
      QVERIFY(!QFileInfo::exists(picture));
    }
  }

  // URLs that a script waits for, and that never came, were exit code 0.
  void anOutputThatTakesNothingIsAFailure() {
    const QString box = m_home.filePath(QStringLiteral("box")), picture = m_home.filePath(QStringLiteral("full.png"));
    const QStringList status{QStringLiteral("sandbox"), QStringLiteral("status"), QStringLiteral("--dir"), box};
    for (const QStringList& arguments : {QStringList{QStringLiteral("--help")}, QStringList{QStringLiteral("--version")}, status, status + QStringList{QStringLiteral("--json")},
                                         QStringList{QStringLiteral("sandbox"), QStringLiteral("up"), QStringLiteral("--json"), QStringLiteral("--dir"), box},  // it runs already
                                         QStringList{QStringLiteral("--grab"), picture, QStringLiteral("--figures"), QStringLiteral("--after"), QStringLiteral("100ms")}}) {
      const Outcome outcome = run(arguments, environment(), 120, Output::Full);
      QVERIFY2(outcome.exitCode == 1 && outcome.err.contains("Standard output could not be written"), (arguments.join(QLatin1Char(' ')).toUtf8() + ": " + outcome.err).constData());
    }
  }

  void aPasswordOnTheCommandLineIsWarnedOfAndWiped() {
    QProcess process;
    process.setProcessEnvironment(environment());
    process.start(program(), QStringList{QStringLiteral("watch"), QStringLiteral("--json")} + named());
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 0, 60000);
    QFile cmdline(QStringLiteral("/proc/%1/cmdline").arg(process.processId()));
    QVERIFY(cmdline.open(QIODevice::ReadOnly));
    const QByteArray shown = cmdline.readAll();
    const QByteArray password = QUrl(m_urls[QStringLiteral("redis")]).password().toUtf8();
    QVERIFY(!password.isEmpty());
    QVERIFY(!shown.contains(password));
    process.terminate();
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    const QByteArray warning = process.readAllStandardError();
    for (const char* way : {"environment", "keyring", ".pgpass", "prompt"}) QVERIFY2(warning.contains(way), way);
    QVERIFY(!warning.contains(password));
    QFile log(m_home.filePath(QStringLiteral("XDG_STATE_HOME/cachedeck/cachedeck.log")));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(!log.readAll().contains(password));
  }

  void aPasswordFromTheEnvironmentIsTaken() {
    QUrl url(m_urls[QStringLiteral("redis")]);
    QProcessEnvironment env = environment();
    env.insert(QStringLiteral("CACHEDECK_REDIS_PASSWORD"), url.password());
    url.setPassword({});
    const Outcome watch = run({QStringLiteral("watch"), QStringLiteral("--json"), QStringLiteral("--count"), QStringLiteral("1"), QStringLiteral("--redis"), url.toString()}, env);
    QVERIFY2(watch.exitCode == 0, watch.err.constData());
    QVERIFY(!watch.err.contains("command line"));
  }

  void exitCodesTellWhatWentWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const QStringList& arguments, int exitCode, const char* said) {
      QTest::newRow(name) << arguments << exitCode << QByteArray(said);
    };
    const QString watch = QStringLiteral("watch"), json = QStringLiteral("--json"), one = QStringLiteral("--count=1"), redis = QStringLiteral("--redis");
    row("help", {QStringLiteral("--help")}, 0, "");
    row("unknown option", {QStringLiteral("--no-such")}, 2, "no-such");
    row("unknown command", {QStringLiteral("dance")}, 2, "dance");
    row("nothing named", {watch}, 2, "--redis URL");
    row("unknown profile", {watch, QStringLiteral("--profile"), QStringLiteral("nobody")}, 2, "nobody");
    row("wrong URL", {watch, redis, QStringLiteral("http://x")}, 2, "redis://");
    row("wrong time", {watch, redis, QStringLiteral("redis://127.0.0.1:1"), QStringLiteral("--every"), QStringLiteral("soon")}, 2, "soon");
    row("empty URL, as from an unset variable", {watch, redis, QString()}, 2, "empty");
    row("sandbox and URLs", {QStringLiteral("--sandbox"), QStringLiteral("--grab"), QStringLiteral("/nonexistent/x.png"), redis, QStringLiteral("redis://127.0.0.1:1")}, 2, "--sandbox");
    row("mistyped option with a password", {watch, QStringLiteral("--redsi"), QStringLiteral("redis://u:S3cretPw@127.0.0.1")}, 2, "***");
    row("no display", {}, 1, "display");
    row("nothing listens", {watch, json, one, redis, QStringLiteral("redis://127.0.0.1:1")}, 3, "127.0.0.1:1");
    row("bad size", {QStringLiteral("--grab"), QStringLiteral("/nonexistent/x.png"), QStringLiteral("--size"), QStringLiteral("big")}, 2, "big");
    row("bad page", {QStringLiteral("--grab"), QStringLiteral("/nonexistent/x.png"), QStringLiteral("--page"), QStringLiteral("moon"), redis, QStringLiteral("redis://127.0.0.1:1")}, 2, "moon");
    row("picture into nowhere", {QStringLiteral("--grab"), QStringLiteral("/nonexistent/x.png"), QStringLiteral("--after"), QStringLiteral("100ms")}, 1, "/nonexistent/x.png");
  }
  void exitCodesTellWhatWentWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, said);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.exitCode == exitCode, (QByteArray::number(outcome.exitCode) + ": " + outcome.err).constData());
    QVERIFY2((outcome.out + outcome.err).contains(said), (outcome.out + outcome.err).constData());
    QVERIFY(!(outcome.out + outcome.err).contains("S3cretPw"));
  }

  void grabRendersTheRealWindow() {
    const QString file = m_home.filePath(QStringLiteral("window.png"));
    const Outcome grab = run(QStringList{QStringLiteral("--grab"), file, QStringLiteral("--size"), QStringLiteral("1280x800"), QStringLiteral("--after"), QStringLiteral("5s")} + named());
    QVERIFY2(grab.exitCode == 0, grab.err.constData());
    const QImage image(file);
    QCOMPARE(image.size(), QSize(1280, 800));
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 4)
      for (int x = 0; x < image.width(); x += 4) colours.insert(image.pixel(x, y));
    QVERIFY(colours.size() > 60);
  }

  void killingTheConsoleLeavesNoServer() {
    QProcess process;
    QProcessEnvironment env = environment();
    env.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    process.setProcessEnvironment(env);
    process.start(program(), {QStringLiteral("--sandbox")});
    QVERIFY(process.waitForStarted());
    const QString base = m_home.filePath(QStringLiteral("XDG_RUNTIME_DIR/cachedeck")), other = m_home.filePath(QStringLiteral("XDG_CACHE_HOME/cachedeck"));
    const auto supervisors = [&] { return childrenOf(process.processId()); };
    QTRY_VERIFY_WITH_TIMEOUT(!supervisors().isEmpty(), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!serversOf(supervisors()).isEmpty(), 60000);
    const QList<qint64> family = supervisors() + serversOf(supervisors());
    process.kill();
    process.waitForFinished();
    QTRY_VERIFY_WITH_TIMEOUT(std::none_of(family.begin(), family.end(), [](qint64 pid) { return isRunning(pid); }), 60000);
    const auto entries = [](const QString& path) { return QDir(path).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(); };
    QTRY_COMPARE_WITH_TIMEOUT(entries(base + QStringLiteral("/sandboxes")) + entries(other + QStringLiteral("/sandboxes")), 0, 60000);
  }

 private:
  static bool isRunning(qint64 pid) {
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly)) return false;
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2, 1) != "Z";
  }
  static QList<qint64> childrenOf(qint64 pid) {
    QList<qint64> children;
    for (const QString& task : QDir(QStringLiteral("/proc/%1/task").arg(pid)).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      QFile list(QStringLiteral("/proc/%1/task/%2/children").arg(pid).arg(task));
      if (!list.open(QIODevice::ReadOnly)) continue;
      for (const QByteArray& child : list.readAll().split(' '))
        if (!child.isEmpty()) children.append(child.toLongLong());
    }
    return children;
  }
  static QList<qint64> serversOf(const QList<qint64>& supervisors) {
    QList<qint64> servers;
    for (const qint64 supervisor : supervisors) servers += childrenOf(supervisor);
    return servers;
  }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
