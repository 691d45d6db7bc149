// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_postgres_support.h"

#include "tests/support/certificates.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = Error::Kind;

/// TLS of a real PostgreSQL with good and bad certificates.
class TestPostgresTls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void checksTheServer_data();
  void checksTheServer();
  void encryptsWhenItCan();
  void needsAnAuthority();
  void showsAClientCertificate_data();
  void showsAClientCertificate();

 private:
  void serve(const QString& certificate);
  SourceSettings settings(const QString& mode, const QString& user = QStringLiteral("postgres")) const;

  Certificates m_pki;
  std::unique_ptr<PostgresServer> m_server;
};

namespace {

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

void TestPostgresTls::initTestCase() {
  static QTemporaryDir home;
  qputenv("HOME", home.path().toUtf8());
  QCOMPARE(m_pki.error(), QString());
  m_server = std::make_unique<PostgresServer>(
      QStringList{QStringLiteral("ssl = on"), QStringLiteral("ssl_cert_file = '@DIR@/server.crt'"), QStringLiteral("ssl_key_file = '@DIR@/server.key'"),
                  QStringLiteral("ssl_ca_file = '@DIR@/ca.crt'")},
      QStringList{QStringLiteral("hostssl all client 127.0.0.1/32 scram-sha-256 clientcert=verify-ca"), QStringLiteral("hostnossl all client 127.0.0.1/32 reject")});
  m_server->addFile(QStringLiteral("ca.crt"), contents(m_pki.authority()));
  serve(QStringLiteral("good"));
  QCOMPARE(m_server->start(), QString());
  QString error;
  m_server->psql(QStringLiteral("CREATE ROLE client LOGIN PASSWORD 'Sesame-open'"), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
  QCOMPARE(error, QString());
}

void TestPostgresTls::serve(const QString& certificate) {
  m_server->addFile(QStringLiteral("server.crt"), contents(m_pki.certificate(certificate)));
  m_server->addFile(QStringLiteral("server.key"), contents(m_pki.key(certificate)));
  if (m_server->running()) QCOMPARE(m_server->restart(), QString());
}

SourceSettings TestPostgresTls::settings(const QString& mode, const QString& user) const {
  SourceSettings settings = settingsOf(*m_server, user);
  settings.fields[QStringLiteral("sslmode")] = mode;
  settings.fields[QStringLiteral("sslrootcert")] = m_pki.authority();
  return settings;
}

void TestPostgresTls::checksTheServer_data() {
  QTest::addColumn<QString>("certificate");
  QTest::addColumn<QString>("mode");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* certificate, const char* mode, const char* part) {
    QTest::addRow("%s %s", certificate, mode) << QString::fromLatin1(certificate) << QString::fromLatin1(mode) << QString::fromUtf8(part);
  };
  row("good", "verify-full", "");
  row("good", "verify-ca", "");
  row("wronghost", "verify-ca", "");
  row("wronghost", "verify-full", "is not for the name “127.0.0.1”");
  row("expired", "verify-full", "expired on 20");
  row("notyet", "verify-ca", "is not valid before 20");
  row("unknownca", "verify-full", "comes from an authority that is not known here");
  row("selfsigned", "verify-full", "is self-signed");
  row("expired", "require", "expired on 20");  // libpq checks the authority as soon as there is a CA file
}

void TestPostgresTls::checksTheServer() {
  QFETCH(QString, certificate);
  QFETCH(QString, mode);
  QFETCH(QString, part);
  serve(certificate);
  const auto source = sourceOf(settings(mode));
  const auto answer = source->connect({});
  if (part.isEmpty()) {
    QVERIFY2(answer.ok(), complaint(answer));
    QVERIFY(source->sample({}).ok());
    return;
  }
  QVERIFY(!answer.ok());
  QCOMPARE(answer.error().kind, Kind::Tls);
  QVERIFY2(answer.error().message.contains(part), complaint(answer));
  QVERIFY2(answer.error().detail.contains(QStringLiteral("SHA-256: ")), complaint(answer));
}

void TestPostgresTls::encryptsWhenItCan() {
  serve(QStringLiteral("good"));
  SourceSettings plain = settingsOf(*m_server);
  const auto source = sourceOf(plain);
  QVERIFY(source->connect({}).ok());
  const QString sql = QStringLiteral("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'cachedeck'");
  QCOMPARE(m_server->psql(sql), "t");
  source->disconnect();
  plain.fields[QStringLiteral("sslmode")] = QStringLiteral("disable");
  const auto open = sourceOf(plain);
  QVERIFY(open->connect({}).ok());
  QTRY_COMPARE_WITH_TIMEOUT(m_server->psql(sql), "f", 60000);  // once the first session has gone
}

void TestPostgresTls::needsAnAuthority() {
  SourceSettings lacking = settings(QStringLiteral("verify-full"));
  lacking.fields.remove(QStringLiteral("sslrootcert"));
  const auto answer = sourceOf(lacking)->connect({});
  QVERIFY(!answer.ok());
  QVERIFY2(answer.error().message.contains(QStringLiteral("There is no file with CA certificates")), complaint(answer));
}

void TestPostgresTls::showsAClientCertificate_data() {
  QTest::addColumn<QString>("certificate");
  QTest::addColumn<QString>("key");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const QString client = QStringLiteral("client"), other = QStringLiteral("otherclient"), none;
  QTest::newRow("good") << client << client << Kind::Usage << none;
  QTest::newRow("none") << none << none << Kind::Tls << QStringLiteral("wants a valid client certificate");
  QTest::newRow("of another authority") << other << other << Kind::Tls << QStringLiteral("does not trust our client certificate");
  QTest::newRow("pair that does not match") << client << other << Kind::Tls << QStringLiteral("do not belong together");
  QTest::newRow("no key") << client << none << Kind::NotFound << QStringLiteral("has no key file");
}

void TestPostgresTls::showsAClientCertificate() {
  QFETCH(QString, certificate);
  QFETCH(QString, key);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  serve(QStringLiteral("good"));
  SourceSettings wanted = settings(QStringLiteral("verify-full"), QStringLiteral("client"));
  if (!certificate.isEmpty()) wanted.fields[QStringLiteral("sslcert")] = m_pki.certificate(certificate);
  if (!key.isEmpty()) wanted.fields[QStringLiteral("sslkey")] = m_pki.key(key);
  const auto answer = sourceOf(wanted)->connect({});
  if (part.isEmpty()) {
    QVERIFY2(answer.ok(), complaint(answer));
    return;
  }
  QVERIFY(!answer.ok());
  QVERIFY2(answer.error().message.contains(part), complaint(answer));
  QCOMPARE(kindName(answer.error().kind), kindName(kind));
}

QTEST_GUILESS_MAIN(TestPostgresTls)
#include "tst_postgres_tls.moc"
