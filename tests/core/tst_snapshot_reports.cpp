// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of a snapshot, what charts draw of it, and that exports hold the samples themselves.
#include "core/snapshot/chart_axis.h"
#include "core/snapshot/chart_data.h"
#include "core/snapshot/chart_marks.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"
#include "core/snapshot/svg_chart.h"
#include "tests/support/example_snapshot.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

Snapshot withSamples(const char* metric, std::vector<float> values, qint64 stepMs = 1000) {
  Snapshot snapshot;
  SeriesGroup group{"group", {}, {{metric, values}}};
  for (size_t i = 0; i < values.size(); ++i) group.timesMs.push_back(1'000'000 + static_cast<qint64>(i) * stepMs);
  snapshot.fromMs = 1'000'000;
  snapshot.toMs = values.empty() ? 1'060'000 : group.timesMs.back();
  snapshot.series.push_back(std::move(group));
  return snapshot;
}

Figure figure(const Snapshot& snapshot, const char* metric) { return figureOf(snapshot, *findMetric(QLatin1String(metric))); }

/// The cells of a column of CSV without text cells, NaN where they are empty.
std::vector<float> csvColumn(const QByteArray& csv, const QByteArray& title, QList<QByteArray>* times) {
  QList<QByteArray> lines = csv.split('\n');
  lines.removeIf([](const QByteArray& line) { return line.isEmpty(); });
  const qsizetype column = lines.first().trimmed().split(',').indexOf(title);
  std::vector<float> values;
  for (qsizetype i = 1; i < lines.size(); ++i) {
    const QList<QByteArray> cells = lines[i].trimmed().split(',');
    const QByteArray cell = cells.value(column);
    if (times) times->append(cells.first());
    values.push_back(cell.isEmpty() ? none : cell.toFloat());
  }
  return values;
}

bool same(float a, float b) { return std::isnan(a) ? std::isnan(b) : a == b; }

qsizetype moves(const QString& svg, const QString& colour) {
  const QRegularExpression path(QStringLiteral("<path d=\"([^\"]*)\" fill=\"none\" stroke=\"%1\"").arg(colour));
  qsizetype count = 0;
  for (auto match = path.globalMatch(svg); match.hasNext();) count += match.next().captured(1).count(QLatin1Char('M'));
  return count;
}

}  // namespace

