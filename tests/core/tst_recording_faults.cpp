// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_session.h"
#include "tests/core/tst_recording_support.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <chrono>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = RecorderState::Kind;

/// A recording process that is killed or whose disk is full; a file that is damaged, newer, somebody else's, or in use.
class TestRecordingFaults : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }
  void killedAnywhere();
  void fullAnywhere();
  void secondWriter();
  void noDatabaseAtAll();
  void damagedBelow();
  void damagedUnderOurHands();
  void newerFormat();
  void somebodyElsesFile();
  void symbolicLink();
  void tooManyWait();

 private:
  RecordingPlace place() const { return placeIn(m_dir->path()); }
  QStringList setAside() const { return QDir(QFileInfo(place().file).path()).entryList({QStringLiteral("*.damaged-*")}, QDir::Files); }
  bool fill(qint64 rows) {
    auto store = RecordingStore::open(place(), {}, dayStart);
    return store && (*store)->append(rowsOf(0, rows, 40)).ok();
  }
  bool overwrite(qint64 at, const QByteArray& bytes) {
    QFile file(place().file);
    return file.open(QIODevice::ReadWrite) && file.seek(at) && file.write(bytes) == bytes.size();
  }
  std::unique_ptr<QTemporaryDir> m_dir;
  QRandomGenerator m_random{4};
};

