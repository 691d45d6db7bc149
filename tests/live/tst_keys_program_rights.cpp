// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_program.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

/// `cachedeck keys` for accounts that lack a right: what cannot be known is said to be unknown, and what cannot be done is said before it is begun.
class TestKeysProgramRights : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
    m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,2000 do redis.call('SET','t:'..i,'v') end"), QStringLiteral("0")});
  }

  // Every key was taken for one that does not fit: "0 of 2000 keys match", and a deletion was "done 0 of 0".
  void aFilterThatCannotBeAskedIsAnError_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("without");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* filter, const char* without, const char* named) { QTest::newRow(filter) << QString::fromLatin1(filter) << QString::fromLatin1(without) << QByteArray(named); };
    row("--no-ttl", "-pttl", "+pttl");
    row("--ttl-above 1s", "-pttl", "+pttl");
    row("--ttl-below 1s", "-pttl", "+pttl");
    row("--type string", "-type", "+type");
    row("--idle-above 1ms", "-object", "+object|idletime");
    row("--larger-than 10", "-memory", "+memory|usage");
  }
  void aFilterThatCannotBeAskedIsAnError() {
    QFETCH(QString, filter);
    QFETCH(QString, without);
    QFETCH(QByteArray, named);
    for (const char* verb : {"count --match t:2?", "delete --match t:2? --yes"}) {
      const Outcome outcome = as({without}, QLatin1String(verb) + QLatin1Char(' ') + filter);
      QCOMPARE(outcome.code, 1);
      QVERIFY2(outcome.err.contains(named), outcome.all());
      QVERIFY2(outcome.err.contains(filter.split(QLatin1Char(' ')).first().toLatin1()), outcome.all());
    }
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("2000"));
  }

  void keysThatMayNotBeReadAreNamed() {
    const Outcome outcome = as({QStringLiteral("resetkeys"), QStringLiteral("~t:1*")}, QStringLiteral("count --match t:2? --no-ttl"));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.err.contains("may not read the key t:2"), outcome.all());
    QCOMPARE(as({QStringLiteral("resetkeys"), QStringLiteral("~t:1*")}, QStringLiteral("count --match t:1? --no-ttl --json")).json()[QLatin1String("matched")].toInt(), 10);
  }

  // Sizes that were not known were 0 or -1 bytes.
  void unknownSizesAreUnknown() {
    const QString without = QStringLiteral("-memory");
    const QJsonObject json = as({without}, QStringLiteral("delete --match t:2? --dry-run --json")).json();
    QCOMPARE(json[QLatin1String("planned")].toInt(), 10);
    QVERIFY(json.contains(QLatin1String("bytes")) && json[QLatin1String("bytes")].isNull());
    QVERIFY(json[QLatin1String("prefixes")][0][QLatin1String("bytes")].isNull());
    QVERIFY(json[QLatin1String("forecast")][QLatin1String("undo")][QLatin1String("bytes")].isNull());
    const Outcome text = as({without}, QStringLiteral("delete --match t:2? --dry-run"));
    QVERIFY2(text.out.contains("memory: unknown"), text.all());
    QVERIFY2(text.out.contains("images of at most"), text.all());
    const Outcome analysed = as({without}, QStringLiteral("analyse"));
    QVERIFY2(analysed.out.contains("2000 keys, memory unknown"), analysed.all());
    QVERIFY2(!analysed.out.contains("-1"), analysed.all());
    QVERIFY(as({without}, QStringLiteral("analyse --json")).json()[QLatin1String("bytes")].isNull());
  }

  // The missing right was found out key by key: 10,000 DUMPs, and 10,000 refusals.
  void whatMayNotBeDoneIsNotBegun_data() {
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("without");
    QTest::newRow("UNLINK") << QStringLiteral("delete") << QStringLiteral("-unlink");
    QTest::newRow("DUMP") << QStringLiteral("delete") << QStringLiteral("-dump");
    QTest::newRow("PEXPIREAT") << QStringLiteral("ttl --cap 1h") << QStringLiteral("-pexpireat");
    QTest::newRow("PERSIST") << QStringLiteral("ttl --persist") << QStringLiteral("-persist");
  }
  void whatMayNotBeDoneIsNotBegun() {
    QFETCH(QString, verb);
    QFETCH(QString, without);
    const QByteArray command = QTest::currentDataTag();
    const Outcome looked = as({without}, verb + QStringLiteral(" --match t:* --dry-run"));
    QCOMPARE(looked.code, 0);
    QVERIFY2(looked.out.contains("may not use " + command), looked.all());
    QCOMPARE(as({without}, verb + QStringLiteral(" --match t:* --dry-run --json")).json()[QLatin1String("missing_rights")].toArray(), QJsonArray{QString::fromLatin1(command)});
    m_server.cli({QStringLiteral("config"), QStringLiteral("resetstat")});
    const Outcome refused = as({without}, verb + QStringLiteral(" --match t:* --yes"));
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("may not use " + command) && refused.err.contains("Nothing was changed"), refused.all());
    const QByteArray stats = m_server.cli({QStringLiteral("info"), QStringLiteral("commandstats")});
    QVERIFY2(!stats.contains("cmdstat_dump:") || stats.contains("cmdstat_dump:calls=0,"), stats);  // one was refused when it was asked about
    QVERIFY(m_program.keys("operations --json").json()[QLatin1String("operations")].toArray().isEmpty());
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("2000"));
  }

  // That the deletion could not be undone by this account was found out when it was to be.
  void anUndoThatIsNotAllowedIsSaidBefore() {
    const Outcome deleted = as({QStringLiteral("-restore")}, QStringLiteral("delete --match t:2? --yes"));
    QCOMPARE(deleted.code, 0);
    QVERIFY2(deleted.err.contains("may not use RESTORE, so it cannot undo this"), deleted.all());
    QVERIFY2(!m_program.keys("delete --match t:3? --yes").err.contains("RESTORE"), "an account that may");
  }

 private:
  /// `words` by an account that may do everything but `rules`.
  Outcome as(const QStringList& rules, const QString& words) const {
    m_server.cli(QStringList{QStringLiteral("acl"), QStringLiteral("setuser"), QStringLiteral("some"), QStringLiteral("reset"), QStringLiteral("on"), QStringLiteral(">pw"), QStringLiteral("~*"), QStringLiteral("+@all")} + rules);
    QStringList arguments = QStringLiteral("keys %1").arg(words).split(QLatin1Char(' '));
    return m_program.run(arguments << QStringLiteral("--redis") << QStringLiteral("redis://some:pw@127.0.0.1:%1/0").arg(m_server.port()));
  }
  RedisServer m_server;
  KeysProgram m_program{m_server};
};

QTEST_GUILESS_MAIN(TestKeysProgramRights)
#include "tst_keys_program_rights.moc"
