// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/sql_names.h"
#include "core/sources/postgres/postgres_settings.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// Names of keys from a query, on a real PostgreSQL.
class TestKeysQuery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = startAll({&m_postgres});
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_postgres.psql(QStringLiteral("CREATE TABLE products (id int, lang text); INSERT INTO products SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'l' || i % 3 END FROM generate_series(1, 25000) i"));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void namesOfAllRows() {
    const auto names = read(QStringLiteral("SELECT id FROM products ORDER BY id"), QStringLiteral("product:{id}"));
    QVERIFY2(names, names ? "" : qPrintable(names.error().message));
    QCOMPARE(names->size(), 25000);
    QCOMPARE(names->first(), QByteArray("product:1"));
    QCOMPARE(names->last(), QByteArray("product:25000"));
    QCOMPARE(read(QStringLiteral("SELECT id, lang FROM products"), QStringLiteral("p:{lang}:{id}"))->size(), 22500);
    QVERIFY(read(QStringLiteral("SELECT id FROM products WHERE false"), QStringLiteral("p:{id}"))->isEmpty());
  }

  // What was typed can only read.
  void nothingIsChanged_data() {
    QTest::addColumn<QString>("sql");
    for (const char* sql : {"DELETE FROM products RETURNING id", "SELECT id FROM products; DROP TABLE products", "WITH gone AS (DELETE FROM products RETURNING id) SELECT id FROM gone", "SELECT id FROM nowhere",
                            "UPDATE products SET id = 0", "COMMIT", "SELECT nextval('products_seq') AS id", ""})
      QTest::newRow(sql) << QString::fromLatin1(sql);
  }
  void nothingIsChanged() {
    QFETCH(QString, sql);
    QVERIFY(!read(sql, QStringLiteral("p:{id}")));
    QCOMPARE(m_postgres.psql(QStringLiteral("SELECT count(*), sum(id) FROM products")), QByteArray("25000|312512500"));
  }

  void limits() {
    const auto missing = read(QStringLiteral("SELECT id FROM products"), QStringLiteral("p:{name}"));
    QVERIFY(!missing);
    QVERIFY2(missing.error().message.contains(QLatin1String("name")), qPrintable(missing.error().message));
    const auto many = read(QStringLiteral("SELECT id FROM products"), QStringLiteral("p:{id}"), 1000);
    QVERIFY(!many);
    QCOMPARE(many.error().kind, Error::Kind::Usage);
  }

 private:
  Result<QList<QByteArray>> read(const QString& sql, const QString& form, qint64 most = 1'000'000) {
    SourceSettings settings = *postgresSettingsFromUrl(QStringLiteral("postgresql://postgres:%1@127.0.0.1:%2/postgres").arg(PostgresServer::password()).arg(m_postgres.port()));
    PostgresConnection connection(settings);
    if (const Result<void> opened = connection.open({}); !opened) return opened.error();
    return namesFromQuery(connection, sql, *KeyTemplate::parse(form), most, {});
  }
  PostgresServer m_postgres;
};

QTEST_GUILESS_MAIN(TestKeysQuery)
#include "tst_keys_query.moc"
