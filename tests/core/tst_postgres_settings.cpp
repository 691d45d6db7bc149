// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_settings.h"
#include "core/sources/postgres/postgres_source.h"
#include "core/sources/postgres/postgres_target.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;

/// URLs and connection strings to fields, and fields to what libpq is told.
class TestPostgresSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void readsUrls_data();
  void readsUrls();
  void refusesWithoutRepeatingTheText_data();
  void refusesWithoutRepeatingTheText();
  void keepsAllowedParameters();
  void keepsTheServicesTlsMode();
  void mergesServiceFileAndEnvironment();
  void listsItsFields();
};

namespace {

QString shown(const SourceSettings& settings) {
  QStringList parts;
  for (auto field = settings.fields.cbegin(); field != settings.fields.cend(); ++field) parts += field.key() + QLatin1Char('=') + field.value();
  for (auto secret = settings.secrets.cbegin(); secret != settings.secrets.cend(); ++secret)
    parts += secret.key() + QStringLiteral("=(") + QString::fromUtf8(secret.value().reveal()) + QLatin1Char(')');
  return parts.join(QLatin1Char('|'));
}

}  // namespace

void TestPostgresSettings::initTestCase() {
  static QTemporaryDir home;
  qputenv("HOME", home.path().toUtf8());
  for (const char* name : {"PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSERVICE", "PGSERVICEFILE", "PGSSLMODE"}) qunsetenv(name);
}

void TestPostgresSettings::readsUrls_data() {
  QTest::addColumn<QString>("url");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* url, const char* expected) { QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(expected); };
  row("postgresql://", "");
  row("postgres://db.example", "host=db.example");
  row("postgres://me@db.example:6543/app", "database=app|host=db.example|port=6543|user=me");
  row("postgresql://me:pw%20%25%40%2F@db/app", "database=app|host=db|user=me|password=(pw %@/)");
  row("postgresql://me:p%C3%A4ss@db", "host=db|user=me|password=(päss)");
  row("postgresql://[2001:db8::1]:5433/app", "database=app|host=2001:db8::1|port=5433");
  row("postgresql://%2Fvar%2Frun%2Fpostgresql/app", "database=app|host=/var/run/postgresql");
  row("postgresql://a:1,b:2/app", "database=app|host=a,b|port=1,2");
  row("postgresql://db/app?sslmode=verify-full&sslrootcert=/ca.pem", "database=app|host=db|sslmode=verify-full|sslrootcert=/ca.pem");
  row("postgresql://db?connect_timeout=3&target_session_attrs=read-write", "host=db|parameters=connect_timeout='3' target_session_attrs='read-write'");
  row("postgresql://db?application_name=x&client_encoding=latin1", "host=db");
  row("postgresql://db?sslpassword=k%26y", "host=db|sslpassword=(k&y)");
  row("service=stage", "service=stage");
  row("host=db user=me password='a b\\'c'", "host=db|user=me|password=(a b'c)");
  row("  host = db  ", "host=db");
}

void TestPostgresSettings::readsUrls() {
  QFETCH(QString, url);
  QFETCH(QString, expected);
  const auto settings = postgresSourceInfo().fromUrl(url);
  QVERIFY2(settings.ok(), settings ? "" : qPrintable(settings.error().message));
  QCOMPARE(shown(settings.value()), expected);
}

void TestPostgresSettings::refusesWithoutRepeatingTheText_data() {
  QTest::addColumn<QString>("url");
  QTest::addColumn<QString>("part");
  const auto row = [](const char* url, const char* part) { QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(part); };
  row("", "is empty");
  row("http://me:canary@db", "does not begin with postgresql://");
  row("canary://db", "does not begin with postgresql://");
  row("postgresql://me:can%zzary@db", "two hexadecimal digits");
  row("postgresql://me:canary%@db", "two hexadecimal digits");
  row("postgresql://me:canary%00@db", "%00");
  row("postgresql://[::1/canary", "not closed with ]");
  row("postgresql://[]/canary", "is empty");
  row("postgresql://[::1]canary", "unexpected character");
  row("postgresql://db?canary", "malformed");
  row("postgresql://db?canary=1", "not one that libpq knows");
  row("password=my canary", "cannot be read");
  row("canary=1 host=db", "not one that libpq knows");
  row("password='canary", "not closed");
  row("postgresql://db:canary", "from 1 to 65535");
  row("postgresql://db:0", "from 1 to 65535");
  row("host=db port=99999 password=canary", "from 1 to 65535");
  row("host=db replication=database password=canary", "“replication”");
}

