// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metric.h"
#include "core/sources/prometheus/backfill.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "core/sources/prometheus/selector.h"
#include "tests/core/tst_http.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

QByteArray data(const QByteArray& json) { return httpAnswer("200 OK", "application/json", "{\"status\":\"success\",\"data\":" + json + '}'); }
const QByteArray noPage = httpAnswer("404 Not Found", "text/plain", "404 page not found\n");
const QByteArray oneVector = data(R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]})");

QByteArray pathOf(const QByteArray& request) { return request.split(' ').value(1).split('?').first(); }
QString queryOf(const QByteArray& request, const char* name) {
  return QUrlQuery(QUrl::fromEncoded(request.split(' ').value(1))).queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
}

SourceSettings at(quint16 port) { return {{{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:%1").arg(port)}}, {}}; }

double valueOf(const Sample& sample, const char* id) {
  for (const auto& [metric, value] : sample.values)
    if (metric == QLatin1String(id)) return value;
  return NAN;
}

}  // namespace

class TestPrometheusSource : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void urls_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("auth");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QByteArray>("password");
    const auto row = [](const char* url, const char* field, const char* auth = "", const char* user = "", const char* password = "") {
      QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(field) << QString::fromUtf8(auth) << QString::fromUtf8(user) << QByteArray(password);
    };
    row("http://127.0.0.1:9090", "http://127.0.0.1:9090");
    row("http://localhost:9090/", "http://localhost:9090");
    row("https://mimir.example/prometheus/", "https://mimir.example/prometheus");
    row(" HTTPS://Prom.Example:443/a/b ", "https://prom.example:443/a/b");
    row("http://console:s3cr%2Ft%40@[::1]:9090/x", "http://[::1]:9090/x", "basic", "console", "s3cr/t@");
    row("https://console@h", "https://h", "basic", "console");
    row("http://us%40er:p%C3%BCw@h:1", "http://h:1", "basic", "us@er", "püw");
  }
  void urls() {
    QFETCH(QString, url);
    QFETCH(QString, field);
    QFETCH(QString, auth);
    QFETCH(QString, user);
    QFETCH(QByteArray, password);
    const Result<SourceSettings> settings = httpSettingsFromUrl(url);
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->field(QStringLiteral("url")), field);
    QCOMPARE(settings->field(QStringLiteral("auth")), auth);
    QCOMPARE(settings->field(QStringLiteral("user")), user);
    QCOMPARE(settings->secrets.value(QStringLiteral("password")).reveal(), password);
    QVERIFY(httpSettings(*settings, prometheusFields()).ok());
  }

  void badUrls_data() {
    QTest::addColumn<QString>("url");
    for (const char* url : {"", "localhost:9090", "ftp://c:hunter22@h", "http://", "http://c:hunter22@", "http://h:99999", "http://c:hunter22@h/?q=1",
                            "http://c:hunter22@h/#x", "http://:hunter22@h", "redis://h"})
      QTest::newRow(url) << QString::fromUtf8(url);
  }
  void badUrls() {
    QFETCH(QString, url);
    const Result<SourceSettings> settings = httpSettingsFromUrl(url);
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().kind, Error::Kind::Usage);
    QVERIFY(!settings.error().message.contains(QLatin1String("hunter22")));
  }

  void badFields_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("secret");
    QTest::newRow("auth") << QStringLiteral("auth") << QStringLiteral("digest") << QString();
    QTest::newRow("no user") << QStringLiteral("auth") << QStringLiteral("basic") << QString();
    QTest::newRow("no token") << QStringLiteral("auth") << QStringLiteral("bearer") << QString();
    QTest::newRow("token with a line break") << QStringLiteral("auth") << QStringLiteral("bearer") << QStringLiteral("abcd\r\nX-Evil: 1");
    QTest::newRow("header name") << QStringLiteral("header") << QStringLiteral("X Scope") << QString();
    QTest::newRow("header of ours") << QStringLiteral("header") << QStringLiteral("Host") << QString();
    QTest::newRow("header value") << QStringLiteral("header") << QStringLiteral("X-Scope-OrgID") << QStringLiteral("tenant\r\nHost: evil");
    QTest::newRow("user in the URL") << QStringLiteral("url") << QStringLiteral("http://a:b@h") << QString();
  }
  void badFields() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, secret);
    SourceSettings settings = at(9090);
    settings.fields.insert(key, value);
    settings.secrets.insert(QStringLiteral("password"), Secret::fromString(secret));
    settings.secrets.insert(QStringLiteral("header_value"), Secret::fromString(secret));
    const Result<HttpSettings> http = httpSettings(settings, prometheusFields());
    QVERIFY(!http.ok());
    QCOMPARE(http.error().kind, Error::Kind::Usage);
  }

  void defaultUrls() {
    QCOMPARE(httpSettings({}, prometheusFields())->base, QUrl(QStringLiteral("http://127.0.0.1:9090")));
    QCOMPARE(httpSettings({}, alertmanagerFields())->base, QUrl(QStringLiteral("http://127.0.0.1:9093")));
    QCOMPARE(httpSettings({}, pushgatewayFields())->base, QUrl(QStringLiteral("http://127.0.0.1:9091")));
  }

  void selectors_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("normal");
    const auto row = [](const char* text, const char* normal) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(normal); };
    row("", "");
    row("{}", "");
    row("instance=\"a:1\"", "instance=\"a:1\"");
    row(" { job = 'redis' , instance=~\"a.*\\\"}\" , } ", "job='redis',instance=~\"a.*\\\"}\"");
    row("a!=\"1\",b!~\"2\"", "a!=\"1\",b!~\"2\"");
  }
  void selectors() {
    QFETCH(QString, text);
    QFETCH(QString, normal);
    const Result<QString> selector = normalizedSelector(text);
    QVERIFY2(selector.ok(), selector.ok() ? "" : qPrintable(selector.error().message));
    QCOMPARE(*selector, normal);
  }

  void badSelectors() {
    for (const char* text : {"instance", "instance=a", "instance=\"a", "a=\"1\" b=\"2\"", "a=\"1\"} or up{", "redis_up{a=\"1\"}", "a==\"1\"", "1a=\"1\"", ",", "a=\"x\ny\""}) {
      const Result<QString> selector = normalizedSelector(QString::fromUtf8(text));
      QVERIFY2(!selector.ok(), text);
      QVERIFY(selector.error().message.contains(QLatin1String("is not a list of label matchers")));
    }
  }

  void filledExpressions() {
    const QString promql = QStringLiteral("sum(rate(x{$selector,state=\"a\"}[$window])) / sum(x{$selector})");
    QCOMPARE(filledPromql(promql, QStringLiteral("job=\"$window\""), 60), QStringLiteral("sum(rate(x{job=\"$window\",state=\"a\"}[60s])) / sum(x{job=\"$window\"})"));
    QCOMPARE(filledPromql(promql, QString(), 120), QStringLiteral("sum(rate(x{state=\"a\"}[120s])) / sum(x{})"));
    QCOMPARE(promQuoted(QStringLiteral("a\"b\\c\nd")), QStringLiteral("\"a\\\"b\\\\c\\nd\""));
  }

  void identityAndSample() {
    ScriptedHttp server([](const QByteArray& request) {
      const QByteArray path = pathOf(request);
      if (path == "/api/v1/query") return oneVector;
      if (path == "/api/v1/status/buildinfo") return data(R"({"version":"2.42.0","revision":"x"})");
      if (path == "/api/v1/targets")
        return data("{\"activeTargets\":[{\"labels\":{\"job\":\"a\"},\"health\":\"up\"},{\"labels\":{\"job\":\"redis\",\"instance\":\"h:1\"},\"health\":\"down\",\"lastError\":\"refused\\u001b[31m\"},{\"health\":\"unknown\"}]}");
      if (path == "/api/v1/alerts") return data(R"({"alerts":[{"state":"firing"},{"state":"firing"},{"state":"pending"}]})");
      return noPage;
    });
    const SystemClock clock;
    const auto source = prometheusSourceInfo().create(at(server.port()), clock);
    const Result<Identity> identity = source->connect({});
    QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->product, QStringLiteral("Prometheus"));
    QCOMPARE(identity->version, QStringLiteral("2.42.0"));
    QCOMPARE(identity->endpoint, QStringLiteral("127.0.0.1:%1").arg(server.port()));
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(valueOf(*sample, "prometheus.targets_up"), 1.0);
    QCOMPARE(valueOf(*sample, "prometheus.targets_down"), 1.0);
    QCOMPARE(valueOf(*sample, "prometheus.alerts_firing"), 2.0);
    QCOMPARE(valueOf(*sample, "prometheus.alerts_pending"), 1.0);
    QVERIFY(valueOf(*sample, "prometheus.round_trip") > 0);
    QCOMPARE(sample->notes, QStringList(QStringLiteral("Target redis (h:1) is down: refused\\x1b[31m")));
    for (const auto& [metric, value] : sample->values) QVERIFY(findMetric(metric));
  }

  // Mimir and Thanos answer queries but not every status page.
  void serverWithoutStatusPages() {
    ScriptedHttp server([](const QByteArray& request) { return pathOf(request) == "/api/v1/query" ? oneVector : noPage; });
    const SystemClock clock;
    const auto source = prometheusSourceInfo().create(at(server.port()), clock);
    const Result<Identity> identity = source->connect({});
    QVERIFY(identity.ok());
    QCOMPARE(identity->product, QStringLiteral("Prometheus API"));
    const Result<Sample> sample = source->sample({});
    QVERIFY(sample.ok());
    QCOMPARE(sample->notes.size(), 2);
    QVERIFY(std::isnan(valueOf(*sample, "prometheus.targets_up")));
  }

  // A figure is either measured or the sample fails: half an answer is not "no such page".
  void brokenStatusPages() {
    for (const QByteArray& bad : {httpAnswer("200 OK", "application/json", "{\"status\":\"succ"), httpAnswer("500 Internal Server Error", "text/plain", "no"), QByteArray("HTTP/1.1 200 OK\r\nContent-Len")}) {
      for (const char* page : {"/api/v1/targets", "/api/v1/alerts"}) {
        ScriptedHttp server([&](const QByteArray& request) {
          return pathOf(request) == "/api/v1/query" ? oneVector : pathOf(request) == page ? bad : data("{}");
        }, true);
        const SystemClock clock;
        const auto source = prometheusSourceInfo().create(at(server.port()), clock);
        QVERIFY(source->connect({}).ok());
        QVERIFY2(!source->sample({}).ok(), page);
      }
    }
  }

  void wrongServer_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("says");
    QTest::newRow("no API") << QStringLiteral("prometheus") << noPage << QStringLiteral("has no /api/v1/query (HTTP 404). Check the path prefix");
    QTest::newRow("no status") << QStringLiteral("alertmanager") << noPage << QStringLiteral("has no /api/v2/status (HTTP 404)");
    QTest::newRow("other status") << QStringLiteral("pushgateway") << httpAnswer("200 OK", "application/json", R"({"status":"success","data":{}})") << QStringLiteral("is not Pushgateway. Check the port");
    QTest::newRow("page") << QStringLiteral("alertmanager") << httpAnswer("200 OK", "text/html", "<html>") << QStringLiteral("a web page instead of data");
  }
  void wrongServer() {
    QFETCH(QString, kind);
    QFETCH(QByteArray, answer);
    QFETCH(QString, says);
    ScriptedHttp server([answer](const QByteArray&) { return answer; });
    const SystemClock clock;
    const SourceInfo info = kind == QLatin1String("prometheus") ? prometheusSourceInfo() : kind == QLatin1String("alertmanager") ? alertmanagerSourceInfo() : pushgatewaySourceInfo();
    const Result<Identity> identity = info.create(at(server.port()), clock)->connect({});
    QVERIFY(!identity.ok());
    QVERIFY2(identity.error().message.contains(says), qPrintable(identity.error().message));
  }

  void rangesStayWithinTheLimit() {
    ScriptedHttp server([](const QByteArray&) { return data(R"({"resultType":"matrix","result":[]})"); });
    PrometheusClient client(server.settings());
    QVERIFY(client.queryRange(QStringLiteral("up"), 1'000'000, 1'000'000 + 22'000'001, 1000, {}).ok());
    QVERIFY(client.queryRange(QStringLiteral("up"), 1'000'000, 2'000'000, 1000, {}).ok());
    QCOMPARE(queryOf(server.requests().at(0), "step"), QStringLiteral("2.001"));
    QCOMPARE(queryOf(server.requests().at(1), "step"), QStringLiteral("1.000"));
    QCOMPARE(queryOf(server.requests().at(1), "end"), QStringLiteral("2000.000"));
    QVERIFY(!client.queryRange(QStringLiteral("up"), 2, 1, 1000, {}).ok());
    QVERIFY(!client.queryRange(QStringLiteral("up"), 1, 2, 0, {}).ok());
    QVERIFY(client.query(QStringLiteral("up") + QString(3000, QLatin1Char(' ')), {}).ok());
    QVERIFY(server.requests().last().startsWith("POST /api/v1/query HTTP/1.1"));
  }

  void backfillSteps() {
    const qint64 hour = 3'600'000;
    QCOMPARE(backfillStepMs(0, hour, 1000), qint64{15000});
    QCOMPARE(backfillStepMs(0, hour, 60000), qint64{60000});
    QCOMPARE(backfillStepMs(0, 24 * hour, 0), qint64{17280});
    QCOMPARE(pastGapMs(0, hour), qint64{37500});
    QCOMPARE(pastGapMs(0, 24 * hour), qint64{42060});
    for (const PastPart& part : pastParts()) {
      QVERIFY2(std::ranges::any_of(metricCatalog(), [&](const MetricInfo& metric) { return metric.id.startsWith(part.history); }), part.title);
      QVERIFY2(std::ranges::any_of(prometheusFields(), [&](const FieldInfo& field) { return QLatin1String(field.key) == part.history + QStringLiteral("_selector"); }), part.title);
    }
  }

  void historyIsMergedByTime() {
    ScriptedHttp server([](const QByteArray& request) -> QByteArray {
      if (pathOf(request) == "/api/v1/targets")
        return data(R"({"activeTargets":[{"labels":{"instance":"a:1","job":"redis"},"health":"up","scrapeInterval":"30s"},{"labels":{"instance":"b:1","job":"x"},"scrapeInterval":"1h"}]})");
      const QString query = queryOf(request, "query");
      if (query == QLatin1String("redis_up{}")) return data(R"({"resultType":"vector","result":[{"metric":{"instance":"a:1","job":"redis"},"value":[1,"1"]}]})");
      if (query == QLatin1String("sum(rate(redis_commands_processed_total{instance=\"a:1\",job=\"redis\"}[120s]))"))
        return data(R"({"resultType":"matrix","result":[{"metric":{},"values":[[1795384710,"10"],[1795384740,"30"]]}]})");
      if (query == QLatin1String("max(redis_memory_used_bytes{instance=\"a:1\",job=\"redis\"})"))
        return data(R"({"resultType":"matrix","result":[{"metric":{},"values":[[1795384725,"5"],[1795384740,"NaN"],[1795384755,"7"]]}]})");
      if (query.contains(QLatin1String("evicted")))
        return httpAnswer("422 Unprocessable Entity", "application/json", R"({"status":"error","errorType":"execution","error":"no"})");
      return data(R"({"resultType":"matrix","result":[]})");
    });
    PrometheusClient client(server.settings());
    const qint64 to = 1795384760'000;
    const Result<std::vector<BackfillRow>> rows = fetchHistory(client, QStringLiteral("redis"), QString(), to - 3600'000, to, 1000, {});
    QVERIFY2(rows.ok(), rows.ok() ? "" : qPrintable(rows.error().message));
    QCOMPARE(rows->size(), size_t{4});
    const auto row = [&](size_t i) { return (*rows)[i]; };
    QCOMPARE(row(0).wallMs, qint64{1795384710'000});
    QCOMPARE(row(1).wallMs, qint64{1795384725'000});
    QCOMPARE(row(1).values.size(), size_t{1});
    QVERIFY(row(1).values[0] == std::make_pair(QLatin1String("redis.memory_used"), 5.0));
    QCOMPARE(row(2).values.size(), size_t{1});  // NaN is absent
    QVERIFY(row(2).values[0] == std::make_pair(QLatin1String("redis.ops"), 30.0));
    QCOMPARE(row(3).wallMs, qint64{1795384755'000});
  }

  void severalServersAreNamed() {
    ScriptedHttp server([](const QByteArray&) {
      return data(R"({"resultType":"vector","result":[{"metric":{"instance":"a:1","job":"redis"},"value":[1,"1"]},{"metric":{"instance":"b:1","job":"redis"},"value":[1,"1"]}]})");
    });
    PrometheusClient client(server.settings());
    const auto rows = fetchHistory(client, QStringLiteral("redis"), QString(), 1, 1000'000, 1000, {});
    QVERIFY(!rows.ok());
    QCOMPARE(rows.error().kind, Error::Kind::Usage);
    QCOMPARE(rows.error().message, QStringLiteral("Prometheus watches 2 Redis servers that match: job=\"redis\",instance=\"a:1\"; job=\"redis\",instance=\"b:1\". "
                                                  "Enter the labels of one in the profile's field “Redis selector”."));
  }

  void failingRangesAreNoEmptyHistory() {
    ScriptedHttp server([](const QByteArray& request) {
      if (pathOf(request) != "/api/v1/query_range") return data(R"({"resultType":"vector","result":[{"metric":{"instance":"a:1"},"value":[1,"1"]}]})");
      return httpAnswer("500 Internal Server Error", "text/plain", "disk on fire");
    });
    PrometheusClient client(server.settings());
    const auto rows = fetchHistory(client, QStringLiteral("redis"), QString(), 1, 1000'000, 1000, {});
    QVERIFY(!rows.ok());
    QVERIFY(rows.error().message.contains(QLatin1String("disk on fire")));
  }

  void noServerIsSaid() {
    ScriptedHttp server([](const QByteArray&) { return data(R"({"resultType":"vector","result":[]})"); });
    PrometheusClient client(server.settings());
    const auto rows = fetchHistory(client, QStringLiteral("postgres"), QStringLiteral("{instance='x'}"), 1, 1000'000, 1000, {});
    QVERIFY(!rows.ok());
    QCOMPARE(rows.error().kind, Error::Kind::NotFound);
    QVERIFY(rows.error().message.contains(QLatin1String("has no series pg_up{instance='x'}")));
    QCOMPARE(queryOf(server.requests().last(), "query"), QStringLiteral("last_over_time(pg_up{instance='x'}[985s])"));
    QVERIFY(!fetchHistory(client, QStringLiteral("oracle"), QString(), 1, 2, 1, {}).ok());
    QVERIFY(!fetchHistory(client, QStringLiteral("redis"), QStringLiteral("nonsense"), 1, 2, 1, {}).ok());
  }

  // Every expression of the catalog can be filled, and speaks of nothing else that would have to be.
  void catalogExpressions() {
    for (const MetricInfo& metric : metricCatalog()) {
      const QString promql = QLatin1String(metric.promql);
      if (promql.isEmpty()) continue;
      QVERIFY2(promql.contains(QLatin1String("$selector")), metric.id.data());
      QVERIFY(!filledPromql(promql, QStringLiteral("a=\"b\""), 60).contains(QLatin1Char('$')));
      QVERIFY(!filledPromql(promql, QString(), 60).contains(QLatin1String("{,")));
    }
  }
};

QTEST_GUILESS_MAIN(TestPrometheusSource)
#include "tst_prometheus_source.moc"
