// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/instants.h"
#include "core/sources/prometheus/prometheus_json.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace cachedeck;

namespace {

HttpSettings somewhere() {
  HttpSettings settings;
  settings.base = QUrl(QStringLiteral("http://prom.example:9090"));
  return settings;
}

Result<PromAnswer> answerOf(const QByteArray& body, int status = 200, const QByteArray& type = "application/json") {
  return promAnswer(somewhere(), HttpResponse{status, type, body}, QStringLiteral("/api/v1/query"));
}

QJsonValue dataOf(const QByteArray& body) { return QJsonDocument::fromJson(body).object().value(QLatin1String("data")); }

// As Prometheus 2.42 said them.
const QByteArray vector = R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","instance":"127.0.0.1:29390","job":"prometheus"},"value":[1795384797.701,"1"]},{"metric":{"__name__":"up","instance":"127.0.0.1:29391","job":"dead"},"value":[1795384797.701,"0"]}]}})";
const QByteArray matrix = R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"instance":"a"},"values":[[1795384700,"1.5"],[1795384715,"NaN"],[1795384745,"+Inf"],[1795384760,"-Inf"],[1795384775,"1.2e-05"]]}]}})";
const QByteArray targets = "{\"status\":\"success\",\"data\":{\"activeTargets\":[{\"discoveredLabels\":{\"__address__\":\"127.0.0.1:29391\",\"job\":\"dead\"},\"labels\":{\"instance\":\"127.0.0.1:29391\",\"job\":\"dead\"},\"scrapePool\":\"dead\",\"scrapeUrl\":\"http://127.0.0.1:29391/metrics\",\"globalUrl\":\"http://vm:29391/metrics\",\"lastError\":\"Get \\\"http://127.0.0.1:29391/metrics\\\": dial tcp 127.0.0.1:29391: connect: connection refused\",\"lastScrape\":\"2026-11-22T21:59:57.634418466Z\",\"lastScrapeDuration\":0.000751568,\"health\":\"down\",\"scrapeInterval\":\"1m30s\",\"scrapeTimeout\":\"1s\"}],\"droppedTargets\":[]}}";
const QByteArray alerts = R"({"status":"success","data":{"alerts":[{"labels":{"alertname":"TargetDown","severity":"critical"},"annotations":{"summary":"down 127.0.0.1:29391"},"state":"firing","activeAt":"2026-11-22T21:59:57.73091461Z","value":"9.169522523880005e+01"}]}})";
const QByteArray rules = R"~({"status":"success","data":{"groups":[{"name":"g","file":"r.yml","rules":[{"state":"pending","name":"Later","query":"up == 0","duration":3600,"keepFiringFor":0,"labels":{"severity":"critical"},"annotations":{},"alerts":[{"labels":{"alertname":"Later"},"annotations":{},"state":"pending","activeAt":"2026-11-22T21:59:57.73091461Z","value":"0e+00"}],"health":"ok","evaluationTime":0.00017,"lastEvaluation":"2026-11-22T21:59:57.731926707Z","type":"alerting"},{"name":"up:sum","query":"sum(up)","health":"err","lastError":"too late","type":"recording"}],"interval":15,"limit":0}]}})~";

}  // namespace

