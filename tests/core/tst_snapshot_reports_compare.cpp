// SPDX-License-Identifier: GPL-3.0-or-later
// Two snapshots side by side: what is called better, what is noise, what changed in settings and statements.
#include "core/snapshot/compare.h"
#include "core/snapshot/compare_figures.h"
#include "core/snapshot/compare_tables.h"
#include "tests/support/example_snapshot.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

constexpr qint64 dayMs = 86'400'000;

test::Example later(test::Example example) {
  example.fromMs += dayMs;
  return example;
}

const ComparedFigure& figureIn(const SnapshotComparison& comparison, const char* metric) {
  return *std::ranges::find_if(comparison.figures, [metric](const ComparedFigure& figure) { return figure.before.metric->id == QLatin1String(metric); });
}

Snapshot noisy(unsigned seed, double level, int samples = 600) {
  Snapshot snapshot;
  SeriesGroup group{"postgres", {}, {{"postgres.connections", {}}}};
  test::Noise noise(seed);
  double walk = 0;
  for (int i = 0; i < samples; ++i) {
    walk = 0.9 * walk + noise.next();
    group.timesMs.push_back(1000 * i);
    group.columns[0].values.push_back(static_cast<float>(level + walk));
  }
  snapshot.toMs = 1000 * samples;
  snapshot.series.push_back(std::move(group));
  return snapshot;
}

/// A hit ratio of 90 %, and once another.
Snapshot withMoment(float ratio) {
  Snapshot snapshot;
  SeriesGroup group{"redis", {}, {{"redis.hit_ratio", std::vector<float>(600, 90.0F)}}};
  for (int i = 0; i < 600; ++i) group.timesMs.push_back(1000 * i);
  group.columns[0].values[300] = ratio;
  snapshot.toMs = 600'000;
  snapshot.series.push_back(std::move(group));
  return snapshot;
}

Outcome outcomeOf(const Snapshot& before, const Snapshot& after) { return compareFigure(before, after, *findMetric(QLatin1String("postgres.connections"))).outcome; }

}  // namespace

