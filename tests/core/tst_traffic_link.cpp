// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/service_user.h"
#include "tests/core/tst_http.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace cachedeck::traffic;

/// The traffic's own HTTP client against servers that answer what they like.
class TestTrafficLink : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void keepsTheLink();
  void opensItAnew();
  void readsAnswersInPieces();
  void takesNoHalfAnswers_data();
  void takesNoHalfAnswers();
  void survivesAnAbsentServer();
  void endsOnStop();
  void logsInOnceAndAgain();
  void staysOutWithAWrongPassword();
};

static QByteArray fine(const QByteArray& body, const QByteArray& more = {}) { return httpAnswer("200 OK", "application/json", body, more); }

void TestTrafficLink::keepsTheLink() {
  ScriptedHttp server([](const QByteArray& request) {
    return request.startsWith("DELETE") ? QByteArray("HTTP/1.1 204 No Content\r\nX-Cache: MISS\r\n\r\n") : fine(request.left(request.indexOf('\r')));
  });
  HttpLink link(server.port());
  for (const char* path : {"/a", "/b?c=d"}) {
    const auto reply = link.ask({"GET", path, {}}, "Authorization: Bearer x\r\n", {});
    QVERIFY(reply);
    QCOMPARE(reply->status, 200);
    QCOMPARE(reply->body, "GET " + QByteArray(path) + " HTTP/1.1");
  }
  const auto gone = link.ask({"DELETE", "/a", {}}, {}, {});
  QVERIFY(gone && gone->status == 204 && gone->body.isEmpty());
  QVERIFY(link.ask({"POST", "/a", "{}"}, {}, {}));
  QCOMPARE(server.connections(), 1);
  QCOMPARE(server.requests().first(), QByteArray("GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\n\r\n"));
  QVERIFY(server.requests().last().endsWith("Content-Length: 2\r\n\r\n{}"));
}

void TestTrafficLink::opensItAnew() {
  ScriptedHttp closing([](const QByteArray&) { return fine("1"); }, true);
  HttpLink first(closing.port());
  int answered = 0;
  for (int i = 0; i < 50 && answered < 3; ++i) answered += first.ask({"GET", "/", {}}, {}, {}) ? 1 : 0;  // a close under way may cost one
  QCOMPARE(answered, 3);
  QVERIFY(closing.connections() >= 3);

  ScriptedHttp polite([](const QByteArray&) { return fine("1", "connection: Close\r\n"); });
  HttpLink second(polite.port());
  for (int i = 0; i < 3; ++i) QVERIFY(second.ask({"GET", "/", {}}, {}, {}));
  QCOMPARE(polite.connections(), 3);
}

void TestTrafficLink::readsAnswersInPieces() {
  const QByteArray body(1000000, 'x'), answer = fine(body);
  HostileServer server([answer](const QByteArray&, int turn) -> HostileAnswer {
    return {turn < 0 ? answer.left(20) : turn == 0 ? answer.mid(20) : QByteArray()};  // a part of the head comes before anything is asked
  });
  HttpLink link(server.port());
  const auto reply = link.ask({"GET", "/", {}}, {}, {});
  QVERIFY(reply && reply->status == 200);
  QCOMPARE(reply->body, body);
}

void TestTrafficLink::takesNoHalfAnswers_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::newRow("not HTTP") << QByteArray("+PONG\r\n\r\n");
  QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello");
  QTest::newRow("chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  QTest::newRow("length is no number") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello");
  QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
  QTest::newRow("huge length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nhello");
  QTest::newRow("body cut off") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  QTest::newRow("head cut off") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le");
  QTest::newRow("endless head") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(200000, 'x');
  QTest::newRow("nothing") << QByteArray();
}

void TestTrafficLink::takesNoHalfAnswers() {
  QFETCH(QByteArray, bytes);
  HostileServer server({bytes}, true);
  HttpLink link(server.port());
  QVERIFY(!link.ask({"GET", "/", {}}, {}, {}));
}

void TestTrafficLink::survivesAnAbsentServer() {
  HttpLink link(freePort());
  QVERIFY(!link.ask({"GET", "/", {}}, {}, {}));
}

void TestTrafficLink::endsOnStop() {
  HostileServer silent([](const QByteArray&, int) { return HostileAnswer{}; });
  HttpLink link(silent.port());
  std::jthread asking([&link](std::stop_token stop) {
    while (!stop.stop_requested()) (void)link.ask({"GET", "/", {}}, {}, stop);
  });
  QTRY_COMPARE_WITH_TIMEOUT(silent.connections(), 1, 60000);
  asking.request_stop();
  asking.join();  // or the test never ends
}

static TrafficTarget target(quint16 port) {
  TrafficTarget all;
  all.samplePort = port;
  all.sampleUser = "demo";
  all.samplePassword = "pass \"word\"";
  return all;
}

void TestTrafficLink::logsInOnceAndAgain() {
  std::atomic<int> logins = 0;
  ScriptedHttp server([&logins](const QByteArray& request) {
    if (request.startsWith("POST /api/v1/auth/login")) return fine("{\"token\": \"t" + QByteArray::number(++logins) + "\", \"token_type\": \"Bearer\"}");
    if (request.contains("Authorization: Bearer t" + QByteArray::number(logins) + "\r\n")) return fine("{}");
    return httpAnswer("401 Unauthorized", "application/json", "{}");
  });
  ServiceUser user(target(server.port()));
  for (int i = 0; i < 3; ++i) {
    const auto reply = user.ask({"GET", "/x", {}}, {});
    QVERIFY(reply && reply->status == 200);
  }
  QCOMPARE(logins.load(), 1);
  QVERIFY(server.requests().first().endsWith("\r\n\r\n{\"password\":\"pass \\\"word\\\"\",\"username\":\"demo\"}"));
  logins = 7;  // as after a restart: the token that was given is no longer known
  const auto again = user.ask({"GET", "/x", {}}, {});
  QVERIFY(again && again->status == 200);
  QCOMPARE(logins.load(), 8);
}

void TestTrafficLink::staysOutWithAWrongPassword() {
  ScriptedHttp server([](const QByteArray&) { return httpAnswer("401 Unauthorized", "application/json", "{\"error\": \"no\"}"); });
  ServiceUser user(target(server.port()));
  QVERIFY(!user.ask({"GET", "/x", {}}, {}));
  QCOMPARE(server.requests().size(), 1);  // the login alone
}

QTEST_GUILESS_MAIN(TestTrafficLink)
#include "tst_traffic_link.moc"
