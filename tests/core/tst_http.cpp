// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_http.h"

#include "core/base/worker.h"
#include "core/sources/http/http_client.h"
#include "core/sources/http/http_errors.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

const QByteArray json = "{\"status\":\"success\"}";
const QByteArray good = httpAnswer("200 OK", "application/json", json);

/// Lets one get() run against a server that always answers so.
Result<QJsonDocument> ask(const QByteArray& answer, bool closes = false, HttpSettings::Auth auth = HttpSettings::Auth::None) {
  ScriptedHttp server([answer](const QByteArray&) { return answer; }, closes);
  HttpSettings settings = server.settings();
  settings.deadline = 10s;
  settings.auth = auth;
  settings.user = QStringLiteral("u");
  settings.largestBody = 1'000'000;
  HttpClient client(settings);
  const Result<HttpResponse> response = client.get(QStringLiteral("/api/v1/query"), {}, {});
  if (!response) return response.error();
  return jsonBody(settings, *response, QStringLiteral("/api/v1/query"));
}

/// Begins to answer its one request, then sends a byte each 50 ms for as long as it lives.
class Dripper {
 public:
  Dripper() : m_thread([this](std::stop_token stop) { run(stop); }) {
    while (m_port == 0) std::this_thread::yield();
  }
  quint16 port() const { return m_port; }

 private:
  void run(std::stop_token stop) {
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    m_port = server.serverPort();
    if (!server.waitForNewConnection(30000)) return;
    QTcpSocket* client = server.nextPendingConnection();
    client->waitForReadyRead(30000);
    client->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
    while (!stop.stop_requested()) {
      client->write(" ");
      client->waitForBytesWritten(1000);
      std::this_thread::sleep_for(50ms);
    }
  }
  std::atomic<quint16> m_port = 0;
  std::jthread m_thread;
};

}  // namespace

