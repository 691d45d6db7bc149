// SPDX-License-Identifier: GPL-3.0-or-later
// The service's figures among those of Prometheus, and what becomes a note rather than an error.
#include "core/metrics/metric.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "core/sources/prometheus/service_scope.h"
#include "tests/core/tst_http.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

QByteArray data(const QByteArray& json) { return httpAnswer("200 OK", "application/json", "{\"status\":\"success\",\"data\":" + json + '}'); }
QByteArray vectorOf(const QByteArray& items) { return data("{\"resultType\":\"vector\",\"result\":[" + items + "]}"); }
QByteArray job(const QByteArray& name) { return "{\"metric\":{\"job\":\"" + name + "\"},\"value\":[1,\"1\"]}"; }
QByteArray figure(const QByteArray& id, const QByteArray& value) { return "{\"metric\":{\"cachedeck_metric\":\"" + id + "\"},\"value\":[1,\"" + value + "\"]}"; }
const QByteArray noPage = httpAnswer("404 Not Found", "text/plain", "404 page not found\n");

QByteArray pathOf(const QByteArray& request) { return request.split(' ').value(1).split('?').first(); }
/// Of the URL or, where it is long, of the form.
QString queryOf(const QByteArray& request) {
  QUrlQuery query(QUrl::fromEncoded(request.split(' ').value(1)));
  if (request.startsWith("POST ")) query = QUrlQuery(QString::fromUtf8(request.mid(request.indexOf("\r\n\r\n") + 4)));
  return query.queryItemValue(QStringLiteral("query"), QUrl::FullyDecoded);
}

/// A Prometheus with its status pages, whose services and figures the test says.
struct Prometheus {
  QByteArray services;  // the items of the search for them
  QByteArray figures;   // the answer to the one question for all figures
  QByteArray targets = data(R"({"activeTargets":[{"labels":{"job":"api"},"health":"up","scrapeInterval":"10s"},{"labels":{"job":"other"},"health":"up","scrapeInterval":"1m"}]})");
  std::mutex mutex;  // what stands above is read on the server's thread
  ScriptedHttp server{[this](const QByteArray& request) {
    const std::lock_guard lock(mutex);
    const QByteArray path = pathOf(request);
    const QString query = queryOf(request);
    if (path == "/api/v1/query" && query.startsWith(QLatin1String("count by (job)"))) return vectorOf(services);
    if (path == "/api/v1/query" && query.contains(QLatin1String("cachedeck_metric"))) return figures;
    if (path == "/api/v1/query") return vectorOf(R"({"metric":{},"value":[1,"1"]})");
    if (path == "/api/v1/targets") return targets;
    if (path == "/api/v1/alerts") return data(R"({"alerts":[]})");
    return noPage;
  }};
  SystemClock clock;

