// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_client.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "core/sources/prometheus/prometheus_source.h"
#include "tests/support/certificates.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

const SystemClock systemClock;
// bcrypt of "Sesame-open", cost 4.
const char* const webUsers = "basic_auth_users: {console: '$2b$04$gGxnJWbTmjJwTIKVFUZagOcC5oTIw5aQgTbwi2LOZ15qK54JKMnHy'}\n";
const char* const rules =
    "groups:\n- name: g\n  rules:\n"
    "  - {alert: Always, expr: vector(1), labels: {severity: warning}}\n"
    "  - {alert: Later, expr: vector(1), for: 1h}\n"
    "  - {record: seven, expr: vector(7)}\n";
const char* const config =
    "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['@DIR@/rules.yml']\nscrape_configs:\n"
    "- job_name: self\n  static_configs: [{targets: ['127.0.0.1:@PORT@']}]\n"
    "- job_name: gone\n  static_configs: [{targets: ['127.0.0.1:1']}]\n";

/// connect(), again for as long as the server says that it starts up: behind a password or TLS the fixture cannot ask.
Result<Identity> connected(Source& source) {
  Result<Identity> identity = source.connect({});
  const Deadline deadline(60s);
  while (!identity && identity.error().kind == Error::Kind::Busy && !deadline.expired()) {
    QTest::qWait(20);
    identity = source.connect({});
  }
  return identity;
}

std::unique_ptr<Source> sourceAt(const SourceInfo& info, const QString& url) { return info.create(info.fromUrl(url).value(), systemClock); }

double valueOf(const Result<Sample>& sample, const char* id) {
  if (sample)
    for (const auto& [metric, value] : sample->values)
      if (metric == QLatin1String(id)) return value;
  return NAN;
}

}  // namespace

class TestPrometheusLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(m_certificates.error().isEmpty(), qPrintable(m_certificates.error()));
    m_prometheus.addFile(QStringLiteral("rules.yml"), rules);
    const QString reason = m_prometheus.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void identityAndFigures() {
    const auto source = sourceAt(prometheusSourceInfo(), m_prometheus.url());
    const Result<Identity> identity = source->connect({});
    QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->product, QStringLiteral("Prometheus"));
    QVERIFY(identity->version.at(0).isDigit());
    QCOMPARE(identity->endpoint, m_prometheus.address());
    Result<Sample> sample = source->sample({});
    QVERIFY(becomes([&] {
      sample = source->sample({});
      return valueOf(sample, "prometheus.alerts_pending") == 1 && valueOf(sample, "prometheus.alerts_firing") == 1 && valueOf(sample, "prometheus.targets_down") == 1 &&
             valueOf(sample, "prometheus.targets_up") == 1;
    }));
    QCOMPARE(sample->notes.size(), 1);
    QVERIFY2(sample->notes.first().startsWith(QLatin1String("Target gone (127.0.0.1:1) is down: Get ")), qPrintable(sample->notes.first()));
  }

  void queries() {
    PrometheusClient client(httpSettings(prometheusSourceInfo().fromUrl(m_prometheus.url()).value(), prometheusFields()).value());
    Result<PromResult> result = client.query(QStringLiteral("label_replace(vector(1), \"x\", \"+&%ü \\\"\", \"\", \"\")"), {});
    QVERIFY2(result.ok(), result.ok() ? "" : qPrintable(result.error().message));
    QCOMPARE(result->series.at(0).labels.value(QStringLiteral("x")), QStringLiteral("+&%ü \""));
    result = client.query(QStringLiteral("0/0"), {}, 1'700'000'000'500);
    QVERIFY(result.ok() && std::isnan(result->series.at(0).points.at(0).second));
    QCOMPARE(result->series.at(0).points.at(0).first, 1'700'000'000.5);
    // One second steps over a month are more points than Prometheus gives.
    result = client.queryRange(QStringLiteral("vector(3)"), 1'700'000'000'000, 1'702'592'000'000, 1000, {});
    QVERIFY2(result.ok(), result.ok() ? "" : qPrintable(result.error().message));
    QVERIFY(result->series.at(0).points.size() > 10900 && result->series.at(0).points.size() <= 11001);
    result = client.query(QStringLiteral("up + "), {});
    QCOMPARE(result.error().kind, Error::Kind::Usage);
    QVERIFY2(result.error().message.contains(QLatin1String("parse error")), qPrintable(result.error().message));
    result = client.query(QStringLiteral("up * on(x) up"), {});
    QCOMPARE(result.error().kind, Error::Kind::Server);
    result = client.query(QStringLiteral("vector(1) + ") + QStringLiteral("0 + ").repeated(2000) + QStringLiteral("1"), {});
    QVERIFY2(result.ok(), result.ok() ? "" : qPrintable(result.error().message));  // sent as a form
    QCOMPARE(result->series.at(0).points.at(0).second, 2.0);

    const Result<std::vector<PromRuleGroup>> groups = client.rules({});
    QVERIFY(groups.ok());
    QCOMPARE(groups->at(0).rules.size(), size_t{3});
    QCOMPARE(groups->at(0).rules.at(2).type, QStringLiteral("recording"));
  }

  void pathPrefix() {
    PrometheusServer server({}, {}, "/prom/etheus");
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    QVERIFY(sourceAt(prometheusSourceInfo(), server.url())->connect({}).ok());
    QVERIFY(sourceAt(prometheusSourceInfo(), server.url() + QLatin1Char('/'))->connect({}).ok());
    const Result<Identity> wrong = sourceAt(prometheusSourceInfo(), QStringLiteral("http://") + server.address())->connect({});
    QVERIFY(!wrong.ok());
    QCOMPARE(wrong.error().kind, Error::Kind::NotFound);
    QVERIFY2(wrong.error().message.contains(QLatin1String("Check the path prefix")), qPrintable(wrong.error().message));
  }

  void basicAuth() {
    PrometheusServer server({}, {QStringLiteral("--web.config.file=@DIR@/web.yml")});
    server.addFile(QStringLiteral("web.yml"), webUsers);
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const auto answer = [&](const char* user) { return connected(*sourceAt(prometheusSourceInfo(), QStringLiteral("http://%1%2").arg(QLatin1String(user), server.address()))); };
    const Result<Identity> right = answer("console:Sesame-open@");
    QVERIFY2(right.ok(), right.ok() ? "" : qPrintable(right.error().message + right.error().detail));
    const Result<Identity> none = answer("");
    QCOMPARE(none.error().kind, Error::Kind::Auth);
    QVERIFY(none.error().message.contains(QLatin1String("asks for credentials (HTTP 401)")));
    const Result<Identity> wrong = answer("console:Sesame-shut@");
    QCOMPARE(wrong.error().kind, Error::Kind::Auth);
    QVERIFY(wrong.error().message.contains(QLatin1String("rejected the credentials (HTTP 401)")));
    QVERIFY(!wrong.error().isRetryable());
    QVERIFY(!(wrong.error().message + wrong.error().detail).contains(QLatin1String("Sesame")));
  }

  void tls_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* certificate, const char* ca, const char* says) {
      QTest::addRow("%s, CA %s", certificate, *ca ? ca : "of the system") << QString::fromLatin1(certificate) << QString::fromLatin1(ca) << QString::fromUtf8(says);
    };
    row("good", "ca", "");
    row("good", "", "comes from an authority that is not known here");
    row("good", "otherca", "comes from an authority that is not known here");
    row("unknownca", "ca", "comes from an authority that is not known here");
    row("expired", "ca", "expired on 20");
    row("notyet", "ca", "is not valid before 20");
    row("wronghost", "ca", "is not for the name “127.0.0.1”");
    row("cnonly", "ca", "is not for the name “127.0.0.1”");
    row("selfsigned", "ca", "is self-signed");
    row("selfsigned", "selfsigned", "");
  }
  void tls() {
    QFETCH(QString, certificate);
    QFETCH(QString, ca);
    QFETCH(QString, says);
    PrometheusServer server({}, {QStringLiteral("--web.config.file=@DIR@/web.yml")});
    server.addFile(QStringLiteral("web.yml"), QStringLiteral("tls_server_config: {cert_file: '%1', key_file: '%2'}\n")
                                                  .arg(m_certificates.certificate(certificate), m_certificates.key(certificate)).toUtf8());
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const Result<Identity> identity = secure(server, ca);
    if (says.isEmpty()) {
      QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message + identity.error().detail));
      const Result<Identity> plain = sourceAt(prometheusSourceInfo(), QStringLiteral("http://") + server.address())->connect({});
      QVERIFY2(!plain.ok() && plain.error().message.contains(QLatin1String("wants TLS. Write https://")), plain.ok() ? "" : qPrintable(plain.error().message));
      return;
    }
    QVERIFY(!identity.ok());
    QCOMPARE(identity.error().kind, Error::Kind::Tls);
    QVERIFY2(identity.error().message.contains(says), qPrintable(identity.error().message));
    QVERIFY2(identity.error().detail.contains(QRegularExpression(QStringLiteral("SHA-256: ([0-9a-f]{2}:){31}[0-9a-f]{2}"))), qPrintable(identity.error().detail));
    QVERIFY(identity.error().detail.contains(QLatin1String("Valid: ")));
  }

  void tlsToAPlainPort() {
    const Result<Identity> identity = secure(m_prometheus, QString());
    QVERIFY(!identity.ok());
    QVERIFY2(identity.error().message.contains(QLatin1String("does not speak TLS. Try http://")), qPrintable(identity.error().message));
  }

  void clientCertificate() {
    PrometheusServer server({}, {QStringLiteral("--web.config.file=@DIR@/web.yml")});
    server.addFile(QStringLiteral("web.yml"), QStringLiteral("tls_server_config: {cert_file: '%1', key_file: '%2', client_auth_type: RequireAndVerifyClientCert, client_ca_file: '%3'}\n")
                                                  .arg(m_certificates.certificate(QStringLiteral("good")), m_certificates.key(QStringLiteral("good")), m_certificates.authority()).toUtf8());
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const Result<Identity> good = secure(server, QStringLiteral("ca"), QStringLiteral("client"));
    QVERIFY2(good.ok(), good.ok() ? "" : qPrintable(good.error().message + good.error().detail));
    // The server's alert may be lost when it resets the link; the sentence then names the certificate among the causes.
    const auto explains = [](const Error& error, const char* alert) {
      return error.kind == Error::Kind::Tls ? error.message.contains(QLatin1String(alert))
                                            : error.kind == Error::Kind::Unreachable && error.message.contains(QLatin1String("client certificate"));
    };
    const Result<Identity> none = secure(server, QStringLiteral("ca"));
    QVERIFY2(!none.ok() && explains(none.error(), "asks for a client certificate"), qPrintable(none.error().message + none.error().detail));
    const Result<Identity> other = secure(server, QStringLiteral("ca"), QStringLiteral("otherclient"));
    QVERIFY2(!other.ok() && explains(other.error(), "refused the client certificate"), qPrintable(other.error().message + other.error().detail));
  }

  void otherServers() {
    AlertmanagerServer alertmanager;
    PushgatewayServer pushgateway;
    QCOMPARE(alertmanager.start(), QString());
    QCOMPARE(pushgateway.start(), QString());
    for (const auto& [info, url, product] : {std::tuple(alertmanagerSourceInfo(), alertmanager.url(), "Alertmanager"), std::tuple(pushgatewaySourceInfo(), pushgateway.url(), "Pushgateway")}) {
      const auto source = sourceAt(info, url);
      const Result<Identity> identity = source->connect({});
      QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message));
      QCOMPARE(identity->product, QLatin1String(product));
      QVERIFY(identity->version.at(0).isDigit());
      const Result<Sample> sample = source->sample({});
      QVERIFY(sample.ok() && sample->roundTripSeconds > 0);
      const Result<Identity> confused = sourceAt(info, m_prometheus.url())->connect({});
      QVERIFY(!confused.ok());
      QCOMPARE(confused.error().kind, Error::Kind::NotFound);
    }
    pushgateway.kill9();
    QCOMPARE(sourceAt(pushgatewaySourceInfo(), pushgateway.url())->connect({}).error().kind, Error::Kind::Refused);
    QCOMPARE(sourceAt(prometheusSourceInfo(), alertmanager.url())->connect({}).error().kind, Error::Kind::NotFound);
  }

  void hungKilledAndRestarted() {
    PrometheusServer server;
    QCOMPARE(server.start(), QString());
    const auto source = sourceAt(prometheusSourceInfo(), server.url());
    QVERIFY(source->connect({}).ok());
    QVERIFY(source->sample({}).ok());
    server.freeze();
    const Result<Sample> hung = source->sample({});
    server.thaw();
    QVERIFY(!hung.ok());
    QCOMPARE(hung.error().kind, Error::Kind::Timeout);
    QVERIFY2(hung.error().message.startsWith(QStringLiteral("No answer from %1 within 5 s").arg(server.address())), qPrintable(hung.error().message));
    QVERIFY(source->sample({}).ok());
    server.kill9();
    const Result<Sample> gone = source->sample({});
    QVERIFY(!gone.ok());
    QCOMPARE(gone.error().kind, Error::Kind::Refused);
    source->disconnect();
    QCOMPARE(source->connect({}).error().kind, Error::Kind::Refused);
    QCOMPARE(server.start(), QString());
    QVERIFY(source->connect({}).ok());
    QVERIFY(source->sample({}).ok());
    QCOMPARE(server.restart(), QString());
    QVERIFY(source->sample({}).ok());  // the kept connection is gone, a new one is made
  }

  void brokenLink() {
    FaultProxy proxy(m_prometheus.port());
    const auto source = sourceAt(prometheusSourceInfo(), QStringLiteral("http://127.0.0.1:%1").arg(proxy.port()));
    Faults faults;
    faults.slice = 1;
    proxy.set(faults);
    QVERIFY(source->connect({}).ok());
    const auto targets = [](const Result<Sample>& sample) { return valueOf(sample, "prometheus.targets_up") + valueOf(sample, "prometheus.targets_down"); };
    QVERIFY(becomes([&] { return targets(source->sample({})) == 2.0; }));
    for (const int bytes : {0, 1, 16, 100, 150, 200}) {
      for (const bool reset : {false, true}) {
        Faults cut;
        (reset ? cut.resetAfter : cut.dropAfter) = bytes;
        proxy.set(cut);
        proxy.cut();
        const Result<Sample> sample = source->sample({});
        QVERIFY2(!sample.ok(), qPrintable(QStringLiteral("after %1 bytes").arg(bytes)));
        QVERIFY2(sample.error().kind == Error::Kind::Unreachable || sample.error().kind == Error::Kind::Protocol, qPrintable(sample.error().message));
      }
    }
    proxy.clear();
    QVERIFY(source->sample({}).ok());
  }

 private:
  Result<Identity> secure(const TestServer& server, const QString& ca, const QString& client = {}) {
    SourceSettings settings = prometheusSourceInfo().fromUrl(QStringLiteral("https://") + server.address()).value();
    if (!ca.isEmpty()) settings.fields.insert(QStringLiteral("ca"), m_certificates.certificate(ca));
    if (!client.isEmpty()) {
      settings.fields.insert(QStringLiteral("cert"), m_certificates.certificate(client));
      settings.fields.insert(QStringLiteral("key"), m_certificates.key(client));
    }
    return connected(*prometheusSourceInfo().create(settings, systemClock));
  }

  Certificates m_certificates;
  PrometheusServer m_prometheus{QString::fromLatin1(config)};
};

QTEST_GUILESS_MAIN(TestPrometheusLive)
#include "tst_prometheus_live.moc"
