// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/fromurls.h"
#include "core/profiles/keyring.h"
#include "core/profiles/prompt.h"
#include "core/profiles/secrets.h"
#include "tests/core/tst_profile_fakes.h"

#include <QRegularExpression>
#include <QTest>

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

const QString fake = QStringLiteral("fake");
const QString password = QStringLiteral("password");

Profile profileWithPassword() {
  Profile profile;
  profile.id = QUuid::createUuid();
  profile.sources[fake].fields.insert(QStringLiteral("host"), QStringLiteral("locked"));
  profile.sources[fake].secretFields = QStringList{password};
  return profile;
}

/// Both ends of a terminal, the far one played by the test.
struct Terminal {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  int slave = -1;
  Terminal() {
    if (grantpt(master) != 0 || unlockpt(master) != 0) qFatal("no terminal");
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  ~Terminal() {
    close(slave);
    close(master);
  }
  bool echoes() const {
    termios state{};
    return tcgetattr(slave, &state) == 0 && (state.c_lflag & ECHO) && (state.c_lflag & ISIG);
  }
  QByteArray shown() const {
    QByteArray text(4096, '\0');
    const ssize_t got = ::read(master, text.data(), 4096);
    return text.left(got);
  }
};

// Answers once the question stands there, as a person does; what came before is flushed away.
Result<Secret> answered(Terminal& terminal, const QByteArray& keys, QByteArray* screen = nullptr) {
  QByteArray shown;
  std::thread person([&] {
    while (!shown.contains(": ")) shown += terminal.shown();
    [[maybe_unused]] const ssize_t written = ::write(terminal.master, keys.constData(), static_cast<size_t>(keys.size()));
  });
  auto result = promptSecret(QStringLiteral("Password of Redis"), terminal.slave, terminal.slave);
  person.join();
  pollfd more{terminal.master, POLLIN, 0};
  if (poll(&more, 1, 0) == 1) shown += terminal.shown();
  if (screen) *screen = shown;
  return result;
}

}  // namespace

class TestProfileSecrets : public QObject {
  Q_OBJECT

