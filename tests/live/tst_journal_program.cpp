// SPDX-License-Identifier: GPL-3.0-or-later
// `cachedeck journal` as a person or a script runs it.
#include "core/journal/journal.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace cachedeck;

namespace {

struct Outcome {
  int exitCode = -1;
  QByteArray out, err;
};

}  // namespace

class TestJournalProgram : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> m_home;

  QString path() const { return m_home->filePath(QStringLiteral("state/cachedeck/journal.jsonl")); }
  enum class Output { Read, Refused };
  Outcome run(const QStringList& arguments, Output output = Output::Read) const {
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    env.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home->filePath(QStringLiteral("config")));
    env.insert(QStringLiteral("XDG_STATE_HOME"), m_home->filePath(QStringLiteral("state")));
    QProcess process;
    process.setProcessEnvironment(env);
    process.setStandardInputFile(QProcess::nullDevice());
    // A descriptor that is not open for writing: every write fails, on whatever machine.
    if (output == Output::Refused) process.setChildProcessModifier([] { ::dup2(::open("/dev/null", O_RDONLY), STDOUT_FILENO); });
    process.start(qEnvironmentVariable("CACHEDECK_BIN"), QStringList{QStringLiteral("journal")} + arguments);
    if (!process.waitForFinished(60000)) {
      process.kill();
      process.waitForFinished();
      return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  static QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }
  void fill(int entries) {
    const auto key = stateKey(m_home->filePath(QStringLiteral("config/cachedeck")));
    QVERIFY(key);
    Journal journal(path(), *key);
    for (int i = 1; i <= entries; ++i) {
      JournalEntry entry;
      entry.action = QStringLiteral("keys.delete");
      entry.phase = QStringLiteral("end");
      entry.operation = QStringLiteral("op-%1").arg(i);
      entry.profile = QStringLiteral("Shop");
      entry.counts = {{QStringLiteral("done"), i * 1000}};
      entry.outcome = QStringLiteral("done");
      entry.text = QStringLiteral("=reason %1").arg(i);
      QVERIFY(journal.append(entry));
    }
  }
  void spoil(int line) const {
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (int i = 1; i < line; ++i) file.readLine();
    const qint64 at = file.pos() + 5;
    QVERIFY(file.seek(at) && file.write("X") == 1);
  }

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_home = std::make_unique<QTemporaryDir>();
  }

  void showPrintsTheNewest() {
    QCOMPARE(run(words("show")).exitCode, 0);
    QCOMPARE(run(words("show --json")).out.trimmed(), QByteArray("[\n]"));
    QVERIFY(!QFileInfo::exists(path()));
    fill(3);
    const Outcome all = run(words("show"));
    QCOMPARE(all.exitCode, 0);
    for (const char* part : {"keys.delete end", "Shop", "done 1,000", "done 3,000", "=reason 2"}) QVERIFY2(all.out.contains(part), part);
    const Outcome two = run(words("show --last 2"));
    QVERIFY(!two.out.contains("done 1,000") && two.out.contains("done 2,000"));
    QVERIFY(two.out.contains("1 earlier entries"));
    const QJsonArray json = QJsonDocument::fromJson(run(words("show --json --last 1")).out).array();
    QCOMPARE(json.size(), 1);
    QCOMPARE(json[0][QLatin1String("sequence")].toInteger(), 3);
    QCOMPARE(run(words("show --last 0 --json")).out, run(words("show --json")).out);
  }

  void verifyTellsIntactFromBroken() {
    fill(3);
    const Outcome good = run(words("verify"));
    QVERIFY2(good.exitCode == 0, good.err.constData());
    const QJsonObject json = QJsonDocument::fromJson(run(words("verify --json")).out).object();
    QCOMPARE(json[QLatin1String("intact")].toBool(), true);
    QCOMPARE(json[QLatin1String("entries")].toInt(), 3);
    QVERIFY(json[QLatin1String("broken_at")].isNull() && json[QLatin1String("reason")].isNull());
    QCOMPARE(json[QLatin1String("head")].toString().size(), 64);
    QVERIFY(good.out.contains(json[QLatin1String("head")].toString().toLatin1()));
    spoil(2);
    const Outcome bad = run(words("verify"));
    QCOMPARE(bad.exitCode, 1);
    QVERIFY(bad.out.contains("line 2"));
    const Outcome badJson = run(words("verify --json"));
    QCOMPARE(badJson.exitCode, 1);
    const QJsonObject broken = QJsonDocument::fromJson(badJson.out).object();
    QCOMPARE(broken[QLatin1String("intact")].toBool(), false);
    QCOMPARE(broken[QLatin1String("entries")].toInt(), 1);
    QCOMPARE(broken[QLatin1String("broken_at")].toInt(), 2);
    QVERIFY(!broken[QLatin1String("reason")].toString().isEmpty());
  }

  void verifyMakesNoKeyAndNoJournal() {
    const Outcome none = run(words("verify"));
    QCOMPARE(none.exitCode, 1);
    QVERIFY(none.err.contains("no journal"));
    QVERIFY(!QFileInfo::exists(path()));
    fill(1);
    const QString key = m_home->filePath(QStringLiteral("config/cachedeck/state.key"));
    QVERIFY(QFile::rename(key, key + QStringLiteral(".away")));
    const Outcome keyless = run(words("verify"));
    QCOMPARE(keyless.exitCode, 1);
    QVERIFY(keyless.err.contains("state.key"));
    QVERIFY(!QFileInfo::exists(key));
    QCOMPARE(run(words("show")).exitCode, 0);
    const Outcome exported = run(words("export --format json"));
    QCOMPARE(exported.exitCode, 0);
    QVERIFY(exported.err.contains("not verified"));
  }

  void exportWritesCsvAndJson() {
    fill(3);
    const Outcome csv = run(words("export --format csv"));
    QCOMPARE(csv.exitCode, 0);
    QCOMPARE(csv.out.count("\r\n"), 4);
    QVERIFY(csv.out.contains(",'=reason 3,"));
    QVERIFY(csv.err.contains("head"));
    const QString out = m_home->filePath(QStringLiteral("out.json"));
    const Outcome json = run(words("export --format json --out") + QStringList{out});
    QCOMPARE(json.exitCode, 0);
    QVERIFY(json.out.isEmpty());
    QFile file(out);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(file.readAll()).array().size(), 3);
    QCOMPARE(QFileInfo(out).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QCOMPARE(run(words("export --format csv --out") + QStringList{m_home->filePath(QStringLiteral("no/such/folder/x.csv"))}).exitCode, 1);
    spoil(1);
    QVERIFY(run(words("export --format csv")).err.contains("broken at line 1"));
  }

  void anotherFileCanBeNamed() {
    fill(2);
    const QString copy = m_home->filePath(QStringLiteral("copy.jsonl"));
    QVERIFY(QFile::copy(path(), copy));
    fill(1);
    QCOMPARE(QJsonDocument::fromJson(run(words("verify --json --file") + QStringList{copy}).out).object()[QLatin1String("entries")].toInt(), 2);
    QCOMPARE(QJsonDocument::fromJson(run(words("show --json --file") + QStringList{copy}).out).array().size(), 2);
    for (const char* command : {"show --file", "verify --file", "export --format csv --file"}) {
      const Outcome missing = run(words(command) + QStringList{copy + QStringLiteral(".not")});
      QCOMPARE(missing.exitCode, 1);
      QVERIFY(missing.err.contains("no journal"));
    }
  }

  void wrongUseAndAnOutputThatFailsAreSaid() {
    fill(1);
    for (const char* command : {"export", "export --format xml", "show --last -1", "show --last x", "forge"}) QCOMPARE(run(words(command)).exitCode, 2);
    for (const char* command : {"show", "verify", "export --format csv"}) {
      const Outcome failed = run(words(command), Output::Refused);
      QVERIFY2(failed.exitCode == 1 && failed.err.contains("Standard output"), command);
    }
  }
};

QTEST_GUILESS_MAIN(TestJournalProgram)
#include "tst_journal_program.moc"
