// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_operation_log_support.h"

#include <QDir>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>

using namespace cachedeck;
using namespace cachedeck::test;

/// Files that were cut, flipped, re-ordered or brought from elsewhere: whatever is read is what was written, or an error says so.
class TestOperationLogDamage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void everyPrefixIsWhole();
  void goesOnBehindATornTail();
  void flippedBits();
  void flippedHead();
  void overwrittenPieces();
  void recordsTakenElsewhere();
  void recordsOfAnotherFile();
  void anotherKeyOrName();
  void foreignFiles();
  void tailsOfAPowerCut();

 private:
  struct Seen {
    Result<OperationSummary> summary;
    Result<void> images;
    qsizetype batches = 0;  ///< visited
    bool right = true;      ///< each of them as it was written
  };
  /// Puts the bytes in place of the operation's file and reads them both ways.
  Seen look(const QByteArray& bytes, const QString& id = QStringLiteral("op")) const;
  QString path() const { return logPath(m_other, QStringLiteral("op")); }
  static qsizetype wholeRecords(const std::vector<qsizetype>& starts, qsizetype size) {
    return std::upper_bound(starts.begin(), starts.end(), size) - starts.begin() - 1;
  }
  static QByteArray reordered(const QByteArray& bytes, const std::vector<qsizetype>& order);

  QTemporaryDir m_dir;
  QString m_folder, m_other;
  QByteArray m_whole;                 ///< the file
  std::vector<qsizetype> m_starts;    ///< of its records
  std::vector<qsizetype> m_batchesUpTo;  ///< batches with images in its first n records
  QRandomGenerator m_random{20260101};
};

void TestOperationLogDamage::initTestCase() {
  m_folder = m_dir.filePath(QStringLiteral("whole"));
  m_other = m_dir.filePath(QStringLiteral("damaged"));
  QVERIFY(QDir().mkpath(m_other));
  const auto log = OperationLog::create(m_folder, QStringLiteral("op"), logKey(), {{QStringLiteral("selector"), QStringLiteral("*")}}, wide);
  QVERIFY(log.ok());
  m_batchesUpTo = {0, 0};
  for (qint64 batch = 0; batch < 12; ++batch) {
    QVERIFY((*log)->addBatch(batch * 6, 6, imagesOf(batch)).ok());
    QVERIFY((*log)->addResult({batch, 6, 0, 0, 0, {1, 2}}).ok());
    m_batchesUpTo.insert(m_batchesUpTo.end(), 2, static_cast<qsizetype>(batch) + 1);
  }
  QVERIFY((*log)->addEnd({{QStringLiteral("outcome"), QStringLiteral("done")}}).ok());
  QVERIFY((*log)->addUndo({{QStringLiteral("restored"), 1}}).ok());
  m_batchesUpTo.insert(m_batchesUpTo.end(), 2, 12);
  m_whole = readAll(logPath(m_folder, QStringLiteral("op")));
  m_starts = recordStarts(m_whole);
  QCOMPARE(m_starts.back(), m_whole.size());
  QCOMPARE(m_starts.size(), m_batchesUpTo.size());
}

TestOperationLogDamage::Seen TestOperationLogDamage::look(const QByteArray& bytes, const QString& id) const {
  if (!writeAll(logPath(m_other, id), bytes)) qFatal("the test's file could not be written");
  Seen seen{readOperation(m_other, id, logKey()), {}, 0, true};
  seen.images = readImages(m_other, id, logKey(), [&seen](const LoggedBatch& batch, std::span<const KeyImage> images) {
    seen.right = seen.right && batch.batch == seen.batches && batch.firstName == batch.batch * 6 && areImagesOf(batch.batch, images);
    if (batch.result) seen.right = seen.right && batch.result->done == 6 && batch.result->notDone == std::vector<std::uint32_t>{1, 2};
    ++seen.batches;
    return true;
  });
  return seen;
}

void TestOperationLogDamage::everyPrefixIsWhole() {
  std::vector<qsizetype> cuts{0, 1, 6, 13, 14, m_whole.size()};
  cuts.insert(cuts.end(), m_starts.begin(), m_starts.end());
  while (cuts.size() < 1000) cuts.push_back(static_cast<qsizetype>(m_random.bounded(static_cast<quint32>(m_whole.size()))));
  for (const qsizetype cut : cuts) {
    const Seen seen = look(m_whole.first(cut));
    QVERIFY2(seen.summary.ok() && seen.images.ok(), qPrintable(QString::number(cut)));
    const bool boundary = std::binary_search(m_starts.begin(), m_starts.end(), cut);
    QCOMPARE(seen.summary->torn, !boundary);
    const qsizetype records = cut < 14 ? 0 : wholeRecords(m_starts, cut);
    QCOMPARE(seen.batches, m_batchesUpTo[static_cast<size_t>(records)]);
    QCOMPARE(seen.summary->batches.size(), seen.batches);
    QVERIFY(seen.right);
    QCOMPARE(seen.summary->end.has_value(), records >= 26);
    QCOMPARE(seen.summary->undos.size(), records >= 27 ? 1 : 0);
  }
}

