// SPDX-License-Identifier: GPL-3.0-or-later
// What the journal keeps, and that its chain shows what was done to it.
#include "tests/core/tst_journal_support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace cachedeck;
using namespace cachedeck::test;

class TestJournal : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> m_dir;

  QString path() const { return m_dir->filePath(QStringLiteral("state/journal.jsonl")); }
  Journal journal() const { return Journal(path(), testKey()); }
  void fill(int entries) {
    for (int i = 0; i < entries; ++i) QVERIFY(journal().append(testEntry(QStringLiteral("entry %1").arg(i))));
  }
  JournalCheck verified(const QByteArray& content) const {
    if (!setContent(path(), content)) return {-1, false, -1, QStringLiteral("not written"), {}};
    const auto check = journal().verify();
    return check ? *check : JournalCheck{-1, false, -1, check.error().message, {}};
  }
  QList<QByteArray> lines() const {
    QList<QByteArray> parts = contentOf(path()).split('\n');
    parts.removeLast();
    return parts;
  }
  static QByteArray joined(const QList<QByteArray>& lines) { return lines.join('\n') + '\n'; }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }

  void whatIsAppendedIsRead() {
    JournalEntry first = testEntry(QStringLiteral("line one\nline \"two\"\t\u00e9\u202e \U0001F600 <b>"));
    JournalEntry second = testEntry();
    second.phase = QStringLiteral("end");
    second.outcome = QStringLiteral("done");
    second.counts = {{QStringLiteral("done"), qint64{9007199254740991}}, {QStringLiteral("list"), QJsonArray{1, QStringLiteral("two"), QJsonValue()}}};
    Journal journal = this->journal();
    const auto one = journal.append(first);
    const auto two = journal.append(second);
    QVERIFY(one && two);
    first.sequence = 1;
    second.sequence = 2;
    QCOMPARE(*one, first);
    QCOMPARE(*two, second);
    const auto read = journal.read();
    QVERIFY(read);
    QCOMPARE(*read, (QList<JournalEntry>{first, second}));
    const auto check = journal.verify();
    QVERIFY(check && check->intact);
    QCOMPARE(check->entries, 2);
    QCOMPARE(check->brokenAt, 0);
    QVERIFY(check->reason.isEmpty());
    QVERIFY(lines().last().contains("\"mac\":\"" + check->head + '"'));
  }

  void timeAndUserAreFilledIn() {
    JournalEntry entry = testEntry();
    entry.wallMs = 0;
    entry.user.clear();
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const auto written = journal().append(entry);
    QVERIFY(written);
    QVERIFY(written->wallMs >= before && written->wallMs <= QDateTime::currentMSecsSinceEpoch());
    QVERIFY(QRegularExpression(QStringLiteral("^.+@.+$")).match(written->user).hasMatch());
    QVERIFY(!journal().append(JournalEntry()));
  }

  void theNewestOnesAreReadOldestFirst() {
    QVERIFY(journal().read()->isEmpty());  // there is no file yet
    fill(300);
    QVERIFY(contentOf(path()).size() > 128 << 10);  // more than one block
    for (const int limit : {0, 1, 2, 299, 300, 1000}) {
      const auto read = journal().read(limit);
      QVERIFY(read);
      QCOMPARE(read->size(), qMin(limit, 300));
      for (qsizetype i = 0; i < read->size(); ++i) QCOMPARE((*read)[i].sequence, 300 - read->size() + i + 1);
    }
    QCOMPARE(journal().read()->size(), 300);
  }

  void linesThatDoNotParseAreLeftOut() {
    fill(3);
    QList<QByteArray> parts = lines();
    parts.insert(1, "{\"not\":\"ours\"}");
    parts.insert(2, QByteArray(3 << 20, 'x'));
    parts.insert(3, "");
    QVERIFY(setContent(path(), joined(parts) + "{\"half"));
    const auto read = journal().read();
    QVERIFY(read);
    QCOMPARE(read->size(), 3);
    const auto newest = journal().read(3);
    QCOMPARE(newest->size(), 3);
    QCOMPARE(newest->first().sequence, 1);
  }

  void noFlippedByteIsAccepted() {
    fill(3);
    const QByteArray good = contentOf(path());
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
    const auto put = [&file](qsizetype at, int byte) { return file.seek(at) && file.putChar(static_cast<char>(byte)); };
    for (qsizetype i = 0; i < good.size(); ++i) {
      const qint64 line = good.left(i).count('\n') + 1;
      for (const int mask : {0x01, 0x20, 0x80, 0xff}) {
        QVERIFY(put(i, good[i] ^ mask));
        const JournalCheck check = *journal().verify();
        QVERIFY2(!check.intact, qPrintable(QStringLiteral("byte %1, mask %2").arg(i).arg(mask)));
        QCOMPARE(check.brokenAt, line);
        QCOMPARE(check.entries, line - 1);
        QVERIFY(!check.reason.isEmpty());
      }
      QVERIFY(put(i, good[i]));
    }
    QVERIFY(journal().verify()->intact);
  }

  void takenOutSwappedAndRepeatedLinesAreFound() {
    fill(4);
    const QList<QByteArray> good = lines();
    const auto broken = [&](const QList<qsizetype>& order) {
      QList<QByteArray> some;
      for (const qsizetype i : order) some.append(good[i]);
      const JournalCheck check = verified(joined(some));
      return qMakePair(check.brokenAt, check.reason);
    };
    QCOMPARE(broken({0, 1, 2, 3}).first, 0);
    QCOMPARE(broken({1, 2, 3}).first, 1);
    QVERIFY(broken({1, 2, 3}).second.contains(QLatin1String("first line")));
    QCOMPARE(broken({0, 2, 3}).first, 2);
    QVERIFY(broken({0, 2, 3}).second.contains(QLatin1String("follow")));
    QCOMPARE(broken({0, 2, 1, 3}).first, 2);
    QCOMPARE(broken({0, 1, 1, 2, 3}).first, 3);
    QCOMPARE(broken({0, 1, 2, 3, 0}).first, 5);
    QCOMPARE(verified(joined(good) + '\n').brokenAt, 5);
  }

  // The chain cannot tell that: the number of entries and the head can, when they were noted elsewhere.
  void aTailThatWasCutOffLeavesAnotherHead() {
    fill(3);
    const QByteArray whole = contentOf(path());
    const JournalCheck before = verified(whole);
    QList<QByteArray> parts = lines();
    parts.removeLast();
    const JournalCheck after = verified(joined(parts));
    QVERIFY(after.intact);
    QCOMPARE(after.entries, 2);
    QVERIFY(after.head != before.head);
    QVERIFY(verified({}).intact);
    QVERIFY(verified({}).head.isEmpty());
  }

  void everyCutIsEitherAtALineOrFound() {
    fill(2);
    const QByteArray good = contentOf(path());
    for (qsizetype size = good.size() - 1; size >= 0; --size) {
      QVERIFY(QFile::resize(path(), size));
      QCOMPARE(journal().verify()->intact, size == 0 || good[size - 1] == '\n');
    }
  }

  void anotherKeyDoesNotFitAndDoesNotWriteOn() {
    fill(2);
    const QByteArray before = contentOf(path());
    Journal other(path(), testKey('z'));
    const auto check = other.verify();
    QVERIFY(check && !check->intact);
    QCOMPARE(check->brokenAt, 1);
    QVERIFY(check->reason.contains(QLatin1String("state.key")));
    const auto appended = other.append(testEntry());
    QVERIFY(!appended);
    QCOMPARE(appended.error().kind, Error::Kind::Protocol);
    QCOMPARE(contentOf(path()), before);
  }

  void withoutAKeyItIsOnlyRead() {
    fill(1);
    Journal keyless(path(), {});
    QCOMPARE(keyless.read()->size(), 1);
    QCOMPARE(keyless.verify().error().kind, Error::Kind::Usage);
    QCOMPARE(keyless.append(testEntry()).error().kind, Error::Kind::Usage);
  }

  void nothingIsWrittenOnTopOfAChangedLine() {
    fill(2);
    QByteArray bad = contentOf(path());
    bad[bad.size() - 80] = static_cast<char>(bad[bad.size() - 80] ^ 1);
    QVERIFY(setContent(path(), bad));
    const auto appended = journal().append(testEntry());
    QVERIFY(!appended);
    QVERIFY(appended.error().message.contains(path()));
    QCOMPARE(contentOf(path()), bad);
  }

  void secretsAreNotKept() {
    const Secret secret = Secret::fromString(QStringLiteral("open \"Sesame\" 42"));
    JournalEntry entry = testEntry(QStringLiteral("reason: open \"Sesame\" 42, redis://me:hunter22@host/0"));
    entry.where = QStringLiteral("redis://me:hunter22@host/0");
    entry.counts.insert(QStringLiteral("nested"), QJsonObject{{QStringLiteral("said"), QJsonArray{QStringLiteral("open \"Sesame\" 42")}}});
    QVERIFY(journal().append(entry));
    const QByteArray content = contentOf(path());
    QVERIFY(!content.contains("Sesame"));
    QVERIFY(!content.contains("hunter22"));
    QVERIFY(content.contains("***"));
    QVERIFY(journal().verify()->intact);
  }

  void anEntryThatIsTooLargeIsRefused() {
    fill(1);
    const QByteArray before = contentOf(path());
    QCOMPARE(journal().append(testEntry(QString(2 << 20, QLatin1Char('x')))).error().kind, Error::Kind::Usage);
    QCOMPARE(contentOf(path()), before);
    // Just below the limit it is kept, and read and verified again.
    QVERIFY(journal().append(testEntry(QString((1 << 20) - 2000, QLatin1Char('y')))));
    QVERIFY(journal().append(testEntry()));
    QCOMPARE(journal().read()->size(), 3);
    QVERIFY(journal().verify()->intact);
  }
};

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
