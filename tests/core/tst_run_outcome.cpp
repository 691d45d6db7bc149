// SPDX-License-Identifier: GPL-3.0-or-later
// What came of a run, in the words that page, commands and reports share.
#include "core/runs/run_outcome.h"
#include "tests/core/tst_run_support.h"

using namespace cachedeck;
using namespace cachedeck::runs;

namespace {

using End = load::RunFigures::End;

const load::ThresholdVerdict held{"http_req_duration", "p(95)<100", true, true, 43.1}, crossed{"errors", "count<5", false, true, 12};

RunRecord runOf(End end, std::vector<load::ThresholdVerdict> thresholds, std::uint64_t requests = 100, std::uint64_t failed = 0) {
  RunRecord record;
  record.figures.state = load::RunFigures::State::Ended;
  record.figures.end = end;
  record.figures.thresholds = std::move(thresholds);
  record.figures.all.requests = requests;
  record.figures.all.failed = failed;
  return record;
}

RunRecord limited(RunRecord record) {
  record.figures.limited = "the generator used 99 % of its processor";
  return record;
}

RunRecord partial(RunRecord record) {
  record.partial = true;
  return record;
}

}  // namespace

class TestRunOutcome : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void eachEndHasItsWords_data() {
    QTest::addColumn<RunRecord>("record");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const RunRecord& record, const char* text) { QTest::newRow(name) << record << QString::fromLatin1(text); };
    row("all hold", runOf(End::Completed, {held, held}), "passed");
    row("one is crossed", runOf(End::Completed, {held, crossed}), "failed, 1 of 2 thresholds crossed");
    row("a crossed one ended it", runOf(End::ThresholdAborted, {crossed}), "failed, 1 of 1 threshold crossed");
    // A run that was stopped by hand after two of thirty minutes stood in the list as passed.
    row("stopped while all held", runOf(End::Stopped, {held}), "stopped, no threshold crossed so far");
    row("stopped with one crossed", runOf(End::Stopped, {held, crossed}), "stopped, 1 of 2 thresholds crossed so far");
    row("stopped, nothing to judge", runOf(End::Stopped, {}), "stopped");
    row("the generator was the limit", limited(runOf(End::Completed, {held})), "not valid");
    row("stopped, and the generator was the limit", limited(runOf(End::Stopped, {held})), "not valid");
    row("its process is gone", partial(runOf(End::None, {held})), "interrupted");
    row("setup failed", runOf(End::Failed, {held}, 0), "did not run");
    row("nobody answered", runOf(End::Failed, {held}, 50, 50), "did not run");
    row("k6 crashed in the middle", runOf(End::Failed, {held}, 50, 1), "interrupted");
    row("no thresholds", runOf(End::Completed, {}), "no thresholds");
  }
  void eachEndHasItsWords() {
    QFETCH(RunRecord, record);
    QFETCH(QString, text);
    QCOMPARE(outcomeText(record), text);
  }

  // A pipeline went on with figures of which the report said that they are not valid.
  void whatIsNotValidIsNoSuccess_data() {
    QTest::addColumn<RunRecord>("record");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("baseline");
    const auto row = [](const char* name, const RunRecord& record, int code, bool baseline) { QTest::newRow(name) << record << code << baseline; };
    RunRecord byK6 = runOf(End::Failed, {held}, 0);
    byK6.engine = QLatin1String(k6Engine);
    row("all hold", runOf(End::Completed, {held}), 0, true);
    row("nothing to judge", runOf(End::Completed, {}), 0, true);
    row("one is crossed", runOf(End::Completed, {held, crossed}), 99, true);
    row("the generator was the limit", limited(runOf(End::Completed, {held})), 3, false);
    row("and one is crossed", limited(runOf(End::Completed, {crossed})), 3, false);
    row("nobody answered", runOf(End::Failed, {crossed}, 50, 50), 3, false);
    row("k6 failed", byK6, 1, false);
    row("stopped", runOf(End::Stopped, {held}), 1, false);
    row("stopped with one crossed", runOf(End::Stopped, {crossed}), 99, false);
  }
  void whatIsNotValidIsNoSuccess() {
    QFETCH(RunRecord, record);
    QFETCH(int, code);
    QFETCH(bool, baseline);
    QCOMPARE(exitCodeOf(record), code);
    QCOMPARE(canBeBaseline(outcomeOf(record)), baseline);
  }

  void aRunThatGoesOnIsUnderWay() {
    RunSummary summary = summaryOf(partial(runOf(End::None, {held})));
    summary.state = RunState::Running;
    QCOMPARE(outcomeText(summary), QStringLiteral("under way"));
  }
};

QTEST_GUILESS_MAIN(TestRunOutcome)
#include "tst_run_outcome.moc"
