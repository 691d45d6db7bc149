// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of a snapshot, what charts draw of it, and that exports hold the samples themselves.
#include "core/snapshot/chart_axis.h"
#include "core/snapshot/chart_data.h"
#include "core/snapshot/chart_marks.h"
#include "core/snapshot/figures.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_tables.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"
#include "core/snapshot/svg_chart.h"
#include "core/snapshot/svg_text.h"
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

  // "good, worst critical" was green all over.
  void aBandHasTheColourOfItsWorst() {
    QCOMPARE(worstOf(QStringLiteral("good, worst critical")), QStringLiteral("critical"));
    QCOMPARE(worstOf(QStringLiteral("warning")), QStringLiteral("warning"));
    QCOMPARE(worstOf(QStringLiteral("good → good, worst critical")), QStringLiteral("critical"));
    QCOMPARE(worstOf(QStringLiteral("good, worst critical → warning")), QStringLiteral("warning"));
    std::vector<float> values(99, 90.0F);
    values.push_back(40);
    const QByteArray html = snapshotHtml(withSamples("redis.hit_ratio", values), test::exampleLook(), {});
    QVERIFY(html.contains("<span class=\"band critical\">good, worst critical</span>"));
  }

  // Words stood at the right like figures.
  void onlyFiguresStandAtTheRightInMarkdown() {
    const QByteArray text = snapshotMarkdown(test::exampleSnapshot());
    QVERIFY(text.contains("| source | product | version | endpoint | role |\n| --- | --- | --- | --- | --- |\n"));
    QVERIFY(text.contains("| metric |  | min | mean | p95 | max | last | samples | band |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n"));
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

  // A range that begins at a tick had "UTC" in its label: "UT18:36:20".
  void theZoneStandsBesideTheFirstTime() {
    const ReportLook look = test::exampleLook();
    ChartData data = chartOf(test::exampleSnapshot(), look.panels[1], 480);
    data.fromMs = 1'795'920'000'000;
    data.toMs = data.fromMs + 20'000;
    const QString svg = svgChart(data, {look.dark});
    static const QRegularExpression zone(QStringLiteral("<text x=\"([0-9.]+)\"[^>]*font-size=\"9\"[^>]*>UTC<")), first(QStringLiteral("<text x=\"([0-9.]+)\"[^>]*font-size=\"11\"[^>]*text-anchor=\"middle\"[^>]*>\\d\\d:\\d\\d:\\d\\d<"));
    const auto zoneAt = zone.match(svg), firstAt = first.match(svg);
    QVERIFY2(zoneAt.hasMatch() && firstAt.hasMatch(), qPrintable(svg));
    // Capitals are 0.75 em wide at most, digits and colons of a time 0.55 in the middle.
    QVERIFY2(zoneAt.captured(1).toDouble() + 3 * 9 * 0.75 < firstAt.captured(1).toDouble() - 8 * 11 * 0.55 / 2, qPrintable(zoneAt.captured() + firstAt.captured()));
  }

  void chartsTellOfActionsThresholdsAndUnits() {
    const ReportLook look = test::exampleLook();
    const QString svg = svgChart(chartOf(test::exampleSnapshot(), look.panels[1], 480), {look.dark});
    for (const char* words : {"Redis memory", ">MiB<", "maxmemory 512 MiB", ">1", "2  Load run peak", "03:11", ">UTC<", "resident"}) QVERIFY2(svg.contains(QLatin1String(words)), words);
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

  // Five labels "Load run …" stood on one another and over the lines.
  void labelsOfMarksHideNeitherDataNorEachOther() {
    Snapshot snapshot = test::exampleSnapshot();
    for (int i = 1; i < 8; ++i) {
      snapshot.runs.append(snapshot.runs.first());
      snapshot.runs.last().scenario = QStringLiteral("warm-cache and quite a long name %1").arg(i);
      snapshot.runs.last().figures.startedMs += i * (i < 5 ? 900 : 9000);
    }
    const ReportLook look = test::exampleLook();
    const ChartData data = chartOf(snapshot, look.panels[1], 480);
    const QString svg = svgChart(data, {look.dark});
    static const QRegularExpression chip(QStringLiteral("<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"16\""));
    QList<QRectF> chips;
    for (auto match = chip.globalMatch(svg); match.hasNext();) {
      const auto found = match.next();
      const auto number = [&](int group) { return found.captured(group).toDouble(); };
      chips.append(QRectF(number(1), number(2), number(3), 16));
    }
    QVERIFY(chips.size() >= 4);
    for (qsizetype i = 0; i < chips.size(); ++i) {
      QVERIFY(chips[i].bottom() <= plotBox(data, chartSize).top && chips[i].right() <= plotBox(data, chartSize).right);
      for (qsizetype j = 0; j < i; ++j) QVERIFY(!chips[i].intersects(chips[j]));
    }
    QVERIFY(svg.contains(QLatin1String(">9<")) && svg.contains(QLatin1String(">1<")));
    // The list below the charts names them all; alone, a chart has no list and no numbers.
    const ReportTable list = marksTable(snapshot);
    QCOMPARE(list.rows.size(), 9);
    QCOMPARE(list.rows[8].mid(0, 1) + list.rows[8].mid(3), (QStringList{QStringLiteral("9"), QStringLiteral("Load run warm-cache and quite a long name 7"), QStringLiteral("done")}));
    const QByteArray sheet = *snapshotSvg(snapshot, look, {}), html = snapshotHtml(snapshot, look, {});
    for (const QByteArray& words : {QByteArray("a long name 1"), QByteArray("a long name 7"), QByteArray("Delete 18,204 keys: risk:*")}) QVERIFY(sheet.contains(words) && html.contains(words));
    QVERIFY(!snapshotSvg(snapshot, look, {QStringLiteral("memory"), true})->contains(">9<"));
  }

  // The fourth line of a comparison had no entry, and "+30 min" stood over the card's edge.
  void everyLineHasItsEntryInTheLegend() {
    ReportLook look = test::exampleLook();
    ChartPanel& panel = look.panels[2];
    panel.lines.append({"postgres.transactions", QStringLiteral("transactions of all the databases"), 2, ChartPanel::Style::Line, false});
    panel.lines.append({"postgres.calls", QStringLiteral("calls of all the databases"), 4, ChartPanel::Style::Line, false});
    const Snapshot before = test::exampleSnapshot({.seconds = 1800}), after = test::exampleSnapshot({.seconds = 1800, .slower = 2});
    const ChartData data = overlaidChart(before, after, panel, 480);
    const QString svg = svgChart(data, {look.dark});
    for (const ChartPanel::Line& line : panel.lines) QVERIFY2(svg.contains(QLatin1Char('>') + line.label.left(10)), qPrintable(line.label));
    QVERIFY(svg.contains(QLatin1String("y=\"63\"")));
    QVERIFY(plotBox(data, chartSize).top >= 78);
    static const QRegularExpression last(QStringLiteral("<text x=\"([0-9.]+)\"[^>]*>\\+30 min<"));
    const auto found = last.match(svg);
    QVERIFY(found.hasMatch());
    QVERIFY(found.captured(1).toDouble() + textWidth(QStringLiteral("+30 min"), 11) / 2 <= chartSize.width() - 8);
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

  // A run of a second on /health whose generator had been the bottleneck was the newest, and met "5 of 5" targets.
  void onlyValidRunsOfScenariosAreScored() {
    Snapshot snapshot = test::exampleSnapshot();
    const auto add = [&](const char* scenario) -> runs::RunRecord& {
      snapshot.runs.append(snapshot.runs.first());
      snapshot.runs.last().scenario = QLatin1String(scenario);
      snapshot.runs.last().figures.startedMs += 1000 * snapshot.runs.size();
      return snapshot.runs.last();
    };
    add("url").url = QStringLiteral("http://127.0.0.1:8080/health");
    add("limited").figures.limited = "the generator was the bottleneck";
    add("stopped").figures.end = load::RunFigures::End::Stopped;
    add("failed").figures.end = load::RunFigures::End::Failed;
    add("aborted").figures.end = load::RunFigures::End::ThresholdAborted;
    add("refused").figures.all.failed = snapshot.runs.first().figures.all.requests;
    QVERIFY2(scoreSubject(snapshot).what.startsWith(QLatin1String("load run peak of 2026-11-29 ")), qPrintable(scoreSubject(snapshot).what));
    QVERIFY(scorecardOf(snapshot).notes.join(QLatin1Char(' ')).contains(QLatin1String("Of 7 load runs in this range it is about the newest of a scenario that came to its end with a valid result, the load run peak of 2026")));
    snapshot.runs.removeFirst();
    QVERIFY(scoreSubject(snapshot).what.startsWith(QLatin1String("load run on http://127.0.0.1:8080/health of ")));
    QVERIFY(scorecardOf(snapshot).notes.join(QLatin1Char(' ')).contains(QLatin1String("one URL only")));
    snapshot.runs.removeFirst();
    QCOMPARE(scoreSubject(snapshot).what, QStringLiteral("figures of the range"));
    QVERIFY(scorecardOf(snapshot).notes.join(QLatin1Char(' ')).contains(QLatin1String("No load run of this range came to its end with a valid result")));
  }

  // A run that was stopped by hand stood in the table as "thresholds passed".
  void resultsOfRuns() {
    Snapshot snapshot = test::exampleSnapshot();
    load::RunFigures& figures = snapshot.runs.first().figures;
    const auto result = [&] { return runsTable(snapshot).rows.first().last(); };
    QCOMPARE(result(), QStringLiteral("passed"));
    figures.end = load::RunFigures::End::Stopped;
    QCOMPARE(result(), QStringLiteral("stopped, no threshold crossed so far"));
    figures.limited = "too few processors";
    QCOMPARE(result(), QStringLiteral("not valid: too few processors"));
  }

  // What had been written in lines ran together, and of 3,500 characters the end was missing.
  void aNoteIsKeptWholeAndInLines() {
    Snapshot snapshot = test::exampleSnapshot();
    const QString sentence = QStringLiteral("the pool was full <b>again</b> and *again*; ");
    snapshot.note = QStringLiteral("First line\r\n- second\n\n1. third & last | cell\n    indented\n") + sentence.repeated(80) + QStringLiteral("THE-END");
    const QString md = QString::fromUtf8(snapshotMarkdown(snapshot)), html = QString::fromUtf8(snapshotHtml(snapshot, test::exampleLook()));
    for (const QString& text : {md, html}) QVERIFY(text.contains(QLatin1String("THE-END")) && !text.contains(QLatin1String("<b>")));
    QVERIFY2(md.contains(QStringLiteral("\n> First line\\\n> \\- second\n> \n> 1\\. third \\& last \\| cell\\\n> \u00a0\u00a0\u00a0\u00a0indented\\\n> the pool")), qPrintable(md.left(900)));
    QVERIFY2(html.contains(QLatin1String("<p class=\"text\">First line<br/>\n- second<br/>\n<br/>\n1. third &amp; last | cell<br/>\n    indented<br/>\nthe pool was full &lt;b&gt;again")), qPrintable(html.section(QLatin1String("First line"), 0, 0).right(200)));
    QCOMPARE(noteLines(snapshot).size(), 6);
    QVERIFY(noteLines(Snapshot()).isEmpty());
  }

  // `take --for 20s --range 10m`: 20 samples of a second outweighed 39 of fifteen, and the scorecard had 14.0 ms where the figures had 12.9.
  void theScorecardAndTheFiguresAreOneMean() {
    Snapshot snapshot;
    SeriesGroup group{"postgres", {}, {{"postgres.query_mean", {}}, {"app.cpu", {}}}};
    const auto add = [&](qint64 ms, float latency, float cpu) {
      group.timesMs.push_back(ms);
      group.columns[0].values.push_back(latency);
      group.columns[1].values.push_back(cpu);
    };
    for (int i = 0; i < 39; ++i) add(1'000'000 + 15'000 * i, 0.0125F, 2);
    for (int i = 1; i <= 20; ++i) add(1'570'000 + 1000 * i, i == 7 ? none : 0.017F, 4);
    snapshot.fromMs = group.timesMs.front() + 1;  // the sample at the very beginning is not of the range
    snapshot.toMs = group.timesMs.back();
    snapshot.series.push_back(std::move(group));
    const runs::Scorecard card = scorecardOf(snapshot);
    const auto row = [&](const char* id) { return std::ranges::find_if(card.lines, [id](const runs::ScoreLine& line) { return QLatin1String(line.row->id) == QLatin1String(id); })->value; };
    QCOMPARE(row("query_latency"), figure(snapshot, "postgres.query_mean").mean);
    QCOMPARE(row("server_cpu"), figure(snapshot, "app.cpu").mean);
    QVERIFY2(row("server_cpu") < 2.1, qPrintable(QString::number(row("server_cpu"))));
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