void TestOperationLogDamage::goesOnBehindATornTail() {
  for (int i = 0; i < 100; ++i) {
    const auto cut = static_cast<qsizetype>(m_random.bounded(static_cast<quint32>(m_whole.size())));
    const Seen before = look(m_whole.first(cut));
    auto log = OperationLog::resume(m_other, QStringLiteral("op"), logKey(), wide);
    if (cut < m_starts[1]) {
      QCOMPARE(log.error().kind, Error::Kind::Usage);  // no plan: nothing was begun
      continue;
    }
    QVERIFY(log.ok());
    QCOMPARE(readAll(path()), m_whole.first(m_starts[static_cast<size_t>(wholeRecords(m_starts, cut))]));
    QVERIFY((*log)->addBatch(before.batches * 6, 6, imagesOf(before.batches)).ok());
    QVERIFY((*log)->sync().ok());
    *log = nullptr;
    const Seen after = look(readAll(path()));
    QVERIFY(after.summary.ok() && after.images.ok() && after.right);
    QVERIFY(!after.summary->torn);
    QCOMPARE(after.batches, before.batches + 1);
  }
}

void TestOperationLogDamage::flippedBits() {
  const qsizetype lastRecord = m_starts[m_starts.size() - 2];
  for (int i = 0; i < 2000; ++i) {
    QByteArray bytes = m_whole;
    // Half of them where the structure is: most bytes are of names of 10 kB.
    const auto start = m_starts[m_random.bounded(static_cast<quint32>(m_starts.size() - 1))];
    const auto at = i % 2 ? static_cast<qsizetype>(m_random.bounded(static_cast<quint32>(bytes.size()))) : start + static_cast<qsizetype>(m_random.bounded(21u));
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << m_random.bounded(8)));
    const Seen seen = look(bytes);
    QVERIFY2(seen.right, qPrintable(QString::number(at)));
    if (at < lastRecord) QVERIFY2(!seen.summary.ok() && !seen.images.ok(), qPrintable(QString::number(at)));
    else QVERIFY2(!seen.summary.ok() || seen.summary->torn, qPrintable(QString::number(at)));
    if (at >= 14 && at < m_starts[1]) QVERIFY(seen.summary.error().kind == Error::Kind::Permission || seen.summary.error().kind == Error::Kind::Protocol);
    if (at >= m_starts[1] && at < lastRecord) QCOMPARE(seen.summary.error().kind, Error::Kind::Protocol);
    // A writer must not take the damage for a torn tail and cut good images off.
    const auto resumed = OperationLog::resume(m_other, QStringLiteral("op"), logKey(), wide);
    if (at < lastRecord) QVERIFY(!resumed.ok() && readAll(path()) == bytes);
  }
}

/// The magic and the time of creation.
void TestOperationLogDamage::flippedHead() {
  for (int bit = 0; bit < 14 * 8; ++bit) {
    QByteArray bytes = m_whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const Seen seen = look(bytes);
    QVERIFY(!seen.images.ok() && seen.batches == 0);
    QCOMPARE(seen.summary.error().kind, bit < 6 * 8 ? Error::Kind::Usage : Error::Kind::Permission);
  }
}

void TestOperationLogDamage::overwrittenPieces() {
  for (int i = 0; i < 500; ++i) {
    QByteArray bytes = m_whole;
    const auto at = static_cast<qsizetype>(m_random.bounded(static_cast<quint32>(bytes.size())));
    const auto size = std::min<qsizetype>(bytes.size() - at, 1 + static_cast<qsizetype>(m_random.bounded(5000u)));
    for (qsizetype k = at; k < at + size; ++k) bytes[k] = i % 3 == 0 ? '\0' : static_cast<char>(m_random.generate());
    const Seen seen = look(bytes);
    QVERIFY(seen.right);
    QVERIFY(!seen.summary.ok() || seen.summary->torn || bytes == m_whole);
  }
}

QByteArray TestOperationLogDamage::reordered(const QByteArray& bytes, const std::vector<qsizetype>& order) {
  const auto starts = recordStarts(bytes);
  QByteArray out = bytes.first(14);
  for (const qsizetype n : order) {
    const auto at = static_cast<size_t>(n);
    out += bytes.mid(starts[at], starts[at + 1] - starts[at]);
  }
  return out;
}

