// SPDX-License-Identifier: GPL-3.0-or-later
// What a load run leaves in the journal, and which of its values the Redactor knows.
#include "core/base/redactor.h"
#include "core/journal/action_events.h"
#include "core/load/k6_export.h"
#include "core/runs/plan_secrets.h"
#include "core/runs/run_journal.h"
#include "tests/core/tst_run_support.h"

#include <QFile>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

using End = load::RunFigures::End;

namespace {

RunRecord endedAs(End end) {
  RunRecord record = recordOf({.perSecond = 50, .seconds = 4}, 1);
  record.profile = QStringLiteral("shop");
  record.environment = QStringLiteral("staging");
  record.figures.end = end;
  return record;
}

}  // namespace

class TestRunJournal : public QObject {
  Q_OBJECT
  QTemporaryDir m_folder;
  Journal m_journal{m_folder.filePath(QStringLiteral("journal.jsonl")), Secret(QByteArray(32, 'k'))};

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aBeginSaysWhatAndWhere() {
    RunRecord record = endedAs(End::None);
    JournalEntry begin = loadBegin(record, QStringLiteral("10.0.0.5:6379"));
    QCOMPARE(begin.action, QStringLiteral("load.run"));
    QCOMPARE(begin.phase, QStringLiteral("begin"));
    QCOMPARE(begin.operation, record.id);
    QCOMPARE(begin.profile, QStringLiteral("shop"));
    QCOMPARE(begin.text, QStringLiteral("warm-cache"));
    QCOMPARE(begin.where, QStringLiteral("staging http://127.0.0.1:8080 10.0.0.5:6379"));
    QVERIFY(concerns(begin, {}, QStringLiteral("10.0.0.5:6379")));
    // By a URL alone there is neither profile nor Redis.
    record.profile = record.environment = QString();
    QCOMPARE(loadBegin(record, {}).where, QStringLiteral("http://127.0.0.1:8080"));
    record.url.clear();
    QCOMPARE(loadBegin(record, {}).where, QStringLiteral("cache-aside workload"));
  }

  // A run that a threshold ended was "failed" when the page had started it, and "done" by the command: charts marked the same thing in two ways.
  void howItEnded_data() {
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<int>("state");
    const auto row = [](const char* name, End end, const char* outcome, ActionEvent::State state) { QTest::newRow(name) << static_cast<int>(end) << QString::fromLatin1(outcome) << static_cast<int>(state); };
    row("completed", End::Completed, "done", ActionEvent::State::Done);
    row("stopped", End::Stopped, "cancelled", ActionEvent::State::Cancelled);
    row("ended by a threshold", End::ThresholdAborted, "failed", ActionEvent::State::Failed);
    row("failed", End::Failed, "failed", ActionEvent::State::Failed);
  }
  void howItEnded() {
    QFETCH(int, end);
    QFETCH(QString, outcome);
    QFETCH(int, state);
    RunRecord record = endedAs(static_cast<End>(end));
    if (record.figures.end == End::Failed) record.figures.problem = "Not one of 200 requests was answered.";
    const Result<JournalEntry> begin = m_journal.append(loadBegin(record, {}));
    QVERIFY(begin.ok());
    QTest::qWait(5);
    const std::optional<JournalEntry> written = writeEnd(m_journal, loadEnd(*begin, record));
    QVERIFY(written);
    QCOMPARE(written->outcome, outcome);
    QCOMPARE(written->operation, record.id);
    QCOMPARE(written->sequence, begin->sequence + 1);
    QVERIFY(written->wallMs > begin->wallMs);  // its own time, not that of the begin it is made of
    const QString text = written->text;
    if (record.figures.end == End::Failed) QCOMPARE(text, QStringLiteral("Not one of 200 requests was answered."));
    else QVERIFY2(text.startsWith(QLatin1String("warm-cache: 200 requests, 0 failed, p95 ")), qPrintable(text));
    QCOMPARE(text.endsWith(QLatin1String(", ended by a threshold")), record.figures.end == End::ThresholdAborted);
    const QList<ActionEvent> events = actionEvents({*begin, *written}, begin->wallMs);
    QCOMPARE(events.size(), 1);
    QCOMPARE(static_cast<int>(events.first().state), state);
  }

  void whatNeverStartedHasFailed() {
    const JournalEntry end = loadNotStarted(loadBegin(endedAs(End::None), {}), QStringLiteral("no\x01such"));
    QCOMPARE(end.phase, QStringLiteral("end"));
    QCOMPARE(end.outcome, QStringLiteral("failed"));
    QVERIFY(end.text.startsWith(QLatin1String("no")) && !end.text.contains(QChar(1)));
  }

  // Nobody learned that an end was not written.
  void anEndThatCannotBeWrittenIsLogged() {
    QFile file(m_folder.filePath(QStringLiteral("no folder")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    Journal journal(file.fileName() + QStringLiteral("/journal.jsonl"), Secret(QByteArray(32, 'k')));
    const RunRecord record = endedAs(End::Completed);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("How the load run %1 ended was not written to the journal: .+").arg(record.id)));
    QVERIFY(!writeEnd(journal, loadEnd(loadBegin(record, {}), record)));
  }

  void secretVariablesAreKnown() {
    load::RunPlan plan;
    plan.scenario.secretVariables = {"password", "given-by-nobody"};
    plan.variables = {{"password", "c4nary-one"}, {"page", "c4nary-open"}};
    const std::vector<Secret> secrets = secretsOf(plan, false);
    QCOMPARE(secrets.size(), std::size_t{1});
    QCOMPARE(redact(QStringLiteral("c4nary-one c4nary-open")), QStringLiteral("*** c4nary-open"));
  }

  // A script's scenario names no secret variable: the password that the sandbox knows reached the script, and what it printed of it reached the log.
  void whatAScriptIsGivenIsKnown() {
    load::RunPlan plan;
    plan.variables = {{load::k6Environment("user"), "c4nary-user"}, {load::k6Environment("password"), "c4nary-two"}, {"COLOUR", "c4nary-red"}};
    qputenv("CACHEDECK_LOAD_TOKEN", "c4nary-three");
    const std::vector<Secret> secrets = secretsOf(plan, true);
    qunsetenv("CACHEDECK_LOAD_TOKEN");
    QCOMPARE(secrets.size(), std::size_t{2});
    QCOMPARE(redact(QStringLiteral("c4nary-user c4nary-two c4nary-red c4nary-three")), QStringLiteral("c4nary-user *** c4nary-red ***"));
  }
};

QTEST_GUILESS_MAIN(TestRunJournal)
#include "tst_run_journal.moc"
