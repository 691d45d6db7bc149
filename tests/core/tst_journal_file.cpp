// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's file: several writers, power cuts, full disks, rights.
#include "tests/core/tst_journal_support.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <array>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

unsigned modeOf(const QString& path) {
  struct stat found {};
  return stat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 07777u : 0u;
}

/// Files larger than so many bytes cannot be written while this lives, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(qint64 bytes) {
    getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit now{static_cast<rlim_t>(bytes), m_before.rlim_max};
    m_handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }

 private:
  rlimit m_before{};
  void (*m_handler)(int);
};

}  // namespace

class TestJournalFile : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> m_dir;

  QString folder() const { return m_dir->filePath(QStringLiteral("state/cachedeck")); }
  QString path() const { return folder() + QStringLiteral("/journal.jsonl"); }
  Journal journal() const { return Journal(path(), testKey()); }
  QStringList tornFiles() const { return QDir(folder()).entryList({QStringLiteral("journal.jsonl.torn-*")}, QDir::Files); }
  bool appendMany(int writer, int count) const {
    Journal own = journal();
    for (int i = 0; i < count; ++i)
      if (!own.append(testEntry(QStringLiteral("writer %1 entry %2").arg(writer).arg(i)))) return false;
    return true;
  }
  void everyEntryIsThere(int writers, int each) const {
    const auto check = journal().verify();
    QVERIFY(check);
    QVERIFY2(check->intact, qPrintable(check->reason));
    QCOMPARE(check->entries, qint64{writers} * each);
    std::vector<int> next(static_cast<size_t>(writers), 0);
    const auto entries = journal().read();
    for (const JournalEntry& entry : *entries) {
      const QStringList words = entry.text.split(QLatin1Char(' '));
      QCOMPARE(words[3].toInt(), next[words[1].toUInt()]++);
    }
  }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }

  void severalProcessesAppend() {
    QCOMPARE(inProcesses(4, [this](int writer) { return appendMany(writer, 40); }), 4);
    everyEntryIsThere(4, 40);
  }

  void severalThreadsAppend() {
    std::array<bool, 4> good{};
    {
      std::vector<std::jthread> threads;
      for (int writer = 0; writer < 4; ++writer) threads.emplace_back([this, writer, &good] { good[static_cast<size_t>(writer)] = appendMany(writer, 40); });
    }
    for (const bool one : good) QVERIFY(one);
    everyEntryIsThere(4, 40);
  }

  void aReaderNeverSeesHalfALine() {
    std::atomic<bool> stop = false;
    std::thread writer([this, &stop] {
      for (int i = 0; i < 2000 && !stop; ++i) appendMany(0, 1);
    });
    bool intact = true;
    for (int i = 0; i < 100 && intact; ++i) {
      const auto check = journal().verify();
      intact = check ? check->intact : check.error().kind == Error::Kind::NotFound || check.error().kind == Error::Kind::Busy;
    }
    stop = true;
    writer.join();
    QVERIFY(intact);
  }

  void aTornLastLineIsSetAside_data() {
    QTest::addColumn<int>("whole");
    QTest::addColumn<QByteArray>("torn");
    QTest::newRow("half a line") << 2 << QByteArray("{\"action\":\"keys.del");
    QTest::newRow("nothing else") << 0 << QByteArray("{");
    QTest::newRow("zeros") << 2 << QByteArray(5000, '\0');
    QTest::newRow("zeros and the line's end") << 2 << QByteArray(100, '\0') + "\"}\n";
    QTest::newRow("zeros and the line's end, nothing else") << 0 << QByteArray(100, '\0') + "\"}\n";
    QTest::newRow("longer than any line") << 2 << QByteArray(3 << 20, 'x');
    QTest::newRow("longer than any line, nothing else") << 0 << QByteArray(3 << 20, 'x');
  }
  void aTornLastLineIsSetAside() {
    QFETCH(int, whole);
    QFETCH(QByteArray, torn);
    QVERIFY(appendMany(0, qMax(whole, 1)));
    const QByteArray good = whole == 0 ? QByteArray() : contentOf(path());
    QVERIFY(setContent(path(), good + torn));
    const auto broken = journal().verify();
    QVERIFY(broken && !broken->intact);
    QCOMPARE(broken->brokenAt, whole + 1);
    const auto appended = journal().append(testEntry());
    QVERIFY2(appended, appended ? "" : qPrintable(appended.error().message));
    QCOMPARE(appended->sequence, whole + 2);
    QCOMPARE(tornFiles().size(), 1);
    const QString aside = folder() + QLatin1Char('/') + tornFiles().first();
    QCOMPARE(contentOf(aside), torn);
    QCOMPARE(modeOf(aside), 0600u);
    const auto entries = journal().read(2);
    QCOMPARE(entries->first().phase, QStringLiteral("note"));
    QVERIFY(entries->first().text.contains(tornFiles().first()));
    QCOMPARE(entries->first().counts[QStringLiteral("bytes")].toInteger(), torn.size());
    QVERIFY(contentOf(path()).startsWith(good));
    QVERIFY(journal().verify()->intact);
    QVERIFY(appendMany(0, 1));
    QCOMPARE(tornFiles().size(), 1);
  }

  void aLineThatOnlyMissesItsEndWasNeverBegun() {
    QVERIFY(appendMany(0, 2));
    const QByteArray whole = contentOf(path());
    QVERIFY(setContent(path(), whole.chopped(1)));
    QCOMPARE(journal().append(testEntry())->sequence, 3);  // 2 is the note
    QCOMPARE(journal().read()->at(1).action, QStringLiteral("journal.repair"));
    QVERIFY(journal().verify()->intact);
  }

  void aFullDiskLeavesTheFileAsItWas() {
    QVERIFY(appendMany(0, 2));
    const QByteArray before = contentOf(path());
    for (const qint64 room : {qint64{0}, qint64{1}, qint64{100}}) {
      const auto appended = [&] {
        const FileSizeLimit limit(before.size() + room);
        return journal().append(testEntry());
      }();
      QVERIFY(!appended);
      QCOMPARE(appended.error().kind, Error::Kind::Io);
      QVERIFY(appended.error().message.contains(path()));
      QCOMPARE(contentOf(path()), before);
    }
    QVERIFY(appendMany(0, 1));
    QVERIFY(journal().verify()->intact);
    QVERIFY(tornFiles().isEmpty());
  }

  void modesAreNarrowed() {
    QVERIFY(appendMany(0, 1));
    QCOMPARE(modeOf(path()), 0600u);
    QCOMPARE(modeOf(folder()), 0700u);
    QCOMPARE(chmod(QFile::encodeName(path()).constData(), 0666), 0);
    QCOMPARE(chmod(QFile::encodeName(folder()).constData(), 0755), 0);
    QVERIFY(appendMany(0, 1));
    QCOMPARE(modeOf(path()), 0600u);
    QCOMPARE(modeOf(folder()), 0700u);
  }

  void aFolderOfAllUsersIsLeftAlone() {
    const QString shared = m_dir->filePath(QStringLiteral("shared"));
    QCOMPARE(mkdir(QFile::encodeName(shared).constData(), 0700), 0);
    QCOMPARE(chmod(QFile::encodeName(shared).constData(), 01777), 0);
    QCOMPARE(Journal(shared + QStringLiteral("/journal.jsonl"), testKey()).append(testEntry()).error().kind, Error::Kind::Usage);
    QCOMPARE(modeOf(shared), 01777u);
  }

  void anotherUsersFileIsNotWritten() {
    if (geteuid() != 0) return;  // only root can give files away
    QVERIFY(appendMany(0, 1));
    const QByteArray before = contentOf(path());
    QCOMPARE(chown(QFile::encodeName(path()).constData(), 65534, 65534), 0);
    const auto appended = journal().append(testEntry());
    QVERIFY(!appended);
    QCOMPARE(appended.error().kind, Error::Kind::Permission);
    QVERIFY(appended.error().message.contains(QLatin1String("another user")));
    QCOMPARE(contentOf(path()), before);
    QVERIFY(journal().verify()->intact);  // reading is allowed
  }

  void aSymbolicLinkIsNotFollowed() {
    QVERIFY(appendMany(0, 1));
    const QString elsewhere = m_dir->filePath(QStringLiteral("elsewhere"));
    QVERIFY(QFile::rename(path(), elsewhere));
    const QByteArray before = contentOf(elsewhere);
    QVERIFY(QFile::link(elsewhere, path()));
    QCOMPARE(journal().append(testEntry()).error().kind, Error::Kind::Permission);
    QCOMPARE(journal().read().error().kind, Error::Kind::Permission);
    QCOMPARE(journal().verify().error().kind, Error::Kind::Permission);
    QCOMPARE(contentOf(elsewhere), before);
  }

  void whatIsNoFileIsNotWaitedFor() {
    QVERIFY(QDir().mkpath(folder()));
    QCOMPARE(mkfifo(QFile::encodeName(path()).constData(), 0600), 0);
    QVERIFY(!journal().append(testEntry()));
    QVERIFY(!journal().read());
    QVERIFY(!journal().verify());
    QVERIFY(QFile::remove(path()));
    QVERIFY(QDir().mkpath(path()));
    QVERIFY(!journal().append(testEntry()));
    QVERIFY(!journal().verify());
  }

  void aJournalThatWasMovedAwayIsBegunAnew() {
    QVERIFY(appendMany(0, 3));
    const QString old = m_dir->filePath(QStringLiteral("old.jsonl"));
    const int holder = open(QFile::encodeName(path()).constData(), O_RDONLY | O_CLOEXEC);
    QVERIFY(holder >= 0 && flock(holder, LOCK_EX) == 0);
    bool good = false;
    std::thread writer([this, &good] { good = appendMany(0, 1); });
    QVERIFY(QFile::rename(path(), old));
    close(holder);
    writer.join();
    QVERIFY(good);
    QCOMPARE(journal().read()->size(), 1);
    QVERIFY(journal().verify()->intact);
    QCOMPARE(Journal(old, testKey()).verify()->entries, 3);
  }

  void noJournalIsSaid() {
    QCOMPARE(journal().verify().error().kind, Error::Kind::NotFound);
    QVERIFY(journal().read()->isEmpty());
    QVERIFY(!QFileInfo::exists(path()));
  }

  void itLiesInTheStateFolder() {
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_dir->path()));
    QCOMPARE(stateDirectory(), m_dir->path() + QStringLiteral("/cachedeck"));
    QCOMPARE(Journal::defaultFile(), m_dir->path() + QStringLiteral("/cachedeck/journal.jsonl"));
    for (const char* useless : {"", "relative"}) {
      qputenv("XDG_STATE_HOME", useless);
      QCOMPARE(stateDirectory(), QDir::homePath() + QStringLiteral("/.local/state/cachedeck"));
    }
  }
};

QTEST_GUILESS_MAIN(TestJournalFile)
#include "tst_journal_file.moc"