class TestSnapshotReports : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void figuresOfSamples() {
    const Figure one = figure(withSamples("redis.hit_ratio", {90, 40, none, 80, 70}), "redis.hit_ratio");
    QCOMPARE(one.samples, 4);
    QCOMPARE(one.min, 40.0);
    QCOMPARE(one.max, 90.0);
    QCOMPARE(one.last, 70.0);
    QCOMPARE(one.mean, 70.0);
    QCOMPARE(one.level, Level::Warning);
    QCOMPARE(one.worst, Level::Critical);
    QCOMPARE(bandText(one), QStringLiteral("warning, worst critical"));
    std::vector<float> hundred;
    for (int i = 1; i <= 100; ++i) hundred.push_back(static_cast<float>(i));
    QCOMPARE(figure(withSamples("redis.ops", hundred), "redis.ops").p95, 95.0);
    QCOMPARE(bandText(figure(withSamples("redis.ops", hundred), "redis.ops")), QStringLiteral("–"));
  }

  void aMeanIsOneOverTime() {  // rows of 10 s and of 1 s stand in one table
    Snapshot snapshot = withSamples("redis.ops", {10, 10, 100, 100});
    snapshot.series[0].timesMs = {1'000'000, 1'010'000, 1'011'000, 1'012'000};
    snapshot.toMs = 1'012'000;
    QVERIFY(std::abs(figure(snapshot, "redis.ops").mean - (2 * 10 * 10 + 2 * 100) / 22.0) < 1e-9);
  }

  void oneSampleAndNone() {
    const Figure one = figure(withSamples("redis.hit_ratio", {81}), "redis.hit_ratio");
    QCOMPARE(one.samples, 1);
    QCOMPARE(one.mean, 81.0);
    QCOMPARE(one.p95, 81.0);
    const Figure unmeasured = figure(withSamples("redis.hit_ratio", {none, none}), "redis.hit_ratio");
    QVERIFY(!unmeasured.measured() && !unmeasured.judged && std::isnan(unmeasured.mean));
    QVERIFY(!figure(Snapshot(), "redis.hit_ratio").measured());
    QCOMPARE(figuresOf(Snapshot()).size(), 0);
  }

  void samplesOutsideTheRangeDoNotCount() {
    Snapshot snapshot = withSamples("redis.ops", {1000, 1, 3, 1000});
    snapshot.fromMs = 1'001'000;
    snapshot.toMs = 1'002'000;
    QCOMPARE(figure(snapshot, "redis.ops").max, 3.0);
    QCOMPARE(figure(snapshot, "redis.ops").samples, 2);
  }

  void aColumnShorterThanItsTimes() {
    Snapshot snapshot = withSamples("redis.ops", {1, 2, 3});
    snapshot.series[0].columns[0].values.resize(2);
    QCOMPARE(figure(snapshot, "redis.ops").samples, 2);
    for (const ReportFormat& format : textFormats()) QVERIFY2(format.write(snapshot, test::exampleLook(), {}), format.id);
  }

  void csvHoldsTheSamples() {
    const Snapshot snapshot = test::exampleSnapshot();
    const QByteArray csv = snapshotCsv(snapshot);
    QVERIFY(csv.startsWith("time,redis.ops (1/s),") && csv.endsWith("\r\n"));
    QVERIFY(csv.contains("redis.memory_used (bytes)") && csv.contains("redis.hit_ratio (%)") && csv.contains("postgres.query_mean (s)"));
    for (const SeriesGroup& group : snapshot.series)
      for (const SeriesGroup::Column& column : group.columns) {
        const MetricInfo* metric = findMetric(QLatin1String(column.metric));
        QList<QByteArray> times;
        const std::vector<float> cells = csvColumn(csv, column.metric + " (" + unitWord(metric->unit).data() + ')', &times);
        size_t row = 0;
        for (size_t i = 0; i < cells.size(); ++i) {
          const qint64 ms = QDateTime::fromString(QString::fromLatin1(times[static_cast<qsizetype>(i)]), Qt::ISODateWithMs).toMSecsSinceEpoch();
          if (row >= group.timesMs.size() || ms != group.timesMs[row]) QVERIFY(std::isnan(cells[i]));
          else QVERIFY2(same(cells[i], column.values[row++]), column.metric.constData());
        }
        QCOMPARE(row, group.timesMs.size());
      }
    QVERIFY(csv.contains("2026-11-29T03:10:12.000Z,"));
  }

  void jsonHoldsTheSamples() {
    const Snapshot snapshot = test::exampleSnapshot();
    const QJsonObject json = QJsonDocument::fromJson(snapshotJson(snapshot)).object();
    const QJsonArray series = json[QLatin1String("series")].toArray();
    QCOMPARE(series.size(), static_cast<qsizetype>(snapshot.series.size()));
    for (size_t g = 0; g < snapshot.series.size(); ++g) {
      const QJsonValue group = series[static_cast<qsizetype>(g)];
      for (size_t c = 0; c < snapshot.series[g].columns.size(); ++c) {
        const QJsonArray values = group[QLatin1String("columns")][static_cast<qsizetype>(c)][QLatin1String("values")].toArray();
        for (size_t i = 0; i < snapshot.series[g].timesMs.size(); ++i) {
          const QJsonValue value = values[static_cast<qsizetype>(i)];
          QVERIFY(same(value.isNull() ? none : static_cast<float>(value.toDouble()), snapshot.series[g].columns[c].values[i]));
          QCOMPARE(group[QLatin1String("times_ms")][static_cast<qsizetype>(i)].toInteger(), snapshot.series[g].timesMs[i]);
        }
      }
    }
    QCOMPARE(json[QLatin1String("snapshot")][QLatin1String("from")].toString(), QStringLiteral("2026-11-29T03:10:12.000Z"));
    QCOMPARE(json[QLatin1String("facts")].toArray().size(), 5);
    QCOMPARE(json[QLatin1String("runs")][0][QLatin1String("scenario")].toString(), QStringLiteral("peak"));
  }

  void floatsAreWrittenShort() {
    QCOMPARE(shortest(93.2F), QByteArray("93.2"));
    QCOMPARE(shortest(0.1F), QByteArray("0.1"));
    QCOMPARE(shortest(none), QByteArray());
    for (const float value : {3.4e38F, 1e-38F, 16777217.0F, -0.0F, 1.0F / 3}) QCOMPARE(shortest(value).toFloat(), value);
  }

  void everyColumnOfPixelsKeepsItsSpike() {
    std::vector<qint64> times;
    std::vector<float> values;
    for (int i = 0; i < 100'000; ++i) {
      times.push_back(i * 10);
      values.push_back(i == 54'321 ? 1000.0F : i == 54'399 ? -5.0F : 1.0F);
    }
    const auto columns = decimate(times, values, 0, 999'990, 480);
    QVERIFY(columns.size() <= 481);
    QCOMPARE(std::ranges::max(columns, {}, &ChartColumn::max).max, 1000.0F);
    QCOMPARE(std::ranges::min(columns, {}, &ChartColumn::min).min, -5.0F);
    QVERIFY(std::ranges::count_if(columns, &ChartColumn::afterGap) == 1);
  }

  void gapsAreNotBridged() {
    std::vector<float> values(60, 50);
    for (int i = 20; i < 25; ++i) values[static_cast<size_t>(i)] = none;
    Snapshot snapshot = withSamples("redis.hit_ratio", values);
    const ReportLook look = test::exampleLook();
    const ChartPanel& panel = look.panels.first();
    QCOMPARE(moves(svgChart(chartOf(snapshot, panel, 480), {look.dark}), look.dark.ofSeries(3)), 2);
    std::fill(values.begin(), values.end(), 50.0F);
    snapshot = withSamples("redis.hit_ratio", values);
    QCOMPARE(moves(svgChart(chartOf(snapshot, panel, 480), {look.dark}), look.dark.ofSeries(3)), 1);
    for (size_t i = 30; i < 60; ++i) snapshot.series[0].timesMs[i] += 400'000;  // nobody measured for seven minutes
    snapshot.toMs += 400'000;
    QCOMPARE(moves(svgChart(chartOf(snapshot, panel, 480), {look.dark}), look.dark.ofSeries(3)), 2);
  }

  void stacksAddUp() {
    const Snapshot snapshot = test::exampleSnapshot({.gap = false});
    const ChartData data = chartOf(snapshot, test::exampleLook().panels[2], 480);
    QCOMPARE(data.lines.size(), 3);
    const auto value = [&](const char* metric, size_t row) { return findColumn(snapshot, metric)->values[row]; };
    for (size_t row = 0; row < data.lines[2].columns.size(); ++row) {
      QVERIFY(std::abs(data.lines[2].columns[row].mean - value("postgres.active", row) - value("postgres.idle", row) - value("postgres.waiting", row)) < 1e-4F);
      QVERIFY(std::abs(data.lines[2].floor[row] - value("postgres.active", row) - value("postgres.idle", row)) < 1e-4F);
    }
    QVERIFY(std::abs(data.lines[0].last - static_cast<double>(value("postgres.active", data.lines[0].columns.size() - 1))) < 1e-6);
  }

  void chartsTellOfActionsThresholdsAndUnits() {
    const ReportLook look = test::exampleLook();
    const QString svg = svgChart(chartOf(test::exampleSnapshot(), look.panels[1], 480), {look.dark});
    for (const char* words : {"Redis memory", ">MiB<", "maxmemory 512 MiB", "Delete 18,204 keys: risk:*", "Load run peak", "03:11", ">UTC<", "resident"}) QVERIFY2(svg.contains(QLatin1String(words)), words);
    QVERIFY(svg.contains(look.dark.critical));
    const QString light = svgChart(chartOf(test::exampleSnapshot(), look.panels[1], 480), {look.light});
    QVERIFY(light.contains(look.light.card) && !light.contains(look.dark.card));
    const ChartData nothing = chartOf(Snapshot(), look.panels[1], 480);
    QVERIFY(nothing.isEmpty() && svgChart(nothing, {look.dark}).contains(QLatin1String("Nothing was measured")));
  }

  // Runs against a URL stand in no journal: exports marked them, the reopened window did not.
  void everyRunIsMarkedOnce() {
    Snapshot snapshot = test::exampleSnapshot();
    runs::RunRecord other = snapshot.runs.first();
    other.id = QStringLiteral("20261129-031130000-0badc1");
    other.figures.startedMs += 10'000;
    other.figures.end = load::RunFigures::End::Stopped;
    snapshot.runs.append(other);
    JournalEntry begin = test::exampleEntry(3, other.figures.startedMs - 700, "begin", "", "peak"), end = test::exampleEntry(4, other.figures.startedMs + 9000, "end", "cancelled", "");
    for (JournalEntry* entry : {&begin, &end}) entry->action = QStringLiteral("load.run"), entry->operation = other.id;
    snapshot.journal += {begin, end};
    const QList<ActionEvent> events = markedEvents(snapshot);
    QCOMPARE(events.size(), 3);
    QCOMPARE(events[0].label, QStringLiteral("Delete 18,204 keys: risk:*"));
    QCOMPARE(events[1].label, QStringLiteral("Load run peak"));
    QCOMPARE(events[1].toMs - events[1].fromMs, snapshot.runs[0].figures.elapsedMs);
    QCOMPARE(events[2].operation, other.id);
    QCOMPARE(events[2].state, ActionEvent::State::Cancelled);
    QCOMPARE(chartMarks(snapshot).size(), 3);
    // A run of which only the journal knows keeps its mark.
    snapshot.runs.removeLast();
    QCOMPARE(markedEvents(snapshot).size(), 3);
    QCOMPARE(actionsOf(snapshot).size(), 2);
  }

  void axes() {
    const auto labels = [](const QList<AxisTick>& ticks) {
      QStringList list;
      for (const AxisTick& tick : ticks) list.append(tick.label);
      return list.join(QLatin1Char(' '));
    };
    QCOMPARE(labels(valueTicks(valueAxis(Unit::Percent, 83, 97), Unit::Percent)), QStringLiteral("80 90 100"));
    QCOMPARE(labels(valueTicks(valueAxis(Unit::Count, 3, 3), Unit::Count)), QStringLiteral("0 1 2 3 4"));
    QCOMPARE(labels(valueTicks(valueAxis(Unit::Bytes, 1, 7 * 1073741824.0), Unit::Bytes)), QStringLiteral("0 2 4 6 8"));
    QCOMPARE(labels(timeTicks(0, 900'000, false, 480)), QStringLiteral("00:00 00:03 00:06 00:09 00:12 00:15"));
    QCOMPARE(labels(timeTicks(5000, 905'000, true, 480)), QStringLiteral("0 +3 min +6 min +9 min +12 min +15 min"));
    for (const double high : {1e-9, 1e-3, 1.0, 1e9, 3.4e38, double(NAN), double(INFINITY), -5.0})
      for (const Unit unit : {Unit::None, Unit::Count, Unit::Percent, Unit::Bytes, Unit::Seconds}) {
        const ValueAxis amount = valueAxis(unit, 0, high), axis = valueAxis(unit, -high, high);
        QVERIFY(amount.high > amount.low && axis.high > axis.low && axis.step > 0);  // a count of 1e-9 once had an axis from 0 to 0
        const auto ticks = valueTicks(axis, unit);
        QVERIFY(!ticks.isEmpty() && ticks.size() <= 12);
        for (const AxisTick& tick : ticks) QVERIFY2(tick.at >= -1e-9 && tick.at <= 1 + 1e-9 && tick.label.size() < 12, qPrintable(tick.label));
      }
  }

  void theScorecardIsOfTheNewestRun() {
    Snapshot snapshot = test::exampleSnapshot();
    runs::RunRecord later = snapshot.runs.first();
    later.figures.startedMs += 1;
    later.scenario = QStringLiteral("soak");
    snapshot.runs.append(later);
    later.partial = true;
    later.figures.startedMs += 1;
    snapshot.runs.append(later);
    QVERIFY(scoreSubject(snapshot).isRun);
    QVERIFY(scoreSubject(snapshot).what.startsWith(QLatin1String("load run soak of 2026-11-29")));
    QCOMPARE(scorecardOf(snapshot).measured, 11);  // with the servers' series of its time
  }

  void withoutARunTheRangeIsScored() {
    const Snapshot snapshot = test::exampleSnapshot({.gap = false, .run = false});
    QVERIFY(!scoreSubject(snapshot).isRun);
    const runs::Scorecard card = scorecardOf(snapshot);
    QCOMPARE(card.measured, 11);
    const auto row = [&](const char* id) { return std::ranges::find_if(card.lines, [id](const runs::ScoreLine& line) { return QLatin1String(line.row->id) == QLatin1String(id); })->value; };
    QVERIFY(std::abs(row("p95") - figure(snapshot, "app.latency_p95").mean) < 1e-6);
    QVERIFY(std::abs(row("hit_rate") - figure(snapshot, "app.hit_ratio").mean) < 0.01);
    QVERIFY(std::abs(row("throughput") - figure(snapshot, "app.requests").mean) < 1);
    QVERIFY(std::abs(row("error_rate") - figure(snapshot, "app.error_ratio").mean) < 0.01);
    QVERIFY(card.notes.join(QLatin1Char(' ')).contains(QLatin1String("Without a load run")));
    QCOMPARE(scorecardOf(Snapshot()).measured, 0);
  }
};

QTEST_GUILESS_MAIN(TestSnapshotReports)
#include "tst_snapshot_reports.moc"