class TestHttp : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void wholeAnswer() {
    const Result<QJsonDocument> document = ask(good);
    QVERIFY2(document.ok(), document.ok() ? "" : qPrintable(document.error().message));
    QCOMPARE(document->object().value(QLatin1String("status")).toString(), QStringLiteral("success"));
  }

  void theServersClockIsTold() {
    const auto dateOf = [](const QByteArray& header) {
      ScriptedHttp server([&](const QByteArray&) { return httpAnswer("200 OK", "text/plain", "x", header); });
      HttpSettings settings;
      settings.base = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.port()));
      HttpClient client(settings);
      return client.get(QStringLiteral("/"), {}, {})->dateMs;
    };
    QCOMPARE(dateOf("Date: Sun, 29 Nov 2026 07:29:32 GMT\r\n"), 1'795'937'372'000);
    QCOMPARE(dateOf("Date: yesterday\r\n"), 0);
    QCOMPARE(dateOf({}), 0);
  }

  void badAnswers_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<bool>("credentials");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("says");
    using Kind = Error::Kind;
    const auto row = [](const char* name, const QByteArray& answer, bool closes, Kind kind, const char* says, bool credentials = false) {
      QTest::newRow(name) << answer << closes << credentials << kind << QString::fromUtf8(says);
    };
    const QByteArray page = "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>";
    row("HTML", httpAnswer("200 OK", "text/html; charset=utf-8", page), false, Kind::Protocol, "a web page instead of data");
    row("HTML 500", httpAnswer("500 Internal Server Error", "text/html", page), false, Kind::Server, "failed (HTTP 500).");
    row("text 500", httpAnswer("500 Internal Server Error", "text/plain", "disk on fire\n"), false, Kind::Server, "failed (HTTP 500): disk on fire");
    row("502", httpAnswer("502 Bad Gateway", "text/html", page), false, Kind::Server, "HTTP 502");
    row("503", httpAnswer("503 Service Unavailable", "text/plain", "Service Unavailable"), false, Kind::Busy, "is not ready (HTTP 503)");
    row("504", httpAnswer("504 Gateway Timeout", "text/plain", ""), false, Kind::Timeout, "no answer from the server behind it");
    row("429", httpAnswer("429 Too Many Requests", "text/plain", "slow down"), false, Kind::Busy, "slow down");
    row("401 without", httpAnswer("401 Unauthorized", "text/plain", "Unauthorized\n", "Www-Authenticate: Basic\r\n"), false, Kind::Auth, "asks for credentials");
    row("401 wrong", httpAnswer("401 Unauthorized", "text/plain", "Unauthorized\n", "Www-Authenticate: Basic\r\n"), false, Kind::Auth, "rejected the credentials", true);
    row("403", httpAnswer("403 Forbidden", "text/plain", "no"), false, Kind::Permission, "forbids the request");
    row("404", httpAnswer("404 Not Found", "text/plain", "404 page not found\n"), false, Kind::NotFound, "has no /api/v1/query (HTTP 404). Check the path prefix");
    row("405", httpAnswer("405 Method Not Allowed", "text/plain", "Method Not Allowed\n"), false, Kind::Protocol, "refused the request (HTTP 405)");
    row("TLS port", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", true, Kind::Tls, "wants TLS. Write https://");
    row("plain text", httpAnswer("200 OK", "text/plain", "up 1\n"), false, Kind::Protocol, "text/plain instead of JSON");
    row("no type", httpAnswer("200 OK", "", json), false, Kind::Protocol, "no content type instead of JSON");
    row("broken JSON", httpAnswer("200 OK", "application/json", "{\"status\":"), false, Kind::Protocol, "is not valid JSON");
    row("deep JSON", httpAnswer("200 OK", "application/json", QByteArray(200000, '[')), false, Kind::Protocol, "is not valid JSON");
    row("half the body", good.chopped(5), true, Kind::Protocol, "broke off before its end");
    // Qt notices the missing chunks or not, as the end arrives later or together with the data; the JSON does not add up then.
    row("half a chunked body", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"status\":", true, Kind::Protocol, "The answer of 127.0.0.1");
    row("half the header", "HTTP/1.1 200 OK\r\nContent-Ty", true, Kind::Unreachable, "ended without an HTTP answer");
    row("nothing", "", true, Kind::Unreachable, "The port may want https://");
    row("not HTTP", "-ERR unknown command 'GET'\r\n", false, Kind::Unreachable, "or it is not an HTTP server");
    row("not HTTP, and an end", "-ERR unknown command 'GET'\r\n", true, Kind::Unreachable, "or it is not an HTTP server");
    row("TLS alert", QByteArray("\x15\x03\x01\x00\x02\x02\x28", 7), true, Kind::Unreachable, "The port may want https://");
    row("announced too large", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n{", false, Kind::Protocol, "is larger than 1 MB");
    row("too large", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + QByteArray(3'000'000, 'x'), true, Kind::Protocol, "is larger than 1 MB");
    row("redirect nowhere", httpAnswer("302 Found", "text/plain", ""), false, Kind::Protocol, "redirects in a way");
    row("redirect elsewhere", httpAnswer("302 Found", "", "", "Location: http://example.invalid:1/x?token=abc\r\n"), false, Kind::Protocol, "redirects to http://example.invalid:1,");
    row("redirect to https", httpAnswer("301 Moved", "", "", "Location: https://127.0.0.1/\r\n"), false, Kind::Protocol, "redirects to https://127.0.0.1,");
    row("redirect to a file", httpAnswer("302 Found", "", "", "Location: file:///etc/passwd\r\n"), false, Kind::Protocol, "redirects in a way");
    row("redirect for ever", httpAnswer("302 Found", "", "", "Location: /again\r\n"), false, Kind::Protocol, "redirects in a way");
    // 300 MB of zeros in some 300 kB: as zlib, and in the clothes of gzip (which never reaches its check sum).
    const QByteArray bomb = qCompress(QByteArray(300'000'000, '\0'), 9).mid(4);
    const QByteArray gzip = QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) + bomb.mid(2).chopped(4) + QByteArray(8, '\0');
    row("deflate bomb", httpAnswer("200 OK", "application/json", bomb, "Content-Encoding: deflate\r\n"), false, Kind::Protocol, "cannot be unpacked safely");
    row("gzip bomb", httpAnswer("200 OK", "application/json", gzip, "Content-Encoding: gzip\r\n"), false, Kind::Protocol, "cannot be unpacked safely");
    row("not gzip", httpAnswer("200 OK", "application/json", json, "Content-Encoding: gzip\r\n"), false, Kind::Protocol, "cannot be unpacked safely");
  }
  void badAnswers() {
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(bool, credentials);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, says);
    const Result<QJsonDocument> document = ask(answer, closes, credentials ? HttpSettings::Auth::Basic : HttpSettings::Auth::None);
    QVERIFY(!document.ok());
    const Error& error = document.error();
    QVERIFY2(error.message.contains(says), qPrintable(error.message + QLatin1Char('\n') + error.detail));
    QCOMPARE(kindName(error.kind), kindName(kind));
    QVERIFY(!error.message.contains(QLatin1Char('<')) && !error.message.contains(QLatin1String("token=")));
  }

  void networkErrors_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("says");
    using Kind = Error::Kind;
    const auto row = [](const char* name, QNetworkReply::NetworkError code, bool tls, const char* text, Kind kind, const char* says) {
      QTest::newRow(name) << static_cast<int>(code) << tls << QString::fromLatin1(text) << kind << QString::fromUtf8(says);
    };
    row("unknown host", QNetworkReply::HostNotFoundError, false, "Host prom.example not found", Kind::Unreachable, "The host name “prom.example” is not known");
    row("no route", QNetworkReply::UnknownNetworkError, false, "Network unreachable", Kind::Unreachable, "cannot be reached: Network unreachable");
    row("TLS 1.3 wants a certificate", QNetworkReply::UnknownNetworkError, true, "error:0A00045C:SSL routines::tlsv13 alert certificate required", Kind::Tls, "asks for a client certificate");
    row("TLS 1.2 wants a certificate", QNetworkReply::SslHandshakeFailedError, true, "error:0A000412:SSL routines::sslv3 alert bad certificate", Kind::Tls, "asks for a client certificate");
    row("old TLS", QNetworkReply::SslHandshakeFailedError, true, "error:0A00042E:SSL routines::tlsv1 alert protocol version", Kind::Tls, "older than 1.2");
    row("other TLS", QNetworkReply::SslHandshakeFailedError, true, "something else", Kind::Tls, "something else");
  }
  void networkErrors() {
    QFETCH(int, code);
    QFETCH(bool, tls);
    QFETCH(QString, text);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, says);
    HttpSettings settings;
    settings.base = QUrl(tls ? QStringLiteral("https://prom.example") : QStringLiteral("http://prom.example"));
    const Error error = transportError(settings, static_cast<QNetworkReply::NetworkError>(code), text, 0);
    QVERIFY2(error.message.contains(says), qPrintable(error.message));
    QCOMPARE(kindName(error.kind), kindName(kind));
  }

  void refusedPort() {
    HttpSettings settings;
    {
      ScriptedHttp gone([](const QByteArray&) { return good; });
      settings = gone.settings();
    }
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QCOMPARE(response.error().kind, Error::Kind::Refused);
    QCOMPARE(response.error().message, QStringLiteral("Nothing listens on %1. Check the port, and that the server runs.").arg(client.endpoint()));
  }

  void silenceEndsAtTheDeadline() {
    ScriptedHttp server([](const QByteArray&) { return QByteArray(); });
    HttpSettings settings = server.settings();
    settings.deadline = 300ms;
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QCOMPARE(response.error().kind, Error::Kind::Timeout);
    QVERIFY(response.error().message.startsWith(QStringLiteral("No answer from %1 within 0.3 s").arg(client.endpoint())));
    settings.base.setScheme(QStringLiteral("https"));  // a handshake that nobody answers
    HttpClient secure(settings);
    QCOMPARE(secure.get(QStringLiteral("/"), {}, {}).error().kind, Error::Kind::Timeout);
  }

  // A byte now and then restarts a transfer timeout, but not the deadline of the whole request.
  void drippingEndsAtTheDeadline() {
    Dripper server;
    HttpSettings settings;
    settings.base = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.port()));
    settings.deadline = 1s;
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QCOMPARE(response.error().kind, Error::Kind::Timeout);
    QVERIFY2(response.error().message.contains(QLatin1String("began to answer but did not finish within 1 s")), qPrintable(response.error().message));
  }

  void stopEndsAWaitAtOnce() {
    std::stop_source stop;
    ScriptedHttp server([&stop](const QByteArray&) {
      stop.request_stop();
      return QByteArray();
    });
    HttpSettings settings = server.settings();
    settings.deadline = std::chrono::hours(1);
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, stop.get_token());
    QVERIFY(!response.ok());
    QVERIFY(response.error().isCancelled());
    QVERIFY(client.get(QStringLiteral("/"), {}, stop.get_token()).error().isCancelled());  // stopped before it began
  }

  void otherOriginNeverSeesCredentials() {
    ScriptedHttp other([](const QByteArray&) { return good; });
    ScriptedHttp server([&other](const QByteArray&) {
      return httpAnswer("302 Found", "", "", "Location: http://127.0.0.1:" + QByteArray::number(other.port()) + "/api\r\n");
    });
    HttpSettings settings = server.settings();
    settings.auth = HttpSettings::Auth::Basic;
    settings.user = QStringLiteral("console");
    settings.secret = Secret::fromString(QStringLiteral("open sesame"));
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QVERIFY(response.error().message.contains(QStringLiteral("127.0.0.1:%1").arg(other.port())));
    QCOMPARE(other.connections(), 0);
    QVERIFY(server.requests().first().contains("Authorization: Basic " + QByteArray("console:open sesame").toBase64() + "\r\n"));
  }

  void sameOriginIsFollowedWithCredentials() {
    ScriptedHttp server([](const QByteArray& request) {
      return request.startsWith("GET /prom/") ? httpAnswer("200 OK", "application/json", "{}") : httpAnswer("307 Temporary Redirect", "", "", "Location: /prom/api\r\n");
    });
    HttpSettings settings = server.settings();
    settings.auth = HttpSettings::Auth::Bearer;
    settings.secret = Secret::fromString(QStringLiteral("t0ken-of-the-test"));
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/api"), {}, {});
    QVERIFY2(response.ok(), response.ok() ? "" : qPrintable(response.error().message));
    QCOMPARE(response->body, QByteArray("{}"));
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(server.requests().last().contains("Authorization: Bearer t0ken-of-the-test\r\n"));
  }

  void requestOnTheWire() {
    ScriptedHttp server([](const QByteArray&) { return httpAnswer("200 OK", "application/json", "{}", "Set-Cookie: a=b\r\n"); });
    HttpSettings settings = server.settings(QStringLiteral("/prom/etheus/"));
    settings.header = "X-Scope-OrgID";
    settings.headerValue = Secret::fromString(QStringLiteral("tenant-7"));
    HttpClient client(settings);
    const HttpQuery query{{"query", QStringLiteral("a{b=\"c d\"} + 1 & 50% ü")}, {"step", QStringLiteral("15")}};
    QVERIFY(client.get(QStringLiteral("/api/v1/query"), query, {}).ok());
    QVERIFY(client.post(QStringLiteral("/x"), {}, "a=b", "application/x-www-form-urlencoded", {}).ok());
    const QByteArray get = server.requests().first();
    QVERIFY2(get.startsWith("GET /prom/etheus/api/v1/query?query=a%7Bb%3D%22c%20d%22%7D%20%2B%201%20%26%2050%25%20%C3%BC&step=15 HTTP/1.1\r\n"), get.constData());
    QVERIFY(get.contains("X-Scope-OrgID: tenant-7\r\n"));
    QVERIFY(!get.contains("Authorization"));
    const QByteArray post = server.requests().at(1);
    QVERIFY2(post.startsWith("POST /prom/etheus/x HTTP/1.1\r\n") && post.contains("Content-Type: application/x-www-form-urlencoded\r\n"), post.constData());
    for (const QByteArray& request : server.requests()) QVERIFY(!request.contains("Cookie"));
    QCOMPARE(server.connections(), 1);  // kept alive
  }

  void plainServerToATlsClient() {
    // What Go's server says to the hello of a TLS client, and what Redis does: nothing but an end.
    HostileServer server({"HTTP/1.0 400 Bad Request\r\n\r\n"}, true);
    HttpSettings settings;
    settings.base = QUrl(QStringLiteral("https://127.0.0.1:%1").arg(server.port()));
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QCOMPARE(response.error().kind, Error::Kind::Tls);
    QVERIFY2(response.error().message.contains(QLatin1String("does not speak TLS. Try http://")), qPrintable(response.error().message));
  }

  void filesOfTls_data() {
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("says");
    const QString none = QStringLiteral("/nonexistent/x.pem");
    QTest::newRow("no CA") << none << QString() << QStringLiteral("The CA file “/nonexistent/x.pem” cannot be read");
    QTest::newRow("CA that is none") << QStringLiteral("/proc/version") << QString() << QStringLiteral("holds no PEM certificate");
    QTest::newRow("a pipe would wait for its other end") << QStringLiteral("/dev/null") << QString() << QStringLiteral("not an ordinary file");
    QTest::newRow("no certificate") << QString() << none << QStringLiteral("The client certificate file “/nonexistent/x.pem” cannot be read");
  }
  void filesOfTls() {
    QFETCH(QString, ca);
    QFETCH(QString, certificate);
    QFETCH(QString, says);
    HttpSettings settings;
    settings.base = QUrl(QStringLiteral("https://127.0.0.1:1"));
    settings.caFile = ca;
    settings.certificateFile = certificate;
    HttpClient client(settings);
    const Result<HttpResponse> response = client.get(QStringLiteral("/"), {}, {});
    QVERIFY(!response.ok());
    QVERIFY2(response.error().message.contains(says), qPrintable(response.error().message));
  }

  // As it is used: on the thread of a Worker, of which nothing is left when the client goes.
  void onAWorker() {
    ScriptedHttp server([](const QByteArray&) { return good; });
    const auto client = std::make_shared<HttpClient>(server.settings());
    QByteArray body;
    bool done = false;
    {
      Worker worker(QStringLiteral("http"));
      for (int i = 0; i < 3; ++i)
        worker.post(
            this, [client](std::stop_token stop) { return client->get(QStringLiteral("/"), {}, stop); },
            [&, i](Result<HttpResponse> response) {
              if (response) body = response->body;
              done = i == 2;
            });
      QTRY_VERIFY_WITH_TIMEOUT(done, 60000);
    }
    QCOMPARE(body, json);
    QCOMPARE(server.connections(), 1);
    QVERIFY(client->get(QStringLiteral("/"), {}, {}).ok());  // on another thread, with connections of its own
    QCOMPARE(server.connections(), 2);
  }

  void failureLeavesNothingForTheNext() {
    std::atomic<bool> silent = true;
    ScriptedHttp server([&silent](const QByteArray&) { return silent ? QByteArray() : good; });
    HttpSettings settings = server.settings();
    settings.deadline = 200ms;
    HttpClient client(settings);
    QCOMPARE(client.get(QStringLiteral("/"), {}, {}).error().kind, Error::Kind::Timeout);
    silent = false;
    QVERIFY(client.get(QStringLiteral("/"), {}, {}, 10s).ok());
    QCOMPARE(server.connections(), 2);
  }
};

QTEST_GUILESS_MAIN(TestHttp)
#include "tst_http.moc"
