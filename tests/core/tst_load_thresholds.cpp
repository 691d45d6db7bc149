// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/thresholds.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::load;

namespace {

using Tags = std::map<std::string, std::map<std::string, std::string>>;

Threshold parsed(const char* metric, const char* expression) {
  ThresholdRule rule;
  rule.metric = metric;
  rule.expression = expression;
  const auto threshold = parseThreshold(rule);
  if (!threshold) qFatal("%s", threshold.error().c_str());
  return *threshold;
}

QString error(const QString& metric, const QString& expression) {
  ThresholdRule rule;
  rule.metric = metric.toStdString();
  rule.expression = expression.toStdString();
  const auto threshold = parseThreshold(rule);
  return threshold ? QString() : QString::fromStdString(threshold.error());
}

StepFigures step(const char* name, std::initializer_list<int> ms, std::uint64_t failed = 0) {
  StepFigures figures;
  figures.name = name;
  for (const int one : ms) figures.latency.add(std::int64_t{one} * 1'000'000);
  figures.requests = ms.size();
  figures.failed = failed;
  figures.hits = ms.size() - failed;
  figures.misses = failed;
  return figures;
}

/// list 10 20 30 ms, risk 100 200 ms, one of them failed; ten seconds.
RunFigures figuresOfTwo() {
  RunFigures figures;
  figures.steps = {step("list", {10, 20, 30}), step("risk", {100, 200}, 1)};
  figures.all = step("", {10, 20, 30, 100, 200}, 1);
  figures.elapsedMs = 10'000;
  figures.iterations = 2;
  figures.users = 7;
  figures.checks = {{"list: ok", 3, 1}};
  return figures;
}

const Tags tagsOfTwo{{"list", {{"step", "list"}, {"endpoint", "risks"}}}, {"risk", {{"step", "risk"}, {"endpoint", "risks"}}}};

}  // namespace

