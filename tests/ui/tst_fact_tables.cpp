// SPDX-License-Identifier: GPL-3.0-or-later
// What the servers said, as tables of a snapshot, and its alerts on the charts and on the page of alerts.
#include "tests/ui/chart_data.h"
#include "ui/snapshots/facttables.h"
#include "ui/snapshots/keptalerts.h"
#include "ui/snapshots/keptalertspage.h"
#include "ui/widgets/notice.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTabBar>
#include <QTableView>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::charttest;
using snapshot::FactTable;

namespace {

FactTable table(const QString& id, const QString& title, const QStringList& columns, const QList<QStringList>& rows) {
  FactTable made;
  made.id = id;
  made.title = title;
  for (const QString& column : columns) made.columns.append({column, column == QLatin1String("Mean"), column == QLatin1String("Mean") ? QStringLiteral("ms") : QString()});
  made.rows = rows;
  return made;
}

FactTable statements() {
  return table(QStringLiteral("postgres-statements"), QStringLiteral("PostgreSQL statements"), {QStringLiteral("Statement"), QStringLiteral("Mean")},
               {{QStringLiteral("SELECT 1"), QStringLiteral("9.5")}, {QStringLiteral("<b>SELECT</b>\n\u202e2"), QStringLiteral("10")}, {QStringLiteral("UPDATE risk"), QString()}});
}

constexpr qint64 start = 1'795'900'000'000;  // 2026-11-28T21:06:40Z

snapshot::Snapshot withAlerts() {
  snapshot::Snapshot made;
  made.fromMs = start;
  made.toMs = start + 600'000;
  made.takenMs = made.toMs;
  made.facts = {table(QStringLiteral("redis-info"), QStringLiteral("Redis INFO"), {QStringLiteral("field"), QStringLiteral("value")}, {}),
                table(QStringLiteral("prometheus-alerts-fired"), QStringLiteral("When alerts were firing"), {QStringLiteral("Alert"), QStringLiteral("Labels"), QStringLiteral("From"), QStringLiteral("To"), QStringLiteral("Severity")},
                      {{QStringLiteral("HighRedisMemory"), QStringLiteral("instance=a:1"), QStringLiteral("2026-11-28T21:07:40.000Z"), QStringLiteral("2026-11-28T21:08:40.000Z"), QStringLiteral("warning")},
                       {QStringLiteral("Slow"), QString(), QStringLiteral("2026-11-28T21:10:00.000Z"), QStringLiteral("2026-11-28T21:16:30.000Z"), QStringLiteral("critical")},
                       {QStringLiteral("Broken"), QString(), QStringLiteral("yesterday"), QStringLiteral("2026-11-28T21:16:30.000Z"), QStringLiteral("critical")},
                       {QStringLiteral("Short")}}),
                table(QStringLiteral("prometheus-rules"), QStringLiteral("Prometheus rules"), {QStringLiteral("Group"), QStringLiteral("Name"), QStringLiteral("Expression")}, {{QStringLiteral("cache"), QStringLiteral("HighRedisMemory"), QStringLiteral("redis_memory_used_bytes > 1")}})};
  return made;
}

}  // namespace

class TestFactTables : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QLatin1String(anyWarning))); }

  void aTabEachAndPlainText() {
    FactTables tables;
    tables.resize(700, 400);
    tables.setTables({statements(), table(QStringLiteral("redis-info"), QStringLiteral("INFO & more"), {QStringLiteral("field")}, {})});
    QCOMPARE(tables.tabs()->count(), 2);
    QCOMPARE(tables.tabs()->tabText(1), QStringLiteral("INFO && more"));
    const QAbstractItemModel& rows = *tables.table()->model();
    QCOMPARE(rows.rowCount(), 3);
    const QString hostile = rows.index(1, 0).data().toString();
    QVERIFY2(hostile.startsWith(QLatin1String("<b>SELECT</b>")), qPrintable(hostile));
    QVERIFY(!hostile.contains(QLatin1Char('\n')) && !hostile.contains(QChar(0x202e)));
    QVERIFY(!rows.index(1, 0).data(Qt::ToolTipRole).toString().contains(QLatin1String("<b>")));
    QCOMPARE(rows.headerData(1, Qt::Horizontal).toString(), QStringLiteral("Mean, ms"));
    tables.tabs()->setCurrentIndex(1);
    QCOMPARE(rows.rowCount(), 0);
    // The same tab of another snapshot.
    tables.setTables({table(QStringLiteral("new"), QStringLiteral("New"), {QStringLiteral("a")}, {}), table(QStringLiteral("redis-info"), QStringLiteral("INFO & more"), {QStringLiteral("field")}, {{QStringLiteral("x")}})});
    QCOMPARE(tables.tabs()->currentIndex(), 1);
    QCOMPARE(rows.rowCount(), 1);
    tables.setTables({});
    QCOMPARE(rows.rowCount(), 0);
  }

  void filterAndOrder() {
    FactTables tables;
    tables.setTables({statements()});
    const QAbstractItemModel& rows = *tables.table()->model();
    const auto first = [&] { return rows.index(0, 0).data().toString(); };
    QCOMPARE(first(), QStringLiteral("SELECT 1"));
    tables.filter()->setText(QStringLiteral("update"));
    QCOMPARE(rows.rowCount(), 1);
    QCOMPARE(first(), QStringLiteral("UPDATE risk"));
    tables.filter()->clear();
    // By number, not by text: 10 is more than 9.5, and what was not measured is the least.
    tables.table()->sortByColumn(1, Qt::DescendingOrder);
    QCOMPARE(rows.index(0, 1).data().toString(), QStringLiteral("10"));
    QCOMPARE(rows.index(2, 0).data().toString(), QStringLiteral("UPDATE risk"));
    tables.setTables({statements()});
    QCOMPARE(first(), QStringLiteral("SELECT 1"));  // as the server told them
  }

  void firingAlertsOnTheCharts() {
    const QList<ChartAlert> alerts = keptAlerts(withAlerts());
    QCOMPARE(alerts.size(), 2);  // the others have no time that can be read
    QCOMPARE(alerts[0], (ChartAlert{start + 60'000, start + 120'000, QStringLiteral("HighRedisMemory"), QStringLiteral("instance=a:1"), QStringLiteral("redis_memory_used_bytes > 1"), Level::Warning}));
    QCOMPARE(alerts[1].label, QStringLiteral("Slow"));
    QCOMPARE(alerts[1].toMs, 0);  // it fired when the snapshot ended
    QCOMPARE(alerts[1].level, Level::Critical);
    QVERIFY(keptAlerts({}).isEmpty());
  }

  void thePageOfAlerts() {
    KeptAlertsPage page;
    page.resize(900, 600);
    page.show();
    page.setSnapshot(withAlerts());
    QVERIFY(page.tables()->isVisible() && !page.nothing()->isVisible());
    QCOMPARE(page.tables()->tabs()->count(), 2);  // INFO tells of no alerts
    page.setSnapshot(snapshot::Snapshot{});
    QVERIFY(!page.tables()->isVisible() && page.nothing()->isVisible());
    QCOMPARE(page.nothing()->text().title, QStringLiteral("No alerts in this snapshot"));
  }
};

QTEST_MAIN(TestFactTables)
#include "tst_fact_tables.moc"
