// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_program.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <poll.h>
#include <pty.h>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

/// `cachedeck` with a terminal for its input and output, as a person has it.
class Terminal {
 public:
  Terminal(const KeysProgram& program, const QStringList& arguments) {
    if (openpty(&m_ours, &m_theirs, nullptr, nullptr, nullptr) != 0) qFatal("No pseudo terminal.");
    m_process.setChildProcessModifier([this] {
      for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(m_theirs, fd);
    });
    program.start(m_process, arguments);
    m_process.waitForStarted();
  }
  ~Terminal() {
    m_process.kill();
    m_process.waitForFinished();
    close(m_theirs);
    close(m_ours);
  }

  /// What appears on it until the text does, or the time is over.
  QByteArray readUntil(const QByteArray& text, int patienceMs = 60'000) {
    QByteArray read;
    for (QElapsedTimer timer = started(); !read.contains(text) && timer.elapsed() < patienceMs;) read += readSome();
    return read;
  }
  QByteArray readFor(int ms) {
    QByteArray read;
    for (QElapsedTimer timer = started(); timer.elapsed() < ms;) read += readSome();
    return read;
  }
  void type(const QByteArray& text) { QCOMPARE(write(m_ours, text.constData(), static_cast<std::size_t>(text.size())), static_cast<ssize_t>(text.size())); }
  int exitCode() { return m_process.waitForFinished(60'000) ? m_process.exitCode() : -1; }

 private:
  static QElapsedTimer started() {
    QElapsedTimer timer;
    timer.start();
    return timer;
  }
  QByteArray readSome() {
    pollfd wait{m_ours, POLLIN, 0};
    if (poll(&wait, 1, 50) <= 0) return {};
    char bytes[4096];
    const ssize_t count = read(m_ours, bytes, sizeof bytes);
    return count > 0 ? QByteArray(bytes, count) : QByteArray();
  }
  QProcess m_process;
  int m_ours = -1, m_theirs = -1;
};

}  // namespace

/// What a person at a terminal sees and is asked.
class TestKeysTerminal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_server.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
    m_server.cli({QStringLiteral("eval"), QStringLiteral("for i=1,2000 do redis.call('SET','t:'..i,'v') end"), QStringLiteral("0")});
  }

  // The progress line was drawn several times a second over the question and over what was being typed.
  void theQuestionStays() {
    Terminal terminal(m_program, arguments("t:2?"));
    QVERIFY(terminal.readUntil("Type “yes” to carry it out: ").contains("10 keys of 2000"));
    QCOMPARE(terminal.readFor(1500), QByteArray());
    terminal.type("yes\n");
    QVERIFY(terminal.readUntil("Undo with").contains("10 of 10 keys deleted"));
    QCOMPARE(terminal.exitCode(), 0);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("1990"));
  }

  void anotherAnswerChangesNothing() {
    Terminal terminal(m_program, arguments("t:2?"));
    terminal.readUntil("carry it out: ");
    terminal.type("y\n");
    QVERIFY(terminal.readUntil("Nothing was changed").contains("Nothing was changed"));
    QCOMPARE(terminal.exitCode(), 1);
    QCOMPARE(m_server.cli({QStringLiteral("dbsize")}), QByteArray("2000"));
  }

  // It asked whether to delete no keys.
  void nothingIsAskedAboutNothing() {
    Terminal terminal(m_program, arguments("nothing*"));
    const QByteArray shown = terminal.readUntil("0 of 2000 keys)");
    QVERIFY2(shown.contains("Nothing matches: nothing*"), shown);
    QVERIFY2(!shown.contains("Type"), shown);
    QCOMPARE(terminal.exitCode(), 0);
  }

  // It was silent here, as if a question were to follow.
  void aDryRunOfAnUndoIsShown() {
    QCOMPARE(m_program.keys("delete --match t:2? --yes").code, 0);
    Terminal terminal(m_program, {QStringLiteral("keys"), QStringLiteral("undo"), QStringLiteral("--last"), QStringLiteral("--dry-run"), QStringLiteral("--redis"), m_program.url()});
    const QByteArray shown = terminal.readUntil("of images");
    QVERIFY2(shown.contains("to be put back: 10 keys"), shown);
    QCOMPARE(terminal.exitCode(), 0);
  }

 private:
  QStringList arguments(const char* pattern) const {
    return {QStringLiteral("keys"), QStringLiteral("delete"), QStringLiteral("--redis"), m_program.url(), QStringLiteral("--match"), QString::fromLatin1(pattern)};
  }
  RedisServer m_server;
  KeysProgram m_program{m_server};
};

QTEST_GUILESS_MAIN(TestKeysTerminal)
#include "tst_keys_terminal.moc"
