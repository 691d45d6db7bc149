// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/k6_sample.h"

#include "core/load/step_latency.h"
#include "core/runs/compare.h"
#include "core/runs/k6_exit.h"
#include "core/runs/k6_feed.h"
#include "core/runs/k6_summary.h"
#include "core/runs/reports.h"
#include "core/runs/run_record.h"

#include <QJsonArray>
#include <QtTest>

#include <csignal>

using namespace cachedeck;
using namespace cachedeck::runs;
using load::RunFigures;

namespace {

K6Feed feedOf(const QByteArray& text) {
  K6Feed feed;
  feed.read(text);
  return feed;
}

QByteArray eventOf(const char* name, const QByteArray& data) { return QByteArray("{\"event\":\"") + name + "\",\"data\":" + data + "}\n"; }

RunFigures ended() {
  RunFigures figures = feedOf(test::k6FeedBegin + test::k6FeedRest).figures();
  if (const Result<K6Summary> summary = parseK6Summary(test::k6Summary)) takeSummary(*summary, figures);
  return figures;
}

RunRecord recordOfK6() {
  RunRecord record;
  record.id = newRunId(1'707'753'110'400);
  record.scenario = QStringLiteral("s.js");
  record.engine = QString::fromLatin1(k6Engine);
  record.figures = ended();
  takeK6Exit(99 << 8, false, {}, record.figures);
  return record;
}

long residentKb() {
  QFile file(QStringLiteral("/proc/self/statm"));
  return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLong() * 4 : 0;
}

}  // namespace

