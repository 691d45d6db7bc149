// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_source.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QSslCertificate>
#include <QTest>

using namespace cachedeck;
using cachedeck::test::Certificates;
using cachedeck::test::RedisServer;

namespace {

const SystemClock systemClock;

}  // namespace

class TestRedisTls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QVERIFY2(m_certificates.error().isEmpty(), qPrintable(m_certificates.error())); }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void certificates_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* certificate, const char* ca, const char* query, const char* expected) {
      QTest::newRow(name) << QString::fromUtf8(certificate) << QString::fromUtf8(ca) << QString::fromUtf8(query) << QString::fromUtf8(expected);
    };
    row("good", "good", "ca", "", "Redis 7");
    row("good, named", "good", "ca", "&servername=localhost", "Redis 7");
    row("wrong server name", "good", "ca", "&servername=redis.example.org", "is not for the name “redis.example.org”");
    row("wrong host", "wronghost", "ca", "", "is not for the name “127.0.0.1”");
    row("right server name", "wronghost", "ca", "&servername=redis.example.net", "Redis 7");
    row("common name only", "cnonly", "ca", "", "is not for the name “127.0.0.1”");
    row("expired", "expired", "ca", "", "expired on 20");
    row("not yet valid", "notyet", "ca", "", "is not valid before 20");
    row("unknown authority", "unknownca", "ca", "", "comes from an authority that is not known here");
    row("system's authorities", "good", "", "", "comes from an authority that is not known here");
    row("self-signed", "selfsigned", "ca", "", "is self-signed");
    row("self-signed, trusted", "selfsigned", "selfsigned", "", "Redis 7");
  }
  void certificates() {
    QFETCH(QString, certificate);
    QFETCH(QString, ca);
    QFETCH(QString, query);
    QFETCH(QString, expected);
    RedisServer server(tlsConfig(certificate, {QStringLiteral("tls-auth-clients no")}), false);
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const QString caFile = ca.isEmpty() ? QString() : QLatin1String("ca=") + m_certificates.certificate(ca);
    const QString outcome = connected(server, caFile + query);
    if (expected.startsWith(QLatin1String("Redis"))) {
      QVERIFY2(outcome.startsWith(expected), qPrintable(outcome));
      return;
    }
    QVERIFY2(outcome.startsWith(QStringLiteral("tls: The certificate of %1").arg(server.address())) && outcome.contains(expected), qPrintable(outcome));
    const QSslCertificate sent = QSslCertificate::fromPath(m_certificates.certificate(certificate)).first();
    QVERIFY2(outcome.contains(QString::fromLatin1(sent.digest(QCryptographicHash::Sha256).toHex(':'))), qPrintable(outcome));
    QVERIFY(outcome.contains(sent.expiryDate().toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm"))));
  }

  void clientCertificate_data() {
    QTest::addColumn<QString>("protocol");
    QTest::newRow("TLS 1.2") << QStringLiteral("TLSv1.2");
    QTest::newRow("TLS 1.3") << QStringLiteral("TLSv1.3");
  }
  void clientCertificate() {
    QFETCH(QString, protocol);
    RedisServer server(tlsConfig(QStringLiteral("good"), {QStringLiteral("tls-auth-clients yes"), QStringLiteral("tls-protocols ") + protocol}), false);
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const QString ca = QLatin1String("ca=") + m_certificates.authority();
    const auto client = [&](const char* name) {
      const QString text = QString::fromLatin1(name);
      return QStringLiteral("&cert=%1&key=%2").arg(m_certificates.certificate(text), m_certificates.key(text));
    };
    const QString without = connected(server, ca);
    QVERIFY2(without.startsWith(QStringLiteral("tls: %1 needs a client certificate, and none is set.").arg(server.address())), qPrintable(without));
    const QString other = connected(server, ca + client("otherclient"));
    QVERIFY2(other.startsWith(QStringLiteral("tls: %1 does not accept the client certificate.").arg(server.address())), qPrintable(other));
    const QString good = connected(server, ca + client("client"));
    QVERIFY2(good.startsWith(QLatin1String("Redis 7")), qPrintable(good));
  }

  void oldProtocol() {
    RedisServer server(tlsConfig(QStringLiteral("good"), {QStringLiteral("tls-auth-clients no"), QStringLiteral("tls-protocols TLSv1.1"),
                                                          QStringLiteral("tls-ciphers DEFAULT:@SECLEVEL=0")}), false);
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const QString outcome = connected(server, QLatin1String("ca=") + m_certificates.authority());
    QVERIFY2(outcome.contains(QLatin1String("speaks only TLS versions before 1.2")), qPrintable(outcome));
  }

  void tlsToAPlainPort() {
    RedisServer server;
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const QString outcome = connected(server, QLatin1String("ca=") + m_certificates.authority());
    QVERIFY2(outcome.startsWith(QStringLiteral("tls: %1 did not begin TLS within 5 s. This port may be a plain one").arg(server.address())), qPrintable(outcome));
  }

  void plainToATlsPort() {
    RedisServer server(tlsConfig(QStringLiteral("good"), {}), false);
    const QString reason = server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    const std::unique_ptr<Source> source = sourceFor(QStringLiteral("redis://") + server.address());
    const Result<Identity> identity = source->connect(std::stop_token());
    QVERIFY(!identity.ok());
    QVERIFY2(identity.error().message.contains(QLatin1String("TLS")), qPrintable(identity.error().message));
  }

  void frozenUnderTls() {
    RedisServer server(tlsConfig(QStringLiteral("good"), {QStringLiteral("tls-auth-clients no")}), false);
    QVERIFY(server.start().isEmpty());
    const std::unique_ptr<Source> source = sourceFor(QStringLiteral("rediss://%1?ca=%2").arg(server.address(), m_certificates.authority()));
    QVERIFY(source->connect(std::stop_token()).ok());
    QVERIFY(source->sample(std::stop_token()).ok());
    server.freeze();
    const Result<Sample> silent = source->sample(std::stop_token());
    QVERIFY(!silent.ok());
    QCOMPARE(silent.error().kind, Error::Kind::Timeout);
    server.thaw();
    QVERIFY(source->connect(std::stop_token()).ok());
    QVERIFY(source->sample(std::stop_token()).ok());
    server.kill9();
    const Result<Sample> gone = source->sample(std::stop_token());
    QVERIFY(!gone.ok());
    QVERIFY2(gone.error().kind == Error::Kind::Unreachable, qPrintable(gone.error().message));
  }

  void badFiles_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("says");
    const QString folder = m_certificates.folder();
    QTest::newRow("no CA") << QStringLiteral("ca=/no/such.crt") << QStringLiteral("not found: The CA file “/no/such.crt” cannot be read");
    QTest::newRow("key as CA") << QLatin1String("ca=") + m_certificates.key(QStringLiteral("ca")) << QStringLiteral("holds no PEM certificate");
    QTest::newRow("certificate as key") << QStringLiteral("cert=%1/client.crt&key=%1/client.crt").arg(folder) << QStringLiteral("holds no PEM key");
  }
  void badFiles() {
    QFETCH(QString, query);
    QFETCH(QString, says);
    RedisServer server;
    QVERIFY(server.start().isEmpty());
    const QString outcome = connected(server, query);
    QVERIFY2(outcome.contains(says), qPrintable(outcome));
  }

 private:
  QStringList tlsConfig(const QString& certificate, const QStringList& more) const {
    return QStringList{QStringLiteral("tls-port @PORT@"), QLatin1String("tls-cert-file ") + m_certificates.certificate(certificate),
                       QLatin1String("tls-key-file ") + m_certificates.key(certificate), QLatin1String("tls-ca-cert-file ") + m_certificates.authority()} + more;
  }

  static std::unique_ptr<Source> sourceFor(const QString& url) {
    const Result<SourceSettings> settings = redisSourceInfo().fromUrl(url);
    return redisSourceInfo().create(settings.ok() ? *settings : SourceSettings(), systemClock);
  }

  /// Product and version, or kind, message and detail of the error.
  static QString connected(const RedisServer& server, const QString& query) {
    const std::unique_ptr<Source> source = sourceFor(QStringLiteral("rediss://%1?%2").arg(server.address(), query));
    const Result<Identity> identity = source->connect(std::stop_token());
    if (identity && !source->sample(std::stop_token()).ok()) return QStringLiteral("connected, but no sample");
    if (identity) return identity->product + QLatin1Char(' ') + identity->version;
    return kindName(identity.error().kind) + QLatin1String(": ") + identity.error().message + QLatin1Char('\n') + identity.error().detail;
  }

  Certificates m_certificates;
};

QTEST_GUILESS_MAIN(TestRedisTls)
#include "tst_redis_tls.moc"