void TestPostgresSettings::refusesWithoutRepeatingTheText() {
  QFETCH(QString, url);
  QFETCH(QString, part);
  const auto settings = postgresSettingsFromUrl(url);
  QVERIFY(!settings.ok());
  const QString text = settings.error().message + settings.error().detail;
  QVERIFY2(text.contains(part), qPrintable(text));
  QVERIFY2(!text.contains(QStringLiteral("canary")) && !text.contains(QStringLiteral("ary")), qPrintable(text));
  QCOMPARE(settings.error().kind, Error::Kind::Usage);
}

void TestPostgresSettings::keepsAllowedParameters() {
  SourceSettings settings;
  settings.fields[QStringLiteral("host")] = QStringLiteral("db");
  settings.fields[QStringLiteral("parameters")] = QStringLiteral("sslcrl='/a b/crl.pem' host=other");
  QVERIFY(!postgresParameters(settings).ok());
  settings.fields[QStringLiteral("parameters")] = QStringLiteral("sslcrl='/a b/crl.pem' application_name=theirs");
  const auto parameters = postgresParameters(settings);
  QVERIFY(parameters.ok());
  QCOMPARE(parameters.value().at("sslcrl"), "/a b/crl.pem");
  QVERIFY(!parameters.value().contains("application_name"));
  // What a URL brings comes back unharmed, quotes and backslashes too.
  const auto again = postgresSettingsFromUrl(QStringLiteral("postgresql://db?sslcrl=%2Fit%27s%5Chere"));
  QCOMPARE(postgresParameters(again.value()).value().at("sslcrl"), "/it's\\here");
}

void TestPostgresSettings::keepsTheServicesTlsMode() {
  SourceSettings settings;
  settings.fields[QStringLiteral("service")] = QStringLiteral("stage");
  settings.fields[QStringLiteral("sslmode")] = QStringLiteral("prefer");
  QVERIFY(!postgresParameters(settings).value().contains("sslmode"));
  settings.fields[QStringLiteral("sslmode")] = QStringLiteral("require");
  QCOMPARE(postgresParameters(settings).value().at("sslmode"), "require");
}

void TestPostgresSettings::mergesServiceFileAndEnvironment() {
  QTemporaryDir folder;
  QFile services(folder.filePath(QStringLiteral("services")));
  QVERIFY(services.open(QIODevice::WriteOnly));
  services.write("[stage]\nhost=db1,db2\nport=6000\nsslmode=verify-full\nconnect_timeout=9\ntarget_session_attrs=read-write\nchannel_binding=disable\n");
  services.close();
  qputenv("PGSERVICEFILE", services.fileName().toUtf8());
  qputenv("PGUSER", "from environment");
  SourceSettings settings;
  settings.fields[QStringLiteral("service")] = QStringLiteral("stage");
  settings.fields[QStringLiteral("port")] = QStringLiteral("6001");
  const auto target = postgresTarget(settings);
  qunsetenv("PGSERVICEFILE");
  qunsetenv("PGUSER");
  QVERIFY2(target.ok(), target ? "" : qPrintable(target.error().message));
  QCOMPARE(target.value().text(), QStringLiteral("db1:6001, db2:6001"));
  QCOMPARE(target.value().user, QStringLiteral("from environment"));
  QCOMPARE(target.value().database, QStringLiteral("from environment"));
  QCOMPARE(target.value().patience, std::chrono::seconds(9));
  QCOMPARE(target.value().parameters.at("sslmode"), "verify-full");
  QCOMPARE(target.value().parameters.at("target_session_attrs"), "read-write");
  QCOMPARE(target.value().parameters.at("channel_binding"), "disable");
  QCOMPARE(postgresTarget(SourceSettings()).value().text(), QStringLiteral("/var/run/postgresql/.s.PGSQL.5432"));
}

void TestPostgresSettings::listsItsFields() {
  QStringList keys;
  for (const FieldInfo& field : postgresFields()) {
    QVERIFY(*field.label && *field.help);
    QCOMPARE(field.kind == FieldInfo::Kind::Choice, *field.choices != 0);
    keys += QString::fromLatin1(field.key);
  }
  QCOMPARE(keys.removeDuplicates(), 0);
  for (const char* key : {"host", "port", "database", "user", "password", "service", "sslmode", "sslrootcert", "sslcert", "sslkey"})
    QVERIFY(keys.contains(QLatin1String(key)));
}

QTEST_GUILESS_MAIN(TestPostgresSettings)
#include "tst_postgres_settings.moc"
