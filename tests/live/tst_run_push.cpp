// SPDX-License-Identifier: GPL-3.0-or-later
// Results pushed to a real Pushgateway, and to servers that are none.
#include "core/runs/push.h"
#include "tests/core/tst_http.h"
#include "tests/core/tst_run_support.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/hostile_server.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include "core/sources/http/http_client.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryFile>

#include <cstdio>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 firstMs = 1'795'922'712'000;

/// What the process writes to standard output while this lives.
class StandardOutput {
 public:
  StandardOutput() : m_before(dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    m_good = m_file.open() && dup2(m_file.handle(), STDOUT_FILENO) >= 0;
  }
  ~StandardOutput() { restore(); }
  QByteArray text() {
    restore();
    m_file.seek(0);
    return m_good ? m_file.readAll() : QByteArray("standard output could not be caught");
  }

 private:
  void restore() {
    std::fflush(stdout);
    if (m_before >= 0) dup2(m_before, STDOUT_FILENO), close(m_before);
    m_before = -1;
  }
  QTemporaryFile m_file;
  int m_before;
  bool m_good = false;
};

RunRecord runAt(int minute, const QString& scenario = QStringLiteral("warm-cache")) {
  RunRecord record = recordOf({.perSecond = 50, .seconds = 4}, static_cast<unsigned>(minute), firstMs + 60'000 * minute);
  record.scenario = scenario;
  record.profile = QStringLiteral("sandbox");
  return record;
}

QString messageOf(const Result<PushOutcome>& outcome) { return outcome.ok() ? outcome->note : outcome.error().message; }

}  // namespace

class TestRunPush : public QObject {
  Q_OBJECT
  std::unique_ptr<PushgatewayServer> m_gateway;

