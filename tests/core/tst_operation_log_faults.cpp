// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_file.h"
#include "tests/core/tst_operation_log_support.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cerrno>
#include <chrono>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;

/// A writing process that is killed, or whose disk is full.
class TestOperationLogFaults : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void killedAnywhere();
  void fullAnywhere();
  void noRoomForThePlan();
  void saysWhatToTry();

 private:
  QTemporaryDir m_dir;
  QRandomGenerator m_random{4};
};

void TestOperationLogFaults::killedAnywhere() {
  for (int round = 0; round < 30; ++round) {
    const QString id = QStringLiteral("kill-%1").arg(round);
    QProcess writer;
    writer.start(QStringLiteral(OPERATION_LOG_WRITER), {m_dir.path(), id});
    QVERIFY(writer.waitForStarted());
    // Some batches, then somewhere in the next ones.
    const auto lines = static_cast<qsizetype>(1 + m_random.bounded(20));
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((writer.waitForReadyRead(10), said += writer.readAllStandardOutput(), said.count('\n') >= lines), 60000);
    QCOMPARE(OperationLog::resume(m_dir.path(), id, logKey(), wide).error().kind, Error::Kind::Busy);
    QVERIFY(readOperation(m_dir.path(), id, logKey()).ok());
    std::this_thread::sleep_for(std::chrono::microseconds(m_random.bounded(5000)));
    writer.kill();
    QVERIFY(writer.waitForFinished(30'000));
    said += writer.readAllStandardOutput();

    const auto read = readOperation(m_dir.path(), id, logKey());
    QVERIFY2(read.ok(), read ? "" : qPrintable(read.error().message));
    QVERIFY(read->batches.size() >= said.count('\n'));  // what was said to be durable is there
    for (qsizetype i = 0; i + 1 < said.count('\n'); ++i) QVERIFY(read->batches[i].result.has_value());
    qint64 next = 0;
    QVERIFY(readImages(m_dir.path(), id, logKey(), [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
              return batch.batch == next++ && areImagesOf(batch.batch, images);
            }).ok());
    QCOMPARE(next, read->batches.size());
    auto log = OperationLog::resume(m_dir.path(), id, logKey(), wide);
    QVERIFY(log.ok());
    QCOMPARE(*(*log)->addBatch(next * 6, 6, imagesOf(next)), next);
    QVERIFY(!readOperation(m_dir.path(), id, logKey())->torn);
  }
}

void TestOperationLogFaults::fullAnywhere() {
  for (int round = 0; round < 12; ++round) {
    const QString id = QStringLiteral("full-%1").arg(round);
    QProcess writer;
    writer.start(QStringLiteral(OPERATION_LOG_WRITER), {m_dir.path(), id, QString::number(20'000 + m_random.bounded(200'000))});
    QVERIFY(writer.waitForFinished(60'000));
    const QString said = QString::fromUtf8(writer.readAllStandardOutput());
    QCOMPARE(writer.exitCode(), 0);
    QVERIFY2(said.contains(QStringLiteral("io: ")) && said.contains(QStringLiteral("Nothing further was deleted or changed")), qPrintable(said));
    const auto read = readOperation(m_dir.path(), id, logKey());
    QVERIFY(read.ok() && !read->torn);
    qint64 next = 0;
    QVERIFY(readImages(m_dir.path(), id, logKey(), [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
              return batch.batch == next++ && areImagesOf(batch.batch, images);
            }).ok());
    QCOMPARE(next, read->batches.size());
    QVERIFY(next >= 3);
  }
}

void TestOperationLogFaults::noRoomForThePlan() {
  QProcess writer;
  writer.start(QStringLiteral(OPERATION_LOG_WRITER), {m_dir.path(), QStringLiteral("none"), QStringLiteral("20")});
  QVERIFY(writer.waitForFinished(60'000));
  QCOMPARE(writer.exitCode(), 3);
  QVERIFY(!QFileInfo::exists(logPath(m_dir.path(), QStringLiteral("none"))));
}

void TestOperationLogFaults::saysWhatToTry() {
  QStringList messages;
  for (const int error : {ENOSPC, EDQUOT, EFBIG, EIO, EROFS}) {
    const Error said = oplog::cannotWrite(QStringLiteral("/x/op.cdop"), error);
    QVERIFY2(said.message.startsWith(QStringLiteral("/x/op.cdop could not be written: ")), qPrintable(said.message));
    QVERIFY2(said.message.contains(QStringLiteral(". Nothing further was deleted or changed; ")), qPrintable(said.message));
    QCOMPARE(said.kind, error == EROFS ? Error::Kind::Permission : Error::Kind::Io);
    messages.append(said.message);
  }
  QVERIFY(messages[0].contains(QStringLiteral("full")) && messages[0].contains(QStringLiteral("free some space")));
  QCOMPARE(messages.removeDuplicates(), 0);
}

QTEST_GUILESS_MAIN(TestOperationLogFaults)
#include "tst_operation_log_faults.moc"
