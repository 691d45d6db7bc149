// SPDX-License-Identifier: GPL-3.0-or-later
// What is saved comes back, or there is no file.
#include "core/base/secret.h"
#include "core/snapshot/bundle_pack.h"
#include "core/snapshot/series_csv.h"
#include "tests/core/tst_snapshot_bundle_support.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <bit>
#include <cstring>
#include <random>

using namespace cachedeck;
using namespace cachedeck::snapshot;
using namespace cachedeck::test;

namespace {

bool sameBits(float a, float b) { return (std::isnan(a) && std::isnan(b)) || std::bit_cast<quint32>(a) == std::bit_cast<quint32>(b); }

}  // namespace

class TestSnapshotBundle : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void everythingComesBack() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a 100%1.cdsnap"));
    const Snapshot snapshot = snapshotSample();
    const auto written = writeBundle(snapshot, path);
    QVERIFY2(written.ok(), written ? "" : qPrintable(written.error().message));
    const auto back = readBundle(path);
    QVERIFY2(back.ok(), back ? "" : qPrintable(back.error().message));
    QCOMPARE(back->id, snapshot.id);
    QCOMPARE(back->title, snapshot.title);
    QCOMPARE(back->note, snapshot.note);
    QCOMPARE(back->takenMs, snapshot.takenMs);
    QCOMPARE(back->fromMs, snapshot.fromMs);
    QCOMPARE(back->toMs, snapshot.toMs);
    QCOMPARE(back->console, snapshot.console);
    QCOMPARE(back->profile, snapshot.profile);
    QCOMPARE(back->environment, snapshot.environment);
    QVERIFY(back->servers == snapshot.servers);
    QVERIFY(back->facts == snapshot.facts);
    QVERIFY(back->journal == snapshot.journal);
    QCOMPARE(back->missing, snapshot.missing);
    QCOMPARE(back->series.size(), size_t{2});
    QCOMPARE(back->series[0].timesMs, snapshot.series[0].timesMs);
    for (size_t c = 0; c < 3; ++c) {
      QCOMPARE(back->series[0].columns[c].metric, snapshot.series[0].columns[c].metric);
      for (size_t i = 0; i < 5; ++i) QVERIFY(sameBits(back->series[0].columns[c].values[i], snapshot.series[0].columns[c].values[i]));
    }
    QCOMPARE(runs::toJson(back->runs[0]), runs::toJson(snapshot.runs[0]));
    QCOMPARE(textOf(*back), textOf(snapshot));
  }

  void theSameSnapshotGivesTheSameBytes() { QCOMPARE(textOf(snapshotSample()), textOf(snapshotSample())); }

  void anEmptySnapshotComesBack() {
    const QTemporaryDir folder;
    Snapshot snapshot;
    snapshot.id = newSnapshotId(snapshotMs);
    QVERIFY(writeBundle(snapshot, folder.filePath(QStringLiteral("x"))).ok());
    const auto back = readBundle(folder.filePath(QStringLiteral("x")));
    QVERIFY(back.ok());
    QCOMPARE(textOf(*back), textOf(snapshot));
  }

  void theManifestIsReadAlone() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.cdsnap"));
    QVERIFY(writeBundle(snapshotSample(), path).ok());
    const auto manifest = readManifest(path);
    QVERIFY(manifest.ok());
    QCOMPARE(manifest->title, snapshotSample().title);
    QCOMPARE(manifest->takenMs, snapshotMs);
    QCOMPARE(manifest->environment, QStringLiteral("production"));
    QVERIFY((manifest->counts == Manifest::Counts{4, 5, 1, 1, 1}));
    QByteArrayList names;
    for (const auto& member : manifest->members) names.append(member.name);
    QCOMPARE(names.join(' '), QByteArray("series/redis.csv series/postgres.csv facts/redis-info.json journal.json runs/20261129-031500000-000001.json"));
    const auto check = verifyBundle(path);
    QVERIFY(check.ok());
    QVERIFY2(check->intact, qPrintable(check->problem));
    QCOMPARE(check->members.size(), 5);
  }

  void seriesAreAsDocumented() {
    SeriesGroup group = seriesSample();
    group.columns[2].values[0] = std::numeric_limits<float>::infinity();  // is not a measurement
    QCOMPARE(seriesCsv(group), QByteArray("time_ms,redis.ops,redis.hit_ratio,future.metric\n"
                                          "1795922708123,1,97.123,\n"
                                          "1795922709123,2.5,,\n"
                                          "1795922710122,,-0,\n"
                                          "1795922710122,16777216,3.4028235e+38,\n"
                                          "1795922712123,0.1,1e-45,\n"));
  }

  void everyFloatComesBack() {
    std::mt19937 random(1);
    SeriesGroup group{"g", {}, {{"m", {}}, {"n", {}}}};
    for (int i = 0; i < 50'000; ++i) {
      group.timesMs.push_back(i);
      group.columns[0].values.push_back(std::bit_cast<float>(static_cast<quint32>(random())));
      if (!std::isfinite(group.columns[0].values.back())) group.columns[0].values.back() = NAN;
      group.columns[1].values.push_back(static_cast<float>(random() % 100'000) / 1000);
    }
    qint64 cells = 1'000'000;
    const auto back = seriesFromCsv(seriesCsv(group), "g", cells);
    QVERIFY2(back.ok(), back ? "" : qPrintable(back.error().message));
    QCOMPARE(cells, 1'000'000 - 150'000);
    for (size_t c = 0; c < 2; ++c)
      for (size_t i = 0; i < 50'000; ++i) QVERIFY(sameBits(back->columns[c].values[i], group.columns[c].values[i]));
  }

  /// A text that was cut between the halves of a character, as a longer one may be, must not make a file that nobody reads.
  void brokenTextsCanBeRead() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    Snapshot snapshot = snapshotSample();
    const QString half = QStringLiteral("x") + QChar(0xD83D), all = QStringLiteral("a") + QChar(0) + QStringLiteral("\r\n\t\\ \u2028 \ufffd \U0001F600");
    snapshot.title = snapshot.facts[0].rows[0][1] = snapshot.journal[0].text = half;
    snapshot.note = snapshot.facts[0].rows[0][0] = snapshot.profile = all;
    QVERIFY(writeBundle(snapshot, path).ok());
    const auto back = readBundle(path);
    QVERIFY2(back.ok(), back ? "" : qPrintable(back.error().message));
    QVERIFY(back->title.startsWith(QLatin1Char('x')));
    QCOMPARE(back->note, all);
    QCOMPARE(back->facts[0].rows[0][0], all);
    QVERIFY(writeBundle(*back, path).ok());
    QCOMPARE(textOf(*readBundle(path)), textOf(*back));
  }

  void aColumnOfNumbersThatAreNoneIsText() {
    const QTemporaryDir folder;
    Snapshot snapshot = snapshotSample();
    snapshot.facts[0].rows[0][2] = QStringLiteral("12 %");
    QVERIFY(writeBundle(snapshot, folder.filePath(QStringLiteral("a"))).ok());
    const auto back = readBundle(folder.filePath(QStringLiteral("a")));
    QVERIFY(back.ok());
    QCOMPARE(back->facts[0].rows, snapshot.facts[0].rows);
    QVERIFY(!back->facts[0].columns[2].isNumber);
  }

  void whatAPersonWroteLosesSecrets() {
    const Secret living = Secret::fromString(QStringLiteral("hunter-of-red-october"));
    const QTemporaryDir folder;
    Snapshot snapshot = snapshotSample();
    snapshot.title = snapshot.note = QStringLiteral("ran with hunter-of-red-october");
    snapshot.missing = {QStringLiteral("AUTH hunter-of-red-october was refused")};
    QVERIFY(writeBundle(snapshot, folder.filePath(QStringLiteral("a"))).ok());
    const auto back = readBundle(folder.filePath(QStringLiteral("a")));
    QVERIFY(back.ok());
    for (const QString& text : {back->title, back->note, back->missing[0]}) QVERIFY2(!text.contains(QLatin1String("hunter")), qPrintable(text));
  }

  void theFileIsPrivateAndWholeOrNotThere() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.cdsnap"));
    QVERIFY(setContent(path, "an older one"));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
    Snapshot bad = snapshotSample();
    bad.series[0].columns[0].values.pop_back();
    QVERIFY(!writeBundle(bad, path).ok());
    QCOMPARE(contentOf(path), QByteArray("an older one"));
    QVERIFY(writeBundle(snapshotSample(), path).ok());
    QCOMPARE(QFileInfo(path).permissions() & ~(QFile::ReadUser | QFile::WriteUser), QFile::ReadOwner | QFile::WriteOwner);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    const auto nowhere = writeBundle(snapshotSample(), folder.filePath(QStringLiteral("no/such/a.cdsnap")));
    QCOMPARE(nowhere.error().kind, Error::Kind::Io);
    QVERIFY(nowhere.error().message.contains(QLatin1String("no/such/a.cdsnap could not be written")));
    QVERIFY(!writeBundle(snapshotSample(), folder.path()).ok());
  }

  // To leave a profile waited up to two seconds for the file of a snapshot that nobody wanted any more.
  void whoStopsIsNotWaitedFor() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.cdsnap"));
    QVERIFY(setContent(path, "an older one"));
    std::stop_source stop;
    stop.request_stop();
    const auto written = writeBundle(snapshotSample(), path, stop.get_token());
    QVERIFY(!written && written.error().isCancelled());
    QCOMPARE(contentOf(path), QByteArray("an older one"));
    const auto bytes = packed({{"manifest.json", "{}"}}, stop.get_token());
    QVERIFY(!bytes && bytes.error().isCancelled());
    QVERIFY(packed({{"manifest.json", "{}"}}, std::stop_source().get_token()).ok());
  }

  void whatNoFileCanHold_data() {
    QTest::addColumn<QString>("sentence");
    QTest::newRow("id") << QStringLiteral("The snapshot cannot be saved: “../x” is no id of a snapshot.");
    QTest::newRow("times") << QStringLiteral("The snapshot cannot be saved: the series of redis: its times go back.");
    QTest::newRow("year") << QStringLiteral("The snapshot cannot be saved: the series of redis: its times are not from 1970 to 9999.");
    QTest::newRow("range") << QStringLiteral("The snapshot cannot be saved: its range ends before it begins.");
    QTest::newRow("length") << QStringLiteral("The snapshot cannot be saved: the series of redis: the column redis.ops has 4 values for 5 times.");
    QTest::newRow("group") << QStringLiteral("The snapshot cannot be saved: the series of ../redis: “../redis” is no name of a group of series.");
    QTest::newRow("groups") << QStringLiteral("The snapshot cannot be saved: it has two of series/redis.csv.");
    QTest::newRow("metric") << QStringLiteral("The snapshot cannot be saved: the series of redis: “=1+1” is no id of a metric.");
    QTest::newRow("metrics") << QStringLiteral("The snapshot cannot be saved: the series of redis: the metric redis.ops stands in two columns.");
    QTest::newRow("facts") << QStringLiteral("The snapshot cannot be saved: the table ../x: “../x” is no id of a table.");
    QTest::newRow("row") << QStringLiteral("The snapshot cannot be saved: the table redis-info: row 2 has 2 cells for 3 columns.");
    QTest::newRow("keys") << QStringLiteral("The snapshot cannot be saved: the table redis-info: it has 3 columns, and 4 of them name a row.");
    QTest::newRow("journal") << QStringLiteral("The snapshot cannot be saved: an entry of its journal has no sequence number, action or time.");
    QTest::newRow("run") << QStringLiteral("The snapshot cannot be saved: “a/b” is no id of a load run.");
    QTest::newRow("members") << QStringLiteral("The snapshot cannot be saved: with facts/t999.json it is larger than a file may be. Take a shorter range.");
    QTest::newRow("values") << QStringLiteral("The snapshot cannot be saved: with facts/redis-info.json it is larger than a file may be. Take a shorter range.");
    QTest::newRow("steps") << QStringLiteral("The snapshot cannot be saved: its load runs have more steps or seconds than fit. Take a shorter range.");
  }
  void whatNoFileCanHold() {
    QFETCH(QString, sentence);
    const QByteArray what = QTest::currentDataTag();
    Snapshot s = snapshotSample();
    if (what == "id") s.id = QStringLiteral("../x");
    if (what == "times") s.series[0].timesMs[1] = 5;
    if (what == "year") s.series[0].timesMs[4] = 31'556'952'000'000'000;
    if (what == "range") s.fromMs = s.toMs + 1;
    if (what == "length") s.series[0].columns[0].values.pop_back();
    if (what == "group") s.series[0].name = "../redis";
    if (what == "groups") s.series[1].name = "redis";
    if (what == "metric") s.series[0].columns[0].metric = "=1+1";
    if (what == "metrics") s.series[0].columns[1].metric = "redis.ops";
    if (what == "facts") s.facts[0].id = QStringLiteral("../x");
    if (what == "row") s.facts[0].rows[1].removeLast();
    if (what == "keys") s.facts[0].keys = 4;
    if (what == "journal") s.journal[0].sequence = 0;
    if (what == "run") s.runs[0].id = QStringLiteral("a/b");
    if (what == "members") {
      s.series.clear();
      s.facts.clear();
      for (int i = 0; i < 1100; ++i) s.facts.append({QStringLiteral("t%1").arg(i), {}, 0, {}, {}});
    }
    if (what == "values") s.facts = {{QStringLiteral("redis-info"), {}, 0, {}, QList<QStringList>(1'000'001)}};
    if (what == "steps") s.runs[0].figures.seconds.resize(1'000'001);
    const auto bytes = encodeBundle(s);
    QVERIFY(!bytes.ok());
    QCOMPARE(bytes.error().kind, Error::Kind::Usage);
    QCOMPARE(bytes.error().message, sentence);
  }
};

QTEST_GUILESS_MAIN(TestSnapshotBundle)
#include "tst_snapshot_bundle.moc"