void TestRecordingFaults::killedAnywhere() {
  qint64 there = 0;
  for (int round = 0; round < 12; ++round) {
    QProcess writer;
    writer.start(QStringLiteral(RECORDING_WRITER), {m_dir->path()});
    QVERIFY(writer.waitForStarted());
    const auto lines = static_cast<qsizetype>(1 + m_random.bounded(20));
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((writer.waitForReadyRead(10), said += writer.readAllStandardOutput(), said.count('\n') >= lines), 60000);
    std::this_thread::sleep_for(std::chrono::microseconds(m_random.bounded(5000)));
    writer.kill();
    QVERIFY(writer.waitForFinished(30'000));
    said += writer.readAllStandardOutput();
    const qint64 committed = said.left(said.lastIndexOf('\n')).split('\n').last().toLongLong();
    QVERIFY(committed > there);

    const auto info = recordingInfo(place().file);
    QVERIFY2(info.ok(), info ? "" : qPrintable(info.error().message));
    QVERIFY(info->rows >= committed && info->rows % 40 == 0);  // what was said to be committed is there, and no half of a commit
    QVERIFY(!info->isBeingWritten);
    auto read = readDay(place().file);
    QVERIFY(read.ok());
    auto& group = read->front();
    qint64 rows = 0;
    for (size_t i = 0; i < group.timesMs.size(); ++i) {
      if (std::isnan(group.columns[0].values[i])) continue;  // between two processes
      QCOMPARE(group.timesMs[i], dayStart + rows * 1000);
      for (int column = 0; column < 40; ++column) QCOMPARE(static_cast<double>(group.columns[static_cast<size_t>(column)].values[i]), valueOf(rows, column));
      ++rows;
    }
    QCOMPARE(rows, info->rows);
    there = info->rows;
  }
  QVERIFY(setAside().isEmpty());
}

void TestRecordingFaults::fullAnywhere() {
  for (int round = 0; round < 8; ++round) {
    QTemporaryDir folder;
    QProcess writer;
    writer.start(QStringLiteral(RECORDING_WRITER), {folder.path(), QString::number(200'000 + m_random.bounded(6'000'000))});
    QVERIFY(writer.waitForFinished(60'000));
    const QString said = QString::fromUtf8(writer.readAllStandardOutput());
    QVERIFY2(writer.exitCode() == 0, qPrintable(QString::number(writer.exitCode()) + said));
    QVERIFY2(said.contains(QStringLiteral("Make room on that disk")), qPrintable(said));
    const auto read = readDay(placeIn(folder.path()).file);
    QVERIFY(read.ok());
    QVERIFY(holdsRows(read->front(), 0, said.trimmed().section(QLatin1Char('\n'), -1).toLongLong()));
  }
}

void TestRecordingFaults::secondWriter() {
  RecordingSession first(place(), {});
  first.put(rowOf(0));
  QCOMPARE(first.commit(dayStart).kind, Kind::Recording);
  RecordingSession second(place(), {});
  second.put(rowOf(1));
  const RecorderState state = second.commit(dayStart);
  QCOMPARE(state.kind, Kind::Paused);
  QCOMPARE(state.error->kind, Error::Kind::Busy);
  QVERIFY2(state.error->message.contains(QStringLiteral("process %1").arg(QCoreApplication::applicationPid())), qPrintable(state.error->message));
  QProcess writer;
  writer.start(QStringLiteral(RECORDING_WRITER), {m_dir->path()});
  QVERIFY(writer.waitForFinished(30'000));
  QCOMPARE(writer.exitCode(), 4);
  QCOMPARE(readDay(place().file)->front().timesMs.size(), size_t{1});
  // When the first one has ended the second one goes on, with what comes from now on.
  first.finish(dayStart);
  second.put(rowOf(2));
  QCOMPARE(second.commit(dayStart).kind, Kind::Recording);
  QVERIFY(std::ranges::count_if(readDay(place().file)->front().columns[0].values, [](float value) { return !std::isnan(value); }) == 2);
}

void TestRecordingFaults::noDatabaseAtAll() {
  QVERIFY(QDir().mkpath(QFileInfo(place().file).path()));
  {
    QFile file(place().file);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(10'000, 'x')) == 10'000);
  }
  RecordingSession session(place(), {});
  session.put(rowOf(0));
  const RecorderState state = session.commit(dayStart);
  QCOMPARE(state.kind, Kind::Recording);
  QVERIFY2(state.notice.contains(QStringLiteral("damaged")) && state.notice.contains(QStringLiteral("a new recording was begun")), qPrintable(state.notice));
  QCOMPARE(setAside().size(), 1);
  QCOMPARE(QFileInfo(QFileInfo(place().file).path() + QLatin1Char('/') + setAside().first()).size(), 10'000);
  QVERIFY(holdsRows(readDay(place().file)->front(), 0, 1));
}

// A page in the middle holds rubbish. After an end that was no clean one it is found at the start.
void TestRecordingFaults::damagedBelow() {
  QVERIFY(fill(2000));
  {
    auto file = SqliteFile::open(place().file, SqliteFile::Mode::Write);
    QVERIFY((*file)->run(QStringLiteral("UPDATE facts SET value = 1 WHERE name = 'open'")).ok());
  }
  QVERIFY(overwrite(20 * 4096, QByteArray(4096, '\xff')));
  QCOMPARE(readDay(place().file).error().kind, Error::Kind::Protocol);
  RecordingSession session(place(), {});
  session.put(rowOf(0));
  RecorderState state = session.commit(dayStart);
  QCOMPARE(state.kind, Kind::Recording);
  QVERIFY(state.notice.contains(setAside().first()));
  QCOMPARE(state.rows, 1);
  // A second one takes the first one's place, so that they do not fill the disk.
  const QString earlier = setAside().first();
  session.finish(dayStart);
  QVERIFY(overwrite(0, QByteArray(100, 'x')));
  RecordingSession again(place(), {});
  QCOMPARE(again.commit(dayStart + 60'000).kind, Kind::Recording);
  QCOMPARE(setAside().size(), 1);
  QVERIFY(setAside().first() != earlier);
}

void TestRecordingFaults::damagedUnderOurHands() {
  QVERIFY(fill(2000));
  RecordingSession session(place(), {});
  QCOMPARE(session.commit(dayStart).kind, Kind::Recording);
  // Every page below the first one, the last leaf among them, to which the next row goes.
  QVERIFY(overwrite(4096, QByteArray(static_cast<qsizetype>(QFileInfo(place().file).size() - 4096), '\xff')));
  session.put(rowOf(2000));
  RecorderState state = session.commit(dayStart + 2'000'000);
  QCOMPARE(state.kind, Kind::Recording);
  QVERIFY(state.notice.contains(QStringLiteral("damaged")));
  QVERIFY(holdsRows(readDay(place().file)->front(), 2000, 1));
  QCOMPARE(setAside().size(), 1);
}

void TestRecordingFaults::newerFormat() {
  QVERIFY(fill(10));
  {
    auto file = SqliteFile::open(place().file, SqliteFile::Mode::Write);
    QVERIFY((*file)->run(QStringLiteral("PRAGMA user_version = 2")).ok());
  }
  RecordingSession session(place(), {});
  session.put(rowOf(10));
  const RecorderState state = session.commit(dayStart);
  QCOMPARE(state.kind, Kind::Failed);
  QVERIFY2(state.error->message.contains(QStringLiteral("newer version")) && state.error->message.contains(QStringLiteral("format 2")), qPrintable(state.error->message));
  QCOMPARE(readDay(place().file).error().kind, Error::Kind::Usage);
  QVERIFY(listRecordings(QFileInfo(place().file).path())->first().problem.contains(QStringLiteral("newer")));
  QVERIFY(setAside().isEmpty());
}

void TestRecordingFaults::somebodyElsesFile() {
  RecordingPlace other = place();
  other.isOwn = false;
  other.file = m_dir->filePath(QStringLiteral("notes.txt"));
  QFile notes(other.file);
  QVERIFY(notes.open(QIODevice::WriteOnly) && notes.write("Buy milk\n") == 9);
  notes.close();
  const auto refused = RecordingStore::open(other, {}, dayStart);
  QCOMPARE(refused.error().kind, Error::Kind::Usage);
  QVERIFY(notes.open(QIODevice::ReadOnly));
  QCOMPARE(notes.readAll(), QByteArray("Buy milk\n"));
  // A database of another program, also under a name of ours.
  QVERIFY(QDir().mkpath(QFileInfo(place().file).path()));
  {
    QFile empty(place().file);
    QVERIFY(empty.open(QIODevice::WriteOnly));
    auto file = SqliteFile::open(place().file, SqliteFile::Mode::Write);
    QVERIFY((*file)->run(QStringLiteral("CREATE TABLE theirs(a)")).ok());
  }
  QCOMPARE(RecordingStore::open(place(), {}, dayStart).error().kind, Error::Kind::Usage);
  QVERIFY(setAside().isEmpty());
}

void TestRecordingFaults::symbolicLink() {
  QVERIFY(QDir().mkpath(QFileInfo(place().file).path()));
  QVERIFY(QFile::link(m_dir->filePath(QStringLiteral("elsewhere")), place().file));
  QCOMPARE(RecordingStore::open(place(), {}, dayStart).error().kind, Error::Kind::Permission);
  QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("elsewhere"))));
}

// While the file cannot be written memory does not grow; what was given up is counted, and the line breaks there.
void TestRecordingFaults::tooManyWait() {
  const auto held = RecordingStore::open(place(), {}, dayStart);
  RecordingSession session(place(), {});
  for (qint64 row = 0; row < 20'000; ++row) session.put(rowOf(row));
  const RecorderState state = session.commit(dayStart);
  QCOMPARE(state.kind, Kind::Paused);
  QCOMPARE(state.lost, 20'000 - 4096);
}

QTEST_GUILESS_MAIN(TestRecordingFaults)
#include "tst_recording_faults.moc"