class TestSnapshotReportsCompare : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void betterAndWorse() {
    const Snapshot slow = test::exampleSnapshot({.slower = 4, .hitRatio = 60}), fast = test::exampleSnapshot(later({}));
    const SnapshotComparison comparison = compareSnapshots(slow, fast), back = compareSnapshots(fast, slow);
    for (const char* metric : {"redis.hit_ratio", "app.latency_p95", "app.latency_mean"}) {
      QCOMPARE(figureIn(comparison, metric).outcome, Outcome::Better);
      QCOMPARE(figureIn(back, metric).outcome, Outcome::Worse);
    }
    QCOMPARE(figureIn(comparison, "app.latency_p50").outcome, Outcome::Lower);  // without thresholds no side is good
    QCOMPARE(figureIn(comparison, "redis.ops").outcome, Outcome::WithinNoise);
    QCOMPARE(figureIn(comparison, "redis.memory_limit").outcome, Outcome::WithinNoise);
    const ComparedFigure& p95 = figureIn(comparison, "app.latency_p95");
    QVERIFY(p95.difference < 0 && p95.high < 0 && p95.low < p95.high && std::abs(p95.percent + 75) < 1);
  }

  void noiseIsNotCalledAChange() {
    int called = 0, found = 0;
    for (unsigned seed = 1; seed <= 100; ++seed) {
      called += outcomeOf(noisy(seed, 30), noisy(seed + 1000, 30)) != Outcome::WithinNoise;
      found += outcomeOf(noisy(seed, 30), noisy(seed + 1000, 33)) == Outcome::Worse;
    }
    QVERIFY2(called <= 12, qPrintable(QString::number(called)));  // 5 % are meant, and samples resemble their neighbours
    QVERIFY2(found >= 98, qPrintable(QString::number(found)));
  }

  void whatCannotBeJudgedSaysWhy() {
    const ComparedFigure few = compareFigure(noisy(1, 30, 4), noisy(2, 60, 4), *findMetric(QLatin1String("postgres.connections")));
    QCOMPARE(few.outcome, Outcome::NotJudged);
    QCOMPARE(few.reason, QStringLiteral("too few samples"));
    QVERIFY(few.difference > 20 && std::isnan(few.low));
    const ComparedFigure gone = compareFigure(noisy(1, 30), Snapshot(), *findMetric(QLatin1String("postgres.connections")));
    QCOMPARE(gone.reason, QStringLiteral("not measured in the second"));
    QVERIFY(std::isnan(gone.difference));
  }

  // Means that are good hid a moment that was not: only the JSON told of it.
  void theBandHasTheWorstMoment() {
    const Snapshot calm = withMoment(90), bad = withMoment(40);
    const auto bandOf = [](const Snapshot& before, const Snapshot& after) { return comparedFiguresTable(compareSnapshots(before, after)).rows.front().at(6); };
    QCOMPARE(bandOf(calm, bad), QStringLiteral("good → good, worst critical"));
    QCOMPARE(bandOf(bad, bad), QStringLiteral("good, worst critical"));
    QCOMPARE(bandOf(calm, calm), QStringLiteral("good"));
    const QByteArray html = comparisonHtml(compareSnapshots(bad, calm), bad, calm, test::exampleLook());
    QVERIFY(html.contains("<span class=\"band good\">good, worst critical → good</span>"));
  }

  void settings() {
    const Snapshot before = test::exampleSnapshot();
    Snapshot after = test::exampleSnapshot(later({}));
    QVERIFY(compareSnapshots(before, after).settings->isEmpty());
    after.facts[0].rows[1][2] = QStringLiteral("noeviction");  // a setting in INFO
    after.facts[0].rows[2][2] = QStringLiteral("7");           // a counter in INFO: no setting
    after.facts[1].rows[0][1] = QStringLiteral("0");
    after.facts[1].rows.append({QStringLiteral("hz"), QStringLiteral("10")});
    after.facts[2].rows.clear();
    after.facts[4].rows.clear();  // alerts are no settings
    const SnapshotComparison comparison = compareSnapshots(before, after);
    QCOMPARE(comparison.settings->size(), 3);
    const TableChanges& config = comparison.settings->at(0);
    QCOMPARE(config.id, QStringLiteral("redis-config"));
    QCOMPARE(config.rows, (QList<ChangedRow>{{{QStringLiteral("maxmemory")}, ChangedRow::Kind::Changed, {{QStringLiteral("Value"), QStringLiteral("536870912"), QStringLiteral("0")}}},
                                             {{QStringLiteral("hz")}, ChangedRow::Kind::Added, {{QStringLiteral("Value"), {}, QStringLiteral("10")}}}}));
    QCOMPARE(comparison.settings->at(1).rows.size(), 1);
    QCOMPARE(comparison.settings->at(1).rows.first().key, (QStringList{QStringLiteral("Memory"), QStringLiteral("maxmemory_policy")}));
    QCOMPARE(comparison.settings->at(2).rows.first().kind, ChangedRow::Kind::Removed);
    after.facts.removeFirst();
    QVERIFY(compareSnapshots(before, after).notes.join(QLatin1Char(' ')).contains(QLatin1String("Only the first snapshot holds redis-info")));
  }

  void aStateOfARuleIsNoSetting() {
    Snapshot before, after;
    FactTable rules{QStringLiteral("prometheus-rules"), QStringLiteral("Rules"), 1, {{QStringLiteral("Name"), false, {}}, {QStringLiteral("Expression"), false, {}}, {QStringLiteral("State"), false, {}}},
                    {{QStringLiteral("Low"), QStringLiteral("x < 75"), QStringLiteral("inactive")}, {QStringLiteral("Low"), QStringLiteral("y < 5"), QStringLiteral("inactive")}}};
    before.facts = {rules};
    rules.rows[0][2] = QStringLiteral("firing");
    after.facts = {rules};
    QVERIFY(compareSnapshots(before, after).settings->isEmpty());
    rules.rows[1][1] = QStringLiteral("y < 6");  // the second of two rows with one key
    after.facts = {rules};
    const auto changes = compareSnapshots(before, after).settings.value();
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes.first().rows.size(), 1);
    QCOMPARE(changes.first().rows.first().cells.first().after, QStringLiteral("y < 6"));
  }

  void statements() {
    const Snapshot before = test::exampleSnapshot();
    Snapshot after = test::exampleSnapshot(later({}));
    QVERIFY(compareSnapshots(before, after).statements->rows.isEmpty());
    after.facts[3].rows[0][2] = QStringLiteral("99999");  // more calls are no other statement
    QVERIFY(compareSnapshots(before, after).statements->rows.isEmpty());
    after.facts[3].rows[1][4] = QStringLiteral("4");
    after.facts[3].rows.append({QStringLiteral("shop"), QStringLiteral("SELECT 1"), QStringLiteral("1"), QStringLiteral("1"), QStringLiteral("1"), QStringLiteral("1")});
    const QList<ChangedRow> rows = compareSnapshots(before, after).statements->rows;
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0].key[1].startsWith(QLatin1String("SELECT count(*)")));
    QCOMPARE(rows[1].kind, ChangedRow::Kind::Added);
    after.facts.clear();
    QVERIFY(!compareSnapshots(before, after).statements);
  }

  void whatMakesItUnfairIsSaid() {
    const Snapshot before = test::exampleSnapshot();
    Snapshot after = test::exampleSnapshot(later({.seconds = 600}));
    after.environment = QStringLiteral("production");
    after.servers[0].version = QStringLiteral("7.2.4");
    const QString notes = compareSnapshots(before, after).notes.join(QLatin1Char('\n'));
    for (const char* words : {"of other profiles", "Redis 7.0.15 at 10.0.0.5:6379, then Redis 7.2.4", "unequally long: 2 min and 10 min"}) QVERIFY2(notes.contains(QLatin1String(words)), qPrintable(notes));
    QVERIFY(compareSnapshots(before, before).notes.join(QLatin1Char(' ')).contains(QLatin1String("overlap")));
    QVERIFY(compareSnapshots(after, before).notes.join(QLatin1Char(' ')).contains(QLatin1String("The first is the later one")));
  }

  void theScorecardHasBothSides() {
    const Snapshot before = test::exampleSnapshot({.slower = 4}), after = test::exampleSnapshot(later({}));
    const SnapshotComparison comparison = compareSnapshots(before, after);
    QCOMPARE(comparison.scorecard.lines.size(), 11);
    for (const runs::ScoreLine& line : comparison.scorecard.lines) QVERIFY(line.measured() && !std::isnan(line.before));
    const QString text = comparisonText(comparison, before, after);
    QVERIFY(text.contains(QLatin1String("before: load run peak of")) && text.contains(QLatin1String("measured targets met")));
    const Snapshot without = test::exampleSnapshot(later({.run = false}));
    QVERIFY(compareSnapshots(before, without).scorecard.notes.join(QLatin1Char(' ')).contains(QLatin1String("do not measure the same")));
  }

  void jsonHasItsMembers() {
    const Snapshot before = test::exampleSnapshot({.slower = 4}), after = test::exampleSnapshot(later({}));
    const QJsonObject json = comparisonJson(compareSnapshots(before, after), before, after);
    QCOMPARE(json.keys(), (QStringList{QStringLiteral("figures"), QStringLiteral("first"), QStringLiteral("format"), QStringLiteral("notes"), QStringLiteral("scorecard"), QStringLiteral("second"),
                                       QStringLiteral("settings"), QStringLiteral("statements"), QStringLiteral("version")}));
    const QJsonArray figures = json[QLatin1String("figures")].toArray();
    QVERIFY(figures.size() > 25);
    for (const char* member : {"metric", "first", "second", "difference", "percent", "interval", "verdict"}) QVERIFY(figures.first().toObject().contains(QLatin1String(member)));
  }

  void chartsHaveBothOnOneTime() {
    const Snapshot before = test::exampleSnapshot(), after = test::exampleSnapshot(later({.seconds = 240}));
    const ReportLook look = test::exampleLook();
    const QString page = QString::fromUtf8(comparisonHtml(compareSnapshots(before, after), before, after, look));
    QVERIFY(page.contains(QLatin1String("time since the beginning")) && page.contains(QLatin1String("stroke-dasharray=\"2 3\"")));
    QVERIFY(page.contains(QLatin1String("+2 min")));
  }
};

QTEST_GUILESS_MAIN(TestSnapshotReportsCompare)
#include "tst_snapshot_reports_compare.moc"
