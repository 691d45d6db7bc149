// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tst_journal_support.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::test;

class TestStateKey : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> m_dir;

  QString folder() const { return m_dir->filePath(QStringLiteral("config/cachedeck")); }
  QString path() const { return folder() + QStringLiteral("/state.key"); }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_dir = std::make_unique<QTemporaryDir>();
  }

  void itIsMadeOnce() {
    QCOMPARE(existingStateKey(folder()).error().kind, Error::Kind::NotFound);
    QVERIFY(!QFileInfo::exists(path()));
    const auto made = stateKey(folder());
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    QCOMPARE(made->size(), 32);
    QCOMPARE(QFileInfo(path()).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
    const QByteArray content = contentOf(path());
    QCOMPARE(stateKey(folder())->reveal(), made->reveal());
    QCOMPARE(existingStateKey(folder())->reveal(), made->reveal());
    QCOMPARE(contentOf(path()), content);
    QTemporaryDir other;
    QVERIFY(stateKey(other.filePath(QStringLiteral("cachedeck")))->reveal() != made->reveal());
  }

  void severalProcessesAgree() {
    QCOMPARE(inProcesses(6, [this](int process) {
      const auto key = stateKey(folder());
      return key && setContent(m_dir->filePath(QString::number(process)), key->reveal());
    }), 6);
    const QByteArray agreed = stateKey(folder())->reveal();
    for (int process = 0; process < 6; ++process) QCOMPARE(contentOf(m_dir->filePath(QString::number(process))), agreed);
  }

  void aDamagedOneIsNeverReplaced() {
    QVERIFY(stateKey(folder()));
    const QByteArray good = contentOf(path());
    QList<QByteArray> damaged{{}, good.chopped(1), good + 'x', QByteArray(1 << 20, 'x')};
    for (qsizetype i = 0; i < good.size(); ++i) {
      QByteArray bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x01);
      damaged.append(bad);
      bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x20);
      damaged.append(bad);
    }
    for (const QByteArray& bad : std::as_const(damaged)) {
      QVERIFY(setContent(path(), bad));
      const auto key = stateKey(folder());
      QVERIFY(!key);
      QVERIFY(key.error().message.contains(path()));
      QVERIFY(!key.error().message.contains(QLatin1String(bad.mid(30, 20))) || bad.size() < 50);
      QCOMPARE(contentOf(path()), bad);
    }
    QVERIFY(setContent(path(), good));
    QVERIFY(stateKey(folder()));
  }

  void wideModesAreNarrowed() {
    QVERIFY(stateKey(folder()));
    QCOMPARE(chmod(QFile::encodeName(path()).constData(), 0644), 0);
    QVERIFY(stateKey(folder()));
    QCOMPARE(QFileInfo(path()).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
  }

  void anotherUsersIsRefused() {
    if (geteuid() != 0) return;  // only root can give files away
    QVERIFY(stateKey(folder()));
    QCOMPARE(chown(QFile::encodeName(path()).constData(), 65534, 65534), 0);
    QCOMPARE(stateKey(folder()).error().kind, Error::Kind::Permission);
  }

  void aSymbolicLinkIsRefused() {
    QVERIFY(stateKey(folder()));
    const QString elsewhere = m_dir->filePath(QStringLiteral("elsewhere"));
    QVERIFY(QFile::rename(path(), elsewhere));
    QVERIFY(QFile::link(elsewhere, path()));
    QCOMPARE(stateKey(folder()).error().kind, Error::Kind::Permission);
    QVERIFY(QFile::remove(elsewhere));  // the link leads nowhere now
    QCOMPARE(stateKey(folder()).error().kind, Error::Kind::Permission);
    QVERIFY(!QFileInfo::exists(elsewhere));
  }
};

QTEST_GUILESS_MAIN(TestStateKey)
#include "tst_state_key.moc"
