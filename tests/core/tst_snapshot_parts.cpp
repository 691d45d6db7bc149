// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of taking a snapshot that need no server.
#include "core/base/redactor.h"
#include "core/runs/run_store.h"
#include "core/metrics/custom_panel.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"
#include "core/recording/recording_store.h"
#include "core/snapshot/merged_series.h"
#include "core/snapshot/past_series.h"
#include "core/snapshot/series_builder.h"
#include "core/snapshot/series_csv.h"
#include "core/snapshot/sql_text.h"
#include "core/snapshot/take.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

const QLatin1String ops("redis.ops"), memory("redis.memory_used");

constexpr qint64 minute = 60'000, begun = 1'795'922'000'000;

/// A run of a minute of the range, with so many steps.
runs::RunRecord runAt(int minutes, int steps) {
  runs::RunRecord run = runs::beginRecord(load::Scenario{}, QStringLiteral("http://10.0.0.9:8080"), begun + minutes * minute);
  run.figures.startedMs = begun + minutes * minute;
  run.figures.elapsedMs = 5000;
  run.figures.all.requests = 100;
  run.figures.state = load::RunFigures::State::Ended;
  run.figures.end = load::RunFigures::End::Completed;
  for (int step = 0; step < steps; ++step) run.figures.steps.emplace_back().name = "step " + std::to_string(step);
  return run;
}

QString shown(const std::vector<float>& values) {
  QStringList words;
  for (const float value : values) words += std::isnan(value) ? QStringLiteral("-") : QString::number(value);
  return words.join(QLatin1Char(' '));
}

}  // namespace

class TestSnapshotParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void literalsAndCommentsAreLeftOut_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("kept");
    const auto row = [](const char* name, const char* sql, const char* kept) { QTest::newRow(name) << QString::fromUtf8(sql) << QString::fromUtf8(kept); };
    row("normalised", "SELECT *\n FROM risk\tWHERE id = $1 AND k = $2", "SELECT * FROM risk WHERE id = $1 AND k = $2");
    row("password", "CREATE ROLE x PASSWORD 'it''s secret' LOGIN", "CREATE ROLE x PASSWORD '…' LOGIN");
    row("escapes", "SELECT E'a\\'secret', 'b\\', c", "SELECT E'…', '…', c");
    row("dollar quotes", "DO $body$ 'a' $$secret$$ $body$; SELECT $$secret$$, $1", "DO '…'; SELECT '…', $1");
    row("a name with a dollar", "SELECT a$b$c", "SELECT a$b$c");
    row("quoted names", "SELECT \"it's\" , \"a\"\"b\" FROM t", "SELECT \"it's\" , \"a\"\"b\" FROM t");
    row("comments", "SELECT 1 /* don't /* 'nested' */ here */ + 2 -- it's\n+ 3", "SELECT 1 + 2 + 3");
    row("operators", "SELECT a - b, a / b * c", "SELECT a - b, a / b * c");
    row("cut off in a literal", "ALTER ROLE x PASSWORD 'secr", "ALTER ROLE x PASSWORD '…'");
    row("cut off in a comment", "SELECT 1 /* secr", "SELECT 1");
    row("cut off in a dollar quote", "DO $x$ secr", "DO '…'");
    row("empty", "", "");
  }
  void literalsAndCommentsAreLeftOut() {
    QFETCH(QString, sql);
    QTEST(withoutLiterals(sql), "kept");
  }

  void rowsFollowHistorysRules() {
    SeriesBuilder builder("redis");
    builder.add(1000, {{ops, 1}}, false, 2500);
    builder.add(1000, {{ops, 9}}, false, 2500);  // not later
    builder.add(2000, {{ops, 2}, {memory, 50}}, false, 2500);
    builder.add(3000, {{ops, 3}}, true, 2500);   // restarted
    builder.add(9000, {{ops, 4}}, false, 2500);  // late
    const SeriesGroup& group = builder.group();
    QCOMPARE(group.timesMs, (std::vector<qint64>{1000, 2000, 2001, 3000, 3001, 9000}));
    QCOMPARE(shown(group.columns[0].values), QStringLiteral("1 2 - 3 - 4"));
    QCOMPARE(shown(group.columns[1].values), QStringLiteral("- 50 - - - -"));
  }

  // The profile had been recorded each second for 8 minutes: without a Prometheus the snapshot had a sentence in place of them.
  void theRecordingIsThePast() {
    const QTemporaryDir folder;
    const qint64 now = QDateTime::currentMSecsSinceEpoch(), from = now - 5 * minute;
    recording::RecordingPlace place{folder.filePath(QStringLiteral("shop.sqlite")), QStringLiteral("Shop"), QStringLiteral("development"), true};
    {
      auto store = recording::RecordingStore::open(place, {}, now);
      QVERIFY(store.ok());
      std::vector<recording::RecordingRow> rows;
      for (int i = 0; i < 290; ++i) rows.push_back({"redis", from + 1000 * i, {{ops, 1.0 * i}, {memory, 50}}, false, 2500});
      QVERIFY((*store)->append(rows).ok());
    }
    TakeOrder order;
    order.journalFile = folder.filePath(QStringLiteral("journal.jsonl"));
    order.runFolder = folder.path();
    order.recording = {place.file, false};
    const auto take = [&](std::chrono::milliseconds range) { return takeSnapshot(order, std::chrono::seconds(0), range, SystemClock(), {}); };
    const Result<Snapshot> taken = take(std::chrono::minutes(5));
    QVERIFY(taken.ok());
    QCOMPARE(taken->series.size(), size_t{1});
    QVERIFY2(taken->series[0].timesMs.size() >= 280 && taken->series[0].columns.size() == 2, qPrintable(QString::number(taken->series[0].timesMs.size())));
    QVERIFY2(taken->missing.filter(QLatin1String("past")).isEmpty(), qPrintable(taken->missing.join(QLatin1Char('\n'))));
    const Result<Snapshot> longer = take(std::chrono::minutes(20));
    QVERIFY(longer.ok() && longer->missing.join(QLatin1Char('\n')).contains(QLatin1String("it was recorded since 20")));
    // A file that a person named is not passed over in silence.
    order.recording = {folder.filePath(QStringLiteral("none.sqlite")), true};
    const Result<Snapshot> none = take(std::chrono::minutes(5));
    QVERIFY(none.ok() && none->series.empty());
    QVERIFY2(none->missing.join(QLatin1Char('\n')).contains(QLatin1String("none.sqlite")), qPrintable(none->missing.join(QLatin1Char('\n'))));
  }

  void thePastStandsInFront() {
    SeriesBuilder past("redis"), live("redis");
    for (const qint64 at : {15'000, 30'000, 45'000}) past.add(at, {{memory, static_cast<double>(at)}}, false, 60'000);
    live.add(60'000, {{memory, 7}}, false, 2500);  // no rates yet: left out
    live.add(61'000, {{ops, 5}, {memory, 8}}, false, 2500);
    const std::vector<SeriesGroup> all = mergedSeries({live.group()}, {past.group()});
    QCOMPARE(all.size(), size_t{1});
    QCOMPARE(all[0].timesMs, (std::vector<qint64>{15'000, 30'000, 45'000, 61'000}));
    QCOMPARE(shown(all[0].columns[0].values), QStringLiteral("15000 30000 45000 8"));
    QCOMPARE(shown(all[0].columns[1].values), QStringLiteral("- - - 5"));

    SeriesBuilder late("redis");
    late.add(600'000, {{memory, 1}}, false, 2500);
    late.add(601'000, {{memory, 2}}, false, 2500);
    const std::vector<SeriesGroup> parted = mergedSeries({late.group()}, {past.group()});
    QCOMPARE(shown(parted[0].columns[0].values), QStringLiteral("15000 30000 45000 - 1 2"));

    QCOMPARE(mergedSeries({}, {past.group()})[0].timesMs.size(), size_t{3});
    QCOMPARE(mergedSeries({live.group()}, {})[0].timesMs.size(), size_t{2});
  }

  void cellsAreRedactedBeforeTheyAreCut() {
    const Secret secret = Secret::fromString(QStringLiteral("Sesame-open-wide"));
    QCOMPARE(factCell(QStringLiteral("x Sesame-open-wide y"), 10), QStringLiteral("x *** y"));
    QCOMPARE(factCell(QStringLiteral("a\nb")), QStringLiteral("a\\x0ab"));
    QCOMPARE(factLabels({{QStringLiteral("b"), QStringLiteral("2")}, {QStringLiteral("a"), QStringLiteral("1")}, {QStringLiteral("c"), QStringLiteral("3")}}, {QStringLiteral("b")}), QStringLiteral("a=1, c=3"));
    QCOMPARE(factNumber(NAN), QString());
    QCOMPARE(factNumber(12345678901.0), QStringLiteral("12345678901"));
    QCOMPARE(factNumber(0.0123456789), QStringLiteral("0.0123457"));
    QCOMPARE(factTime(1'700'000'000'123), QStringLiteral("2023-11-14T22:13:20.123Z"));
  }

  void theCatalogNamesFilesAndSources() {
    static const QRegularExpression form(QStringLiteral("\\A[a-z0-9-]+\\z"));
    QSet<QString> ids;
    for (const FactInfo& fact : factCatalog()) {
      QVERIFY2(form.match(QLatin1String(fact.id)).hasMatch() && findSource(QLatin1String(fact.source)), fact.id);
      ids.insert(QLatin1String(fact.id));
    }
    QCOMPARE(static_cast<size_t>(ids.size()), factCatalog().size());
  }

  void withoutPrometheusThereIsNoPast() {
    QVERIFY(pastSeries({}, 0, 60'000, {}).series.empty());
    const QTemporaryDir folder;
    TakeOrder order;
    order.journalFile = folder.filePath(QStringLiteral("journal.jsonl"));
    order.runFolder = folder.path();
    const Result<Snapshot> taken = takeSnapshot(order, std::chrono::seconds(0), std::chrono::minutes(8), SystemClock(), {});
    QVERIFY(taken.ok());
    QVERIFY2(taken->missing.join(QLatin1Char('\n')).contains(QLatin1String("--prometheus")), qPrintable(taken->missing.join(QLatin1Char('\n'))));
  }

  // Five runs of scripts with hundreds of steps each: the snapshot was taken and could not be saved.
  void runsThatAFileHasNoRoomForAreLeftOut() {
    const QTemporaryDir folder;
    const runs::RunStore store(folder.path());
    for (int i = 0; i < 6; ++i) QVERIFY(store.save(runAt(i, 400)).ok());
    TakeOrder order;
    order.journalFile = folder.filePath(QStringLiteral("journal.jsonl"));
    order.runFolder = folder.path();
    const Result<Snapshot> taken = assemble(order, {}, {}, begun, begun + 10 * minute, begun + 10 * minute);
    QVERIFY(taken.ok());
    QCOMPARE(taken->runs.size(), 4);
    QCOMPARE(taken->runs.first().figures.startedMs, begun + 2 * minute);
    QCOMPARE(taken->runs.last().figures.startedMs, begun + 5 * minute);
    QCOMPARE(taken->missing, QStringList{QStringLiteral("Load runs: the file has room for 4 of the 6 of this range; left out are the earliest 2.")});
    const Result<void> written = writeBundle(*taken, folder.filePath(QStringLiteral("full.cdsnap")));
    QVERIFY2(written.ok(), written.ok() ? "" : qPrintable(written.error().message));
    const Result<Snapshot> read = readBundle(folder.filePath(QStringLiteral("full.cdsnap")));
    QVERIFY(read.ok());
    QCOMPARE(read->runs.size(), 4);
  }

  // The limits keep hostile files small; what Cachedeck itself can have at most must stay within them.
  void theLargestDayHasRoom() {
    constexpr qint64 rows = 24 * 3600, ownRows = 24 * 3600 / 5, gaps = 2;
    qint64 cells = 4 * rows;
    for (const MetricInfo& metric : metricCatalog()) cells += metric.id.isEmpty() ? 0 : rows;
    cells += static_cast<qint64>(CustomPanels::most) * ownRows * (1 + 8);
    QVERIFY2(cells * 5 / 4 + gaps * 1000 < BundleLimits().cells, qPrintable(QString::number(cells)));
    QVERIFY(metricCatalog().size() + 64 < mostColumns);
    // 500 load runs of a sensible length.
    runs::RunRecord run = runAt(0, 3);
    run.figures.seconds.resize(600);
    for (load::StepFigures& step : run.figures.steps) for (int i = 0; i < 400; ++i) step.latency.add(1'000'000 + i * 20'000);
    const JsonShape shape = shapeOf(QJsonDocument(runs::toJson(run)).toJson(QJsonDocument::Compact));
    QVERIFY2(500 * shape.lists < BundleLimits().runs.lists, qPrintable(QString::number(shape.lists)));
    QVERIFY(500 * 600 < BundleLimits().seconds);
    run.figures.seconds.resize(300);
    const qint64 values = shapeOf(QJsonDocument(runs::toJson(run)).toJson(QJsonDocument::Compact)).values;
    QVERIFY2(500 * values < BundleLimits().runs.values, qPrintable(QString::number(values)));
  }

  // Only the newest 20 were kept, and runs that had failed at once took the place of those that had measured something.
  void failedRunsGoBeforeThoseThatMeasured() {
    const QTemporaryDir folder;
    const runs::RunStore store(folder.path());
    for (int i = 0; i < 30; ++i) {
      runs::RunRecord run = runAt(i, i < 25 ? 10 : 400);
      if (i >= 25) run.figures.end = load::RunFigures::End::Failed, run.figures.all.requests = 0;
      QVERIFY(store.save(run).ok());
    }
    TakeOrder order;
    order.journalFile = folder.filePath(QStringLiteral("journal.jsonl"));
    order.runFolder = folder.path();
    const Result<Snapshot> taken = assemble(order, {}, {}, begun, begun + 60 * minute, begun + 60 * minute);
    QVERIFY(taken.ok());
    QCOMPARE(taken->runs.size(), 29);
    QCOMPARE(taken->runs.first().figures.startedMs, begun);
    QCOMPARE(taken->runs[24].figures.startedMs, begun + 24 * minute);
    QCOMPARE(taken->missing, QStringList{QStringLiteral("Load runs: the file has room for 29 of the 30 of this range; left out are 1 that failed or measured nothing.")});
    QVERIFY(encodeBundle(*taken).ok());
  }
};

QTEST_GUILESS_MAIN(TestSnapshotParts)
#include "tst_snapshot_parts.moc"