void TestOperationLogDamage::recordsTakenElsewhere() {
  std::vector<qsizetype> all;
  for (qsizetype i = 0; i + 1 < static_cast<qsizetype>(m_starts.size()); ++i) all.push_back(i);
  QCOMPARE(reordered(m_whole, all), m_whole);
  const auto refused = [&](const std::vector<qsizetype>& order, Error::Kind kind) {
    const Seen seen = look(reordered(m_whole, order));
    return !seen.summary.ok() && seen.summary.error().kind == kind && !seen.images.ok() && seen.right;
  };
  for (size_t i = 1; i + 2 < all.size(); ++i) {
    auto removed = all, swapped = all, doubled = all;
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
    std::swap(swapped[i], swapped[i + 1]);
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), all[i]);
    QVERIFY(refused(removed, Error::Kind::Protocol));
    QVERIFY(refused(swapped, Error::Kind::Protocol));
    QVERIFY(refused(doubled, Error::Kind::Protocol));
  }
  QVERIFY(refused({all.begin() + 1, all.end()}, Error::Kind::Permission));  // without its plan
}

/// The same batches in a second file of the same key and even the same id: its records fit nowhere but there.
void TestOperationLogDamage::recordsOfAnotherFile() {
  const QString folder = m_dir.filePath(QStringLiteral("twin"));
  for (const QString& id : {QStringLiteral("op"), QStringLiteral("twin")}) {
    auto log = OperationLog::create(folder, id, logKey(), {{QStringLiteral("selector"), QStringLiteral("*")}}, wide);
    QVERIFY(log.ok());
    for (qint64 batch = 0; batch < 3; ++batch) {
      QVERIFY((*log)->addBatch(batch * 6, 6, imagesOf(batch)).ok());
      QVERIFY((*log)->addResult({batch, 6, 0, 0, 0, {1, 2}}).ok());
    }
    const QByteArray twin = readAll(logPath(folder, id));
    const auto starts = recordStarts(twin);
    for (size_t record = 0; record + 1 < starts.size(); ++record) {
      const auto from = m_starts[record], to = m_starts[record + 1];
      const QByteArray mixed = m_whole.first(from) + twin.mid(starts[record], starts[record + 1] - starts[record]) + m_whole.mid(to);
      const Seen seen = look(mixed);
      QVERIFY(!seen.summary.ok() && !seen.images.ok() && seen.right);
    }
  }
}

void TestOperationLogDamage::anotherKeyOrName() {
  look(m_whole);
  const auto read = readOperation(m_other, QStringLiteral("op"), logKey('x'));
  QCOMPARE(read.error().kind, Error::Kind::Permission);
  QCOMPARE(OperationLog::resume(m_other, QStringLiteral("op"), logKey('x'), wide).error().kind, Error::Kind::Permission);
  QCOMPARE(readAll(path()), m_whole);
  QCOMPARE(look(m_whole, QStringLiteral("renamed")).summary.error().kind, Error::Kind::Permission);
}

void TestOperationLogDamage::foreignFiles() {
  QByteArray newer = m_whole;
  newer[4] = '2';
  const Seen seen = look(newer);
  QCOMPARE(seen.summary.error().kind, Error::Kind::Usage);
  QVERIFY(seen.summary.error().message.contains(QStringLiteral("newer")));
  for (const QByteArray& foreign : {QByteArray("x"), QByteArray("hello, world, this is a text"), QByteArray(100, '\0')})
    QCOMPARE(look(foreign).summary.error().kind, Error::Kind::Usage);
}

void TestOperationLogDamage::tailsOfAPowerCut() {
  const Seen zeros = look(m_whole + QByteArray(200'000, '\0'));
  QVERIFY(zeros.summary.ok() && zeros.images.ok() && zeros.right && zeros.summary->torn);
  QCOMPARE(zeros.batches, 12);
  QVERIFY(OperationLog::resume(m_other, QStringLiteral("op"), logKey(), wide).ok());
  QCOMPARE(readAll(path()), m_whole);
  QByteArray content = m_whole;  // the last record's length reached the disk, the rest did not
  std::fill(content.begin() + m_starts[m_starts.size() - 2] + 8, content.end(), '\0');
  const Seen emptied = look(content);
  QVERIFY(emptied.summary.ok() && emptied.summary->torn && emptied.summary->undos.isEmpty());
  QCOMPARE(look(m_whole + QByteArray(100, 'x')).summary.error().kind, Error::Kind::Protocol);
}

QTEST_GUILESS_MAIN(TestOperationLogDamage)
#include "tst_operation_log_damage.moc"
