// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on disk: rights, broken files, notes, baselines, many of them.
#include "core/runs/run_store.h"
#include "tests/core/tst_run_support.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::runs;
using namespace cachedeck::test;

namespace {

constexpr qint64 now = 1'795'922'800'000;

unsigned modeOf(const QString& path) {
  struct stat found {};
  return stat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 07777u : 0u;
}

bool put(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QString messageOf(const auto& result) { return result.ok() ? QString() : result.error().message; }

}  // namespace

class TestRunStore : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> m_dir;
  RunStore store() const { return RunStore(m_dir->filePath(QStringLiteral("cachedeck/runs"))); }
  /// A saved run that began `minute` minutes after the first.
  RunRecord saved(int minute, const QString& scenario = QStringLiteral("warm-cache")) const {
    RunRecord record = recordOf({.perSecond = 50, .seconds = 5}, static_cast<unsigned>(minute), now - 600'000 + 60'000 * minute);
    record.scenario = scenario;
    return store().save(record) ? record : RunRecord();
  }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }

  void onlyTheOwnerReads() {
    const RunRecord record = saved(0);
    QCOMPARE(modeOf(store().folder()), 0700u);
    QCOMPARE(modeOf(store().fileOf(record.id)), 0600u);
    const auto back = store().load(record.id);
    QVERIFY2(back.ok(), qPrintable(messageOf(back)));
    QCOMPARE(toJson(*back), toJson(record));
    QFile file(store().fileOf(record.id));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(QJsonDocument::fromJson(bytes).isObject());  // one JSON object, although the summary has a line of its own
    QCOMPARE(bytes.count('\n'), 2);
  }

  void newestFirst() {
    const QString a = saved(0).id, b = saved(1).id, c = saved(2).id;
    const RunList list = store().list(now);
    QCOMPARE(list.problems, QStringList());
    QCOMPARE(list.runs.size(), 3);
    QCOMPARE(list.runs[0].id, c);
    QCOMPARE(list.runs[2].id, a);
    QCOMPARE(list.runs[1].requests, quint64{250});
    QCOMPARE(list.runs[1].state, RunState::Complete);
    QCOMPARE(*store().find(QStringLiteral("last"), now), c);
    QCOMPARE(*store().find(QStringLiteral("last-1"), now), b);
    QCOMPARE(*store().find(a.left(a.size() - 2), now), a);
    QCOMPARE(*store().find(QStringLiteral("warm-cache"), now), c);
    QCOMPARE(messageOf(store().find(QStringLiteral("20"), now)), QStringLiteral("3 runs begin with “20”. Write more of the id."));
    QCOMPARE(store().find(QStringLiteral("last-3"), now).error().kind, Error::Kind::NotFound);
    QCOMPARE(messageOf(store().find(QStringLiteral("@baseline"), now)), QStringLiteral("No run is pinned as a baseline."));
    QCOMPARE(messageOf(store().load(QStringLiteral("../../etc/passwd"))), QStringLiteral("There is no run “../../etc/passwd”. “cachedeck load runs” lists them."));
  }

  void anEmptyFolderHasNoRuns() {
    QCOMPARE(store().list(now).runs.size(), 0);
    QCOMPARE(store().list(now).problems, QStringList());
    QVERIFY(!store().find(QStringLiteral("last"), now).ok());
  }

  void thousandsAreListedByTheirFirstLine() {
    const RunRecord record = saved(0);
    const QByteArray head = encoded(record)->split('\n').first();
    for (int i = 0; i < 3000; ++i)  // what follows the first line is not looked at
      QVERIFY(put(store().fileOf(newRunId(now + i)), head + "\n\"record\":broken"));
    const RunList list = store().list(now);
    QCOMPARE(list.runs.size(), 3001);
    QCOMPARE(list.problems, QStringList());
  }

  void aFileOfAnotherLayoutIsRead() {
    const RunRecord record = saved(0);
    const QByteArray pretty = QJsonDocument::fromJson(*encoded(record)).toJson();  // as jq writes it
    QVERIFY(put(store().fileOf(record.id), pretty));
    QCOMPARE(store().list(now).runs.first().p95Ms, summaryOf(record).p95Ms);
    QVERIFY(put(store().fileOf(record.id), QJsonDocument(toJson(record)).toJson()));  // the record alone
    QCOMPARE(toJson(*store().load(record.id)), toJson(record));
  }

  void brokenFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("it is empty");
    QTest::newRow("cut off") << QByteArray("{\"summary\":{\"format\":\"cachedeck-run\",\"ver") << QStringLiteral("it is no valid JSON at byte 42; it may have been cut off or changed");
    QTest::newRow("list") << QByteArray("[1, 2]") << QStringLiteral("it is not the record of a load run");
    QTest::newRow("other") << QByteArray("{\"a\": 1}") << QStringLiteral("it is not the record of a load run");
    QTest::newRow("newer") << QByteArray("{\"summary\":{\"format\":\"cachedeck-run\",\"version\":3},\n\"record\":{\"format\":\"cachedeck-run\",\"version\":3}}")
                           << QStringLiteral("a newer Cachedeck wrote it (version 3, this one reads up to 1). Update Cachedeck to open it");
    QTest::newRow("deep") << QByteArray(100'000, '[') << QStringLiteral("it is no valid JSON at byte 1025; it may have been cut off or changed");
    QTest::newRow("many") << QByteArray("{\"a\":[") + QByteArray("1,").repeated(7'000'000) + "1]}" << QStringLiteral("it holds more than 6000000 values");
    QTest::newRow("large") << QByteArray(largestRecord + 1, ' ') << QStringLiteral("it is larger than 64 MiB");
  }
  void brokenFiles() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const QString good = saved(0).id, bad = newRunId(now), path = store().fileOf(bad);
    QVERIFY(put(path, bytes));
    const QString sentence = QStringLiteral("The run in %1 cannot be read: %2.").arg(path, reason);
    QCOMPARE(messageOf(store().load(bad)), sentence);
    const RunList list = store().list(now);
    QCOMPARE(list.problems, QStringList{sentence});
    QCOMPARE(list.runs.size(), 1);
    QCOMPARE(list.runs.first().id, good);
    QVERIFY(store().remove(bad, now).ok());
    QCOMPARE(store().list(now).problems, QStringList());
  }

  void pipesAndLinksAreNotFollowed() {
    saved(0);
    const QString link = newRunId(now), folder = newRunId(now + 1);
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), store().fileOf(link)));
    QVERIFY(QDir().mkdir(store().fileOf(folder)));
    QVERIFY(messageOf(store().load(link)).contains(QLatin1String("is a symbolic link")));
    QVERIFY(!store().load(folder).ok());
    QVERIFY(put(store().folder() + QStringLiteral("/notes.json"), "x"));  // no run: nobody's business
    QCOMPARE(store().list(now).problems.size(), 1);
  }

  void notesAndTags() {
    const QString id = saved(0).id;
    QVERIFY(store().setNote(id, QStringLiteral("after the index"), now).ok());
    QVERIFY(store().setTags(id, {QStringLiteral(" a "), QStringLiteral("a"), QString(), QStringLiteral("b")}, now).ok());
    QCOMPARE(store().list(now).runs.first().note, QStringLiteral("after the index"));
    QCOMPARE(store().load(id)->tags, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(store().setNote(id, QString(5000, QLatin1Char('x')), now).error().kind, Error::Kind::Usage);
    QVERIFY(!store().setNote(newRunId(1), QString(), now).ok());
  }

  void baselines() {
    const RunRecord a = saved(0), b = saved(1), peak = saved(2, QStringLiteral("peak"));
    QCOMPARE(*store().baseline(a.scenario, a.url), QString());
    QVERIFY(store().pin(a.id, now).ok());
    QVERIFY(store().pin(peak.id, now).ok());
    QVERIFY(store().pin(b.id, now).ok());  // takes the place of a
    QCOMPARE(*store().baseline(a.scenario, QStringLiteral("http://me:x@127.0.0.1:8080")), b.id);
    QCOMPARE(*store().baseline(a.scenario, QStringLiteral("http://elsewhere")), QString());
    QVERIFY(store().list(now).runs[1].pinned && !store().list(now).runs[2].pinned);
    QCOMPARE(*store().find(QStringLiteral("@baseline"), now), peak.id);
    // The scenario that is called so had no name: its report was that of the pinned run of another.
    QVERIFY2(messageOf(store().find(QStringLiteral("baseline"), now)).endsWith(QStringLiteral("“@baseline” is the pinned one.")), qPrintable(messageOf(store().find(QStringLiteral("baseline"), now))));
    const RunRecord named = saved(3, QStringLiteral("baseline"));
    QCOMPARE(*store().find(QStringLiteral("baseline"), now), named.id);
    QVERIFY(store().remove(named.id, now).ok());
    RunRecord refused = saved(4);
    refused.figures.end = load::RunFigures::End::Failed;
    refused.figures.all.failed = refused.figures.all.requests;
    QVERIFY(store().save(refused).ok());
    QCOMPARE(store().pin(refused.id, now).error().kind, Error::Kind::Usage);
    refused.figures.end = load::RunFigures::End::Stopped;
    refused.figures.all.failed = 0;
    QVERIFY(store().save(refused).ok());
    QVERIFY2(messageOf(store().pin(refused.id, now)).contains(QLatin1String("was stopped before its time")), qPrintable(messageOf(store().pin(refused.id, now))));
    // The page refused it, and the command pinned it.
    refused.figures.end = load::RunFigures::End::Completed;
    refused.figures.limited = "the generator used 99 % of its processor";
    QVERIFY(store().save(refused).ok());
    QVERIFY2(messageOf(store().pin(refused.id, now)).contains(QLatin1String("is not valid")), qPrintable(messageOf(store().pin(refused.id, now))));
    QVERIFY(store().remove(refused.id, now).ok());
    QCOMPARE(modeOf(store().folder() + QStringLiteral("/baselines.json")), 0600u);
    QVERIFY(store().remove(b.id, now).ok());
    QCOMPARE(*store().baseline(a.scenario, a.url), QString());
    QVERIFY(store().unpin(peak.scenario, peak.url).ok());
    QCOMPARE(store().unpin(peak.scenario, peak.url).error().kind, Error::Kind::NotFound);
    QVERIFY(put(store().folder() + QStringLiteral("/baselines.json"), "{"));
    QVERIFY(messageOf(store().baseline(a.scenario, a.url)).endsWith(QLatin1String("is damaged. Move it away and pin the baselines anew.")));
    QCOMPARE(store().list(now).runs.size(), 2);
  }

  void aRunUnderWayIsLeftAlone() {
    RunRecord record = recordOf({.perSecond = 50, .seconds = 5}, 1, now);
    record.partial = true;
    record.writer = thisWriter(now);
    QVERIFY(store().save(record).ok());
    QCOMPARE(store().list(now + 1'000'000).runs.first().state, RunState::Running);
    QCOMPARE(store().remove(record.id, now).error().kind, Error::Kind::Busy);
    QCOMPARE(store().setNote(record.id, QStringLiteral("x"), now).error().kind, Error::Kind::Busy);
    QCOMPARE(store().pin(record.id, now).error().kind, Error::Kind::Usage);
    record.partial = false;
    QVERIFY(store().save(record).ok());
    QCOMPARE(store().list(now).runs.first().state, RunState::Complete);
    QVERIFY(store().remove(record.id, now).ok());
  }

  void theProcessDied() {
    QProcess other;
    other.start(QStringLiteral("true"), QStringList());
    QVERIFY(other.waitForStarted());
    RunRecord record = recordOf({.perSecond = 50, .seconds = 5}, 1, now);
    record.partial = true;
    record.writer = thisWriter(now);
    record.writer.pid = other.processId();
    QVERIFY(other.waitForFinished());
    QVERIFY(store().save(record).ok());
    QCOMPARE(store().list(now).runs.first().state, RunState::Interrupted);
    QCOMPARE(store().load(record.id)->figures.all.requests, std::uint64_t{250});  // what was there by then is kept
    QVERIFY(store().setNote(record.id, QStringLiteral("power cut"), now).ok());
    QVERIFY(store().remove(record.id, now).ok());
  }

  void aFolderThatCannotBeWritten() {
    QVERIFY(put(m_dir->filePath(QStringLiteral("cachedeck")), "a file in its place"));
    const auto saved = store().save(recordOf({.seconds = 1}, 1));
    QVERIFY(!saved.ok());
    QVERIFY2(messageOf(saved).contains(m_dir->path()), qPrintable(messageOf(saved)));
  }
};

QTEST_GUILESS_MAIN(TestRunStore)
#include "tst_run_store.moc"
