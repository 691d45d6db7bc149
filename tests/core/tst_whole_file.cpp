// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a person named: whole or not at all; what is no file is written to, and never replaced.
#include "core/base/whole_file.h"
#include "core/profiles/privatefile.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

using namespace cachedeck;

namespace {

mode_t kindOf(const QByteArray& path) {
  struct stat found {};
  return lstat(path.constData(), &found) == 0 ? found.st_mode & S_IFMT : 0;
}

mode_t modeOf(const QByteArray& path) {
  struct stat found {};
  return stat(path.constData(), &found) == 0 ? found.st_mode & 07777 : 0;
}

QByteArray content(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A FIFO that somebody reads, so that its writer does not wait.
class ReadFifo {
 public:
  explicit ReadFifo(const QByteArray& path) : m_fd(mkfifo(path.constData(), 0600) == 0 ? open(path.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1) {}
  ~ReadFifo() { close(m_fd); }
  QByteArray take() const {
    QByteArray bytes(1000, Qt::Uninitialized);
    bytes.resize(std::max<ssize_t>(0, read(m_fd, bytes.data(), 1000)));
    return bytes;
  }

 private:
  const int m_fd;
};

}  // namespace

class TestWholeFile : public QObject {
  Q_OBJECT

  QTemporaryDir m_folder;

  QString place(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
  QByteArray path(const char* name) const { return QFile::encodeName(place(name)); }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aFileIsReplacedWholeOrStays() {
    QVERIFY(writeWhole("one", place("file")).ok());
    QVERIFY(writeWhole("two", place("file")).ok());
    QCOMPARE(content(place("file")), QByteArray("two"));
    const Result<void> nowhere = writeWhole("x", place("no/file"));
    QVERIFY(!nowhere && nowhere.error().message.contains(QLatin1String("no/file")));
    QVERIFY(!writeWhole("x", m_folder.path()));
  }

  // Exports, comparisons and pictures could be read by everybody on the machine, though they name hosts, settings and SQL.
  void aNewFileIsItsOwnersAlone() {
    const mode_t before = umask(022);
    QVERIFY(writeWhole("hosts", place("new")).ok());
    QVERIFY(writeWholeForOwner("hosts", place("export")).ok());
    umask(before);
    QCOMPARE(modeOf(path("new")), mode_t{0600});
    QCOMPARE(modeOf(path("export")), mode_t{0600});
    for (const char* name : {"new", "export"}) QVERIFY(chmod(path(name).constData(), 0640) == 0);
    QVERIFY(writeWhole("hosts again", place("new")).ok());
    QCOMPARE(modeOf(path("new")), mode_t{0640});  // as its owner wanted it
    QVERIFY(writeWholeForOwner("hosts again", place("export")).ok());
    QCOMPARE(modeOf(path("export")), mode_t{0600});
    QCOMPARE(content(place("export")), QByteArray("hosts again"));
  }

  void aLinkLeadsToTheFileThatIsWritten() {
    QVERIFY(writeWhole("one", place("target")).ok());
    QVERIFY(symlink("target", path("link").constData()) == 0);
    QVERIFY(writeWhole("two", place("link")).ok());
    QCOMPARE(kindOf(path("link")), mode_t{S_IFLNK});
    QCOMPARE(content(place("target")), QByteArray("two"));
  }

  // "--out" into a FIFO or device put a regular file in its place; as root that would have been /dev/null.
  void aFifoIsWrittenToAndStays() {
    const ReadFifo fifo(path("fifo"));
    QVERIFY(isStream(place("fifo")));
    QVERIFY(writeWhole("through", place("fifo")).ok());
    QCOMPARE(fifo.take(), QByteArray("through"));
    QCOMPARE(kindOf(path("fifo")), mode_t{S_IFIFO});
    QVERIFY(symlink("fifo", path("to-fifo").constData()) == 0);
    QVERIFY(writeWhole("again", place("to-fifo")).ok());
    QCOMPARE(fifo.take(), QByteArray("again"));
    QCOMPARE(kindOf(path("to-fifo")), mode_t{S_IFLNK});
  }

  void aDeviceStays() {
    if (mknod(path("null").constData(), S_IFCHR | 0600, makedev(1, 3)) != 0) return;  // only root may make one; the FIFO goes the same way
    (void)writeWhole("x", place("null"));                                            // a file system may forbid devices
    QCOMPARE(kindOf(path("null")), mode_t{S_IFCHR});
    QVERIFY(!writePrivateFile(place("null"), "x"));
    QCOMPARE(kindOf(path("null")), mode_t{S_IFCHR});
  }

  void whatCannotBeWrittenIsSaid() {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path("socket").constData(), sizeof(address.sun_path));
    QVERIFY(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    const Result<void> written = writeWhole("x", place("socket"));
    QVERIFY(!written && written.error().message.contains(QLatin1String("socket was not written")));
    QCOMPARE(kindOf(path("socket")), mode_t{S_IFSOCK});
    close(fd);
  }

  void privateFilesAreNoStreams() {
    const ReadFifo fifo(path("private"));
    const Result<void> written = writePrivateFile(place("private"), "secret");
    QVERIFY(!written && written.error().message.contains(QLatin1String("a pipe")));
    QCOMPARE(kindOf(path("private")), mode_t{S_IFIFO});
    QCOMPARE(fifo.take(), QByteArray());
    QVERIFY(writePrivateFile(place("own"), "secret").ok());
    QVERIFY((QFileInfo(place("own")).permissions() & (QFile::ReadGroup | QFile::ReadOther)) == 0);
  }
};

QTEST_GUILESS_MAIN(TestWholeFile)
#include "tst_whole_file.moc"
