// SPDX-License-Identifier: GPL-3.0-or-later
// Where the results of `cachedeck load` go, in which form, and what is said when they cannot be written.
#include "tests/core/tst_load_server.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

namespace {

struct Outcome {
  int code = -1;
  QByteArray out, err;
  QByteArray all() const { return "exit code " + QByteArray::number(code) + '\n' + out + err; }
};

}  // namespace

class TestLoadOutput : public QObject {
  Q_OBJECT
  QTemporaryDir m_home;
  QString m_gone;  ///< a folder that goes with the first request for /remove
  LoadServer m_server{[this](const std::string& head, int) {
    if (head.starts_with("GET /remove")) QDir().rmdir(m_gone);
    return httpOk("hello");
  }};

  enum class Output { Read, Refused };
  Outcome load(const QStringList& arguments, Output output = Output::Read) const {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) environment.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    // A descriptor that is not open for writing: every write fails, on whatever machine.
    if (output == Output::Refused) process.setChildProcessModifier([] { ::dup2(::open("/dev/null", O_RDONLY), STDOUT_FILENO); });
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("load")} + arguments);
    if (!process.waitForFinished(120'000)) process.kill();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  Outcome words(const QString& text, Output output = Output::Read) const { return load(text.split(QLatin1Char(' ')), output); }
  Outcome run(const QStringList& more, Output output = Output::Read) const {
    return load(QStringList{QStringLiteral("run"), QStringLiteral("--url"), QString::fromStdString(m_server.url()), QStringLiteral("--vus"), QStringLiteral("1"), QStringLiteral("--duration"), QStringLiteral("200ms")} + more, output);
  }
  QByteArray content(const QString& path) const {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // A soak of 24 h said at its end that its file was not written, and ended with 0.
  void aFileThatCannotBeWrittenIsSaidBeforeTheRun() {
    const int before = m_server.requests;
    for (const QString& out : {QStringLiteral("/nonexistent/o.json"), m_home.path(), m_home.filePath(QStringLiteral("o.html"))}) {
      const Outcome outcome = run({QStringLiteral("--out"), out});
      QVERIFY2(outcome.code == 2 && outcome.err.contains(out.toUtf8()), outcome.all());
    }
    QCOMPARE(m_server.requests.load(), before);
  }

  void oneThatFailsAtTheEndIsExitCode1() {
    m_gone = m_home.filePath(QStringLiteral("gone"));
    const QString scenario = m_home.filePath(QStringLiteral("remove.json"));
    QVERIFY(QDir().mkpath(m_gone));
    QFile file(scenario);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"name": "remove", "executor": "per-vu-iterations", "vus": 1, "iterations": 1, "steps": [{"name": "a", "path": "/remove"}]})");
    file.close();
    const Outcome outcome = load({QStringLiteral("run"), scenario, QStringLiteral("--url"), QString::fromStdString(m_server.url()), QStringLiteral("--out"), m_gone + QStringLiteral("/o.json")});
    QVERIFY(!QFile::exists(m_gone));
    QVERIFY2(outcome.code == 1 && outcome.err.contains("was not written"), outcome.all());
  }

  void anOutputThatFailsIsExitCode1() {
    QCOMPARE(run({}).code, 0);
    for (const Outcome& outcome : {run({}, Output::Refused), run({QStringLiteral("--json")}, Output::Refused), words(QStringLiteral("list"), Output::Refused), words(QStringLiteral("list --json"), Output::Refused),
                                   words(QStringLiteral("runs"), Output::Refused), words(QStringLiteral("runs --json"), Output::Refused), words(QStringLiteral("report last"), Output::Refused),
                                   words(QStringLiteral("export-k6 baseline --url http://127.0.0.1:1"), Output::Refused)})
      QVERIFY2(outcome.code == 1 && outcome.err.contains("Standard output could not be written"), outcome.all());
  }

  // `run --out x.csv` wrote JSON, and `report --out x.csv` a text.
  void theEndingDecidesTheForm_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("ofRun");
    QTest::addColumn<QByteArray>("ofReport");
    const QByteArray csv = "from_ms,width_ms,", markdown = "# Load run: ", json = "{", text = "\n  url\n";
    QTest::newRow("csv") << QStringLiteral("o.csv") << csv << csv;
    QTest::newRow("capitals") << QStringLiteral("o.CSV") << csv << csv;
    QTest::newRow("md") << QStringLiteral("o.md") << markdown << markdown;
    QTest::newRow("json") << QStringLiteral("o.Json") << json << json;
    QTest::newRow("txt") << QStringLiteral("o.txt") << text << text;
    QTest::newRow("none") << QStringLiteral("o") << json << text;
    QTest::newRow("another") << QStringLiteral("o.log") << json << text;
  }
  void theEndingDecidesTheForm() {
    QFETCH(QString, name);
    QFETCH(QByteArray, ofRun);
    QFETCH(QByteArray, ofReport);
    const QString file = m_home.filePath(name);
    const Outcome outcome = run({QStringLiteral("--out"), file});
    QVERIFY2(outcome.code == 0 && content(file).startsWith(ofRun), outcome.all() + content(file));
    const Outcome report = words(QStringLiteral("report last --out ") + file);
    QVERIFY2(report.code == 0 && content(file).startsWith(ofReport), report.all() + content(file));
  }

  void whatIsNamedGoesBeforeTheEnding() {
    const QString file = m_home.filePath(QStringLiteral("named.csv"));
    QCOMPARE(words(QStringLiteral("report last --format md --out ") + file).code, 0);
    QVERIFY(content(file).startsWith("# Load run: "));
  }

  // Comparisons and scorecards have no CSV, and gave a text with exit code 0.
  void aFormThatThereIsNotIsRefused() {
    QCOMPARE(run({}).code, 0);
    QCOMPARE(run({}).code, 0);
    for (const QString& asked : {QStringLiteral("compare last-1 last --format csv"), QStringLiteral("scorecard last --format csv"), QStringLiteral("report last --format html"), QStringLiteral("compare last-1 last --out ") + m_home.filePath(QStringLiteral("c.csv")),
                                 QStringLiteral("report last --out ") + m_home.filePath(QStringLiteral("r.HTML"))}) {
      const Outcome outcome = words(asked);
      QVERIFY2(outcome.code == 2 && outcome.out.isEmpty() && outcome.err.contains("there "), asked.toUtf8() + ": " + outcome.all());
    }
    QVERIFY(!QFile::exists(m_home.filePath(QStringLiteral("c.csv"))));
    QCOMPARE(words(QStringLiteral("compare last-1 last --format json")).code, 0);
  }
};

QTEST_GUILESS_MAIN(TestLoadOutput)
#include "tst_load_output.moc"
