// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/flush.h"
#include "tests/live/keys_fixture.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// Emptying databases: counted first, and only what was counted.
class TestKeysFlush : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_bench.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_bench.flush();
    fill(0, 100);
    fill(3, 50);
  }

  void oneDatabase() {
    const FlushPlan plan = planned(false);
    QCOMPARE(plan.plan.keys, 100);
    const auto report = run(plan);
    QVERIFY(report);
    QCOMPARE(report->outcome, QStringLiteral("done"));
    QCOMPARE(report->counts.done, 100);
    QCOMPARE(left(0), 0);
    QCOMPARE(left(3), 50);
    const QList<JournalEntry> entries = *m_bench.journal().read(2);
    QCOMPARE(entries[0].phase, QStringLiteral("begin"));
    QCOMPARE(entries[1].counts[QLatin1String("deleted")].toInt(), 100);
  }

  void everyDatabase() {
    const FlushPlan plan = planned(true);
    QCOMPARE(plan.plan.keys, 150);
    QCOMPARE(plan.keys, (QMap<int, qint64>{{0, 100}, {3, 50}}));
    QCOMPARE(run(plan)->counts.done, 150);
    QCOMPARE(left(0) + left(3), 0);
  }

  void notMoreThanWasCounted() {
    const FlushPlan plan = planned(false);
    fill(0, 200);
    const auto report = run(plan);
    QVERIFY(!report);
    QCOMPARE(report.error().kind, Error::Kind::Permission);
    QCOMPARE(left(0), 200);
  }

  void neverInProduction() {
    Guard guard(QStringLiteral("shop"), Environment::Production, m_bench.journal());
    QVERIFY(guard.unlock(QStringLiteral("a test"), m_bench.clock()));
    const auto permit = guard.permit(planned(false).plan, QStringLiteral("shop 100"), m_bench.clock());
    QVERIFY(!permit);
    QVERIFY2(permit.error().message.contains(QLatin1String("production")), qPrintable(permit.error().message));
  }

  void anAccountThatMayNot() {
    m_bench.raw({{"ACL", "SETUSER", "careful", "on", ">pw", "~*", "+@all", "-flushdb"}});
    RedisOptions options = m_bench.options();
    options.user = QStringLiteral("careful");
    options.password = Secret(QByteArray("pw"));
    const auto report = runFlush(planned(false), options, m_bench.permit(), m_bench.place(), {});
    QVERIFY(report);
    QCOMPARE(report->outcome, QStringLiteral("failed"));
    QCOMPARE(left(0), 100);
  }

 private:
  void fill(int database, int count) {
    std::vector<RedisCommand> commands{{"SELECT", QByteArray::number(database)}};
    for (int i = 0; i < count; ++i) commands.push_back({"SET", "k:" + QByteArray::number(i), "v"});
    m_bench.raw(commands);
  }
  qint64 left(int database) { return m_bench.raw({{"SELECT", QByteArray::number(database)}, {"DBSIZE"}})[1].toLongLong(); }
  FlushPlan planned(bool everyDatabase) {
    RedisConnection connection(m_bench.options());
    if (const Result<void> opened = connection.open({}); !opened) qFatal("%s", qPrintable(opened.error().message));
    return *planFlush(connection, everyDatabase, m_bench.clock(), {});
  }
  Result<RunReport> run(const FlushPlan& plan) { return runFlush(plan, m_bench.options(), m_bench.permit(), m_bench.place(), {}); }
  KeysBench m_bench;
};

QTEST_GUILESS_MAIN(TestKeysFlush)
#include "tst_keys_flush.moc"
