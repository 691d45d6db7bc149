// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/http_server.h"
#include "tests/live/sample_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <memory>
#include <vector>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

/// Answers at once, or later from another thread for "/later".
class Echo : public sample::HttpHandler {
 public:
  void handle(sample::Exchange& exchange) override {
    ++handled;
    if (exchange.path() != "/later") return exchange.answer(sample::jsonReply(200, std::string(exchange.query()) + exchange.body()));
    exchange.defer([&exchange, this] { m_threads.emplace_back([&exchange] { exchange.answer(sample::jsonReply(200, std::string(exchange.query()))); }); });
  }
  void answered(sample::Exchange&, int) override {}
  std::atomic<int> handled = 0;

 private:
  std::vector<std::jthread> m_threads;  // of one thread of the server
};

/// The server alone, with limits that a test can wait for.
struct Server {
  explicit Server(sample::HttpServer::Limits limits) {
    limits.threads = 1;
    server = sample::HttpServer::start(limits, echo);
    auto socket = sample::ListenSocket::bind("127.0.0.1", 0);
    if (!server || !socket || !socket->listen()) qFatal("no server");
    port = QString::fromStdString(socket->address()).section(QLatin1Char(':'), 1).toUShort();
    server->accept(std::move(*socket));
  }
  Echo echo;
  std::unique_ptr<sample::HttpServer> server;
  quint16 port = 0;
};

}  // namespace

