// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_program.h"

#include <QRegularExpression>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::test;

/// What commands say when standard output takes nothing: a figure that was cut off was exit code 0.
class TestFullDisk : public QObject {
  Q_OBJECT

  using Outcome = KeysProgram::Outcome;

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    fill();
  }

  void isAFailure_data() {
    QTest::addColumn<QString>("words");
    for (const char* words : {"keys count", "keys count --json", "keys list", "keys list --json", "keys list --match nothing --limit 1", "keys plan --match risk:*", "keys plan --match risk:* --json", "keys analyse",
                              "keys analyse --json", "keys delete --match risk:* --dry-run", "keys delete --match risk:* --dry-run --json", "keys ttl --match none:* --set 1h --yes", "keys ttl --match none:* --set 1h --yes --json",
                              "keys flush --dry-run", "keys flush --dry-run --json", "watch --count 1", "watch --count 3 --json", "record --for 2s", "record --for 2s --json", "snapshot take --for 0 --out NOW.cdsnap"})
      QTest::newRow(words) << QString::fromLatin1(words);
  }
  void isAFailure() {
    QFETCH(const QString, words);
    // A list of nothing is whole.
    const bool isWhole = words.contains(QLatin1String("nothing"));
    const Outcome outcome = onFullDisk(words);
    QVERIFY2(outcome.code == (isWhole ? 0 : 1), outcome.all());
    QCOMPARE(outcome.err.count("Standard output could not be written: No space left on device."), isWhole ? 0 : 1);
  }

  // What was done is done: only its account was lost.
  void whatActsIsAFailureToo() {
    for (const char* more : {"", " --json"}) {
      fill();
      for (const char* words : {"keys ttl --match risk:* --set 1h --yes", "keys undo --last --dry-run", "keys undo --last --yes", "keys delete --match risk:1* --yes", "keys flush --no-undo --yes"}) {
        const Outcome outcome = onFullDisk(QLatin1String(words) + QLatin1String(more));
        QVERIFY2(outcome.code == 1 && outcome.err.contains("cachedeck keys: Standard output could not be written"), words + outcome.all());
      }
      QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("0"));
    }
    const Outcome listed = onFullDisk(QStringLiteral("keys operations"));
    QVERIFY2(listed.code == 1 && listed.err.contains("Standard output"), listed.all());
  }

 private:
  Outcome onFullDisk(const QString& words) const {
    QProcess process;
    process.setChildProcessModifier([] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); });
    QStringList arguments = words.split(QLatin1Char(' ')).replaceInStrings(QStringLiteral("NOW"), m_folder.filePath(QStringLiteral("now")));
    m_program.start(process, arguments << QStringLiteral("--redis") << m_program.url());
    return KeysProgram::finish(process);
  }
  // More than a buffer holds.
  void fill() { m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,5000 do redis.call('SET','risk:'..i,'value'..i) end"), QStringLiteral("0")}); }

  RedisServer m_server;
  QTemporaryDir m_folder;
  KeysProgram m_program{m_server};
};

QTEST_GUILESS_MAIN(TestFullDisk)
#include "tst_full_disk.moc"
