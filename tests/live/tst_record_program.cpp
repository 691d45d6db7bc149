// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_read.h"
#include "tests/support/process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace cachedeck;
using namespace cachedeck::test;

/// `cachedeck record` as a person or a script runs it, on a real Redis.
class TestRecordProgram : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void forAWhile();
  void untilItIsStopped_data();
  void untilItIsStopped();
  void secondOne();
  void killed();
  void nobodyAnswers();
  void wrongArguments();

 private:
  struct Outcome {
    int code = -1;
    QByteArray out, err;
  };
  void start(QProcess& process, const QStringList& arguments) const {
    process.setProcessEnvironment(m_environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("record")} + arguments);
  }
  static Outcome end(QProcess& process) {
    if (!process.waitForFinished(60'000)) process.kill();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  Outcome run(const QStringList& arguments) const {
    QProcess process;
    start(process, arguments);
    return end(process);
  }
  QStringList recorded(const QStringList& more = {}) const { return QStringList{QStringLiteral("--redis"), m_redisUrl} + more; }
  QJsonArray listed() const { return QJsonDocument::fromJson(run({QStringLiteral("list"), QStringLiteral("--json")}).out).array(); }
  // Until rows are on disk.
  bool waitForRows(double rows) const {
    return QTest::qWaitFor([&] { return listed().first().toObject().value(QStringLiteral("rows")).toDouble() >= rows; }, 60'000);
  }

  QTemporaryDir m_home;
  QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
  RedisServer m_redis;
  QString m_redisUrl;
};

void TestRecordProgram::initTestCase() {
  QCOMPARE(m_redis.start(), QString());
  m_redisUrl = QStringLiteral("redis://127.0.0.1:%1").arg(m_redis.port());
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) m_environment.insert(QLatin1String(name), m_home.filePath(QLatin1String(name)));
  for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) m_environment.remove(QLatin1String(name));
}

void TestRecordProgram::forAWhile() {
  QCOMPARE(run({QStringLiteral("list")}).out, QByteArray("Nothing was recorded yet.\n"));
  const Outcome outcome = run(recorded({QStringLiteral("--for"), QStringLiteral("10s"), QStringLiteral("--json")}));
  QVERIFY2(outcome.code == 0 && outcome.err.isEmpty(), outcome.err.constData());
  const QJsonObject last = QJsonDocument::fromJson(outcome.out.trimmed().split('\n').last()).object();
  QVERIFY2(last.value(QStringLiteral("rows")).toInt() >= 4, outcome.out.constData());
  QCOMPARE(last.value(QStringLiteral("recording")), QJsonValue(false));
  const QString file = last.value(QStringLiteral("file")).toString();
  QVERIFY(file.startsWith(m_home.path()));
  const auto info = recording::recordingInfo(file);
  QVERIFY(info.ok());
  const auto read = recording::readRecording(file, info->fromMs, info->toMs);
  QVERIFY(read.ok() && read->size() == 1);
  QCOMPARE(read->front().name, QByteArray("redis"));
  QVERIFY(std::ranges::any_of(read->front().columns, [](const auto& column) { return column.metric == "redis.memory_used" && std::ranges::any_of(column.values, [](double value) { return value > 100'000; }); }));
  QCOMPARE(listed().size(), 1);
  QCOMPARE(listed().first().toObject().value(QStringLiteral("profile")).toString(), QStringLiteral("Redis 127.0.0.1:%1").arg(m_redis.port()));
}

void TestRecordProgram::untilItIsStopped_data() {
  QTest::addColumn<int>("number");
  QTest::newRow("SIGINT") << SIGINT;
  QTest::newRow("SIGTERM") << SIGTERM;
}

void TestRecordProgram::untilItIsStopped() {
  QFETCH(const int, number);
  const double before = listed().first().toObject().value(QStringLiteral("rows")).toDouble();
  QProcess process;
  start(process, recorded());
  QVERIFY(waitForRows(before + 1));
  kill(static_cast<pid_t>(process.processId()), number);
  const Outcome outcome = end(process);
  QVERIFY2(outcome.code == 0 && outcome.out.contains("recording") && outcome.out.contains(" rows from "), outcome.out + outcome.err);
  QVERIFY(!listed().first().toObject().value(QStringLiteral("recording")).toBool());
}

void TestRecordProgram::secondOne() {
  QProcess first;
  start(first, recorded());
  QVERIFY(first.waitForReadyRead(60'000));
  const Outcome second = run(recorded());
  QCOMPARE(second.code, 1);
  QVERIFY2(second.err.contains("process " + QByteArray::number(first.processId())), second.err);
  QVERIFY(listed().first().toObject().value(QStringLiteral("recording")).toBool());
  first.terminate();
  QCOMPARE(end(first).code, 0);
}

void TestRecordProgram::killed() {
  const double before = listed().first().toObject().value(QStringLiteral("rows")).toDouble();
  QProcess process;
  start(process, recorded());
  QVERIFY(waitForRows(before + 2));
  process.kill();
  QVERIFY(process.waitForFinished(60'000));
  const QJsonObject after = listed().first().toObject();
  QVERIFY(after.value(QStringLiteral("rows")).toDouble() >= before + 2);
  QVERIFY(after.value(QStringLiteral("problem")).isNull());
  QCOMPARE(run(recorded({QStringLiteral("--for"), QStringLiteral("6s")})).code, 0);
}

void TestRecordProgram::nobodyAnswers() {
  const Outcome outcome = run({QStringLiteral("--redis"), QStringLiteral("redis://127.0.0.1:%1").arg(freePort()), QStringLiteral("--for"), QStringLiteral("2s")});
  QCOMPARE(outcome.code, 3);
  QVERIFY2(outcome.err.contains("Nothing listens on"), outcome.err);
}

void TestRecordProgram::wrongArguments() {
  const QString notes = m_home.filePath(QStringLiteral("notes.txt"));
  QFile file(notes);
  QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Buy milk\n") == 9);
  file.close();
  const Outcome refused = run(recorded({QStringLiteral("--file"), notes}));
  QVERIFY2(refused.code == 2 && refused.err.contains("is left as it is"), "exit code " + QByteArray::number(refused.code) + '\n' + refused.out + refused.err);
  QCOMPARE(run(recorded({QStringLiteral("--file"), QStringLiteral("/nonexistent/folder/file")})).code, 2);
  QCOMPARE(run(recorded({QStringLiteral("--for"), QStringLiteral("soon")})).code, 2);
  QCOMPARE(run({QStringLiteral("--profile"), QStringLiteral("None such")}).code, 2);
  QVERIFY(file.open(QIODevice::ReadOnly));
  QCOMPARE(file.readAll(), QByteArray("Buy milk\n"));
}

QTEST_GUILESS_MAIN(TestRecordProgram)
#include "tst_record_program.moc"
