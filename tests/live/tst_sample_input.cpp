// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/sample_fixture.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <memory>

using namespace cachedeck::test;

namespace {

const QByteArray api = "/api/v1";
constexpr qsizetype largest = 64 * 1024;

}  // namespace

/// What clients get wrong, by mistake or on purpose: an answer that says what, and the service goes on.
class TestSampleInput : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void cleanup() {
    QVERIFY(m_service.running());
    QCOMPARE(m_service.get("/api/v1/risks/1").status, 200);
  }

  void parameters_data() {
    QTest::addColumn<QByteArray>("culprit");
    const auto row = [](const char* target, const char* culprit) { QTest::newRow(target) << QByteArray(culprit); };
    row("/risks?page=0", "page");
    row("/risks?page=-1", "page");
    row("/risks?page=1.5", "page");
    row("/risks?page=two", "page");
    row("/risks?page=1000001", "page");
    row("/risks?page=99999999999999999999", "page");
    row("/risks?page=%31%00", "page");
    row("/risks?limit=0", "limit");
    row("/risks?limit=101", "limit");
    row("/risks?limit=%20", "limit");
    row("/risks?severity=High", "severity");
    row("/risks?severity=*", "severity");
    row("/risks?status=gone", "status");
    row("/risks?search=", "search");
    row("/risks?search", "search");
    row("/risks?search=a%00b", "search");
    row("/risks?search=%ff%fe", "search");
    row("/risks?search=%C0%AF", "search");
    row("/risks?search=%ED%A0%80", "search");
    row("/risks?search=ok&page=0", "page");
    row("/risks/0", "id");
    row("/risks/-5", "id");
    row("/risks/abc", "id");
    row("/risks/1%20", "id");
    row("/risks/9223372036854775808", "id");
    row("/risks/1;DROP%20TABLE%20risks", "id");
    row("/stats?period=1d", "period");
    row("/stats/trends?days=0", "days");
    row("/stats/trends?days=366", "days");
    row("/marketplace/connectors?category=toys", "category");
    row("/marketplace/connectors?status=open", "status");
    row("/marketplace/connectors/x", "id");
    row("/marketplace/apps/1e3", "id");
  }
  void parameters() {
    QFETCH(QByteArray, culprit);
    const HttpAnswer answer = m_service.get(api + QTest::currentDataTag());
    QVERIFY2(answer.status == 400, answer.shown());
    QCOMPARE(answer.json().value(QLatin1String("parameter")).toString().toLatin1(), culprit);
    QVERIFY(answer.json().value(QLatin1String("error")).toString().contains(QString::fromLatin1(culprit)));
    QCOMPARE(answer.header("content-type"), QByteArray("application/json"));
  }

  void longSearch() {
    QCOMPARE(m_service.get(api + "/risks?search=" + QByteArray(100, 'x')).status, 200);
    QCOMPARE(m_service.get(api + "/risks?search=" + QByteArray(101, 'x')).status, 400);
    QCOMPARE(m_service.get(api + "/risks?search=" + QByteArray("%C3%A4").repeated(100)).status, 200);
  }

  void bodies_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("value");
    const auto field = [](const char* name, const QByteArray& body, const char* culprit) {
      QTest::newRow(name) << body << QByteArray("field") << QByteArray(culprit);
    };
    const auto change = [](const char* from, const char* to) { return riskBody("A title").replace(from, to); };
    field("no title", change("\"title\":\"A title\",", ""), "title");
    field("empty title", riskBody(""), "title");
    field("blank title", riskBody(" \\t "), "title");
    field("long title", riskBody(QByteArray(201, 'x')), "title");
    field("title with NUL", riskBody("a\\u0000b"), "title");
    field("title is a number", change("\"A title\"", "5"), "title");
    field("severity unknown", change("high", "higher"), "severity");
    field("severity null", change("\"high\"", "null"), "severity");
    field("status unknown", change("\"open\"", "\"OPEN\""), "status");
    field("likelihood 0", change("\"likelihood\":4", "\"likelihood\":0"), "likelihood");
    field("likelihood 6", change("\"likelihood\":4", "\"likelihood\":6"), "likelihood");
    field("likelihood 1.5", change("\"likelihood\":4", "\"likelihood\":1.5"), "likelihood");
    field("likelihood as text", change("\"likelihood\":4", "\"likelihood\":\"4\""), "likelihood");
    field("likelihood huge", change("\"likelihood\":4", "\"likelihood\":18446744073709551615"), "likelihood");
    field("no impact", change(",\"impact\":3", ""), "impact");
    field("no owner", change(",\"owner\":\"tester\"", ""), "owner");
    field("long description", riskBody("A title", ",\"description\":\"" + QByteArray(4001, 'd') + '"'), "description");
    field("unknown field", riskBody("A title", ",\"id\":7"), "id");
    const auto position = [](const char* name, const QByteArray& body, int at) {
      QTest::newRow(name) << body << QByteArray("position") << QByteArray::number(at);
    };
    position("cut short", "{\"title\":", 10);
    position("not JSON", "=", 1);
    position("more behind it", "{} {}", 4);
    position("no UTF-8", "{\"title\":\"\xff\"}", 11);
    QTest::newRow("an array") << QByteArray("[1]") << QByteArray("status") << QByteArray("400");
    QTest::newRow("nested deeply") << QByteArray(60000, '[') << QByteArray("position") << QByteArray("60001");
  }
  void bodies() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, member);
    QFETCH(QByteArray, value);
    for (const auto& [method, target] : {std::pair("POST", "/risks"), std::pair("PUT", "/risks/3")}) {
      const HttpAnswer answer = m_service.call(method, api + target, body);
      QVERIFY2(answer.status == 400, answer.shown());
      const QVariant found = answer.json().value(QString::fromLatin1(member)).toVariant();
      QCOMPARE(found.toString().toLatin1(), value);
    }
  }

  void noBody() { QCOMPARE(m_service.call("POST", "/api/v1/risks").status, 400); }

  void statusMayBeLeftOutForANewRiskOnly() {
    const QByteArray body = riskBody("No status").replace("\"status\":\"open\",", "");
    QCOMPARE(m_service.call("POST", "/api/v1/risks", body).json().value(QLatin1String("status")).toString(), QStringLiteral("open"));
    QCOMPARE(m_service.call("PUT", "/api/v1/risks/3", body).status, 400);
  }

  void anyContentTypeIsTaken() {
    HttpLink link(m_service.port());
    const QByteArray body = riskBody("Text");
    link.send("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n" + m_service.authorization() +
              "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QCOMPARE(link.receive().status, 201);
  }

  void unauthorized_data() {
    QTest::addColumn<QByteArray>("header");
    const auto basic = [](const QByteArray& text) { return "Authorization: Basic " + text.toBase64(); };
    QTest::newRow("none") << QByteArray("X-Nothing: 1");
    QTest::newRow("empty") << QByteArray("Authorization:");
    QTest::newRow("no scheme") << QByteArray("Authorization: " + QByteArray(64, 'a'));
    QTest::newRow("unknown token") << QByteArray("Authorization: Bearer " + QByteArray(64, 'a'));
    QTest::newRow("other scheme") << QByteArray("Authorization: Digest username=\"demo\"");
    QTest::newRow("wrong password") << basic("demo:nonsense");
    QTest::newRow("empty password") << basic("demo:");
    QTest::newRow("unknown user") << basic("nobody:" + SampleService::password());
    QTest::newRow("no colon") << basic("demo");
    QTest::newRow("NUL") << basic(QByteArray("demo:") + SampleService::password() + QByteArray("\0x", 2));
    QTest::newRow("long") << basic("demo:" + QByteArray(5000, 'x'));
    QTest::newRow("not base64") << QByteArray("Authorization: Basic ????");
  }
  void unauthorized() {
    QFETCH(QByteArray, header);
    for (const auto& [method, target] : {std::pair("GET", "/risks"), std::pair("POST", "/risks"), std::pair("DELETE", "/risks/4"),
                                         std::pair("POST", "/cache/invalidate?cascade=dashboard")}) {
      HttpLink link(m_service.port());
      const HttpAnswer answer = link.request(method, api + target, {header}, QByteArray(method) == "POST" ? riskBody("x") : QByteArray());
      QVERIFY2(answer.status == 401, answer.shown());
      QVERIFY(!answer.header("www-authenticate").isEmpty());
      QVERIFY(!answer.json().value(QLatin1String("error")).toString().isEmpty());
      QCOMPARE(link.request("GET", "/health").status, 200);  // the connection is still good
    }
  }

  void basicIsAsGoodAsAToken() {
    HttpLink link(m_service.port());
    const QByteArray header = "authorization: bAsIc " + ("demo:" + SampleService::password()).toBase64();
    for (int i = 0; i < 3; ++i) QCOMPARE(link.request("GET", "/api/v1/risks/7", {header}).status, 200);
    QCOMPARE(link.request("GET", "/api/v1/risks?page=x", {header}).status, 400);
  }

  void logins_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray password = SampleService::password();
    QTest::newRow("by name") << QByteArray("{\"username\":\"demo\",\"password\":\"" + password + "\"}") << 200;
    QTest::newRow("by mail address") << QByteArray("{\"email\":\"demo@example.org\",\"password\":\"" + password + "\"}") << 200;
    QTest::newRow("wrong password") << QByteArray("{\"username\":\"demo\",\"password\":\"no\"}") << 401;
    QTest::newRow("unknown user") << QByteArray("{\"username\":\"' OR 1=1 --\",\"password\":\"no\"}") << 401;
    QTest::newRow("no password") << QByteArray("{\"username\":\"demo\"}") << 400;
    QTest::newRow("no name") << QByteArray("{\"password\":\"x\"}") << 400;
    QTest::newRow("password is a number") << QByteArray("{\"username\":\"demo\",\"password\":5}") << 400;
    QTest::newRow("unknown field") << QByteArray("{\"username\":\"demo\",\"password\":\"x\",\"otp\":\"1\"}") << 400;
    QTest::newRow("no JSON") << QByteArray("demo:x") << 400;
  }
  void logins() {
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    const HttpAnswer answer = httpRequest(m_service.port(), "POST", "/api/v1/auth/login", {}, body);
    QVERIFY2(answer.status == status, answer.shown());
    if (status != 200) return;
    QCOMPARE(answer.json().value(QLatin1String("token_type")).toString(), QStringLiteral("Bearer"));
    QCOMPARE(answer.json().value(QLatin1String("expires_in")).toInt(), 43200);
    const QByteArray token = answer.json().value(QLatin1String("token")).toString().toLatin1();
    QCOMPARE(token.size(), 64);
    QCOMPARE(httpRequest(m_service.port(), "GET", "/api/v1/risks/1", {"Authorization: Bearer " + token}).status, 200);
  }

  void pathsAndMethods_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("allow");
    const auto row = [](const char* request, int status, const char* allow = "") { QTest::newRow(request) << status << QByteArray(allow); };
    row("GET /", 404);
    row("GET /api/v1", 404);
    row("GET /api/v1/risks/", 404);
    row("GET /api/v1/risks/1/2", 404);
    row("GET /api/v1/risks/../risks", 404);
    row("GET //health", 404);
    row("GET /metrics/", 404);
    row("GET /api/v2/risks", 404);
    row("BREW /nothing", 404);
    row("DELETE /api/v1/risks", 405, "GET, HEAD, POST");
    row("POST /api/v1/risks/1", 405, "GET, HEAD, PUT, DELETE");
    row("PATCH /api/v1/risks/1", 405, "GET, HEAD, PUT, DELETE");
    row("BREW /api/v1/risks", 405, "GET, HEAD, POST");
    row("OPTIONS /api/v1/stats", 405, "GET, HEAD");
    row("GET /api/v1/auth/login", 405, "POST");
    row("GET /api/v1/cache/invalidate", 405, "POST");
    row("POST /metrics", 405, "GET, HEAD");
    row("PUT /health", 405, "GET, HEAD");
  }
  void pathsAndMethods() {
    QFETCH(int, status);
    QFETCH(QByteArray, allow);
    const QList<QByteArray> words = QByteArray(QTest::currentDataTag()).split(' ');
    const HttpAnswer answer = m_service.call(words[0], words[1]);
    QVERIFY2(answer.status == status, answer.shown());
    QCOMPARE(answer.header("allow"), allow);
    QCOMPARE(answer.json().value(QLatin1String("status")).toInt(), status);
  }

  void tooLarge() {
    HttpLink link(m_service.port());
    // The head alone is enough.
    link.send("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\nContent-Length: " + QByteArray::number(largest + 1) + "\r\n\r\n");
    const HttpAnswer answer = link.receive();
    QVERIFY2(answer.status == 413, answer.shown());
    QCOMPARE(answer.json().value(QLatin1String("status")).toInt(), 413);
    QVERIFY(link.closed());
  }

  void asLargeAsAllowed() {
    QByteArray body = riskBody("Padded");
    body += QByteArray(largest - body.size(), ' ');
    QCOMPARE(m_service.call("POST", "/api/v1/risks", body).status, 201);
  }

  void tooLargeInChunks() {
    HttpLink link(m_service.port());
    link.send("PUT /api/v1/risks/1 HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    const QByteArray chunk = "2000\r\n" + QByteArray(0x2000, ' ') + "\r\n";
    for (int i = 0; i < 9; ++i) link.send(chunk);  // never ends
    const HttpAnswer answer = link.receive();
    QVERIFY2(answer.status == 413, answer.shown());
    QVERIFY(link.closed());
  }

  void aGetWithABody() {
    HttpLink link(m_service.port());
    QCOMPARE(link.request("GET", "/api/v1/risks/1", {m_service.authorization()}, "{}").status, 200);
    QCOMPARE(link.request("GET", "/api/v1/risks/1", {m_service.authorization()}).status, 200);
    QCOMPARE(link.request("GET", "/health", {}, QByteArray(largest + 1, 'x')).status, 413);
  }

  void chunks() {
    HttpLink link(m_service.port());
    const QByteArray body = riskBody("In chunks");
    link.send("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const char byte : body) link.send(QByteArray("1\r\n") + byte + "\r\n");
    link.send("0\r\n\r\n");
    QCOMPARE(link.receive().status, 201);
    QCOMPARE(link.request("GET", "/health").status, 200);
  }

  void expectContinue() {
    HttpLink link(m_service.port());
    const QByteArray body = riskBody("Continue");
    link.send("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + m_service.authorization() +
              "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n");
    link.send(body);
    QCOMPARE(link.receive().status, 201);
  }

  void garbage_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("noise") << QByteArray::fromHex("ff0010203040506070809000aabbccddeeff").repeated(50) + "\r\n\r\n";
    QTest::newRow("TLS") << QByteArray::fromHex("16030100c8010000c40303") + QByteArray(200, 'x') + "\r\n\r\n";
    QTest::newRow("HTTP/2") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    QTest::newRow("no version") << QByteArray("GET /health\r\n\r\n");
    QTest::newRow("endless line") << "GET /" + QByteArray(200000, 'a') + " HTTP/1.1\r\n\r\n";
    QTest::newRow("endless header") << "GET /health HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(200000, 'a') + "\r\n\r\n";
    QTest::newRow("many headers") << "GET /health HTTP/1.1\r\nHost: a\r\n" + QByteArray("X: y\r\n").repeated(20000) + "\r\n";
    QTest::newRow("no colon") << QByteArray("GET /health HTTP/1.1\r\nHost a\r\n\r\n");
    QTest::newRow("length is no number") << QByteArray("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n{}");
    QTest::newRow("negative length") << QByteArray("POST /api/v1/risks HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}");
    QTest::newRow("chunk is no number") << QByteArray("POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
    QTest::newRow("NUL in the path") << QByteArray("GET /api/v1/risks/1\0 HTTP/1.1\r\nHost: a\r\n\r\n", 43);
  }
  void garbage() {
    QFETCH(QByteArray, bytes);
    HttpLink link(m_service.port());
    link.send(bytes);  // may be cut off
    link.finish();
    const HttpAnswer answer = link.receive();
    QVERIFY2(answer.status == 0 || answer.status >= 400 || bytes.startsWith("GET /health"), answer.shown());
  }

  void halfRequests() {
    std::vector<std::unique_ptr<HttpLink>> links;
    for (const char* half : {"", "G", "\x80", "GET /health HTTP/1.1", "GET /health HTTP/1.1\r\nHost: a\r\n",
                             "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"user",
                             "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"}) {
      for (int i = 0; i < 10; ++i) {
        links.push_back(std::make_unique<HttpLink>(m_service.port()));
        QVERIFY(links.back()->send(half));
      }
    }
    // They hang, others do not.
    for (int i = 0; i < 20; ++i) QCOMPARE(m_service.get("/api/v1/risks/1").status, 200);
    links.clear();
    QVERIFY(becomes([&] { return m_service.figures().value("http_requests_in_flight") == 1.0; }));  // the one that asks
  }

  void clientsThatLeaveBeforeTheAnswer() {
    for (int i = 0; i < 20; ++i) {
      HttpLink link(m_service.port());
      link.send("GET /api/v1/risks?page=" + QByteArray::number(i + 1) + " HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\n\r\n");
    }
    QVERIFY(becomes([&] { return m_service.figures().value("http_requests_in_flight") == 1.0; }));
  }

  void pipelining() {
    HttpLink link(m_service.port());
    const QByteArray authorization = m_service.authorization();
    m_redis.cli({QStringLiteral("flushall")});
    QByteArray all;
    // Hits and misses, answers at once and later ones, in turns: the order stays.
    for (int i = 0; i < 40; ++i) all += "GET /api/v1/risks/" + QByteArray::number(1 + i % 20) + " HTTP/1.1\r\nHost: a\r\n" + authorization + "\r\n\r\n";
    link.send(all);
    for (int i = 0; i < 40; ++i) {
      const HttpAnswer answer = link.receive();
      QCOMPARE(answer.json().value(QLatin1String("id")).toInt(), 1 + i % 20);
      QCOMPARE(answer.header("x-cache"), QByteArray(i < 20 ? "MISS" : "HIT"));
    }
  }

  void oldHttp() {
    HttpLink link(m_service.port());
    link.send("GET /health HTTP/1.0\r\n\r\n");
    QCOMPARE(link.receive().status, 200);
    QVERIFY(link.closed());
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port(), {QStringLiteral("--cache-timeout=20s")}};  // a busy machine is no outage
};

QTEST_GUILESS_MAIN(TestSampleInput)
#include "tst_sample_input.moc"
