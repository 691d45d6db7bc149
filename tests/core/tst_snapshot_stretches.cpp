// SPDX-License-Identifier: GPL-3.0-or-later
// Two times of one session against each other: how they are written, what belongs to each, and what is said of what nobody knows.
#include "core/snapshot/chart_data.h"
#include "core/snapshot/compare_stretches.h"
#include "core/snapshot/compare_tables.h"
#include "tests/support/example_snapshot.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

qint64 at(const char* local) { return QDateTime::fromString(QLatin1String(local), QStringLiteral("yyyy-MM-dd HH:mm:ss")).toMSecsSinceEpoch(); }

/// Twenty minutes: the second ten are slow, with fewer hits.
Snapshot session() {
  Snapshot good = test::exampleSnapshot({.seconds = 600, .gap = false}), bad = test::exampleSnapshot({.seconds = 600, .slower = 4, .hitRatio = 60, .gap = false, .run = false, .fromMs = good.toMs + 5000});
  for (size_t i = 0; i < good.series.size(); ++i) {
    good.series[i].timesMs.insert(good.series[i].timesMs.end(), bad.series[i].timesMs.begin(), bad.series[i].timesMs.end());
    for (size_t c = 0; c < good.series[i].columns.size(); ++c) {
      std::vector<float>& values = good.series[i].columns[c].values;
      values.insert(values.end(), bad.series[i].columns[c].values.begin(), bad.series[i].columns[c].values.end());
    }
  }
  good.toMs = bad.toMs;
  return good;
}

Stretch minutes(const Snapshot& of, double from, double to) { return {of.fromMs + static_cast<qint64>(60'000 * from), of.fromMs + static_cast<qint64>(60'000 * to)}; }

const ComparedFigure& figureIn(const SnapshotComparison& comparison, const char* metric) {
  return *std::ranges::find_if(comparison.figures, [metric](const ComparedFigure& figure) { return figure.before.metric->id == QLatin1String(metric); });
}

}  // namespace

