// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_operation_log_support.h"

#include <QDateTime>
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::test;

/// The file of an operation as its writer and its readers see it.
class TestOperationLog : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->filePath(QStringLiteral("state/undo"));
  }
  void roundTrip();
  void keepsExtremeNumbers();
  void knowsBatchesWithoutImages();
  void isPrivate();
  void refusesWrongIds_data();
  void refusesWrongIds();
  void refusesASecondOfTheSameId();
  void refusesAWrongKeySize();
  void refusesLinksAndPipes();
  void saysWhatIsMissing();
  void opensForOneWriter();
  void goesOnAfterResume();
  void aBatchAfterTheEndOpensItAgain();
  void refusesResultsThatDoNotFit();
  void keepsTheCap();
  void countsTheCapAcrossResume();
  void hidesNamesAndValues();
  void readsWhileItIsWritten();
  void stopsWhenAsked();
  void listsNewestFirst();
  void prunesOldOnes();
  void prunesToATotal();
  void keepsWhatIsNotEnded();
  void keepsWhatIsInUseOrOthers();

 private:
  std::unique_ptr<OperationLog> make(const QString& id, qint64 cap = wide) const {
    auto log = OperationLog::create(m_folder, id, logKey(), {{QStringLiteral("name"), id}}, cap);
    return log ? std::move(*log) : nullptr;
  }
  /// An operation of one batch, ended or not, last written at `changedMs`.
  void store(const QString& id, bool ended, qint64 changedMs) const {
    auto log = make(id);
    QVERIFY(log);
    QVERIFY(log->addBatch(0, 6, imagesOf(0)).ok());
    if (ended) QVERIFY(log->addEnd({{QStringLiteral("outcome"), QStringLiteral("done")}}).ok());
    QVERIFY(log->sync().ok());
    const timespec times[2] = {{changedMs / 1000, 0}, {changedMs / 1000, 0}};
    QCOMPARE(utimensat(AT_FDCWD, QFile::encodeName(logPath(m_folder, id)).constData(), times, 0), 0);
  }
  Error::Kind kindOfRead(const QString& id) const {
    const auto read = readOperation(m_folder, id, logKey());
    return read ? Error::Kind::Cancelled : read.error().kind;
  }
  std::unique_ptr<QTemporaryDir> m_dir;
  QString m_folder;
};

namespace {
const QString id = QStringLiteral("20260101-120000-ab12");
constexpr qint64 day = 86'400'000;
}  // namespace

void TestOperationLog::roundTrip() {
  const QJsonObject plan{{QStringLiteral("selector"), QStringLiteral("user:*")}, {QStringLiteral("count"), 18}};
  const QJsonObject end{{QStringLiteral("outcome"), QStringLiteral("done")}};
  const QJsonObject undo{{QStringLiteral("restored"), 5}};
  {
    auto log = OperationLog::create(m_folder, id, logKey(), plan, wide);
    QVERIFY2(log.ok(), log ? "" : qPrintable(log.error().message));
    QCOMPARE((*log)->id(), id);
    for (qint64 batch = 0; batch < 3; ++batch) {
      const auto added = (*log)->addBatch(batch * 6, 6, imagesOf(batch));
      QVERIFY(added.ok());
      QCOMPARE(*added, batch);
      QVERIFY((*log)->sync().ok());
      if (batch != 1) QVERIFY((*log)->addResult({batch, 3, 1, 1, 1, {0, 5}}).ok());
    }
    QVERIFY((*log)->addEnd(end).ok());
    QVERIFY((*log)->addUndo(undo).ok());
    QVERIFY((*log)->sync().ok());
    QVERIFY((*log)->imageBytes() > 0);
  }
  const auto read = readOperation(m_folder, id, logKey());
  QVERIFY(read.ok());
  QCOMPARE(read->id, id);
  QCOMPARE(read->plan, plan);
  QVERIFY(read->end.has_value());
  QCOMPARE(*read->end, end);
  QCOMPARE(read->undos, QList<QJsonObject>{undo});
  QVERIFY(!read->torn);
  QCOMPARE(read->fileBytes, QFile(logPath(m_folder, id)).size());
  QCOMPARE(read->batches.size(), 3);
  QCOMPARE(read->batches[2].firstName, 12);
  QCOMPARE(read->batches[2].names, 6);
  QVERIFY(!read->batches[1].result.has_value());
  const BatchResult& result = *read->batches[2].result;
  QCOMPARE(result.batch, 2);
  QCOMPARE((QList<qint64>{result.done, result.gone, result.changed, result.refused}), (QList<qint64>{3, 1, 1, 1}));
  QCOMPARE(result.notDone, (std::vector<std::uint32_t>{0, 5}));

  qint64 next = 0;
  QVERIFY(readImages(m_folder, id, logKey(), [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
            const bool fits = batch.batch == next && batch.result.has_value() == (batch.batch != 1) && areImagesOf(batch.batch, images);
            ++next;
            return fits;
          }).ok());
  QCOMPARE(next, 3);
}