  void set(QByteArray Prometheus::*answer, const QByteArray& bytes) {
    const std::lock_guard lock(mutex);
    this->*answer = bytes;
  }
  std::unique_ptr<Source> source(const QString& selector = {}) {
    const SourceSettings settings{{{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:%1").arg(server.port())}, {QStringLiteral("app_selector"), selector}}, {}};
    std::unique_ptr<Source> source = prometheusSourceInfo().create(settings, clock);
    return source->connect({}).ok() ? std::move(source) : nullptr;
  }
  QStringList asked(const char* word) const {
    QStringList queries;
    for (const QByteArray& request : server.requests())
      if (const QString query = queryOf(request); query.contains(QLatin1String(word))) queries += query;
    return queries;
  }
};

double valueOf(const Sample& sample, const char* id) {
  for (const auto& [metric, value] : sample.values)
    if (metric == QLatin1String(id)) return value;
  return NAN;
}

int serviceFigures(const Sample& sample) {
  return static_cast<int>(std::count_if(sample.values.begin(), sample.values.end(), [](const auto& value) { return value.first.startsWith(QLatin1String("app.")); }));
}

}  // namespace

class TestPrometheusService : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void everyExpressionIsAskedAtOnce() {
    Prometheus prometheus;
    prometheus.services = job("api");
    prometheus.figures = vectorOf(figure("app.requests", "812.5") + ',' + figure("app.latency_p95", "NaN") + ',' + figure("app.latency_p99", "+Inf") + ',' +
                                  figure("app.pool_max", "50") + ',' + figure("app.nobody_knows", "1"));
    const auto source = prometheus.source();
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY2(sample.ok(), sample.ok() ? "" : qPrintable(sample.error().message));
    QCOMPARE(valueOf(*sample, "app.requests"), 812.5);
    QCOMPARE(valueOf(*sample, "app.pool_max"), 50.0);
    QCOMPARE(serviceFigures(*sample), 2);
    QCOMPARE(valueOf(*sample, "prometheus.targets_up"), 2.0);
    QCOMPARE(sample->notes, QStringList());
    for (const auto& [metric, value] : sample->values) QVERIFY(findMetric(metric) && sourceOf(*findMetric(metric)) == QLatin1String("prometheus"));

    const QStringList questions = prometheus.asked("cachedeck_metric");
    QCOMPARE(questions.size(), 1);
    for (const MetricInfo& metric : metricCatalog())
      if (metric.id.startsWith(QLatin1String("app."))) QVERIFY2(questions.first().contains(QStringLiteral("\"%1\"").arg(metric.id)), metric.id.data());
    QVERIFY(questions.first().contains(QLatin1String("rate(http_requests_total{job=\"api\",route!=\"/metrics\"}[40s])")));  // four scrapes of 10 s
    QVERIFY(questions.first().contains(QLatin1String("{job=\"api\",class=\"risk\",result=\"hit\"}")));
    QVERIFY(questions.first().endsWith(QLatin1String(") and on() db_pool_max_open_connections{job=\"api\"}")));
    QVERIFY(!questions.first().contains(QLatin1Char('$')));
  }

  void windows_data() {
    QTest::addColumn<QByteArray>("targets");
    QTest::addColumn<QString>("window");
    const auto targets = [](const char* interval) { return data(QByteArray("{\"activeTargets\":[{\"labels\":{\"job\":\"api\"},\"health\":\"up\",\"scrapeInterval\":\"") + interval + "\"}]}"); };
    QTest::newRow("1 s") << targets("1s") << QStringLiteral("[8s]");
    QTest::newRow("2.5 s") << targets("2s500ms") << QStringLiteral("[10s]");
    QTest::newRow("1 min") << targets("1m") << QStringLiteral("[240s]");
    QTest::newRow("nobody tells") << noPage << QStringLiteral("[60s]");
    QTest::newRow("another job") << data(R"({"activeTargets":[{"labels":{"job":"x"},"scrapeInterval":"1h"}]})") << QStringLiteral("[60s]");
  }
  void windows() {
    QFETCH(QByteArray, targets);
    QFETCH(QString, window);
    Prometheus prometheus;
    prometheus.services = job("api");
    prometheus.figures = vectorOf({});
    prometheus.targets = targets;
    const auto source = prometheus.source();
    QVERIFY(source && source->sample({}).ok());
    const QStringList questions = prometheus.asked("cachedeck_metric");
    QCOMPARE(questions.size(), 1);
    QVERIFY2(questions.first().contains(window), qPrintable(questions.first()));
  }

  void aServiceThatWentIsExplained_data() {
    QTest::addColumn<QByteArray>("targets");
    QTest::addColumn<QString>("note");
    QTest::newRow("down") << data(R"({"activeTargets":[{"labels":{"job":"other","instance":"o:1"},"health":"down","lastError":"no"},{"labels":{"job":"api","instance":"a:1"},"health":"down","lastError":"context deadline exceeded"}]})")
                          << QStringLiteral("The service's figures stopped: Prometheus cannot scrape api (a:1). context deadline exceeded");
    QTest::newRow("no list") << noPage << QStringLiteral("The service's figures stopped: Prometheus has no current series of it. It is down, or no longer scraped.");
  }
  void aServiceThatWentIsExplained() {
    QFETCH(QByteArray, targets);
    QFETCH(QString, note);
    Prometheus prometheus;
    prometheus.services = job("api");
    prometheus.figures = vectorOf({});
    prometheus.targets = targets;
    const auto source = prometheus.source();
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(serviceFigures(*sample), 0);
    QVERIFY2(sample->notes.contains(note), qPrintable(sample->notes.join(QLatin1Char('\n'))));
  }

  void withoutAServiceNothingIsSaid() {
    Prometheus prometheus;
    const auto source = prometheus.source();
    QVERIFY(source);
    for (int i = 0; i < 7; ++i) {
      const Result<Sample> sample = source->sample({});
      QVERIFY(sample.ok());
      QCOMPARE(serviceFigures(*sample), 0);
      QCOMPARE(sample->notes, QStringList());
    }
    QCOMPARE(prometheus.asked("cachedeck_metric").size(), 0);
    QCOMPARE(prometheus.asked("count by (job)").size(), 2);  // with the lists
    // One that starts later is found.
    prometheus.set(&Prometheus::services, job("api"));
    prometheus.set(&Prometheus::figures, vectorOf(figure("app.requests", "3")));
    Result<Sample> sample = source->sample({});
    for (int i = 0; i < 4; ++i) sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(valueOf(*sample, "app.requests"), 3.0);
  }

  void severalServicesAreNotSummed() {
    Prometheus prometheus;
    prometheus.services = job("web") + ',' + job("api");
    const auto source = prometheus.source();
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(serviceFigures(*sample), 0);
    QCOMPARE(sample->notes, QStringList(QStringLiteral("The service's figures are left out. Prometheus scrapes 2 services: job=\"api\"; job=\"web\". "
                                                       "Enter the labels of one in the profile's field “Service selector”.")));
    QCOMPARE(prometheus.asked("cachedeck_metric").size(), 0);
  }

  void theSelectorSaysWhatIsSummed() {
    Prometheus prometheus;
    prometheus.services = job("web") + ',' + job("api");
    prometheus.figures = vectorOf(figure("app.requests", "7"));
    const auto source = prometheus.source(QStringLiteral(" {env = 'prod', job=~\"web|api\"} "));
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(valueOf(*sample, "app.requests"), 7.0);
    QCOMPARE(sample->notes, QStringList());
    QVERIFY(prometheus.asked("count by (job)").first().contains(QLatin1String("db_pool_max_open_connections{env='prod',job=~\"web|api\"}")));
    QVERIFY(prometheus.asked("cachedeck_metric").first().contains(QLatin1String("rate(http_requests_total{env='prod',job=~\"web|api\",route!=\"/metrics\"}[40s])")));
  }

  void aSelectorThatFindsNothingIsNoted() {
    Prometheus prometheus;
    const auto source = prometheus.source(QStringLiteral("job=\"gone\""));
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(sample->notes.size(), 1);
    QVERIFY2(sample->notes.first().contains(QStringLiteral("has no series db_pool_max_open_connections{job=\"gone\"}. Check the profile's field “Service selector”")), qPrintable(sample->notes.first()));
  }

  void aSelectorThatIsNoneIsNoted() {
    Prometheus prometheus;
    prometheus.services = job("api");
    const auto source = prometheus.source(QStringLiteral("the api, please"));
    QVERIFY(source);
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(sample->notes.size(), 1);
    QVERIFY2(sample->notes.first().startsWith(QStringLiteral("The service's figures are left out. The selector “the api, please” is not a list of label matchers.")), qPrintable(sample->notes.first()));
    QCOMPARE(prometheus.asked("count by (job)").size(), 0);
  }

  void aFailingQuestionLeavesTheSourceAlive_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("says");
    QTest::newRow("refused") << httpAnswer("422 Unprocessable Entity", "application/json", R"({"status":"error","errorType":"execution","error":"query processing would load too many samples"})")
                             << QStringLiteral("too many samples");
    QTest::newRow("broken") << httpAnswer("200 OK", "application/json", "{\"status\":\"succ") << QStringLiteral("left out");
    QTest::newRow("fault") << httpAnswer("500 Internal Server Error", "text/plain", "disk on fire") << QStringLiteral("disk on fire");
    QTest::newRow("forbidden") << httpAnswer("405 Method Not Allowed", "text/plain", "no forms here") << QStringLiteral("405");
    QTest::newRow("silence") << QByteArray() << QStringLiteral("within 0.7 s");
  }
  void aFailingQuestionLeavesTheSourceAlive() {
    QFETCH(QByteArray, answer);
    QFETCH(QString, says);
    Prometheus prometheus;
    prometheus.services = job("api");
    prometheus.figures = answer;
    const auto source = prometheus.source();
    QVERIFY(source);
    for (int i = 0; i < 5; ++i) {
      const Result<Sample> sample = source->sample({});
      QVERIFY2(sample.ok(), sample.ok() ? "" : qPrintable(sample.error().message));
      QCOMPARE(valueOf(*sample, "prometheus.targets_up"), 2.0);
      QCOMPARE(serviceFigures(*sample), 0);
      QCOMPARE(sample->notes.size(), 1);
      QVERIFY2(sample->notes.first().startsWith(QLatin1String("The service's figures are left out. ")) && sample->notes.first().contains(says), qPrintable(sample->notes.first()));
    }
    QCOMPARE(prometheus.asked("cachedeck_metric").size(), 1);  // not each second, of a server in trouble
    prometheus.set(&Prometheus::figures, vectorOf(figure("app.requests", "3")));
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(valueOf(*sample, "app.requests"), 3.0);
    QCOMPARE(sample->notes, QStringList());
  }