class TestSnapshotStretches : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void rangesAsPeopleWriteThem_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("from");
    QTest::addColumn<qint64>("to");
    const auto row = [](const char* text, const char* from, const char* to) { QTest::newRow(text) << QString::fromUtf8(text) << at(from) << at(to); };
    // It is 13:10 on 29 November.
    row("12:40..12:55", "2026-11-29 12:40:00", "2026-11-29 12:55:00");
    row(" 12:40:30 – 12:41 ", "2026-11-29 12:40:30", "2026-11-29 12:41:00");
    row("9:05-9:20", "2026-11-29 09:05:00", "2026-11-29 09:20:00");
    row("13:05 to 13:20", "2026-11-29 13:05:00", "2026-11-29 13:20:00");
    row("13:30..13:45", "2026-11-28 13:30:00", "2026-11-28 13:45:00");  // not yet today
    row("23:50..00:10", "2026-11-28 23:50:00", "2026-11-29 00:10:00");
    row("2026-11-27 12:40..12:55", "2026-11-27 12:40:00", "2026-11-27 12:55:00");
    row("2026-11-27T23:50 - 2026-11-28T00:10:05", "2026-11-27 23:50:00", "2026-11-28 00:10:05");
  }
  void rangesAsPeopleWriteThem() {
    QFETCH(QString, text);
    const auto stretch = parseStretch(text, at("2026-11-29 13:10:00"));
    QVERIFY2(stretch, stretch ? "" : qPrintable(stretch.error().message));
    QTEST(stretch->fromMs, "from");
    QTEST(stretch->toMs, "to");
    QCOMPARE(*parseStretch(stretchInput(*stretch, at("2026-11-29 13:10:00")), at("2026-11-29 13:10:00")), *stretch);
  }
  void utcHasAZ() {
    const auto stretch = parseStretch(QStringLiteral("2026-11-29 12:40Z..12:55Z"), 0);
    QVERIFY(stretch);
    QCOMPARE(stretch->fromMs, QDateTime::fromString(QStringLiteral("2026-11-29T12:40:00Z"), Qt::ISODate).toMSecsSinceEpoch());
    QCOMPARE(stretch->toMs - stretch->fromMs, 900'000);
  }
  void whatIsNoRangeSaysHowToWriteOne() {
    for (const char* text : {"", "12:40", "12:40..", "25:00..26:00", "12:40..12:61", "2026-02-30 12:40..12:50", "yesterday", "2026-11-29 12:40 .. 2026-11-29 12:30", "12:40..12:55..13:00"}) {
      const auto stretch = parseStretch(QLatin1String(text), at("2026-11-29 13:10:00"));
      QVERIFY2(!stretch, text);
      QCOMPARE(static_cast<int>(stretch.error().kind), static_cast<int>(Error::Kind::Usage));
      QVERIFY(stretch.error().message.contains(QLatin1String("12:40..12:55")) || stretch.error().message.contains(QLatin1String("before it begins")));
    }
  }

  void theSecondHalfWasWorse() {
    const Snapshot whole = session();
    const Snapshot first = cut(whole, minutes(whole, 0, 10), QStringLiteral("just before")), second = cut(whole, minutes(whole, 10.1, 20), QStringLiteral("what the charts show"));
    const auto comparison = compareStretches(first, second);
    QVERIFY2(comparison, comparison ? "" : qPrintable(comparison.error().message));
    for (const char* metric : {"redis.hit_ratio", "app.latency_p95"}) QCOMPARE(figureIn(*comparison, metric).outcome, Outcome::Worse);
    QCOMPARE(figureIn(*comparison, "redis.memory_limit").outcome, Outcome::WithinNoise);
    QVERIFY(figureIn(*comparison, "redis.hit_ratio").before.mean > 80 && figureIn(*comparison, "redis.hit_ratio").after.mean < 70);
    QCOMPARE(comparisonSides(first, second).front().section(QLatin1Char(','), 0, 0), QStringLiteral("first: just before"));
    const auto rows = comparedFiguresTable(*comparison).rows;
    const auto ratio = std::ranges::find(rows, QStringLiteral("redis.hit_ratio"), [](const QStringList& row) { return row.front(); });
    QCOMPARE(ratio->mid(6), (QStringList{QStringLiteral("good → warning, worst critical"), QStringLiteral("worse")}));
    QCOMPARE(worstOf(ratio->at(6)), QStringLiteral("critical"));
    // Both lie on one axis that counts from their beginnings.
    const ChartData chart = overlaidChart(first, second, test::exampleLook().panels.front(), 300);
    QVERIFY(chart.relative && chart.fromMs == 0 && chart.toMs == 600'000 && chart.lines.size() == 2);
    for (const ChartData::Line& line : chart.lines) QVERIFY(line.columns.size() > 50 && line.columns.front().at < 0.02 && line.columns.back().at > 0.95);
  }

  // Where it comes from stays; what was said of the whole session does not.
  void aPartHasItsOwnHead() {
    Snapshot whole = session();
    whole.note = QStringLiteral("the whole morning");
    whole.missing = {QStringLiteral("the journal of another day")};
    const Snapshot part = cut(whole, minutes(whole, 2, 6), QStringLiteral("a part"));
    QCOMPARE(part.title, QStringLiteral("a part"));
    QCOMPARE(part.toMs - part.fromMs, 240'000);
    QVERIFY(part.id == whole.id && part.profile == whole.profile && part.environment == whole.environment && part.takenMs == whole.takenMs && part.console == whole.console);
    QVERIFY(part.note.isEmpty() && part.servers.isEmpty() && !part.missing.contains(whole.missing.front()));
  }

  // The facts are of the moment when the snapshot was taken: shown for both ranges they would say "no differences" of what nobody knows.
  void settingsAreNotInvented() {
    const Snapshot whole = session();
    QVERIFY(!whole.facts.isEmpty());
    const Snapshot first = cut(whole, minutes(whole, 0, 10), {}), second = cut(whole, minutes(whole, 10, 20), {});
    const auto comparison = compareStretches(first, second);
    QVERIFY(comparison && !comparison->settings && !comparison->statements);
    QVERIFY(comparison->notes.join(QLatin1Char('\n')).contains(QLatin1String("Settings, INFO, statements")));
    const QString text = comparisonText(*comparison, first, second), markdown = comparisonMarkdown(*comparison, first, second), html = QString::fromUtf8(comparisonHtml(*comparison, first, second, test::exampleLook()));
    for (const QString& report : {text, markdown, html}) QVERIFY(report.contains(QLatin1String("Not compared")) && !report.contains(QLatin1String("No differences"), Qt::CaseInsensitive) && !report.contains(QLatin1String("allkeys-lru")));
    QVERIFY(comparisonJson(*comparison, first, second)[QLatin1String("settings")].isNull());
  }

  void aRangeWithoutFiguresIsNamed() {
    const Snapshot whole = session();
    const auto comparison = compareStretches(cut(whole, minutes(whole, -30, -15), {}), cut(whole, minutes(whole, 0, 15), {}));
    QVERIFY(!comparison);
    QCOMPARE(static_cast<int>(comparison.error().kind), static_cast<int>(Error::Kind::NotFound));
    QVERIFY2(comparison.error().message.startsWith(QLatin1String("Nothing was measured in the first range, 2026-11-29 02:40:12 to 02:55:12 UTC")), qPrintable(comparison.error().message));
    QVERIFY(compareStretches(cut(whole, minutes(whole, 0, 5), {}), cut(whole, minutes(whole, 60, 65), {})).error().message.contains(QLatin1String("the second range")));
    QVERIFY(!compareStretches({}, {}));
  }

  void whatWasMeasuredInPartIsSaid() {
    Snapshot whole = session();
    const auto postgres = std::ranges::find(whole.series, QByteArray("postgres"), &SeriesGroup::name);
    for (SeriesGroup::Column& column : postgres->columns) std::fill(column.values.begin(), column.values.begin() + 121, NAN);  // of the first ten minutes
    const QString notes = compareStretches(cut(whole, minutes(whole, -6, 10), {}), cut(whole, minutes(whole, 10, 20), {}))->notes.join(QLatin1Char('\n'));
    QVERIFY2(notes.contains(QLatin1String("redis: measured for 10 min 5 s of the 16 min of the first range.")), qPrintable(notes));
    QVERIFY2(notes.contains(QLatin1String("postgres: nothing was measured in the first range.")), qPrintable(notes));
    QVERIFY2(!notes.contains(QLatin1String("the second range.")), qPrintable(notes));
    QVERIFY2(notes.contains(QLatin1String("unequally long")), qPrintable(notes));
  }

  // A run that began in one range and ended in the other was scored as both.
  void aRunCountsWhereItLiesWhole() {
    const Snapshot whole = session();  // its run goes from 4 to 7 min
    QCOMPARE(whole.runs.size(), 1);
    const Snapshot with = cut(whole, minutes(whole, 2, 8), {}), begin = cut(whole, minutes(whole, 0, 5), {}), end = cut(whole, minutes(whole, 5, 10), {}), without = cut(whole, minutes(whole, 10, 15), {});
    QCOMPARE(with.runs.size(), 1);
    QVERIFY(with.missing.isEmpty() && without.missing.isEmpty() && without.runs.isEmpty());
    QVERIFY(begin.runs.isEmpty() && end.runs.isEmpty());
    const auto comparison = compareStretches(begin, end);
    QCOMPARE(comparison->subjectBefore, QStringLiteral("figures of the range"));
    QVERIFY(comparison->notes.join(QLatin1Char('\n')).contains(QLatin1String("first range: The load run peak of 2026-11-29 03:14:12 UTC reaches beyond this range: it is not scored.")));
    QCOMPARE(with.journal.size(), 2);
    QVERIFY(end.journal.isEmpty());
  }

  void rangesThatTouchShareNoSample() {
    Snapshot whole;
    SeriesGroup group{"redis", {}, {{"redis.hit_ratio", {}}}};
    for (int second = 0; second <= 120; ++second) {
      group.timesMs.push_back(1000 * second);
      group.columns[0].values.push_back(second <= 60 ? 90 : 50);
    }
    whole.series.push_back(group);
    const auto comparison = compareStretches(cut(whole, {0, 60'000}, {}), cut(whole, {60'000, 120'000}, {}));
    QCOMPARE(figureIn(*comparison, "redis.hit_ratio").before.mean, 90);
    QCOMPARE(figureIn(*comparison, "redis.hit_ratio").after.mean, 50);
    QVERIFY(!comparison->notes.join(QLatin1Char('\n')).contains(QLatin1String("overlap")));
  }

  void damagedColumnsDoNoHarm() {
    Snapshot whole = session();
    whole.series[0].columns[0].values.resize(3);
    whole.series.push_back({"own", {whole.fromMs}, {{"custom.1.0", {4.0F}}}});
    QVERIFY(compareStretches(cut(whole, minutes(whole, 0, 10), {}), cut(whole, minutes(whole, 10, 20), {})));
    const Snapshot same = cut(whole, minutes(whole, 0, 0), {});
    QVERIFY(same.toMs == same.fromMs);
    (void)compareStretches(same, same);
  }
};

QTEST_GUILESS_MAIN(TestSnapshotStretches)
#include "tst_snapshot_stretches.moc"