  HttpSettings settings() const {
    HttpSettings settings;
    settings.base = QUrl(m_gateway->url());
    return settings;
  }
  PushOptions keeping(int runs) const {
    PushOptions options;
    options.keep = runs;
    return options;
  }
  QByteArray page(const QString& path) const {
    HttpClient client(settings());
    const auto answer = client.get(path, {}, {});
    return answer.ok() ? answer->body : QByteArray();
  }
  QStringList runsOf(const QString& scenario) const {
    QStringList runs;
    for (const QJsonValue& group : QJsonDocument::fromJson(page(QStringLiteral("/api/v1/metrics")))[QLatin1String("data")].toArray())
      if (group[QLatin1String("labels")][QLatin1String("scenario")] == scenario) runs.append(group[QLatin1String("labels")][QLatin1String("run")].toString());
    runs.sort();
    return runs;
  }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_gateway = std::make_unique<PushgatewayServer>();
    const QString reason = m_gateway->start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }

  void figuresArrive() {
    RunRecord record = runAt(0);
    record.figures.thresholds = {{"http_req_duration", "p(95)<1", false, true, 40}};
    const auto pushed = pushRun(m_gateway->url(), record);
    QVERIFY2(pushed.ok() && pushed->note.isEmpty(), qPrintable(messageOf(pushed)));
    const QString metrics = QString::fromUtf8(page(QStringLiteral("/metrics")));
    const QString labels = QStringLiteral("{instance=\"\",job=\"cachedeck_load\",profile=\"sandbox\",%1run=\"%2\",scenario=\"warm-cache\",target=\"http://127.0.0.1:8080\"} ");
    const auto valueOf = [&](const char* name, const QString& quantile = {}) {
      const QString line = QStringLiteral("\ncachedeck_load_%1").arg(QLatin1String(name)) + labels.arg(quantile.isEmpty() ? QString() : QStringLiteral("quantile=\"%1\",").arg(quantile), record.id);
      const qsizetype at = metrics.indexOf(line);
      return at < 0 ? std::nan("") : metrics.mid(at + line.size()).section(QLatin1Char('\n'), 0, 0).toDouble();
    };
    QCOMPARE(valueOf("requests_total"), 200.0);
    QCOMPARE(valueOf("requests_per_second"), 50.0);
    QCOMPARE(valueOf("errors_total"), 0.0);
    QCOMPARE(valueOf("verdict"), 0.0);
    QCOMPARE(valueOf("valid"), 1.0);
    QCOMPARE(valueOf("started_timestamp_seconds"), static_cast<double>(firstMs) / 1000);
    QVERIFY(std::abs(valueOf("duration_seconds", QStringLiteral("0.95")) * 1e9 / record.figures.all.latency.percentileNs(95) - 1) < 1e-4);
    QVERIFY(std::abs(valueOf("hit_ratio") - record.figures.hitRatio()) < 1e-4);
  }

  void theNewestStay() {
    QStringList ids;
    for (int minute = 0; minute < 8; ++minute) {
      const RunRecord record = runAt(minute);
      ids.append(record.id);
      const auto pushed = pushRun(m_gateway->url(), record);
      QVERIFY2(pushed.ok(), qPrintable(messageOf(pushed)));
      QCOMPARE(pushed->removed, minute < 5 ? 0 : 1);
    }
    // The gateway answers a removal before it has carried it out.
    QVERIFY(becomes([&] { return runsOf(QStringLiteral("warm-cache")) == ids.mid(3); }));
    QVERIFY(pushRun(m_gateway->url(), runAt(20, QStringLiteral("peak"))).ok());  // of another scenario: takes nobody's place
    QCOMPARE(runsOf(QStringLiteral("warm-cache")), ids.mid(3));
    const RunRecord again = runAt(7);
    QVERIFY(pushRun(m_gateway->url(), again, keeping(1)).ok());
    QVERIFY(becomes([&] { return runsOf(QStringLiteral("warm-cache")) == QStringList{again.id}; }));
  }

  void namesThatNoPathCanHold() {
    for (const char* name : {"a/b", "..", "größer & 50% ?x=1#y", "run with spaces", "%2F", "@base64"}) {
      const QString scenario = QString::fromUtf8(name);
      for (int minute = 0; minute < 3; ++minute) {
        const auto pushed = pushRun(m_gateway->url(), runAt(minute, scenario), keeping(2));
        QVERIFY2(pushed.ok() && pushed->note.isEmpty(), qPrintable(messageOf(pushed)));
        QCOMPARE(pushed->removed, minute < 2 ? 0 : 1);
      }
      QVERIFY(becomes([&] { return runsOf(scenario).size() == 2; }));
    }
  }

  // The gateway's answers went to standard output, in front of the result that --json printed.
  void nothingIsWrittenToStandardOutput() {
    const RunRecord record = runAt(0);
    HttpClient client(settings());
    // Another program holds a name with another type: the gateway refuses the push and says so in its body.
    QVERIFY(client.post(QStringLiteral("/metrics/job/other"), {}, "# TYPE cachedeck_load_verdict counter\ncachedeck_load_verdict 1\n", "text/plain", {}).ok());
    StandardOutput output;
    const auto pushed = pushRun(m_gateway->url(), record);
    const QByteArray written = output.text();
    QCOMPARE(written, QByteArray());
    QVERIFY(!pushed.ok());
    QVERIFY2(pushed.error().message.contains(QLatin1String("refused the request (HTTP 400): ")), qPrintable(pushed.error().message));
  }

  void aGatewayThatIsAway() {
    const QString url = m_gateway->url();
    m_gateway->stop();
    const auto pushed = pushRun(url, runAt(0));
    QCOMPARE(pushed.error().kind, Error::Kind::Refused);
    QCOMPARE(pushRun(QStringLiteral("http://no-such-host.invalid:9091"), runAt(0)).error().kind, Error::Kind::Unreachable);
    QCOMPARE(pushRun(QStringLiteral("ftp://x"), runAt(0)).error().kind, Error::Kind::Usage);
    RunRecord strange = runAt(0);
    strange.id = QStringLiteral("../admin/wipe");
    QCOMPARE(pushRun(url, strange).error().kind, Error::Kind::Usage);
  }

  // prometheus-cpp's own Gateway waits for ever here.
  void aServerThatNeverAnswers() {
    PushOptions impatient;
    impatient.deadline = 1s;
    m_gateway->freeze();
    const auto pushed = pushRun(m_gateway->url(), runAt(0), impatient);
    QCOMPARE(pushed.error().kind, Error::Kind::Timeout);
    m_gateway->thaw();
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(pushRun(m_gateway->url(), runAt(0), {}, stop.get_token()).error().isCancelled());
    QVERIFY(pushRun(m_gateway->url(), runAt(0)).ok());
  }

  void aServerThatIsNoGateway() {
    HostileServer web({QByteArray("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>no</p>")});
    const auto pushed = pushRun(QStringLiteral("http://127.0.0.1:%1").arg(web.port()), runAt(0));
    QCOMPARE(pushed.error().kind, Error::Kind::NotFound);
    HostileServer agrees(QList<QByteArray>(9, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"));
    const auto lost = pushRun(QStringLiteral("http://127.0.0.1:%1").arg(agrees.port()), runAt(0));
    QVERIFY(lost.ok());  // it said that it took the push
    QVERIFY2(lost->note.startsWith(QLatin1String("The results were pushed, but those of older runs could not be removed: ")), qPrintable(lost->note));
  }

  // A proxy that lets pushes through and answers everything else with a page is told by its status.
  void aProxyThatRefusesToList_data() {
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QString>("says");
    QTest::newRow("401") << QByteArray("401 Unauthorized") << QStringLiteral("asks for credentials (HTTP 401)");
    QTest::newRow("502") << QByteArray("502 Bad Gateway") << QStringLiteral("failed (HTTP 502)");
  }
  void aProxyThatRefusesToList() {
    QFETCH(QByteArray, status);
    QFETCH(QString, says);
    // One answer a request, also where its body comes by itself.
    const ScriptedHttp proxy([status](const QByteArray& request) { return httpAnswer(request.startsWith("GET ") ? status : QByteArray("200 OK"), "text/html", "<html><p>no</p></html>"); });
    const auto pushed = pushRun(QStringLiteral("http://127.0.0.1:%1").arg(proxy.port()), runAt(0));
    QVERIFY2(pushed.ok(), qPrintable(messageOf(pushed)));
    QVERIFY2(pushed->note.contains(says) && !pushed->note.contains(QLatin1String("JSON")), qPrintable(pushed->note));
  }
};

QTEST_GUILESS_MAIN(TestRunPush)
#include "tst_run_push.moc"