/// k6's feed, summary and exit codes as they become figures.
class TestK6Feed : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aRunWhileItGoesOn() {
    const K6Feed feed = feedOf(test::k6FeedBegin);
    const RunFigures& figures = feed.figures();
    QCOMPARE(figures.startedMs, 1'707'753'110'400);
    QCOMPARE(figures.elapsedMs, 1000);
    QCOMPARE(figures.all.requests, 8u);
    QCOMPARE(figures.all.failed, 2u);
    QCOMPARE(figures.users, 2);
    QCOMPARE(load::percentileNs(figures.all, 95), 180e6);
    QCOMPARE(figures.thresholds.size(), 2u);
    QCOMPARE(figures.thresholds[0].passed, false);
    QCOMPARE(figures.thresholds[0].value, 180.0);
    QCOMPARE(figures.thresholds[1].passed, true);
    QCOMPARE(feed.passedOver(), 0);
  }

  void aWholeRun() {
    const K6Feed feed = feedOf(test::k6FeedBegin + test::k6FeedRest);
    const RunFigures& figures = feed.figures();
    QCOMPARE(figures.elapsedMs, 2100);
    QCOMPARE(figures.all.requests, 20u);
    QCOMPARE(figures.mostUsers, 3);
    QVERIFY(figures.thresholdsPassed());  // it had failed for a while
    QCOMPARE(figures.seconds.size(), 2u);
    QCOMPARE(figures.seconds[0].fromMs, 0);
    QCOMPARE(figures.seconds[0].failed, 2u);
    QCOMPARE(figures.seconds[1].fromMs, 1000);
    QCOMPARE(figures.seconds[1].requests, 12u);
    QCOMPARE(figures.seconds[1].p95Ms, 50.0);
    QCOMPARE(figures.seconds[1].p99Ms, 58.0);
    QCOMPARE(figures.steps.size(), 1u);
    QCOMPARE(figures.steps[0].name, std::string("list"));
    QCOMPARE(figures.steps[0].requests, 20u);
    QCOMPARE(feed.passedOver(), 0);
  }

  void cutAnywhere() {
    const QByteArray all = test::k6FeedBegin + test::k6FeedRest;
    K6Feed feed;
    for (const char c : all) feed.read(QByteArray(1, c));
    QCOMPARE(feed.figures().all.requests, 20u);
    QCOMPARE(feed.figures().seconds.size(), 2u);
  }

  void theSummaryEndsIt() {
    const RunFigures figures = ended();
    QCOMPARE(figures.all.requests, 20u);
    QCOMPARE(figures.all.failed, 2u);  // "passes" of http_req_failed
    QCOMPARE(figures.all.hits, 15u);
    QCOMPARE(figures.all.misses, 5u);
    QCOMPARE(figures.all.bytesOut, 900u);
    QCOMPARE(figures.elapsedMs, 2000);  // count over rate
    QCOMPARE(load::meanNs(figures.all), 30.5e6);
    QCOMPARE(load::percentileNs(figures.all, 99), 190e6);
    QVERIFY(std::isnan(load::percentileNs(figures.all, 99.9)));
    QCOMPARE(figures.all.latency.count(), 0u);
    QCOMPARE(figures.mostUsers, 3);
    QCOMPARE(figures.checks.size(), 1u);
    QCOMPARE(figures.checks[0].failed, 1u);
  }

  // The exported summary has true where a threshold FAILED.
  void aThresholdThatFailed() {
    const RunFigures figures = ended();
    QCOMPARE(figures.thresholds.size(), 2u);
    QCOMPARE(figures.thresholds[0].expression, std::string("p(95)<50"));
    QCOMPARE(figures.thresholds[0].passed, false);
    QCOMPARE(figures.thresholds[0].value, 90.0);
    QCOMPARE(figures.thresholds[1].passed, true);
    QCOMPARE(figures.thresholds[1].value, 20.0);
  }

  void summariesThatAreNone() {
    for (const char* text : {"", "{", "[]", "{\"metrics\":{}}", "{\"metrics\":[1,2]}", "null", "\xff\xfe"}) QVERIFY2(!parseK6Summary(text).ok(), text);
    const Result<K6Summary> odd = parseK6Summary("{\"root_group\":7,\"metrics\":{\"http_reqs\":{\"count\":\"many\",\"thresholds\":[1]},\"vus\":3,\"http_req_duration\":{\"avg\":1e999}}}");
    RunFigures figures;
    if (odd) takeSummary(*odd, figures);
    QCOMPARE(figures.all.requests, 0u);
  }

  void groupsBelowGroups() {
    QByteArray text = "{\"metrics\":{\"a\":{\"value\":1}},\"root_group\":";
    for (int i = 0; i < 300; ++i) text += "{\"groups\":{\"g\":";
    text += "{\"checks\":{\"c\":{\"name\":\"c\",\"passes\":1}}}";
    for (int i = 0; i < 300; ++i) text += "}}";
    const Result<K6Summary> summary = parseK6Summary(text + '}');
    QVERIFY(!summary || summary->checks.empty());  // beyond the depth that is walked
  }

  void linesThatAreNoEvents() {
    for (const QByteArray& text : {QByteArray("nonsense\n"), QByteArray("[1,2]\n"), QByteArray("{\"event\":7}\n"), QByteArray("{\"event\":\"snapshot\"\n"), QByteArray(1000, '\0') + '\n',
                                   eventOf("snapshot", "{}"), eventOf("cumulative", "[[1],[2]]"), eventOf("start", "\"x\""), eventOf("metric", "[]"), eventOf("threshold", "1"), eventOf("stop", "[[5]]")}) {
      const K6Feed feed = feedOf(text);
      QCOMPARE(feed.passedOver(), 1);
      QVERIFY(feed.figures().seconds.empty() && !feed.started());
    }
    K6Feed feed = feedOf("{\"event\":\"config\",\"data\":{}}\n{\"event\":\"of-a-later-k6\",\"data\":1}\n");
    QCOMPARE(feed.passedOver(), 0);
    feed.read(test::k6FeedBegin + "broken\n" + test::k6FeedRest);  // what comes after is read all the same
    QCOMPARE(feed.figures().all.requests, 20u);
  }

  void aTruncatedEnd() {
    const QByteArray all = test::k6FeedBegin + test::k6FeedRest;
    for (qsizetype length = 0; length < all.size(); length += 7) feedOf(all.first(length));
    QCOMPARE(feedOf(test::k6FeedBegin + test::k6FeedRest.first(40)).figures().all.requests, 8u);
  }

  void numbersBeyondAllMeasure() {
    const QByteArray huge = eventOf("metric", "{\"http_reqs\":{\"type\":\"counter\"},\"time\":{\"type\":\"gauge\"},\"http_req_duration\":{\"type\":\"trend\"},\"http_req_failed\":{\"type\":\"rate\"},\"vus\":{\"type\":\"gauge\"}}");
    for (const char* number : {"1e300", "-1e300", "-5", "9223372036854775808", "null", "\"x\""}) {
      const QByteArray n(number), trend = '[' + QByteArrayList(7, n).join(',') + ']';
      const QByteArray row = '[' + trend + ",[" + n + "],[" + n + ',' + n + "],[" + n + "],[" + n + "]]";
      const K6Feed feed = feedOf(huge + eventOf("start", "[[" + n + "]]") + eventOf("snapshot", row) + eventOf("cumulative", row));
      const RunFigures& figures = feed.figures();
      QVERIFY(figures.all.failed <= figures.all.requests && figures.elapsedMs >= 0);
      for (const load::SecondFigures& second : figures.seconds) QVERIFY(second.fromMs >= 0 && second.widthMs > 0);
    }
  }

  void memoryIsBounded() {
    K6Feed feed;
    [[maybe_unused]] const long before = residentKb();
    const QByteArray piece(1 << 20, 'x');
    for (int i = 0; i < 200; ++i) feed.read(piece);  // a line without an end
    feed.read("\n");
    QCOMPARE(feed.passedOver(), 1);
    for (int i = 0; i < 20; ++i) {
      QByteArray metrics;
      for (int k = 0; k < 1000; ++k) metrics += (k ? ",\"m" : "\"m") + QByteArray::number(i * 1000 + k) + "\":{\"type\":\"counter\"}";
      feed.read(eventOf("metric", '{' + metrics + '}'));
    }
    QVERIFY(feed.passedOver() > 1);  // more metrics than are kept
    feed.read(test::k6FeedRest);
    QVERIFY(feed.figures().seconds.empty());
#ifndef __SANITIZE_ADDRESS__
    QVERIFY2(residentKb() - before < 64 * 1024, QByteArray::number(static_cast<qlonglong>(residentKb() - before)));
#endif
    K6Feed endless = feedOf(test::k6FeedBegin);
    const QByteArray second = test::k6FeedRest.split('\n')[1] + '\n';
    for (std::size_t i = 0; i < K6Feed::mostSeconds + 100; ++i) endless.read(second);
    QCOMPARE(endless.figures().seconds.size(), K6Feed::mostSeconds);
    QVERIFY(endless.secondsLeftOut());
  }

  void exitCodes_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("words");
    using End = RunFigures::End;
    const auto row = [](const char* name, int code, End end, const char* words = "") { QTest::newRow(name) << code << static_cast<int>(end) << QString::fromLatin1(words); };
    row("fine", 0, End::Completed);
    row("threshold", 99, End::Completed);
    row("config", 104, End::Failed, "options");
    row("stopped", 105, End::Stopped);
    row("exception", 107, End::Failed, "exception");
    row("aborted", 108, End::Stopped);
    row("unknown", 42, End::Failed, "42");
  }
  void exitCodes() {
    QFETCH(int, code);
    RunFigures figures;
    takeK6Exit(code << 8, false, {}, figures);
    QTEST(static_cast<int>(figures.end), "end");
    QFETCH(QString, words);
    QVERIFY2(QString::fromStdString(figures.problem).contains(words), figures.problem.c_str());
    QCOMPARE(figures.thresholdsPassed(), code != 99);  // also where no summary says which
  }

  void whyItFailed() {
    RunFigures figures;
    takeK6Exit(107 << 8, false, "time=\"2026-01-01T00:00:00Z\" level=info msg=hello\ntime=\"x\" level=error msg=\"TypeError: \\\"a\\\" is not a function\\n\\tat default (s.js:3)\" hint=\"look\"\n", figures);
    QCOMPARE(QString::fromStdString(figures.problem), QStringLiteral("The script threw an exception. TypeError: \"a\" is not a function at default (s.js:3)"));
    takeK6Exit(SIGSEGV, false, "last words\n", figures);
    QVERIFY(figures.problem.find("signal 11") != std::string::npos && figures.problem.find("last words") != std::string::npos);
    takeK6Exit(99 << 8, false, "level=error msg=\"thresholds on metrics 'a' were crossed; at least one has abortOnFail enabled, stopping test prematurely\"", figures);
    QCOMPARE(figures.end, RunFigures::End::ThresholdAborted);
    takeK6Exit(SIGKILL, true, {}, figures);
    QCOMPARE(figures.end, RunFigures::End::Stopped);
  }

  // What k6 does not tell is left out of reports, not made up.
  void recordsAndReports() {
    const RunRecord record = recordOfK6();
    const Result<RunRecord> read = recordFromJson(toJson(record));
    QVERIFY(read.ok());
    QCOMPARE(read->engine, QStringLiteral("k6"));
    QVERIFY(read->figures.all.trend);
    QCOMPARE(load::percentileNs(read->figures.all, 95), 90e6);
    const QJsonObject json = resultJson(*read);
    QCOMPARE(json[QLatin1String("engine")].toString(), QStringLiteral("k6"));
    QCOMPARE(json[QLatin1String("p95_ms")].toDouble(), 90.0);
    QCOMPARE(json[QLatin1String("mean_ms")].toDouble(), 30.5);
    QCOMPARE(json[QLatin1String("rps")].toDouble(), 10.0);
    QCOMPARE(json[QLatin1String("hit_ratio")].toDouble(), 0.75);
    const QJsonObject second = json[QLatin1String("seconds")][0].toObject();
    QVERIFY(second.contains(QLatin1String("p95_ms")) && !second.contains(QLatin1String("hits")) && !second.contains(QLatin1String("late_ms")));
    const QString text = terminalSummary(*read);
    QVERIFY2(text.contains(QLatin1String("no histogram")) && text.contains(QLatin1String("p95=90")), qPrintable(text));
    QVERIFY2(!text.contains(QLatin1String("sends late by")), qPrintable(text));
  }

  void comparedWithoutAnInterval() {
    RunRecord faster = recordOfK6();
    faster.figures.all.trend->p95Ms = 45;
    const std::vector<RunRecord> both{recordOfK6(), faster};
    const Comparison comparison = compare(both);
    const auto p95 = std::ranges::find_if(comparison.metrics, [](const ComparedMetric& metric) { return metric.id == QLatin1String("p95"); });
    QCOMPARE(p95->runs[1].percent, -50.0);
    QCOMPARE(p95->runs[1].verdict, Verdict::NotJudged);
    QVERIFY(p95->runs[1].reason.contains(QLatin1String("histogram")));
    QVERIFY(!comparisonText(comparison).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestK6Feed)
#include "tst_k6_feed.moc"
