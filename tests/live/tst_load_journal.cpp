// SPDX-License-Identifier: GPL-3.0-or-later
// What `cachedeck load run` leaves behind: its lines in the journal, its record.
#include "core/base/clock.h"
#include "core/runs/run_store.h"
#include "tests/core/tst_load_server.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;

namespace {

struct Outcome {
  int code = -1;
  QByteArray out, err;
  QByteArray all() const { return "exit code " + QByteArray::number(code) + '\n' + out + err; }
};

}  // namespace

class TestLoadJournal : public QObject {
  Q_OBJECT
  LoadServer m_server{[](const std::string& head, int) { return head.starts_with("GET /bad") ? std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n") : httpOk("hello"); }};
  std::unique_ptr<QTemporaryDir> m_home;

  QString state(const char* name = "") const { return m_home->filePath(QStringLiteral("XDG_STATE_HOME/cachedeck/") + QLatin1String(name)); }
  void start(QProcess& process, const QStringList& words) const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) environment.insert(QLatin1String(name), m_home->filePath(QLatin1String(name)));
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("load")} + words);
  }
  Outcome load(const QStringList& words) const {
    QProcess process;
    start(process, words);
    if (!process.waitForFinished(120'000)) process.kill();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  QStringList runOf(const char* path, const QStringList& more) const {
    return QStringList{QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server.url() + path), QStringLiteral("--vus"), QStringLiteral("1")} + more;
  }
  QString scenario(const QByteArray& text) const {
    QFile file(m_home->filePath(QStringLiteral("own.json")));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
  }
  QList<QJsonObject> journal() const {
    QList<QJsonObject> lines;
    QFile file(state("journal.jsonl"));
    if (!file.open(QIODevice::ReadOnly)) return lines;
    while (!file.atEnd()) lines.append(QJsonDocument::fromJson(file.readLine()).object());
    return lines;
  }
  static QString text(const QJsonObject& line, const char* member) { return line[QLatin1String(member)].toString(); }
  runs::RunStore store() const { return runs::RunStore(state("runs")); }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_home = std::make_unique<QTemporaryDir>();
  }

  // Where no Redis was named nothing was written, so that the run stood on no chart and in no journal.
  void aRunByAUrlAloneStandsInTheJournal() {
    const Outcome run = load(runOf("/x", {QStringLiteral("--duration"), QStringLiteral("300ms"), QStringLiteral("--no-save")}));
    QVERIFY2(run.code == 0, run.all());
    const QList<QJsonObject> lines = journal();
    QCOMPARE(lines.size(), 2);
    for (const QJsonObject& line : lines) {
      QCOMPARE(text(line, "action"), QStringLiteral("load.run"));
      QCOMPARE(text(line, "operation"), text(lines[0], "operation"));
      QVERIFY2(text(line, "where").contains(QString::fromStdString(m_server.url())), qPrintable(text(line, "where")));
    }
    QCOMPARE(text(lines[0], "phase"), QStringLiteral("begin"));
    QCOMPARE(text(lines[1], "phase"), QStringLiteral("end"));
    QCOMPARE(text(lines[1], "outcome"), QStringLiteral("done"));
    QVERIFY2(text(lines[1], "text").contains(QLatin1String(" requests, 0 failed, p95 ")), qPrintable(text(lines[1], "text")));
  }

  // "done", where the page called it failed.
  void aRunThatAThresholdEndedHasFailed() {
    const QString own = scenario(R"({"name": "own", "title": "Own", "executor": "constant-vus", "vus": 1, "duration": "60s", "steps": [{"name": "a", "path": "/bad"}],
  "thresholds": {"http_req_failed": [{"threshold": "rate<0.1", "abortOnFail": true}]}})");
    const Outcome run = load({QStringLiteral("run"), own, QStringLiteral("--url"), QString::fromStdString(m_server.url()), QStringLiteral("--time-scale"), QStringLiteral("0.5")});
    QVERIFY2(run.code == 99, run.all());
    const QList<QJsonObject> lines = journal();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(text(lines[1], "outcome"), QStringLiteral("failed"));
    QVERIFY2(text(lines[1], "text").endsWith(QLatin1String(", ended by a threshold")), qPrintable(text(lines[1], "text")));
    // Only the page noted that the times were scaled.
    const Result<runs::RunRecord> record = store().load(text(lines[0], "operation"));
    QVERIFY2(record.ok(), record ? "" : qPrintable(record.error().message));
    QCOMPARE(record->labels.value(QStringLiteral("time_scale")), QStringLiteral("0.5"));
  }

  void whatCannotBeJournaledDoesNotBegin() {
    QFile file(m_home->filePath(QStringLiteral("XDG_STATE_HOME")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const int before = m_server.requests;
    const Outcome run = load(runOf("/x", {QStringLiteral("--duration"), QStringLiteral("300ms"), QStringLiteral("--no-save")}));
    QVERIFY2(run.code == 1 && !run.err.isEmpty(), run.all());
    QCOMPARE(m_server.requests.load(), before);
  }

  // What could not be written once was never tried again: a run that outlived a full disk was lost.
  void aRunThatCouldNotBeKeptForAWhileIsKept() {
    QVERIFY(QDir().mkpath(state()));
    QFile::setPermissions(state(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile inTheWay(state("runs"));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QProcess process;
    start(process, runOf("/x", {QStringLiteral("--duration"), QStringLiteral("16s"), QStringLiteral("--json")}));
    QByteArray said;
    QVERIFY2(QTest::qWaitFor([&] { return (said += process.readAllStandardError()).contains("could not be kept, which is tried again"); }, 60'000), said);
    QVERIFY(inTheWay.remove());
    QVERIFY(process.waitForFinished(120'000));
    said += process.readAllStandardError();
    QVERIFY(process.exitCode() == 0 || process.exitCode() == 3);  // 3: the machine of the test was the bottleneck, which is kept as well
    QCOMPARE(said.count("kept"), 1);
    QCOMPARE(store().list(SystemClock().now().wallMs).runs.size(), 1);
  }
};

QTEST_GUILESS_MAIN(TestLoadJournal)
#include "tst_load_journal.moc"