class TestPrometheusJson : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void vectorResult() {
    const Result<PromResult> result = promResult(dataOf(vector));
    QVERIFY(result.ok());
    QCOMPARE(result->series.size(), size_t{2});
    QCOMPARE(result->series[1].labels.value(QStringLiteral("job")), QStringLiteral("dead"));
    QCOMPARE(result->series[0].points.at(0).first, 1795384797.701);
    QCOMPARE(result->series[0].points.at(0).second, 1.0);
  }

  void matrixResult() {
    const Result<PromResult> result = promResult(dataOf(matrix));
    QVERIFY(result.ok());
    const auto& points = result->series.at(0).points;
    QCOMPARE(points.size(), size_t{5});
    QCOMPARE(points[0].second, 1.5);
    QVERIFY(std::isnan(points[1].second));
    QVERIFY(std::isinf(points[2].second) && points[2].second > 0);
    QVERIFY(std::isinf(points[3].second) && points[3].second < 0);
    QCOMPARE(points[4].second, 1.2e-05);
  }

  void otherResults() {
    const Result<PromResult> scalar = promResult(dataOf(R"({"data":{"resultType":"scalar","result":[1795384797.675,"+Inf"]}})"));
    QVERIFY(scalar.ok() && std::isinf(scalar->series.at(0).points.at(0).second));
    const Result<PromResult> text = promResult(dataOf(R"({"data":{"resultType":"string","result":[1795384797.689,"x"]}})"));
    QVERIFY(text.ok() && text->series.empty());
    const Result<PromResult> empty = promResult(dataOf(R"({"data":{"resultType":"vector","result":[]}})"));
    QVERIFY(empty.ok() && empty->series.empty());
    const Result<PromResult> victoria = promResult(dataOf(R"({"data":{"resultType":"vector","result":[{"metric":{},"value":[1795384797,"2"]}]}})"));
    QVERIFY(victoria.ok() && victoria->series.at(0).points.at(0).second == 2);
    QVERIFY(!promResult(dataOf(R"({"data":{"resultType":"<b>","result":[]}})")).ok());
    QVERIFY(!promResult(dataOf(R"({"data":[]})")).ok());
  }

  void hostileResults() {
    const Result<PromResult> odd = promResult(dataOf(
        R"({"data":{"resultType":"vector","result":[7,null,{"metric":5,"value":"x"},{"value":["1","2"]},{"value":[1,2]},{"value":[1]},{"value":[1,"0x10"]},{"value":[1,"1,5"]},{"metric":{},"histogram":[1,{"count":"3"}]}]}})"));
    QVERIFY(odd.ok());
    for (const PromSeries& series : odd->series) QVERIFY(series.points.empty());

    QByteArray many = R"({"data":{"resultType":"vector","result":[)";
    for (int i = 0; i < 1200; ++i) many += (i ? "," : "") + QByteArray(R"({"metric":{},"value":[1,"1"]})");
    const Result<PromResult> capped = promResult(dataOf(many + "]}}"));
    QVERIFY(capped.ok());
    QCOMPARE(capped->series.size(), size_t{1000});
    QCOMPARE(capped->warnings, QStringList(QStringLiteral("Only the first 1000 of 1200 series were taken.")));
  }

  void numbers_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    for (const char* text : {"1", "-0", "1e+300", "0e+00", "NaN", "+Inf", "-Inf", "Inf"}) QTest::newRow(text) << QString::fromLatin1(text) << true;
    for (const char* text : {"", "nan", "inf", "1e999", "1,5", "0x1", "one", " "}) QTest::newRow(text) << QString::fromLatin1(text) << false;
  }
  void numbers() {
    QFETCH(QString, text);
    QFETCH(bool, good);
    double value = 0;
    QCOMPARE(promNumber(text, &value), good);
  }

  void durations() {
    QCOMPARE(promDuration(QStringLiteral("15s")), 15.0);
    QCOMPARE(promDuration(QStringLiteral("1h2m3s500ms")), 3723.5);
    QCOMPARE(promDuration(QStringLiteral("1d")), 86400.0);
    QCOMPARE(promDuration(QString()), 0.0);
  }

  void warningsAreKept() {
    const Result<PromAnswer> answer = answerOf(
        "{\"status\":\"success\",\"data\":{},\"warnings\":[\"results truncated due to limit\"],\"infos\":[\"metric might not be a counter\\u0007\"]}");
    QVERIFY(answer.ok());
    QCOMPARE(answer->warnings, QStringList({QStringLiteral("results truncated due to limit"), QStringLiteral("metric might not be a counter\\x07")}));
  }

  void errors_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("says");
    using Kind = Error::Kind;
    const auto row = [](const char* name, const QByteArray& body, int status, const QByteArray& type, Kind kind, const char* says) {
      QTest::newRow(name) << body << status << type << kind << QString::fromUtf8(says);
    };
    const QByteArray isJson = "application/json";
    row("bad query", "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\": 1:6: parse error: unexpected end of input\"}", 400, isJson,
        Kind::Usage, "refused the query: invalid parameter \"query\": 1:6: parse error");
    row("execution", R"({"status":"error","errorType":"execution","error":"found duplicate series"})", 422, isJson, Kind::Server, "found duplicate series");
    row("timeout", R"({"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"})", 503, isJson, Kind::Timeout, "gave the query up: query timed out");
    row("unavailable", R"({"status":"error","errorType":"unavailable","error":"tsdb not ready"})", 503, isJson, Kind::Busy, "tsdb not ready");
    row("VictoriaMetrics", R"({"status":"error","errorType":"422","error":"cannot parse query"})", 422, isJson, Kind::Server, "cannot parse query");
    row("VictoriaMetrics path", "unsupported path requested: /nope", 400, "text/plain", Kind::NotFound, "has no /api/v1/query (HTTP 400)");
    row("unknown path", "404 page not found\n", 404, "text/plain", Kind::NotFound, "has no /api/v1/query (HTTP 404)");
    row("method", "Method Not Allowed\n", 405, "text/plain", Kind::Protocol, "HTTP 405");
    row("401 text", "Unauthorized\n", 401, "text/plain", Kind::Auth, "asks for credentials");
    row("401 JSON of a gateway", R"({"message":"Invalid API key"})", 401, isJson, Kind::Auth, "asks for credentials");
    row("403 JSON", R"({"message":"no"})", 403, isJson, Kind::Permission, "forbids");
    row("500 JSON of a proxy", R"({"oops":1})", 500, isJson, Kind::Server, "HTTP 500");
    row("replaying", "Service Unavailable", 503, "text/plain", Kind::Busy, "is not ready");
    row("other JSON", R"({"cluster":{},"versionInfo":{}})", 200, isJson, Kind::Protocol, "not in the way of the Prometheus API");
    row("array", "[]", 200, isJson, Kind::Protocol, "not in the way of the Prometheus API");
  }
  void errors() {
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, says);
    const Result<PromAnswer> answer = answerOf(body, status, type);
    QVERIFY(!answer.ok());
    QVERIFY2(answer.error().message.contains(says), qPrintable(answer.error().message));
    QVERIFY(answer.error().message.contains(QLatin1String("prom.example:9090")));
    QCOMPARE(kindName(answer.error().kind), kindName(kind));
  }

  void targetList() {
    const std::vector<PromTarget> list = promTargets(dataOf(targets));
    QCOMPARE(list.size(), size_t{1});
    QCOMPARE(list[0].labels.value(QStringLiteral("job")), QStringLiteral("dead"));
    QCOMPARE(list[0].health, QStringLiteral("down"));
    QVERIFY(list[0].lastError.endsWith(QLatin1String("connection refused")));
    QCOMPARE(list[0].scrapeIntervalSeconds, 90.0);
    QCOMPARE(list[0].lastScrapeSeconds, 0.000751568);
    QVERIFY(promTargets(QJsonValue()).empty());
  }

  void alertList() {
    const std::vector<PromAlert> list = promAlerts(dataOf(alerts));
    QCOMPARE(list.size(), size_t{1});
    QCOMPARE(list[0].labels.value(QStringLiteral("alertname")), QStringLiteral("TargetDown"));
    QCOMPARE(list[0].state, QStringLiteral("firing"));
    QCOMPARE(list[0].value, 91.69522523880005);
    QCOMPARE(isoUtc(list[0].activeAtMs), QStringLiteral("2026-11-22T21:59:57.731Z"));
  }

  void ruleList() {
    const std::vector<PromRuleGroup> groups = promRules(dataOf(rules));
    QCOMPARE(groups.size(), size_t{1});
    QCOMPARE(groups[0].intervalSeconds, 15.0);
    QCOMPARE(groups[0].rules.size(), size_t{2});
    const PromRule& later = groups[0].rules[0];
    QCOMPARE(later.state, QStringLiteral("pending"));
    QCOMPARE(later.holdSeconds, 3600.0);
    QCOMPARE(later.alerts.size(), size_t{1});
    QCOMPARE(groups[0].rules[1].type, QStringLiteral("recording"));
    QCOMPARE(groups[0].rules[1].lastError, QStringLiteral("too late"));
  }

  void builds_data() {
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("product");
    QTest::addColumn<QString>("version");
    const auto row = [](const char* data, const char* product, const char* version) {
      QTest::newRow(product) << QByteArray(data) << QString::fromLatin1(product) << QString::fromLatin1(version);
    };
    row(R"({"version":"2.42.0+ds","revision":"2.42.0+ds-5+deb12u1","branch":"debian/sid"})", "Prometheus", "2.42.0+ds");
    row(R"({"version":"0.30.2","revision":"0ae1d20a","branch":"HEAD"})", "Thanos", "0.30.2");
    row(R"({"application":"Grafana Mimir","version":"2.9.1","revision":"abc","features":{}})", "Grafana Mimir", "2.9.1");
    row("{}", "VictoriaMetrics", "");
  }
  void builds() {
    QFETCH(QByteArray, data);
    QFETCH(QString, product);
    QFETCH(QString, version);
    const PromBuild build = promBuild(QJsonDocument::fromJson(data).object());
    QCOMPARE(build.product, product);
    QCOMPARE(build.version, version);
  }
};

QTEST_GUILESS_MAIN(TestPrometheusJson)
#include "tst_prometheus_json.moc"