void TestOperationLog::keepsExtremeNumbers() {
  constexpr qint64 most = std::numeric_limits<qint64>::max(), least = std::numeric_limits<qint64>::min();
  const std::vector<KeyImage> images{{QByteArray(), QByteArray(), most, most, most}, {"a", "b", least, least, least}, {"c", "d", 0, 0, 0}};
  {
    const auto log = make(id);
    QVERIFY(log->addBatch(most, most, images).ok());
    QVERIFY(log->addResult({0, most, 0, most, 0, {}}).ok());
  }
  bool seen = false;
  QVERIFY(readImages(m_folder, id, logKey(), [&](const LoggedBatch& batch, std::span<const KeyImage> found) {
            seen = batch.firstName == most && batch.names == most && batch.result->done == most && found.size() == 3 && sameImage(found[0], images[0]) &&
                   sameImage(found[1], images[1]) && sameImage(found[2], images[2]);
            return true;
          }).ok());
  QVERIFY(seen);
}

void TestOperationLog::knowsBatchesWithoutImages() {
  {
    const auto log = make(id, 0);
    QVERIFY(log->addBatch(0, 500, {}).ok());
    QVERIFY(log->addResult({0, 499, 1, 0, 0, {499}}).ok());
    QCOMPARE(log->imageBytes(), 0);
  }
  const auto read = readOperation(m_folder, id, logKey());
  QCOMPARE(read->batches.size(), 1);
  QVERIFY(!read->batches[0].hasImages);
  QCOMPARE(read->batches[0].names, 500);
  int visits = 0;
  QVERIFY(readImages(m_folder, id, logKey(), [&](const auto&, auto) { return ++visits > 0; }).ok());
  QCOMPARE(visits, 0);
}

void TestOperationLog::isPrivate() {
  QVERIFY(QDir().mkpath(m_folder));
  QCOMPARE(chmod(QFile::encodeName(m_folder).constData(), 0755), 0);
  QVERIFY(make(id));
  struct stat found {};
  QCOMPARE(stat(QFile::encodeName(m_folder).constData(), &found), 0);
  QCOMPARE(found.st_mode & 07777u, 0700u);
  QCOMPARE(stat(QFile::encodeName(logPath(m_folder, id)).constData(), &found), 0);
  QCOMPARE(found.st_mode & 07777u, 0600u);
}

void TestOperationLog::refusesWrongIds_data() {
  QTest::addColumn<QString>("wrong");
  for (const char* wrong : {"", "../x", "a/b", "A", "a.b", "a b", "\xc3\xa4", "a\n"}) QTest::addRow("%s", wrong) << QString::fromUtf8(wrong);
  QTest::addRow("long") << QString(65, QLatin1Char('a'));
}

void TestOperationLog::refusesWrongIds() {
  QFETCH(QString, wrong);
  const auto made = OperationLog::create(m_folder, wrong, logKey(), {}, wide);
  QVERIFY(!made.ok());
  QCOMPARE(made.error().kind, Error::Kind::Usage);
  QVERIFY(!QFileInfo::exists(m_folder));
  QCOMPARE(kindOfRead(wrong), Error::Kind::Usage);
  QCOMPARE(OperationLog::resume(m_folder, wrong, logKey(), wide).error().kind, Error::Kind::Usage);
}

void TestOperationLog::refusesASecondOfTheSameId() {
  QVERIFY(make(id));
  const QByteArray before = readAll(logPath(m_folder, id));
  const auto again = OperationLog::create(m_folder, id, logKey(), {}, wide);
  QCOMPARE(again.error().kind, Error::Kind::Usage);
  QCOMPARE(readAll(logPath(m_folder, id)), before);
}