  FakeKeyring* m_keyring = nullptr;
  std::unique_ptr<Secrets> makeSecrets(const QProcessEnvironment& environment = {}) {
    auto keyring = std::make_unique<FakeKeyring>();
    m_keyring = keyring.get();
    return std::make_unique<Secrets>(std::move(keyring), environment, fakeRegistry());
  }

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void order() {
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("CACHEDECK_FAKE_PASSWORD"), QStringLiteral("from environment"));
    const auto secrets = makeSecrets(environment);
    const Profile profile = profileWithPassword();
    const SecretKey key{profile.id, fake, password};
    const auto found = [&] { return secrets->resolveNow(profile).sources[fake].secrets.value(password).reveal(); };
    m_keyring->entries[key] = Secret::fromString(QStringLiteral("from keyring"));
    QCOMPARE(found(), QByteArray("from environment"));
    secrets->keepForSession(key, Secret::fromString(QStringLiteral("typed")));
    QCOMPARE(found(), QByteArray("typed"));
    QCOMPARE(m_keyring->reads, 0);
    const auto plain = makeSecrets();
    m_keyring->entries[key] = Secret::fromString(QStringLiteral("from keyring"));
    QCOMPARE(plain->resolveNow(profile).sources[fake].secrets.value(password).reveal(), QByteArray("from keyring"));
    m_keyring->broken = fail(Error::Kind::Timeout, QStringLiteral("gone"));
    QCOMPARE(plain->resolveNow(profile).missing.size(), 0);  // remembered from the first time
  }

  void anEntryThatIsNotThereIsAskedForAndNeverTriedEmpty() {
    const auto secrets = makeSecrets();
    const Profile profile = profileWithPassword();
    const ResolvedSettings resolved = secrets->resolveNow(profile);
    QVERIFY(resolved.sources.isEmpty());
    QCOMPARE(resolved.missing.size(), 1);
    QCOMPARE(resolved.missing[0].label, QStringLiteral("Password"));
    QCOMPARE(resolved.missing[0].key.entry(), profile.id.toString(QUuid::WithoutBraces) + QStringLiteral("/fake/password"));
    m_keyring->broken = fail(Error::Kind::Unreachable, QStringLiteral("No keyring."));
    QCOMPARE(secrets->resolveNow(profile).missing[0].error.kind, Error::Kind::Unreachable);
  }

  void emptyIsNeverKept() {
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("CACHEDECK_FAKE_PASSWORD"), QString());
    const auto secrets = makeSecrets(environment);
    const Profile profile = profileWithPassword();
    secrets->keepForSession({profile.id, fake, password}, Secret());
    QCOMPARE(secrets->resolveNow(profile).missing.size(), 1);
  }

  void sessionPlaceDoesNotAskTheKeyring() {
    const auto secrets = makeSecrets();
    Profile profile = profileWithPassword();
    profile.secretPlace = SecretPlace::Session;
    QCOMPARE(secrets->resolveNow(profile).missing.size(), 1);
    QCOMPARE(m_keyring->reads, 0);
    profile.sources[fake].secretFields.clear();
    QCOMPARE(secrets->resolveNow(profile).sources.size(), 1);
    profile.sources[fake].enabled = false;
    QVERIFY(secrets->resolveNow(profile).sources.isEmpty());
  }

  void answersStopWithTheirReceiver() {
    const auto secrets = makeSecrets();
    auto receiver = std::make_unique<QObject>();
    int answers = 0;
    secrets->resolve(profileWithPassword(), receiver.get(), [&](ResolvedSettings) { ++answers; });
    receiver.reset();
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCOMPARE(answers, 0);
  }

  void storeAndRemove() {
    const auto secrets = makeSecrets();
    const SecretKey key{QUuid::createUuid(), fake, password};
    int done = 0;
    secrets->store(key, Secret::fromString(canary()), this, [&](Result<void> result) { done += result.ok() ? 1 : 0; });
    QVERIFY(secrets->isKnownForSession(key));
    QTRY_COMPARE_WITH_TIMEOUT(done, 1, 60000);
    QCOMPARE(m_keyring->entries[key].reveal(), canary().toUtf8());
    secrets->remove(key, this, [&](Result<void> result) { done += result.ok() ? 1 : 0; });
    QTRY_COMPARE_WITH_TIMEOUT(done, 2, 60000);
    QVERIFY(m_keyring->entries.empty());
    QVERIFY(!secrets->isKnownForSession(key));
    secrets->probe(this, [&](Result<void> result) { done += result.ok() ? 1 : 0; });
    QTRY_COMPARE_WITH_TIMEOUT(done, 3, 60000);
    m_keyring->broken = fail(Error::Kind::Unreachable, QStringLiteral("No keyring."));
    secrets->probe(this, [&](Result<void> result) { done += result.ok() ? 0 : 1; });
    QTRY_COMPARE_WITH_TIMEOUT(done, 4, 60000);
  }

  // No D-Bus session: QtKeychain says OtherError; that must be an answer of its own, soon, and not "not found".
  void withoutDBus() {
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    KeyringStore keyring;
    const SecretKey key{QUuid::createUuid(), fake, password};
    std::optional<Error> read, written, removed, empty;
    keyring.read(key, [&](Result<Secret> result) { read = result.error(); });
    QVERIFY(!read);  // callbacks come after the call
    keyring.write(key, Secret::fromString(canary()), [&](Result<void> result) { written = result.error(); });
    keyring.remove(key, [&](Result<void> result) { removed = result.error(); });
    keyring.write(key, Secret(), [&](Result<void> result) { empty = result.error(); });
    QTRY_VERIFY_WITH_TIMEOUT(read && written && removed && empty, 60000);
    for (const auto& error : {read, written, removed}) {
      QCOMPARE(error->kind, Error::Kind::Unreachable);
      QVERIFY2(error->message.contains(QStringLiteral("keyring does not answer")), qPrintable(error->message));
      QVERIFY(!error->detail.contains(canary()));
    }
    QCOMPARE(empty->kind, Error::Kind::Usage);
  }

  void variables() {
    QCOMPARE(secretVariable(QStringLiteral("redis"), password), QStringLiteral("CACHEDECK_REDIS_PASSWORD"));
    QCOMPARE(secretVariable(QStringLiteral("prometheus"), QStringLiteral("token")), QStringLiteral("CACHEDECK_PROMETHEUS_TOKEN"));
  }

  void theEnvironmentIsWiped() {
    // As the process got it: the bytes themselves, which /proc/PID/environ would show.
    static char given[] = "CACHEDECK_REDIS_PASSWORD=from the environment";
    QCOMPARE(putenv(given), 0);
    const auto secrets = Secrets::ofThisProcess();
    QVERIFY(!qEnvironmentVariableIsSet("CACHEDECK_REDIS_PASSWORD"));
    QCOMPARE(given[sizeof("CACHEDECK_REDIS_PASSWORD=")], '\0');
    Profile profile;
    profile.sources[QStringLiteral("redis")].secretFields = QStringList{password};
    QCOMPARE(secrets->resolveNow(profile).sources[QStringLiteral("redis")].secrets.value(password).reveal(), QByteArray("from the environment"));
  }

  void commandsAskForWhatIsMissing() {
    Terminal terminal;
    const auto secrets = makeSecrets();
    const Profile profile = profileWithPassword();
    std::thread person([&] {
      QByteArray shown;
      while (!shown.contains(": ")) shown += terminal.shown();
      [[maybe_unused]] const ssize_t written = ::write(terminal.master, "typed\n", 6);
    });
    const auto resolved = resolveOrAsk(*secrets, profile, terminal.slave, terminal.slave);
    person.join();
    QVERIFY(resolved.ok());
    QCOMPARE(resolved->sources[fake].secrets.value(password).reveal(), QByteArray("typed"));
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    const auto silent = resolveOrAsk(*makeSecrets(), profile, ends[0], ends[1]);
    QCOMPARE(silent.error().kind, Error::Kind::Usage);
    QCOMPARE(silent.error().detail, QStringLiteral("Not in the keyring."));
    close(ends[0]);
    close(ends[1]);
  }

  void fromUrls() {
    const QString secret = QString::fromLatin1(QUrl::toPercentEncoding(canary()));
    auto made = profileFromUrls(QStringLiteral("URLs"), {{fake, QStringLiteral("fake://joe:%1@locked:7000").arg(secret)}}, fakeRegistry());
    QVERIFY(made.ok());
    QCOMPARE(made->profile.environment, Environment::Production);
    QCOMPARE(made->profile.sources[fake].fields[QStringLiteral("port")], QStringLiteral("7000"));
    QCOMPARE(made->profile.sources[fake].secretFields, QStringList{password});
    const auto secrets = makeSecrets();
    made->handOver(*secrets);
    QCOMPARE(secrets->resolveNow(made->profile).sources[fake].secrets[password].reveal(), canary().toUtf8());
    made = profileFromUrls({}, {{fake, QStringLiteral("fake://127.0.0.1")}}, fakeRegistry());
    QCOMPARE(made->profile.environment, Environment::Development);
    made = profileFromUrls({}, {{fake, QStringLiteral("http://x")}}, fakeRegistry());
    QVERIFY(made.error().message.startsWith(QStringLiteral("Fake: ")));
    QCOMPARE(profileFromUrls({}, {{QStringLiteral("no"), QString()}}, fakeRegistry()).error().kind, Error::Kind::Usage);
  }

  void promptReadsWithoutEcho() {
    Terminal terminal;
    QByteArray screen;
    const auto secret = answered(terminal, canary().toUtf8() + "xy\u00e9\x7f\x7f\x7f\r", &screen);
    QVERIFY2(secret.ok(), screen.constData());
    QCOMPARE(secret->reveal(), canary().toUtf8());
    QVERIFY(!screen.contains("Canary"));
    QVERIFY(terminal.echoes());
    QCOMPARE(answered(terminal, "wrong\x15right\n")->reveal(), QByteArray("right"));
  }

  void promptEndsAtControlC() {
    Terminal terminal;
    for (const QByteArray& keys : {QByteArray("abc\x03"), QByteArray("\x04"), QByteArray("\n")}) {
      const auto secret = answered(terminal, keys);
      QVERIFY(!secret.ok());
      QCOMPARE(secret.error().kind, Error::Kind::Cancelled);
      QVERIFY(terminal.echoes());
    }
  }

  void promptNeedsATerminal() {
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    const auto secret = promptSecret(QStringLiteral("Password"), ends[0], ends[1]);
    QCOMPARE(secret.error().kind, Error::Kind::Usage);
    close(ends[0]);
    close(ends[1]);
  }
};

QTEST_GUILESS_MAIN(TestProfileSecrets)
#include "tst_profile_secrets.moc"