/// How much a client may send, how slowly, and how many there may be.
class TestSampleLimits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres, &m_redis, &m_service});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // printf … | nc -N: nothing more comes, and the answer is waited for.
  void halfClosed_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QList<int>>("statuses");
    const QByteArray end = " HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() + "\r\n\r\n", body = riskBody("Half closed");
    QTest::newRow("health") << "GET /health" + end << QList{200};
    QTest::newRow("figures") << "GET /metrics" + end << QList{200};
    QTest::newRow("miss") << "GET /api/v1/stats?period=90d" + end << QList{200};
    QTest::newRow("at once") << "GET /nothing" + end << QList{404};
    QTest::newRow("several") << "GET /api/v1/risks/11" + end + "GET /nothing" + end + "GET /api/v1/risks/12" + end << QList{200, 404, 200};
    QTest::newRow("body") << "POST /api/v1/risks HTTP/1.1\r\nHost: a\r\n" + m_service.authorization() +
                                 "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body
                          << QList{201};
    QTest::newRow("close") << QByteArray("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") << QList{200};
  }
  void halfClosed() {
    QFETCH(QByteArray, request);
    QFETCH(QList<int>, statuses);
    for (int i = 0; i < 5; ++i) {
      HttpLink link(m_service.port());
      QVERIFY(link.send(request));
      link.finish();
      for (const int status : statuses) QCOMPARE(link.receive().status, status);
      QVERIFY(link.closed());
    }
  }

  void manyParameters() {
    for (const int count : {100, 230, 231, 1000}) {
      QByteArray query;
      for (int i = 0; i < count; ++i) query += "p" + QByteArray::number(i) + "=1&";
      const HttpAnswer answer = m_service.get("/api/v1/risks?" + query + "page=2");
      QVERIFY2(answer.status == 200, answer.shown());
      QCOMPARE(answer.json().value(QLatin1String("page")).toInt(), 2);
    }
  }

  void longHeads_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    const QByteArray search = "/api/v1/risks?search=ok&x=", none = "X-Nothing: 1";
    QTest::newRow("8 KiB") << search + QByteArray(8192 - search.size(), 'x') << none << 200;
    QTest::newRow("more") << search + QByteArray(8193 - search.size(), 'x') << none << 414;
    QTest::newRow("long path") << "/" + QByteArray(16000, 'x') << none << 414;
    QTest::newRow("long header") << QByteArray("/api/v1/risks/1") << "X: " + QByteArray(14000, 'x') << 200;
    QTest::newRow("too long header") << QByteArray("/api/v1/risks/1") << "X: " + QByteArray(16384, 'x') << 431;
    QTest::newRow("many headers") << QByteArray("/api/v1/risks/1") << QByteArray("X: y\r\n").repeated(150).trimmed() << 200;
  }
  void longHeads() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    const HttpAnswer answer = httpRequest(m_service.port(), "GET", target, {m_service.authorization(), header});
    QVERIFY2(answer.status == status, answer.shown());
    QCOMPARE(answer.header("content-type"), QByteArray("application/json"));
    if (status != 200) QCOMPARE(answer.json().value(QLatin1String("status")).toInt(), status);
  }

  // Bytes that keep coming, and never make a request.
  void slowHead() {
    Server server({.request = 500ms, .idle = 1h});
    HttpLink link(server.port);
    QByteArray head = "GET /" + QByteArray(100000, 'x');
    qsizetype sent = 0;
    const auto sendOne = [&] { return link.send(head.mid(sent++, 1)); };
    QTRY_VERIFY_WITH_TIMEOUT(!sendOne(), 60000);
    QVERIFY(link.closed());
  }

  void slowHeaders() {
    Server server({.request = 500ms, .idle = 1h});
    HttpLink link(server.port);
    QVERIFY(link.send("GET / HTTP/1.1\r\n"));
    QTRY_VERIFY_WITH_TIMEOUT(!link.send("X: y\r\n"), 60000);
  }

  void slowBody() {
    Server server({.request = 500ms, .idle = 1h});
    HttpLink link(server.port);
    QVERIFY(link.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nsome of it"));
    const HttpAnswer answer = link.receive();
    QVERIFY2(answer.status == 408, answer.shown());
    QCOMPARE(answer.json().value(QLatin1String("status")).toInt(), 408);
    QVERIFY(link.closed());
  }

  void slowButInTime() {
    Server server({.request = 1h, .idle = 1h});
    HttpLink link(server.port);
    const QByteArray request = "GET /later?x=1 HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    for (const char byte : request) QVERIFY(link.send(QByteArray(1, byte)));
    QCOMPARE(link.receive().body, QByteArray("x=1"));
    QCOMPARE(link.receive().body, QByteArray("abc"));
  }

  void keptAlive() {
    Server server({.request = 2s, .idle = 1h}), impatient({.request = 3s, .idle = 3s});
    HttpLink link(server.port);
    QCOMPARE(link.request("GET", "/").status, 200);
    HttpLink other(impatient.port), never(impatient.port);
    QCOMPARE(other.request("GET", "/later").status, 200);
    QVERIFY(other.closed());
    QVERIFY(never.closed());
    QCOMPARE(link.request("GET", "/?again").body, QByteArray("again"));  // its time for a request begins with the request
  }

  // A client that is gone before its connection was set aside, or after.
  void clientsThatLeave() {
    Server server({});
    for (int i = 0; i < 300; ++i) {
      HttpLink link(server.port);
      link.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    QTRY_VERIFY_WITH_TIMEOUT(server.echo.handled == 300 && server.server->underWay() == 0, 60000);
    QVERIFY(server.server->stop());
  }

  // Clients use up their descriptors; PostgreSQL and Redis still get theirs.
  void descriptors() {
    QProcess process;
    process.setEnvironment(QProcess::systemEnvironment() + QStringList{QStringLiteral("CACHEDECK_POSTGRES_PASSWORD=") + PostgresServer::password(),
                                                                       QStringLiteral("CACHEDECK_SAMPLE_PASSWORD=Open-sesame")});
    process.start(QStringLiteral("/bin/sh"),
                  {QStringLiteral("-c"), QStringLiteral("ulimit -n 300; exec \"$0\" \"$@\""), QStringLiteral(SAMPLE_PROGRAM), QStringLiteral("--listen=127.0.0.1:0"),
                   QStringLiteral("--query-cost=0"), QStringLiteral("--threads=2"), QStringLiteral("--postgres=") + m_postgres.conninfo(),
                   QStringLiteral("--redis=redis://127.0.0.1:%1").arg(m_redis.port())});
    static const QRegularExpression line(QStringLiteral("listening on http://127\\.0\\.0\\.1:(\\d+)\n"));
    QByteArray output;
    while (!output.contains("listening") && process.waitForReadyRead(30000)) output += process.readAllStandardOutput();
    const quint16 port = line.match(QString::fromUtf8(output)).captured(1).toUShort();
    QVERIFY2(port != 0, process.readAllStandardError());
    const QByteArray authorization = "Authorization: Basic " + QByteArray("demo:Open-sesame").toBase64();
    m_redis.cli({QStringLiteral("flushall")});

    HttpLink early(port);
    QCOMPARE(early.request("GET", "/api/v1/risks/1", {authorization}).status, 200);
    std::vector<std::unique_ptr<HttpLink>> halves;
    for (int i = 0; i < 400; ++i) {
      halves.push_back(std::make_unique<HttpLink>(port));
      halves.back()->send("GET /health HTTP/1.1\r\n");
    }
    // All connections of the pool at once, which it has to open first.
    m_postgres.psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"));
    QTRY_COMPARE_WITH_TIMEOUT(early.request("GET", "/health").status, 200, 60000);
    for (int i = 1; i <= 10; ++i) QCOMPARE(early.request("GET", "/api/v1/risks?page=" + QByteArray::number(i), {authorization}).status, 200);
    QCOMPARE(early.request("GET", "/health").json().value(QLatin1String("status")).toString(), QStringLiteral("ok"));
    bool refused = false;
    const auto isRefused = [&] {
      HttpLink late(port);
      const HttpAnswer answer = late.receive();
      return answer.status == 503 && answer.header("retry-after") == "1" && answer.json().value(QLatin1String("status")).toInt() == 503;
    };
    for (int i = 0; i < 5 && !refused; ++i) refused = isRefused();
    QVERIFY(refused);
    halves.clear();
    QTRY_COMPARE_WITH_TIMEOUT(httpRequest(port, "GET", "/health").status, 200, 60000);
    process.kill();
    process.waitForFinished();
    QVERIFY(process.readAllStandardError().contains("a client was refused: all "));
  }

 private:
  PostgresServer m_postgres;
  RedisServer m_redis;
  SampleService m_service{m_postgres, m_redis.port()};
};

QTEST_GUILESS_MAIN(TestSampleLimits)
#include "tst_sample_limits.moc"
