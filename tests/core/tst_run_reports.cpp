// SPDX-License-Identifier: GPL-3.0-or-later
// A run told to people, programs, a scorecard and Prometheus.
#include "core/runs/baseline_values.h"
#include "core/runs/push.h"
#include "core/runs/push_groups.h"
#include "core/runs/reports.h"
#include "core/runs/scorecard.h"
#include "core/runs/text_table.h"
#include "tests/core/tst_run_support.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

namespace {

RunRecord runOf(double ms, std::uint64_t requests) {
  RunRecord record;
  record.id = QStringLiteral("20261129-032512123-4f3a9c");
  record.scenario = QStringLiteral("peak");
  record.url = QStringLiteral("http://127.0.0.1:8080");
  load::RunFigures& figures = record.figures;
  figures.startedMs = 1'795'922'712'123;
  figures.elapsedMs = 1000;
  figures.end = load::RunFigures::End::Completed;
  figures.all.requests = requests;
  for (std::uint64_t i = 0; i < requests; ++i) figures.all.latency.add(static_cast<std::int64_t>(ms * 1e6));
  return record;
}

const ScoreLine& lineOf(const Scorecard& card, const char* id) {
  return *std::ranges::find_if(card.lines, [id](const ScoreLine& line) { return QLatin1String(line.row->id) == QLatin1String(id); });
}

void addSeries(RunRecord& record, const char* metric, const QList<double>& values) {
  ServerSeries series{QString::fromLatin1(metric), Unit::Count, {{record.figures.startedMs - 60'000, 1e9}}};  // before the run: does not count
  qint64 ms = record.figures.startedMs;
  for (const double value : values) series.points.append({ms += 100, value});
  record.series.append(series);
}

}  // namespace

class TestRunReports : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void resultHasItsMembers() {
    RunRecord record = runOf(12, 100);
    record.figures.all.failed = 2;
    record.figures.failures[static_cast<std::size_t>(load::FailureKind::Timeout)] = 2;
    record.figures.dropped = 3;
    record.figures.thresholds = {{"http_req_duration", "p(95)<10", false, true, 12}, {"http_req_duration{step:x}", "p(95)<10", true, false, 0}};
    record.figures.seconds.push_back({.requests = 100, .p95Ms = 12});
    const QJsonObject json = resultJson(record);
    const QJsonObject expected = QJsonDocument::fromJson(R"({"requests": 100, "errors": 2, "rps": 100, "dropped": 3, "hit_ratio": null, "valid": true, "limited": null,
      "failures": {"timeout": 2}, "thresholds": [{"metric": "http_req_duration", "expression": "p(95)<10", "passed": false, "known": true, "value": 12},
      {"metric": "http_req_duration{step:x}", "expression": "p(95)<10", "passed": true, "known": false, "value": null}]})").object();
    for (const QString& name : expected.keys()) QCOMPARE(json[name], expected[name]);
    for (const char* name : {"mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms"}) QVERIFY2(std::abs(json[QLatin1String(name)].toDouble() - 12) < 0.02, name);
    QCOMPARE(json[QLatin1String("seconds")][0][QLatin1String("p95_ms")].toDouble(), 12.0);
    record.figures.all.hits = 3;
    record.figures.all.misses = 1;
    QCOMPARE(resultJson(record)[QLatin1String("hit_ratio")].toDouble(), 0.75);
  }

  void nothingHappened() {
    const QJsonObject json = resultJson(runOf(1, 0));
    QCOMPARE(json[QLatin1String("requests")].toInt(-1), 0);
    for (const char* name : {"mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms"}) QCOMPARE(json[QLatin1String(name)], QJsonValue(QJsonValue::Null));
    QVERIFY(terminalSummary(runOf(1, 0)).contains(QLatin1String("no request came to its end")));
    QVERIFY(terminalSummary(runOf(1, 0)).contains(QLatin1String("nothing was looked up")));  // was "–  0 hits, 0 misses"
    QVERIFY(markdownReport({}).startsWith(QLatin1String("# Load run: load run")));
  }

  // A run whose login was refused ended with a row of ticks.
  void whatWasNeverMeasuredHasNoTick() {
    RunRecord record = runOf(1, 0);
    record.figures.end = load::RunFigures::End::Failed;
    record.figures.problem = "The setup failed";
    record.figures.thresholds = {{"errors", "count<100", true, false, 0}, {"http_reqs", "count>1", false, false, 0}};
    record.figures.checks = {{"login: status is 200", 0, 1}, {"list: has rows", 0, 0}};
    const QString text = terminalSummary(record);
    for (const char* line : {"– errors  count<100  no samples", "✗ http_reqs  count>1  no samples", "✗ login: status is 200  1 of 1 failed", "– list: has rows  no samples"})
      QVERIFY2(text.contains(QString::fromUtf8(line)), qPrintable(text));
    QVERIFY2(!text.contains(QStringLiteral("✓")), qPrintable(text));
    QVERIFY2(markdownReport(record).contains(QStringLiteral("| errors | count\\<100 | no samples | – |").replace(QStringLiteral("\\\\"), QStringLiteral("\\"))), qPrintable(markdownReport(record)));
  }

  void reportsSayWhatCameOfTheRun() {
    RunRecord record = runOf(12, 100);
    record.figures.thresholds = {{"errors", "count<5", true, true, 0}};
    QCOMPARE(resultJson(record)[QLatin1String("result")].toString(), QStringLiteral("passed"));
    record.figures.end = load::RunFigures::End::Stopped;
    QCOMPARE(resultJson(record)[QLatin1String("result")].toString(), QStringLiteral("stopped"));
    QVERIFY2(terminalSummary(record).contains(QLatin1String("stopped, no threshold crossed so far")), qPrintable(terminalSummary(record)));
    QVERIFY2(markdownReport(record).contains(QLatin1String("| result | stopped, no threshold crossed so far |")), qPrintable(markdownReport(record)));
    QVERIFY(QRegularExpression(QStringLiteral("cachedeck_load_verdict\\{[^}]*\\} 0")).match(QString::fromStdString(pushedText(record))).hasMatch());
  }

  void whatDoesNotCountIsSaid() {
    RunRecord record = runOf(12, 100);
    QCOMPARE(invalidReason(record), QString());
    record.figures.limited = "the generator used 99 % of its processor";
    QCOMPARE(resultJson(record)[QLatin1String("valid")].toBool(true), false);
    QCOMPARE(resultJson(record)[QLatin1String("limited")].toString(), QStringLiteral("the generator used 99 % of its processor"));
    QVERIFY(terminalSummary(record).contains(QLatin1String("! This result is not valid: the generator used 99 %")));
    QVERIFY(markdownReport(record).contains(QLatin1String("> **Not valid.** the generator used 99 %")));
    record.figures.limited.clear();
    record.figures.end = load::RunFigures::End::Failed;
    record.figures.problem = "host db is not known";
    QCOMPARE(invalidReason(record), QStringLiteral("The run failed: host db is not known"));
  }

  void summaryReadsLikeK6() {
    RunRecord record = recordOf({.errorRatio = 0.05}, 1);
    record.id = QStringLiteral("20261129-032512123-4f3a9c");
    load::RunFigures& figures = record.figures;
    figures.thresholds = {{"http_req_duration", "p(95)<100", true, true, 43.1}, {"errors", "count<5", false, true, 12}, {"http_req_failed", "rate<0.01", false, true, 0.05},
                          {"http_req_duration{step:none}", "p(95)<1", true, false, 0}};
    figures.checks = {{"is 200", 10, 0}, {"has id", 7, 3}};
    figures.steps = {figures.all, figures.all};
    figures.marks = {{30'000, "dropped risk:*"}};
    const QString text = terminalSummary(record);
    for (const char* line : {"✓ http_req_duration  p(95)<100  43.1 ms", "✗ errors  count<5  12", "✗ http_req_failed  rate<0.01  5.00 %", "– http_req_duration{step:none}  p(95)<1  no samples",
                             "✓ is 200\n", "✗ has id  3 of 10 failed", "requests.....: 6,000  200 /s", "30.0 s  dropped risk:*", "status"})
      QVERIFY2(text.contains(QString::fromUtf8(line)), qPrintable(text));
    for (const QString& line : text.split(QLatin1Char('\n'))) QVERIFY2(line.size() <= 130 && !line.endsWith(QLatin1Char(' ')), qPrintable(line));
  }

  // A header of a hostile service once moved the cursor and painted "all passed" over the summary.
  void textsOfServersStayText() {
    RunRecord record = runOf(12, 100);
    record.figures.failureExamples = {{"\x1b[2J<script>alert(1)</script>|`x`\r\nall passed\xe2\x80\xae", 1}};
    record.figures.failures[0] = 1;
    record.figures.checks = {{"*bold* [link](http://evil)", 0, 1}};
    record.scenario = QStringLiteral("# title\n<img src=x>");
    const QString text = terminalSummary(record), markdown = markdownReport(record);
    const QByteArray json = QJsonDocument(resultJson(record)).toJson();
    for (const QString& one : {text, markdown, QString::fromUtf8(json)}) {
      QVERIFY(!one.contains(QChar(0x1b)) && !one.contains(QLatin1Char('\r')) && !one.contains(QChar(0x202e)));
    }
    QVERIFY2(!markdown.contains(QLatin1String("<script")) || markdown.contains(QLatin1String("\\<script")), qPrintable(markdown));
    QVERIFY(!markdown.contains(QLatin1String("[link](")) && !markdown.contains(QLatin1String("| `x`")));
    QCOMPARE(markdown.count(QRegularExpression(QStringLiteral("^# "), QRegularExpression::MultilineOption)), 1);
    QCOMPARE(markdownText(QStringLiteral("a|b\n<i>_x_</i>")), QStringLiteral("a\\|b\\x0a\\<i\\>\\_x\\_\\</i\\>").replace(QStringLiteral("\\x0a"), QStringLiteral("\\\\x0a")));
  }

  void csvHasNumbersOnly() {
    RunRecord record = runOf(12, 100);
    record.figures.seconds.push_back({.fromMs = 1000, .requests = 3, .p95Ms = 1.5});
    QCOMPARE(secondsCsv(record), QByteArray("from_ms,width_ms,requests,failed,hits,misses,dropped,iterations,bytes_in,bytes_out,mean_ms,p50_ms,p95_ms,p99_ms,max_ms,users,busy,late_ms,cpu_percent\r\n"
                                            "1000,1000,3,0,0,0,0,0,0,0,0,0,1.5,0,0,0,0,0,0\r\n"));
    record.figures.seconds = {{.fromMs = 2000}};
    QVERIFY(secondsCsv(record).endsWith("\r\n2000,1000,0,0,0,0,0,0,0,0,,,,,,0,0,0,0\r\n"));
    QCOMPARE(resultJson(record)[QLatin1String("seconds")][0][QLatin1String("p95_ms")], QJsonValue(QJsonValue::Null));
  }

  void bands_data() {
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("met");
    QTest::addColumn<int>("level");  // 0 good, 1 warning, 2 critical
    const auto row = [](const char* id, double value, bool met, int level) { QTest::addRow("%s %g", id, value) << QByteArray(id) << value << met << level; };
    for (const auto& [id, scale] : {std::pair("p95", 1.0), std::pair("p99", 2.0)}) {  // ms
      row(id, 99 * scale, true, 0);
      row(id, 101 * scale, false, 1);
    }
    row("p95", 299, false, 1);
    row("p95", 301, false, 2);
    row("p99", 499, false, 1);
    row("p99", 501, false, 2);
    row("mean", 14, true, 0);
    row("mean", 49, false, 0);
    row("mean", 51, false, 1);
    row("mean", 201, false, 2);
    row("throughput", 1001, true, 0);
    row("throughput", 1000, false, 1);
    row("throughput", 500, false, 1);
    row("throughput", 499, false, 2);
    row("hit_rate", 76, true, 0);
    row("hit_rate", 75, false, 1);
    row("hit_rate", 50, false, 1);
    row("hit_rate", 49, false, 2);
    row("error_rate", 0, true, 0);
    row("error_rate", 0.1, false, 1);
    row("error_rate", 1, false, 1);
    row("error_rate", 1.1, false, 2);
    row("db_connections", 29, true, 0);
    row("db_connections", 30, false, 0);
    row("db_connections", 40, false, 0);
    row("db_connections", 41, false, 1);
    row("redis_memory_share", 84, true, 0);
    row("redis_memory_share", 86, false, 2);
    row("query_latency", 0.9, true, 0);
    row("query_latency", 1.1, false, 1);
  }
  void bands() {
    QFETCH(QByteArray, id);
    QFETCH(double, value);
    QFETCH(bool, met);
    QFETCH(int, level);
    RunRecord record = runOf(id == "p95" || id == "p99" || id == "mean" ? value : 1, id == "throughput" ? static_cast<std::uint64_t>(value) : 1000);
    record.figures.all.hits = id == "hit_rate" ? static_cast<std::uint64_t>(value) : 0;
    record.figures.all.misses = id == "hit_rate" ? 100 - record.figures.all.hits : 0;
    record.figures.all.failed = id == "error_rate" ? static_cast<std::uint64_t>(10 * value) : 0;
    if (id == "db_connections") addSeries(record, "postgres.connections", {3, value, std::nan("")});
    if (id == "redis_memory_share") addSeries(record, "redis.memory_used_percent", {3, value});
    if (id == "query_latency") addSeries(record, "postgres.query_mean", {value - 0.5, value + 0.5});
    const Scorecard card = scorecard(record);
    const ScoreLine& line = lineOf(card, id.constData());
    QVERIFY(line.measured() && line.banded);
    QCOMPARE(line.met, met);
    QCOMPARE(static_cast<int>(line.level), level);
  }

  void whatWasNotMeasuredIsNotInvented() {
    const Scorecard card = scorecard(runOf(12, 2000));
    QCOMPARE(card.lines.size(), 11);
    QCOMPARE(card.measured, 5);
    QCOMPARE(card.met, 5);
    for (const char* id : {"hit_rate", "db_connections", "redis_memory", "redis_memory_share", "query_latency", "server_cpu"}) {
      const ScoreLine& line = lineOf(card, id);
      QVERIFY(!line.measured() && !line.met && !line.banded);
    }
    QVERIFY(scorecardText(card).contains(QLatin1String("5 of 5 measured targets met; 6 not measured.")));
    QCOMPARE(card.notes, QStringList{QStringLiteral("The run has no figures of the servers: their rows are not measured.")});
    QCOMPARE(toJson(card)[QLatin1String("rows")][4][QLatin1String("value")], QJsonValue(QJsonValue::Null));
    QCOMPARE(scorecard(runOf(1, 0)).measured, 0);
  }

  void beforeAndAfterStandBesideTheReference() {
    RunRecord before = runOf(150, 500), after = runOf(14, 2000);
    addSeries(after, "redis.memory_used", {1e6, 300e6});
    addSeries(after, "app.cpu", {10, 20});
    const Scorecard card = scorecard(after, &before);
    const QString text = scorecardMarkdown(card);
    for (const char* cell : {"| metric | reference before | after | target | run before | this run | met | band |", "| response time, mean | 150 ms | 15 ms | 15 ms | 150 ms | 14.0 ms | yes | good |",
                             "| throughput | 500 /s | 2,000 /s | \\> 1,000 /s | 500 /s | 2.00 k/s | yes | good |", "| server CPU | 40–50 % | 15 % | 15 % | not measured | 15.0 % | yes | – |"})
      QVERIFY2(text.contains(QString::fromUtf8(cell)), qPrintable(text));
  }

  // Of two runs only the second was looked at: one before that was not valid stood there without a word.
  void notesAreOfBothRuns() {
    RunRecord before = runOf(150, 500), after = runOf(14, 2000);
    before.figures.limited = "the generator used 99 % of its processor";
    after.figures.end = load::RunFigures::End::Stopped;
    addSeries(before, "app.cpu", {10});
    addSeries(after, "app.cpu", {10});
    QCOMPARE(scorecard(after, &before).notes, (QStringList{QStringLiteral("The run before is not valid: the generator used 99 % of its processor"), QStringLiteral("The run after was stopped before its time.")}));
  }

  void baselineValuesOfThresholds() {
    RunRecord pinned = runOf(20, 100);
    pinned.figures.steps.push_back(pinned.figures.all);
    pinned.figures.steps.back().name = "list";
    load::Scenario scenario;
    load::Step step;
    step.name = "list";
    step.tags = {{"endpoint", "risks"}};
    scenario.steps.push_back(step);
    for (const auto& [metric, expression] : {std::pair("http_req_duration", "p(95) <= baseline*1.1 + 2ms"), std::pair("http_req_duration{endpoint:risks}", "avg<baseline*2"),
                                             std::pair("http_req_duration", "p(99)<100"), std::pair("cache_hits", "rate>baseline*0.9")})
      scenario.thresholds.push_back({metric, expression, false, {}});
    const auto values = baselineValues(pinned, scenario);
    QCOMPARE(values.size(), std::size_t{2});  // nothing was looked up, and p(99) has no baseline
    QVERIFY(std::abs(values.at("http_req_duration p(95)") - 20) < 0.02);
    QVERIFY(std::abs(values.at("http_req_duration{endpoint:risks} avg") - 20) < 0.02);
  }

  void pushedGroups() {
    QCOMPARE(groupPath(QStringLiteral("warm-cache"), QStringLiteral("r1")), QStringLiteral("/metrics/job/cachedeck_load/scenario/warm-cache/run/r1"));
    QCOMPARE(groupPath(QStringLiteral("a/b ü"), QStringLiteral("r1")), QStringLiteral("/metrics/job/cachedeck_load/scenario@base64/YS9iIMO8/run/r1"));
    QVERIFY(groupPath(QStringLiteral(".."), QStringLiteral("r1")).contains(QLatin1String("@base64/")));  // a path would take it for the folder above
    const auto answer = QJsonDocument::fromJson(R"({"status": "success", "data": [
      {"labels": {"job": "cachedeck_load", "scenario": "peak", "run": "20261129-032512123-4f3a9c"}}, {"labels": {"job": "cachedeck_load", "scenario": "peak", "run": "20261130-032512123-4f3a9c"}},
      {"labels": {"job": "cachedeck_load", "scenario": "soak", "run": "20261129-032512123-4f3a9c"}}, {"labels": {"job": "cachedeck_load", "scenario": "peak", "run": "by-hand"}},
      {"labels": {"job": "cachedeck_load", "scenario": "peak", "run": "20261129-032512123-4f3a9c", "instance": "x"}}, {"labels": {"job": "other", "scenario": "peak", "run": "20261129-032512123-4f3a9c"}}, 7]})");
    QCOMPARE(pushedRuns(answer, QStringLiteral("peak")), (QStringList{QStringLiteral("20261130-032512123-4f3a9c"), QStringLiteral("20261129-032512123-4f3a9c")}));
    QCOMPARE(pushedRuns(QJsonDocument(), QStringLiteral("peak")), QStringList());
  }

  void pushedMetrics() {
    RunRecord record = runOf(12, 100);
    record.figures.all.failed = 1;
    record.figures.all.hits = 3;
    record.figures.all.misses = 1;
    record.profile = QStringLiteral("sh\"op\n");
    record.url = QStringLiteral("http://me:Sesame-open@h:1");
    const QString text = QString::fromStdString(pushedText(record));
    for (const char* line : {"# TYPE cachedeck_load_duration_seconds gauge", "quantile=\"0.95\"", "cachedeck_load_requests_total{", "cachedeck_load_hit_ratio{", "target=\"http://h:1\"", "profile=\"sh\\\"op"})
      QVERIFY2(text.contains(QLatin1String(line)), qPrintable(text));
    QVERIFY(QRegularExpression(QStringLiteral("cachedeck_load_verdict\\{[^}]*\\} 1")).match(text).hasMatch());
    QVERIFY(!text.contains(QLatin1String("Sesame")));
    record.figures.thresholds = {{"errors", "count<1", false, true, 1}};
    QVERIFY(QRegularExpression(QStringLiteral("cachedeck_load_verdict\\{[^}]*\\} 0")).match(QString::fromStdString(pushedText(record))).hasMatch());
  }
};

QTEST_GUILESS_MAIN(TestRunReports)
#include "tst_run_reports.moc"