/// Thresholds in k6's grammar.
class TestLoadThresholds : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void reads_data() {
    QTest::addColumn<QByteArray>("metric");
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("comparison");
    QTest::addColumn<double>("constant");
    QTest::addColumn<double>("factor");
    const auto row = [](const char* metric, const char* expression, const char* key, const char* comparison, double constant, double factor) {
      QTest::newRow(expression) << QByteArray(metric) << QByteArray(expression) << QByteArray(key) << QByteArray(comparison) << constant << factor;
    };
    row("http_req_duration", "p(95)<100", "http_req_duration p(95)", "<", 100, 0);
    row("http_req_duration", " p(99.9) >= 1.5e2 ", "http_req_duration p(99.9)", ">=", 150, 0);
    row("http_req_duration", "avg<=2ms", "http_req_duration avg", "<=", 2, 0);
    row("http_req_duration", "max < 1.5 s", "http_req_duration max", "<", 1500, 0);
    row("http_req_duration", "med<500us", "http_req_duration med", "<", 0.5, 0);
    row("http_req_duration{step:list}", "min>1", "http_req_duration{step:list} min", ">", 1, 0);
    row("http_req_duration{ step : list , endpoint:'a b' }", "p(0)!=1", "http_req_duration{endpoint:a b,step:list} p(0)", "!=", 1, 0);
    row("http_req_duration", "p(95) <= baseline*1.1 + 2ms", "http_req_duration p(95)", "<=", 2, 1.1);
    row("http_req_duration", "p(95)<=baseline*1.1+2", "http_req_duration p(95)", "<=", 2, 1.1);
    row("http_req_duration", "p(95) < 1.2 * baseline - 1s", "http_req_duration p(95)", "<", -1000, 1.2);
    row("http_req_duration", "avg<baseline", "http_req_duration avg", "<", 0, 1);
    row("cache_hits", "rate>=baseline - 0.05", "cache_hits rate", ">=", -0.05, 1);
    row("http_req_failed", "rate<0.001", "http_req_failed rate", "<", 0.001, 0);
    row("errors", "count===0", "errors count", "==", 0, 0);
    row("http_reqs", "rate>1000", "http_reqs rate", ">", 1000, 0);
    row("vus", "value<50", "vus value", "<", 50, 0);
  }
  void reads() {
    QFETCH(QByteArray, metric);
    QFETCH(QByteArray, expression);
    QFETCH(double, constant);
    QFETCH(double, factor);
    const Threshold threshold = parsed(metric.constData(), expression.constData());
    QTEST(QByteArray::fromStdString(baselineKey(threshold)), "key");
    QTEST(QByteArray::fromStdString(threshold.comparison), "comparison");
    QCOMPARE(threshold.constant, constant);
    QCOMPARE(threshold.factor, factor);
  }

  void refuses_data() {
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* metric, const char* expression, const char* message) {
      QTest::addRow("%s: %s", metric, expression) << QString::fromUtf8(metric) << QString::fromUtf8(expression) << QString::fromUtf8(message);
    };
    row("http_req_duration", "p(95)", "p(95) needs a comparison: p(95)<100");
    row("http_req_duration", "", "an expression needs a comparison: p(95)<100");
    row("http_req_duration", "p(95)=100", "\"=\" is no comparison; there are <, <=, >, >=, ==, !=");
    row("http_req_duration", "p(101)<1", "\"p(101)\" is not a percentile; N in p(N) is a number from 0 to 100");
    row("http_req_duration", "p(nan)<1", "\"p(nan)\" is not a percentile; N in p(N) is a number from 0 to 100");
    row("http_req_duration", "p()<1", "\"p()\" is not a percentile; N in p(N) is a number from 0 to 100");
    row("http_req_duration", "p<1", "\"p\" needs its percentile: p(95)");
    row("http_req_duration", "count<100", "http_req_duration has no \"count\"; it has avg, min, med, max and p(N): p(95)<100");
    row("http_req_failed", "p(95)<1", "http_req_failed has no \"p(95)\"; it has rate: rate<0.01");
    row("errors", "avg<1", "errors has no \"avg\"; it has count and rate: count<100");
    row("vus", "rate<1", "vus has no \"rate\"; it has value: value<50");
    row("http_req_duration", "p(95)<fast", "\"fast\" is no bound; write a number, milliseconds or with a unit (100, 100ms, 1s), or e.g. baseline*1.1 + 2ms");
    row("http_req_duration", "p(95)<inf", "\"inf\" is no bound; write a number, milliseconds or with a unit (100, 100ms, 1s), or e.g. baseline*1.1 + 2ms");
    row("http_req_duration", "p(95)<100 200", "\"100 200\" is no bound; write a number, milliseconds or with a unit (100, 100ms, 1s), or e.g. baseline*1.1 + 2ms");
    row("http_req_failed", "rate<1ms", "\"1ms\" is no bound; write a number, or e.g. baseline*1.1");
    row("cache_hits", "rate<baseline*", "\"baseline*\" is no bound; write a number, or e.g. baseline*1.1");
    row("cache_hits", "rate<baseline*-1", "\"baseline*-1\" is no bound; write a number, or e.g. baseline*1.1");
    row("checks{step:list}", "rate>0.9", "checks is counted for the whole run, not by tag: leave {…} away");
    row("http_reqs{step:list", "rate>1", "\"http_reqs{step:list\" has no closing }; write e.g. http_req_duration{step:list}");
    row("http_reqs{list}", "rate>1", "\"http_reqs{list}\" needs tags as tag:value; write e.g. http_req_duration{step:list}");
    row("http_req_waiting", "avg<1",
        "\"http_req_waiting\" is not measured; there are http_req_duration, http_req_failed, cache_hits, checks, http_reqs, errors, iterations, dropped_iterations, data_received, data_sent, vus");
  }
  void refuses() {
    QFETCH(QString, metric);
    QFETCH(QString, expression);
    QTEST(error(metric, expression), "message");
  }

  void judges_data() {
    QTest::addColumn<QByteArray>("metric");
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<bool>("passed");
    QTest::addColumn<double>("value");
    const auto row = [](const char* metric, const char* expression, bool passed, double value) { QTest::addRow("%s %s", metric, expression) << QByteArray(metric) << QByteArray(expression) << passed << value; };
    row("http_req_duration", "med<=31", true, 30);
    row("http_req_duration", "avg<50ms", false, 72);
    row("http_req_duration", "max<0.2s", false, 200);
    row("http_req_duration{step:list}", "max<=30", true, 30);
    row("http_req_duration{endpoint:risks}", "med<=30.1", true, 30);
    row("http_req_duration{endpoint:risks}", "avg==72", true, 72);
    row("http_req_failed", "rate<0.2", false, 0.2);
    row("http_req_failed{step:list}", "rate<0.2", true, 0);
    row("cache_hits", "rate>0.75", true, 0.8);
    row("checks", "rate>0.75", false, 0.75);
    row("errors", "count<1", false, 1);
    row("errors{step:list}", "count<1", true, 0);
    row("http_reqs", "rate>=0.5", true, 0.5);
    row("iterations", "count==2", true, 2);
    row("dropped_iterations", "count<1", true, 0);
    row("vus", "value<7", false, 7);
  }
  void judges() {
    QFETCH(QByteArray, metric);
    QFETCH(QByteArray, expression);
    QFETCH(double, value);
    const ThresholdVerdict verdict = judge(parsed(metric.constData(), expression.constData()), figuresOfTwo(), tagsOfTwo, {}, true);
    QTEST(verdict.passed, "passed");
    QVERIFY(verdict.known);
    QVERIFY2(std::abs(verdict.value - value) <= value * 0.001, qPrintable(QString::number(verdict.value)));
  }

  void againstABaseline() {
    const Threshold threshold = parsed("http_req_duration{step:list}", "max <= baseline*1.1 + 2ms");
    const auto verdict = [&](double pinned) { return judge(threshold, figuresOfTwo(), tagsOfTwo, {{"http_req_duration{step:list} max", pinned}}, true); };
    QVERIFY(verdict(26).passed);
    QVERIFY(!verdict(25).passed);
    const ThresholdVerdict without = judge(threshold, figuresOfTwo(), tagsOfTwo, {}, true);
    QVERIFY(without.passed);
    QVERIFY(!without.known);
  }

  // During a run k6 skips metrics without samples; at its end an empty rate passes, and all else counts as 0.
  void nothingMeasured() {
    const RunFigures none;
    const Threshold slow = parsed("http_req_duration", "p(95)>100"), hits = parsed("cache_hits", "rate>0.75"), count = parsed("http_reqs", "count>1");
    for (const Threshold* threshold : {&slow, &hits, &count}) {
      const ThresholdVerdict verdict = judge(*threshold, none, {}, {}, false);
      QVERIFY(verdict.passed && !verdict.known);
    }
    QVERIFY(!judge(slow, none, {}, {}, true).passed);
    QVERIFY(!judge(slow, none, {}, {}, true).known);
    QVERIFY(judge(hits, none, {}, {}, true).passed);
    QVERIFY(!judge(count, none, {}, {}, true).passed);
    QVERIFY(!judge(count, none, {}, {}, true).known);
  }

  // A run whose login was refused had held its limit of errors, and one of 479 requests without an error said that it had no samples.
  void aCountOfErrorsIsKnownOnceThereIsARequest() {
    const Threshold errors = parsed("errors", "count<100"), ofList = parsed("errors{step:list}", "count<1");
    for (const bool final : {false, true}) {
      QVERIFY(!judge(errors, {}, {}, {}, final).known);
      const ThresholdVerdict verdict = judge(ofList, figuresOfTwo(), tagsOfTwo, {}, final);
      QVERIFY(verdict.known && verdict.passed);
      QCOMPARE(verdict.value, 0.0);
    }
  }
};

QTEST_GUILESS_MAIN(TestLoadThresholds)
#include "tst_load_thresholds.moc"