void TestOperationLog::refusesAWrongKeySize() {
  const auto made = OperationLog::create(m_folder, id, Secret::fromString(QStringLiteral("short")), {}, wide);
  QCOMPARE(made.error().kind, Error::Kind::Usage);
  QVERIFY(!made.error().message.contains(QStringLiteral("short")));
  QVERIFY(!QFileInfo::exists(logPath(m_folder, id)));
}

void TestOperationLog::refusesLinksAndPipes() {
  QVERIFY(make(id));
  const QString link = QStringLiteral("link"), pipe = QStringLiteral("pipe"), folder = QStringLiteral("folder");
  QVERIFY(QFile::link(logPath(m_folder, id), logPath(m_folder, link)));
  QCOMPARE(mkfifo(QFile::encodeName(logPath(m_folder, pipe)).constData(), 0600), 0);
  QVERIFY(QDir(m_folder).mkdir(QStringLiteral("folder.cdop")));
  for (const QString& other : {link, pipe, folder}) {
    QCOMPARE(kindOfRead(other), Error::Kind::Usage);
    QVERIFY(!OperationLog::resume(m_folder, other, logKey(), wide).ok());
    QVERIFY(!OperationLog::create(m_folder, other, logKey(), {}, wide).ok());
  }
  QCOMPARE(listOperations(m_folder), QStringList{id});
}

void TestOperationLog::saysWhatIsMissing() {
  QCOMPARE(kindOfRead(id), Error::Kind::NotFound);
  QVERIFY(make(QStringLiteral("other")));
  QCOMPARE(kindOfRead(id), Error::Kind::NotFound);
  QCOMPARE(OperationLog::resume(m_folder, id, logKey(), wide).error().kind, Error::Kind::NotFound);
  QVERIFY(readOperation(m_folder, id, logKey()).error().message.contains(id));
  QVERIFY(listOperations(m_dir->filePath(QStringLiteral("nowhere"))).isEmpty());
  QVERIFY(pruneOperations(m_dir->filePath(QStringLiteral("nowhere")), logKey(), 0, 0, 0).isEmpty());
}

void TestOperationLog::opensForOneWriter() {
  auto log = make(id);
  const auto second = OperationLog::resume(m_folder, id, logKey(), wide);
  QCOMPARE(second.error().kind, Error::Kind::Busy);
  QVERIFY(readOperation(m_folder, id, logKey()).ok());
  log.reset();
  QVERIFY(OperationLog::resume(m_folder, id, logKey(), wide).ok());
}

void TestOperationLog::goesOnAfterResume() {
  qint64 imageBytes = 0;
  for (qint64 batch = 0; batch < 4; ++batch) {
    auto log = batch == 0 ? OperationLog::create(m_folder, id, logKey(), {}, wide) : OperationLog::resume(m_folder, id, logKey(), wide);
    QVERIFY(log.ok());
    QCOMPARE((*log)->imageBytes(), imageBytes);
    QCOMPARE(*(*log)->addBatch(batch * 6, 6, imagesOf(batch)), batch);
    if (batch > 0) QVERIFY((*log)->addResult({batch - 1, 6, 0, 0, 0, {}}).ok());
    QVERIFY((*log)->sync().ok());
    imageBytes = (*log)->imageBytes();
  }
  const auto read = readOperation(m_folder, id, logKey());
  QVERIFY(read.ok());
  QCOMPARE(read->batches.size(), 4);
  for (qint64 batch = 0; batch < 4; ++batch) QCOMPARE(read->batches[batch].result.has_value(), batch < 3);
}

void TestOperationLog::aBatchAfterTheEndOpensItAgain() {
  const auto log = make(id);
  QVERIFY(log->addEnd({{QStringLiteral("outcome"), QStringLiteral("cancelled")}}).ok());
  QVERIFY(log->addUndo({}).ok());
  QVERIFY(readOperation(m_folder, id, logKey())->end.has_value());
  QVERIFY(log->addBatch(0, 6, imagesOf(0)).ok());
  QVERIFY(!readOperation(m_folder, id, logKey())->end.has_value());
  QVERIFY(log->addEnd({{QStringLiteral("outcome"), QStringLiteral("done")}}).ok());
  QCOMPARE(readOperation(m_folder, id, logKey())->end->value(QLatin1String("outcome")).toString(), QStringLiteral("done"));
}

