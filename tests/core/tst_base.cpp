// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/backoff.h"
#include "core/base/host.h"
#include "core/base/log.h"
#include "core/base/redactor.h"
#include "core/base/resolver.h"
#include "core/base/secret.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/base/worker.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace cachedeck;
using namespace std::chrono_literals;

class TestBase : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void workerAnswersOnTheMakersThread() {
    Worker worker(QStringLiteral("test"));
    QThread* answered = nullptr;
    Qt::HANDLE worked = nullptr;
    int value = 0;
    worker.post(
        this,
        [&worked](std::stop_token) {
          worked = QThread::currentThreadId();
          return 42;
        },
        [&](int result) {
          answered = QThread::currentThread();
          value = result;
        });
    QTRY_COMPARE_WITH_TIMEOUT(value, 42, 60000);
    QCOMPARE(answered, QThread::currentThread());
    QVERIFY(worked != QThread::currentThreadId());
  }

  void workerKeepsTheOrder() {
    Worker worker(QStringLiteral("test"));
    QList<int> seen;
    for (int i = 0; i < 100; ++i) worker.post(this, [i](std::stop_token) { return i; }, [&seen](int n) { seen.append(n); });
    QTRY_COMPARE_WITH_TIMEOUT(seen.size(), 100, 60000);
    QVERIFY(std::is_sorted(seen.cbegin(), seen.cend()));
  }

  void workerForgetsADeadContext() {
    Worker worker(QStringLiteral("test"));
    auto context = std::make_unique<QObject>();
    bool called = false, after = false;
    worker.post(context.get(), [](std::stop_token) { return 1; }, [&called](int) { called = true; });
    context.reset();
    worker.post(this, [](std::stop_token) {}, [&after] { after = true; });
    QTRY_VERIFY_WITH_TIMEOUT(after, 60000);
    QVERIFY(!called);
  }

  void workerStopsARunningJob() {
    std::atomic<bool> cleaned = false, finished = false;
    {
      Worker worker(QStringLiteral("test"));
      worker.atExit([&cleaned] { cleaned = true; });
      std::atomic<bool> started = false;
      worker.post([&](std::stop_token stop) {
        started = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
        finished = true;
      });
      QTRY_VERIFY_WITH_TIMEOUT(started, 60000);
    }
    QVERIFY(finished);
    QVERIFY(cleaned);
  }

  void workerTakesMoveOnlyValues() {
    Worker worker(QStringLiteral("test"));
    std::unique_ptr<int> got;
    worker.post(this, [](std::stop_token) { return std::make_unique<int>(7); },
                [&got](std::unique_ptr<int> value) { got = std::move(value); });
    QTRY_VERIFY_WITH_TIMEOUT(got, 60000);
    QCOMPARE(*got, 7);
  }

  void backoffGrowsToThirtySeconds() {
    Backoff backoff;
    QCOMPARE(backoff.next(0.5), 1000ms);
    QCOMPARE(backoff.next(0.5), 2000ms);
    QCOMPARE(backoff.next(0.5), 4000ms);
    for (int i = 0; i < 20; ++i) (void)backoff.next(0.5);
    QCOMPARE(backoff.next(0.0), 24000ms);
    QCOMPARE(backoff.next(0.5), 30000ms);
    backoff.reset();
    QCOMPARE(backoff.next(0.0), 800ms);
  }

  void secretPrintsAsStars() {
    const Secret secret(QByteArrayLiteral("hunter22"));
    QString text;
    QDebug(&text) << secret;
    QVERIFY(!text.contains(QStringLiteral("hunter22")));
    QVERIFY(text.contains(QStringLiteral("***")));
    QCOMPARE(secret.reveal(), QByteArray("hunter22"));
    QVERIFY(Secret().isEmpty());
  }

  void redactorRemovesEveryForm_data() {
    QTest::addColumn<QString>("text");
    const QByteArray canary = QByteArrayLiteral("p'a\"s\\s%w@o/r d\xc3\xa9");
    const QString plain = QString::fromUtf8(canary);
    QTest::newRow("plain") << QStringLiteral("AUTH failed with %1!").arg(plain);
    QTest::newRow("percent") << QStringLiteral("redis://u:%1@h/0").arg(QString::fromUtf8(canary.toPercentEncoding()));
    QTest::newRow("base64") << QStringLiteral("Authorization: %1").arg(QString::fromLatin1(canary.toBase64()));
    QTest::newRow("tail that libpq quotes") << QStringLiteral("missing \"=\" after \"%1\"").arg(plain);
  }
  void redactorRemovesEveryForm() {
    QFETCH(QString, text);
    const QByteArray canary = QByteArrayLiteral("p'a\"s\\s%w@o/r d\xc3\xa9");
    const Secret secret{QByteArray(canary)};
    const QString cleaned = redact(text);
    QVERIFY2(cleaned.contains(QStringLiteral("***")), qPrintable(cleaned));
    QVERIFY(!cleaned.contains(QStringLiteral("s%w@o")));
    QVERIFY(!cleaned.contains(QString::fromLatin1(canary.toBase64())));
    QVERIFY(!cleaned.contains(QString::fromUtf8(canary.toPercentEncoding())));
  }

  void redactorKnowsPasswordsByTheirPlace() {
    QCOMPARE(redact(QStringLiteral("postgres://me:topsecret@db:5432/x")), QStringLiteral("postgres://me:***@db:5432/x"));
    QCOMPARE(redact(QStringLiteral("host=db password=topsecret user=me")), QStringLiteral("host=db password=*** user=me"));
    QCOMPARE(redact(QStringLiteral("requirepass topsecret")), QStringLiteral("requirepass ***"));
    QCOMPARE(redact(QStringLiteral("AUTH bob topsecret")), QStringLiteral("AUTH ***"));
    QCOMPARE(redact(QStringLiteral("HELLO 2 AUTH bob topsecret")), QStringLiteral("HELLO 2 AUTH ***"));
    QCOMPARE(redact(QStringLiteral("Authorization: Bearer abc.def")), QStringLiteral("Authorization: Bearer ***"));
    QCOMPARE(redact(QStringLiteral("ACL SETUSER bob on >topsecret ~*")), QStringLiteral("ACL SETUSER bob on >*** ~*"));
    QCOMPARE(redact(QStringLiteral("AUTH failed because the server is loading.")), QStringLiteral("AUTH failed because the server is loading."));
    QCOMPARE(redact(QStringLiteral("The password is wrong.")), QStringLiteral("The password is wrong."));
  }

  void redactorLeavesNoRestOfALongerSecret() {
    const Secret shorter(QByteArrayLiteral("open")), longer(QByteArrayLiteral("open-sesame"));
    QCOMPARE(redact(QStringLiteral("said open-sesame")), QStringLiteral("said ***"));
  }

  void redactorForgetsADeadSecret() {
    { const Secret secret(QByteArrayLiteral("ephemeral")); }
    QCOMPARE(redact(QStringLiteral("ephemeral")), QStringLiteral("ephemeral"));
  }

  void printableShowsWhatWouldDeceive() {
    QCOMPARE(printable(QByteArray("a\nb\x01")), QStringLiteral("a\\x0ab\\x01"));
    QCOMPARE(printable(QString(QChar(0x202E)) + QStringLiteral("exe")), QStringLiteral("U+202Eexe"));
    QCOMPARE(printable(QString(1000, QLatin1Char('x'))).size(), 256);
    QCOMPARE(printable(QByteArray("<b>")), QStringLiteral("<b>"));
    QCOMPARE(printableLines(QStringLiteral("one\r\n\ttwo\nthree"), 100), QStringLiteral("one\n\\x09two\nthree"));
    QCOMPARE(printableLines(QStringLiteral("one\ntwo\nthree"), 100, 2), QStringLiteral("one\ntwo…"));
    QCOMPARE(printableLines(QStringLiteral("one\ntwo"), 5), QStringLiteral("one\nt…"));
  }

  void resolverKnowsLiteralsAndLocalhost() {
    std::stop_source stop;
    const auto literal = resolveHost(QStringLiteral("::1"), Deadline(1s), stop.get_token());
    QVERIFY(literal.ok());
    QCOMPARE(literal->first(), QHostAddress(QHostAddress::LocalHostIPv6));
    const auto local = resolveHost(QStringLiteral("localhost"), Deadline(5s), stop.get_token());
    QVERIFY(local.ok());
    QVERIFY(local->first().isLoopback());
    const auto unknown = resolveHost(QStringLiteral("no-such-host.invalid"), Deadline(5s), stop.get_token());
    QVERIFY(!unknown.ok());
    stop.request_stop();
    const auto cancelled = resolveHost(QStringLiteral("no-such-host.invalid"), Deadline(5s), stop.get_token());
    QCOMPARE(cancelled.error().kind, Error::Kind::Cancelled);
  }

  // Three places each had a rule of their own for it, and two of them did not know "localhost." and 0.0.0.0.
  void hostsOfThisMachine() {
    for (const char* const host : {"localhost", "LocalHost.", "shop.localhost", "127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "0.0.0.0", "::"}) {
      QVERIFY2(isThisMachine(QLatin1String(host)), host);
      QCOMPARE(plainHost(QLatin1String(host)), QStringLiteral("localhost"));
    }
    for (const char* const host : {"", "localhost.example", "127.0.0.1.example", "notlocalhost", "10.0.0.5", "::2", "128.0.0.1", "/var/run/postgresql"}) QVERIFY2(!isThisMachine(QLatin1String(host)), host);
    QCOMPARE(plainHost(QStringLiteral(" DB.Example. ")), QStringLiteral("db.example"));
    QCOMPARE(plainHost(QStringLiteral("2001:DB8:0::1")), QStringLiteral("2001:db8::1"));
    QCOMPARE(plainHost(QStringLiteral("::ffff:10.0.0.5")), QStringLiteral("10.0.0.5"));
  }

  void logIsRedactedAndPrivate() {
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("state/log"));
    const Secret secret(QByteArrayLiteral("canary-in-the-log"));
    const QtMessageHandler before = qInstallMessageHandler(nullptr);
    installLog(path);
    qCInfo(lcApp) << "connecting with canary-in-the-log\nsecond line";
    installLog(QString());
    qInstallMessageHandler(before);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("***"));
    QVERIFY(!text.contains("canary"));
    QCOMPARE(text.count('\n'), 1);
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
  }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