  void historyOfTheService() {
    ScriptedHttp server([](const QByteArray& request) -> QByteArray {
      if (pathOf(request) == "/api/v1/targets") return data(R"({"activeTargets":[{"labels":{"job":"api","instance":"a"},"scrapeInterval":"30s"},{"labels":{"job":"api","instance":"b"},"scrapeInterval":"20s"}]})");
      const QString query = queryOf(request);
      if (query == QLatin1String("count by (job) (last_over_time(db_pool_max_open_connections{}[3600s]))")) return vectorOf({});
      if (query == QLatin1String("count by (job) (last_over_time(db_pool_max_open_connections{}[7190s]))")) return vectorOf(job("api"));
      if (query == QLatin1String("(sum(rate(http_requests_total{job=\"api\",route!=\"/metrics\"}[120s]))) and on() db_pool_max_open_connections{job=\"api\"}"))
        return data(R"({"resultType":"matrix","result":[{"metric":{},"values":[[1795384710,"10"],[1795384740,"30"]]}]})");
      return data(R"({"resultType":"matrix","result":[]})");
    });
    PrometheusClient client(server.settings());
    const qint64 to = 1795384760'000;
    const auto rows = fetchHistory(client, QStringLiteral("app"), QString(), to - 7200'000, to, 1000, {});
    QVERIFY2(rows.ok(), rows.ok() ? "" : qPrintable(rows.error().message));
    QCOMPARE(rows->size(), size_t{2});
    QCOMPARE(rows->at(1).wallMs, qint64{1795384740'000});
    QVERIFY(rows->at(1).values.at(0) == std::make_pair(QLatin1String("app.requests"), 30.0));
  }

  void historyOfSeveralServices() {
    ScriptedHttp server([](const QByteArray&) { return vectorOf(job("web") + ',' + job("api")); });
    PrometheusClient client(server.settings());
    const auto rows = fetchHistory(client, QStringLiteral("app"), QString(), 1, 1000'000, 1000, {});
    QVERIFY(!rows.ok());
    QCOMPARE(rows.error().kind, Error::Kind::Usage);
    QVERIFY(rows.error().message.contains(QStringLiteral("“Service selector”")));
  }

  void jobsAreQuoted() {
    ScriptedHttp server([](const QByteArray&) { return vectorOf(job("a\\\"} or up{x=\\\"")); });
    PrometheusClient client(server.settings());
    const Result<ServiceScope> scope = findService(client, QString(), 60, 0, {});
    QVERIFY(scope.ok());
    QCOMPARE(scope->matchers, QStringLiteral("job=\"a\\\"} or up{x=\\\"\""));
  }
};

QTEST_GUILESS_MAIN(TestPrometheusService)
#include "tst_prometheus_service.moc"