void TestOperationLog::refusesResultsThatDoNotFit() {
  const auto log = make(id);
  QCOMPARE(log->addBatch(-1, 6, {}).error().kind, Error::Kind::Usage);
  QCOMPARE(log->addBatch(0, -6, {}).error().kind, Error::Kind::Usage);
  QCOMPARE(log->addResult({0, 0, 0, 0, 0, {}}).error().kind, Error::Kind::Usage);
  QVERIFY(log->addBatch(0, 8, imagesOf(0)).ok());
  QCOMPARE(log->addResult({0, 0, 0, 0, 0, {6}}).error().kind, Error::Kind::Usage);
  QCOMPARE(log->addResult({-1, 0, 0, 0, 0, {}}).error().kind, Error::Kind::Usage);
  QCOMPARE(log->addResult({0, -1, 0, 0, 0, {}}).error().kind, Error::Kind::Usage);
  QVERIFY(log->addResult({0, 1, 0, 0, 0, {0, 1, 2, 3, 4}}).ok());
  QVERIFY(log->addResult({0, 6, 0, 0, 0, {}}).ok());  // resumed: the later one counts
  const auto read = readOperation(m_folder, id, logKey());
  QVERIFY(read.ok());
  QCOMPARE(read->batches.size(), 1);
  QCOMPARE(read->batches[0].result->done, 6);
  QVERIFY(read->batches[0].result->notDone.empty());
}

void TestOperationLog::keepsTheCap() {
  qint64 one = 0;
  {
    const auto log = make(QStringLiteral("measure"));
    QVERIFY(log->addBatch(0, 6, imagesOf(0)).ok());
    one = log->imageBytes();
  }
  const auto log = make(id, one * 2);
  QVERIFY(log->addBatch(0, 6, imagesOf(0)).ok());
  QVERIFY(log->addBatch(6, 6, imagesOf(1)).ok());
  const QByteArray before = readAll(logPath(m_folder, id));
  const auto over = log->addBatch(12, 6, imagesOf(2));
  QCOMPARE(over.error().kind, Error::Kind::Busy);
  const QString message = over.error().message;
  for (const QString& said : {QString::number(one * 3), QString::number(one * 2), QStringLiteral("Nothing further was deleted"), id})
    QVERIFY2(message.contains(said), qPrintable(message));
  QCOMPARE(readAll(logPath(m_folder, id)), before);
  QCOMPARE(log->imageBytes(), one * 2);
  QVERIFY(log->addResult({1, 6, 0, 0, 0, {}}).ok());  // what was begun can still be written
  QCOMPARE(*log->addBatch(12, 6, {}), 2);
  QVERIFY(log->addEnd({}).ok());
  QCOMPARE(readOperation(m_folder, id, logKey())->batches.size(), 3);
}

void TestOperationLog::countsTheCapAcrossResume() {
  qint64 one = 0;
  {
    const auto log = make(id);
    QVERIFY(log->addBatch(0, 6, imagesOf(0)).ok());
    one = log->imageBytes();
  }
  QCOMPARE((*OperationLog::resume(m_folder, id, logKey(), one * 2 - 1))->addBatch(6, 6, imagesOf(1)).error().kind, Error::Kind::Busy);
  QVERIFY((*OperationLog::resume(m_folder, id, logKey(), one * 2))->addBatch(6, 6, imagesOf(1)).ok());
}

void TestOperationLog::hidesNamesAndValues() {
  const QByteArray canary("canary-of-the-key-and-its-value");
  const std::vector<KeyImage> images{{canary + ":name", canary + ":dump"}};
  const auto log = OperationLog::create(m_folder, id, logKey(), {{QStringLiteral("selector"), QString::fromLatin1(canary)}}, wide);
  QVERIFY((*log)->addBatch(0, 1, images).ok());
  const QByteArray bytes = readAll(logPath(m_folder, id));
  QVERIFY(!bytes.isEmpty());
  QVERIFY(!bytes.contains("canary"));
}

void TestOperationLog::readsWhileItIsWritten() {
  const auto log = make(id);
  for (qint64 batch = 0; batch < 20; ++batch) {
    QVERIFY(log->addBatch(batch * 6, 6, imagesOf(batch)).ok());
    const auto read = readOperation(m_folder, id, logKey());
    QVERIFY(read.ok());
    QCOMPARE(read->batches.size(), batch + 1);
  }
}

void TestOperationLog::stopsWhenAsked() {
  const auto log = make(id);
  for (qint64 batch = 0; batch < 5; ++batch) QVERIFY(log->addBatch(batch * 6, 6, imagesOf(batch)).ok());
  int visits = 0;
  QVERIFY(readImages(m_folder, id, logKey(), [&](const auto&, auto) { return ++visits < 2; }).ok());
  QCOMPARE(visits, 2);
}

