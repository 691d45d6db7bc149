// SPDX-License-Identifier: GPL-3.0-or-later
// Which saved profile is this server's: a URL is no way around what it asks for.
#include "core/profiles/fromurls.h"
#include "core/profiles/profile_fields.h"
#include "core/profiles/saved_server.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;

namespace {

using Fields = QMap<QString, QString>;

Fields fields(std::initializer_list<std::pair<const char*, const char*>> values) {
  Fields made;
  for (const auto& [key, value] : values) made.insert(QLatin1String(key), QString::fromUtf8(value));
  return made;
}

/// "name environment, limit of its owner …"
QString shown(const Profile& profile) {
  QString text = profile.name + QLatin1Char(' ') + environmentKey(profile.environment);
  for (const char* const key : {maxUsersField, maxRateField})
    if (const QString limit = profile.fields.value(QLatin1String(key)); !limit.isEmpty()) text += QStringLiteral(", %1 of %2").arg(limit, profile.limitsOf.value(QLatin1String(key)));
  return text;
}

}  // namespace

class TestSavedServer : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_temporary;
  std::unique_ptr<ProfileStore> m_store;

  void save(const char* name, Environment environment, const char* source, const Fields& server, const Fields& own = {}, bool enabled = true) {
    Profile profile;
    profile.id = QUuid::createUuid();
    profile.name = QLatin1String(name);
    profile.environment = environment;
    profile.fields = own;
    if (*source) profile.sources[QLatin1String(source)] = {enabled, server, {}, {}, {}};
    const Result<void> saved = m_store->save(profile);
    QVERIFY2(saved.ok(), saved ? "" : qPrintable(saved.error().message));
  }
  QString heeded(const char* source, const QString& url, Environment environment = Environment::Development) const {
    auto made = profileFromUrls(QLatin1String(urlsName), {{QLatin1String(source), url}});
    if (!made) return made.error().message;
    made->profile.environment = environment;
    const bool stricter = heedSaved(made->profile, *m_store);
    return (stricter ? QStringLiteral("as ") : QStringLiteral("own ")) + shown(made->profile);
  }
  QString postgres(const char* url) const { return heeded("postgres", QString::fromUtf8(url)); }

 private Q_SLOTS:
  void initTestCase() {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSERVICE", "PGSERVICEFILE", "PGSSLMODE"}) qunsetenv(name);
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_temporary = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<ProfileStore>(m_temporary->filePath(QStringLiteral("cachedeck")));
    QVERIFY(m_store->load());
  }

  // A URL of a production server made a development profile of its own, where it was a tunnel's.
  void aRedisStandsForTheStrictestProfile() {
    const auto server = [](const char* host, const char* database) { return fields({{"host", host}, {"port", "6390"}, {"database", database}}); };
    const Fields own = fields({{maxUsersField, "4"}, {serviceUrlField, "http://shop:1"}});
    save("desk", Environment::Development, "redis", server("127.0.0.1", "0"));
    save("shop", Environment::Production, "redis", server("localhost", "0"), own);
    save("stage", Environment::Staging, "redis", server("127.0.0.1", "0"));
    save("other", Environment::Production, "redis", server("10.0.0.5", "1"), own);
    const auto redis = [&](const char* url, Environment environment = Environment::Development) { return heeded("redis", QLatin1String(url), environment); };
    QCOMPARE(redis("redis://127.0.0.1:6390/0"), QStringLiteral("as shop production, 4 of shop"));
    QCOMPARE(redis("redis://[::1]:6390"), QStringLiteral("as shop production, 4 of shop"));
    QCOMPARE(redis("redis://127.0.0.1:6390/0", Environment::Production), QStringLiteral("own command line production, 4 of shop"));
    QCOMPARE(redis("redis://127.0.0.1:6390/1"), QStringLiteral("own command line development"));  // another database
    QCOMPARE(redis("redis://127.0.0.1:6391/0"), QStringLiteral("own command line development"));
    QCOMPARE(redis("redis://10.0.0.5:6390/1"), QStringLiteral("as other production, 4 of other"));
  }

  // The direct workload wrote to a production profile's database, whose URL alone was given, without unlock.
  void aPostgresStandsForTheStrictestProfile() {
    save("desk", Environment::Development, "postgres", fields({{"host", "127.0.0.1"}, {"database", "shop"}}));
    save("shop", Environment::Production, "postgres", fields({{"host", "localhost"}, {"database", "shop"}, {"user", "watcher"}}));
    save("far", Environment::Production, "postgres", fields({{"host", "db1.example, DB2.example"}, {"port", "6543"}, {"database", "shop"}}));
    const QString shop = QStringLiteral("as shop production"), far = QStringLiteral("as far production"), own = QStringLiteral("own command line development");
    for (const char* const url : {"postgresql://app@127.0.0.1:5432/shop", "postgres://[::1]/shop", "postgresql://shop@localhost", "host=LOCALHOST dbname=shop", "host=elsewhere hostaddr=127.0.0.1 dbname=shop",
                                  "postgresql:///shop?host=/var/run/postgresql", "host=elsewhere,localhost dbname=shop"})
      QCOMPARE(QString::fromUtf8(url) + QLatin1Char(' ') + postgres(url), QString::fromUtf8(url) + QLatin1Char(' ') + shop);
    for (const char* const url : {"postgresql://db2.example:6543/shop", "postgresql://DB1.example.:6543/shop"}) QCOMPARE(postgres(url), far);
    for (const char* const url : {"postgresql://127.0.0.1/other", "postgresql://127.0.0.1:5433/shop", "postgresql://db3.example:6543/shop", "postgresql://db1.example/shop"}) QCOMPARE(postgres(url), own);
  }

  void aSocketIsKnownByItsDirectory() {
    const QString folder = m_temporary->filePath(QStringLiteral("run")), link = m_temporary->filePath(QStringLiteral("link"));
    QVERIFY(QDir().mkpath(folder) && QFile::link(folder, link));
    save("shop", Environment::Production, "postgres", {{QStringLiteral("host"), folder}, {QStringLiteral("database"), QStringLiteral("shop")}});
    const auto at = [&](const QString& host) { return heeded("postgres", QStringLiteral("host=%1 dbname=shop").arg(host)); };
    for (const QString& host : {folder, link, folder + QLatin1Char('/'), QStringLiteral("127.0.0.1")}) QCOMPARE(at(host), QStringLiteral("as shop production"));
    for (const QString& host : {m_temporary->path(), QStringLiteral("10.0.0.5")}) QCOMPARE(at(host), QStringLiteral("own command line development"));
  }

  void aServiceFileSaysWhere() {
    QFile services(m_temporary->filePath(QStringLiteral("services")));
    QVERIFY(services.open(QIODevice::WriteOnly) && services.write("[shop]\nhost=db.example\nport=6000\ndbname=goods\n") > 0);
    services.close();
    save("gone", Environment::Production, "postgres", fields({{"service", "gone"}}));  // which cannot be found: it is nobody's
    save("shop", Environment::Production, "postgres", fields({{"service", "shop"}}));
    qputenv("PGSERVICEFILE", services.fileName().toUtf8());
    const QString byPlace = postgres("postgresql://db.example:6000/goods"), byName = postgres("service=shop"), elsewhere = postgres("postgresql://db.example:6000/gone");
    qunsetenv("PGSERVICEFILE");
    QCOMPARE(byPlace, QStringLiteral("as shop production"));
    QCOMPARE(byName, QStringLiteral("as shop production"));
    QCOMPARE(elsewhere, QStringLiteral("own command line development"));
  }

  // What a form leaves of a source that was never filled in is not a server on this machine.
  void aSourceThatIsSwitchedOff() {
    save("shop", Environment::Production, "postgres", fields({{"sslmode", "prefer"}}), {}, false);
    QCOMPARE(postgres("postgresql:///?host=/var/run/postgresql"), QStringLiteral("own command line development"));
    save("off", Environment::Staging, "postgres", fields({{"host", "db"}, {"database", "shop"}}), {}, false);
    QCOMPARE(postgres("postgresql://db/shop"), QStringLiteral("as off staging"));
    auto made = profileFromUrls(QLatin1String(urlsName), {{QStringLiteral("postgres"), QStringLiteral("postgresql://db/shop")}});
    QVERIFY(made.ok());
    made->profile.environment = Environment::Development;
    made->profile.sources[QStringLiteral("postgres")].enabled = false;  // as a command does with what it does not use
    QVERIFY(!heedSaved(made->profile, *m_store));
  }

  // Only a stricter profile's limits were heeded: those of a development profile did not bind a run on its server by the URL.
  void theSmallestLimitsHold() {
    const Fields server = fields({{"host", "localhost"}, {"port", "6390"}});
    save("desk", Environment::Development, "redis", server, fields({{maxUsersField, "4"}, {maxRateField, "0"}}));
    QCOMPARE(heeded("redis", QStringLiteral("redis://127.0.0.1:6390")), QStringLiteral("own command line development, 4 of desk"));
    save("shop", Environment::Production, "redis", server, fields({{maxUsersField, "9"}, {maxRateField, "50"}}));
    QCOMPARE(heeded("redis", QStringLiteral("redis://127.0.0.1:6390")), QStringLiteral("as shop production, 4 of desk, 50 of shop"));
    save("wrong", Environment::Staging, "redis", server, fields({{maxRateField, "many"}}));  // nothing is permitted then
    QCOMPARE(heeded("redis", QStringLiteral("redis://127.0.0.1:6390")), QStringLiteral("as shop production, 4 of desk, many of wrong"));
  }

  void limitsOfAServiceHold() {
    save("desk", Environment::Development, "", {}, fields({{serviceUrlField, "http://localhost:8080"}, {maxUsersField, "4"}}));
    save("tight", Environment::Development, "", {}, fields({{serviceUrlField, "http://127.0.0.1:8080/v1"}, {maxUsersField, "2"}}));
    Profile made;
    made.environment = Environment::Development;
    made.fields = fields({{maxUsersField, "3"}});
    QVERIFY(!heedSavedService(made, *m_store, {QStringLiteral("http://elsewhere:8080"), QStringLiteral("http://[::1]:8080/list")}));
    QCOMPARE(shown(made), QStringLiteral(" development, 2 of tight"));
    QCOMPARE(heededLimitsText(made), QStringLiteral("Limits of load runs hold here: those of profile “tight”."));
    Profile own = m_store->profiles().first();  // it names the service as its own
    heedSavedService(own, *m_store, {QStringLiteral("http://localhost:8080")});
    QCOMPARE(own.fields.value(QLatin1String(maxUsersField)), QStringLiteral("4"));
    QCOMPARE(heededLimitsText(own), QString());
  }
};

QTEST_GUILESS_MAIN(TestSavedServer)
#include "tst_saved_server.moc"
