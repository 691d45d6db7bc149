// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/sql_names.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;

/// Names of keys from the columns of a row.
class TestKeyTemplate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void expands_data() {
    QTest::addColumn<QString>("form");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("one") << QStringLiteral("product:{id}") << QByteArray("product:7");
    QTest::newRow("two") << QStringLiteral("{lang}:{id}!") << QByteArray("de:7!");
    QTest::newRow("twice") << QStringLiteral("{id}{id}") << QByteArray("77");
    QTest::newRow("hash tag") << QStringLiteral("{{user{id}}}:x") << QByteArray("{user7}:x");
    QTest::newRow("wildcards are text") << QStringLiteral("*[{id}]?") << QByteArray("*[7]?");
    QTest::newRow("UTF-8") << QStringLiteral("caf\u00e9:{id}") << QByteArray("caf\xc3\xa9:7");
  }
  void expands() {
    QFETCH(QString, form);
    QFETCH(QByteArray, name);
    PostgresRows rows({"id", "lang"});
    rows.add(QByteArrayView("7"));
    rows.add(QByteArrayView("de"));
    const auto parsed = KeyTemplate::parse(form);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().message));
    std::vector<int> columns;
    for (const QByteArray& column : parsed->columns()) columns.push_back(rows.column(column.constData()));
    QCOMPARE(*parsed->expand(rows, 0, columns), name);
  }

  void nullIsNoKey() {
    PostgresRows rows({"id"});
    rows.add(std::nullopt);
    const std::vector<int> columns{0};
    QVERIFY(!KeyTemplate::parse(QStringLiteral("a:{id}"))->expand(rows, 0, columns));
  }

  void wrong_data() {
    QTest::addColumn<QString>("form");
    for (const char* form : {"", "plain", "a{", "a{}", "a}", "{id", "id}", "{{id}}"}) QTest::newRow(form) << QString::fromLatin1(form);
  }
  void wrong() {
    QFETCH(QString, form);
    const auto parsed = KeyTemplate::parse(form);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().kind, Error::Kind::Usage);
  }
};

QTEST_GUILESS_MAIN(TestKeyTemplate)
#include "tst_key_template.moc"