void TestOperationLog::listsNewestFirst() {
  const QStringList made{QStringLiteral("m"), QStringLiteral("z"), QStringLiteral("a"), QStringLiteral("b")};
  const QList<qint64> created{1000, 3000, 4000, 4000};
  for (qsizetype i = 0; i < made.size(); ++i) {
    QVERIFY(make(made[i]));
    QByteArray bytes = readAll(logPath(m_folder, made[i]));
    qToLittleEndian(created[i], bytes.data() + 6);
    QVERIFY(writeAll(logPath(m_folder, made[i]), bytes));
  }
  QVERIFY(writeAll(m_folder + QStringLiteral("/notes.txt"), "x"));
  QVERIFY(writeAll(m_folder + QStringLiteral("/Wrong Name.cdop"), "x"));
  QCOMPARE(listOperations(m_folder), (QStringList{QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("z"), QStringLiteral("m")}));
}

void TestOperationLog::prunesOldOnes() {
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  store(QStringLiteral("old"), true, now - 3 * day);
  store(QStringLiteral("young"), true, now - day / 2);
  QVERIFY(pruneOperations(m_folder, logKey('x'), now, day, wide).isEmpty());  // of another key: nobody knows whether it is ended
  QCOMPARE(pruneOperations(m_folder, logKey(), now, day, wide), QStringList{QStringLiteral("old")});
  QCOMPARE(listOperations(m_folder), QStringList{QStringLiteral("young")});
  QVERIFY(pruneOperations(m_folder, logKey(), now, day, wide).isEmpty());
}

void TestOperationLog::prunesToATotal() {
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  for (const char* name : {"a", "b", "c", "d"}) store(QLatin1String(name), true, now);
  const qint64 one = QFile(logPath(m_folder, QStringLiteral("a"))).size();
  const QStringList order = listOperations(m_folder);
  QVERIFY(pruneOperations(m_folder, logKey(), now, day, one * 4).isEmpty());
  QCOMPARE(pruneOperations(m_folder, logKey(), now, day, one * 3 - 1), (QStringList{order[3], order[2]}));
  QCOMPARE(listOperations(m_folder), order.first(2));
}

/// Runs that were interrupted once stayed for ever, with all their images. What can be resumed stays for a day.
void TestOperationLog::keepsWhatIsNotEnded() {
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  store(QStringLiteral("forgotten"), false, now - 2 * day);
  store(QStringLiteral("running"), false, now - day / 4);
  store(QStringLiteral("undone"), false, now - day / 4);
  QVERIFY((*OperationLog::resume(m_folder, QStringLiteral("undone"), logKey(), wide))->addUndo({{QStringLiteral("outcome"), QStringLiteral("done")}}).ok());
  store(QStringLiteral("half"), false, now - day / 4);
  QVERIFY((*OperationLog::resume(m_folder, QStringLiteral("half"), logKey(), wide))->addUndo({{QStringLiteral("outcome"), QStringLiteral("failed")}}).ok());
  QCOMPARE(pruneOperations(m_folder, logKey(), now, day, 0), (QStringList{QStringLiteral("forgotten"), QStringLiteral("undone")}));
  QCOMPARE(listOperations(m_folder).size(), 2);
  QVERIFY(operationBytes(m_folder) > 0);
}

void TestOperationLog::keepsWhatIsInUseOrOthers() {
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  store(QStringLiteral("open"), true, now - 30 * day);
  store(QStringLiteral("damaged"), true, now - 30 * day);
  QByteArray bytes = readAll(logPath(m_folder, QStringLiteral("damaged")));
  bytes[60] = static_cast<char>(bytes[60] ^ 1);  // its plan
  QVERIFY(writeAll(logPath(m_folder, QStringLiteral("damaged")), bytes));
  auto writer = OperationLog::resume(m_folder, QStringLiteral("open"), logKey(), wide);
  QVERIFY(writer.ok());
  QVERIFY(pruneOperations(m_folder, logKey(), now + day, day / 2, 0).isEmpty());
  *writer = nullptr;
  QCOMPARE(pruneOperations(m_folder, logKey(), now + day, day / 2, 0), QStringList{QStringLiteral("open")});
  QCOMPARE(listOperations(m_folder).size(), 1);
}

QTEST_GUILESS_MAIN(TestOperationLog)
#include "tst_operation_log.moc"
