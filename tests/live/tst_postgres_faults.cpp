// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_postgres_support.h"

#include "tests/support/fault_proxy.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace cachedeck;
using namespace cachedeck::test;
using Kind = Error::Kind;

/// So many that sessions which are still ending leave room for the next.
constexpr int connections = 40;

/// What goes wrong between the PostgreSQL source and a real server, and the sentence that each cause gets.
class TestPostgresFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void leavesNothingOpen();  // first: a cancel request that the other tests leave behind holds a socket for a while
  void namesTheCause_data();
  void namesTheCause();
  void readsPasswordAndServiceFiles();
  void triesHostsInTurn();
  void connectsThroughASocket();
  void saysWhenTheServerIsFull();
  void givesUpOnAStoppedServer();
  void stopsAtOnceWhenAsked();
  void noticesARestart();
  void tellsWhyTheSessionEnded();
  void cancelsWhatTakesTooLong();
  void refusesHugeAnswers();
  void readsAnswersInSmallPieces();
  void survivesLinksThatBreakAnywhere_data();
  void survivesLinksThatBreakAnywhere();
  void refusesBytesThatDoNotBelong();

 private:
  void connectFails(const SourceSettings& settings, Kind kind, const QString& part);
  QByteArray psql(const QByteArray& sql);

  PostgresServer m_server{{QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"), QStringLiteral("max_connections = %1").arg(connections),
                           QStringLiteral("max_wal_senders = 0"), QStringLiteral("unix_socket_directories = '@DIR@'")},
                          {QStringLiteral("local all all scram-sha-256"), QStringLiteral("host all shut 127.0.0.1/32 reject"), QStringLiteral("host all ghost 127.0.0.1/32 trust"),
                           QStringLiteral("host all asleep 127.0.0.1/32 trust"), QStringLiteral("host all single 127.0.0.1/32 trust")}};
};

namespace {

SourceSettings with(SourceSettings settings, const QString& key, const QString& value) {
  settings.fields[key] = value;
  return settings;
}

int openDescriptors() { return static_cast<int>(QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System).size()); }

qint64 peakKb() {
  QFile status(QStringLiteral("/proc/self/status"));
  if (!status.open(QIODevice::ReadOnly)) return 0;
  static const QRegularExpression peak(QStringLiteral("VmHWM:\\s+(\\d+)"));
  return peak.match(QString::fromUtf8(status.readAll())).captured(1).toLongLong();
}

}  // namespace

void TestPostgresFaults::initTestCase() {
  // What the person's own files and environment say must not matter.
  static QTemporaryDir home;
  qputenv("HOME", home.path().toUtf8());
  QCOMPARE(m_server.start(), QString());
  for (const char* sql : {"CREATE EXTENSION pg_stat_statements", "CREATE ROLE console LOGIN PASSWORD 'Sesame-open'", "GRANT pg_monitor TO console",
                          "CREATE ROLE shut LOGIN", "CREATE ROLE asleep NOLOGIN", "CREATE ROLE single LOGIN CONNECTION LIMIT 0",
                          "CREATE DATABASE closed", "REVOKE CONNECT ON DATABASE closed FROM public", "CREATE DATABASE frozen ALLOW_CONNECTIONS false"})
    QCOMPARE(psql(sql), QByteArray());
}

void TestPostgresFaults::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

QByteArray TestPostgresFaults::psql(const QByteArray& sql) {
  QString error;
  const QByteArray out = m_server.psql(QString::fromUtf8(sql), QStringLiteral("postgres"), QStringLiteral("postgres"), &error);
  return error.isEmpty() ? out : error.toUtf8();
}

void TestPostgresFaults::connectFails(const SourceSettings& settings, Kind kind, const QString& part) {
  const auto answer = sourceOf(settings)->connect({});
  QVERIFY(!answer.ok());
  const Error& error = answer.error();
  QVERIFY2(error.message.contains(part), complaint(answer));
  QCOMPARE(kindName(error.kind), kindName(kind));
  QVERIFY(!(error.message + error.detail).contains(QStringLiteral("Sesame")));
}

void TestPostgresFaults::namesTheCause_data() {
  QTest::addColumn<QString>("user");
  QTest::addColumn<QString>("database");
  QTest::addColumn<QString>("key");
  QTest::addColumn<QString>("value");
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QString>("part");
  const QString console = QStringLiteral("console"), postgres = QStringLiteral("postgres"), none;
  const auto row = [&](const char* name, const QString& user, const QString& database, const char* key, const QString& value, Kind kind, const char* part) {
    QTest::newRow(name) << user << database << QString::fromUtf8(key) << value << kind << QString::fromUtf8(part);
  };
  row("wrong password", console, postgres, "password", QStringLiteral("Sesame-wrong"), Kind::Auth, "refused the password of user “console”");
  row("no password", console, postgres, "password", none, Kind::Auth, "none is given");
  row("wrong database", console, QStringLiteral("nowhere"), "", none, Kind::NotFound, "has no database “nowhere”");
  row("database forbidden", console, QStringLiteral("closed"), "", none, Kind::Permission, "may not connect to database “closed”");
  row("database without connections", console, QStringLiteral("frozen"), "", none, Kind::Permission, "does not accept connections");
  row("no entry in pg_hba.conf", QStringLiteral("shut"), postgres, "", none, Kind::Permission, "no pg_hba.conf entry");
  row("unknown role", QStringLiteral("ghost"), postgres, "", none, Kind::Auth, "has no role “ghost”");
  row("role without login", QStringLiteral("asleep"), postgres, "", none, Kind::Permission, "may not log in");
  row("role's limit", QStringLiteral("single"), postgres, "", none, Kind::Busy, "CONNECTION LIMIT");
  row("refused", console, postgres, "port", QString::number(freePort()), Kind::Refused, "Nothing listens at 127.0.0.1:");
  row("no socket", console, postgres, "host", QStringLiteral("/nowhere"), Kind::Refused, "There is no socket /nowhere/.s.PGSQL.");
  row("unknown name", console, postgres, "host", QStringLiteral("no..name"), Kind::Unreachable, "“no..name” is not known");
  row("no TLS there", console, postgres, "sslmode", QStringLiteral("require"), Kind::Tls, "does not offer TLS");
  row("no CA file", console, postgres, "sslmode", QStringLiteral("verify-full"), Kind::Tls, "does not offer TLS");
  row("unknown service", console, postgres, "service", QStringLiteral("nowhere"), Kind::NotFound, "service “nowhere”");
  row("bad TLS mode", console, postgres, "sslmode", QStringLiteral("sometimes"), Kind::Usage, "value of “sslmode”");
  row("bad port", console, postgres, "port", QStringLiteral("http"), Kind::Usage, "from 1 to 65535");
  row("forbidden parameter", console, postgres, "parameters", QStringLiteral("replication=database"), Kind::Usage, "“replication”");
}

void TestPostgresFaults::namesTheCause() {
  QFETCH(QString, user);
  QFETCH(QString, database);
  QFETCH(QString, key);
  QFETCH(QString, value);
  QFETCH(Kind, kind);
  QFETCH(QString, part);
  SourceSettings settings = settingsOf(m_server, user, database);
  if (key == QStringLiteral("password"))
    settings.secrets[key] = Secret::fromString(value);
  else if (!key.isEmpty())
    settings.fields[key] = value;
  connectFails(settings, kind, part);
}

void TestPostgresFaults::readsPasswordAndServiceFiles() {
  QTemporaryDir folder;
  const QString passwords = folder.filePath(QStringLiteral("pass"));
  QFile file(passwords);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("*:*:*:console:Sesame-open\n");
  file.close();
  QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
  SourceSettings settings = with(settingsOf(m_server, QStringLiteral("console")), QStringLiteral("parameters"), QStringLiteral("passfile=%1").arg(passwords));
  settings.secrets.clear();
  auto answer = sourceOf(settings)->connect({});
  QVERIFY2(answer.ok(), complaint(answer));
  QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
  connectFails(settings, Kind::Auth, QStringLiteral("run chmod 600 on it"));

  QFile services(folder.filePath(QStringLiteral("services")));
  QVERIFY(services.open(QIODevice::WriteOnly));
  services.write("[stage]\nhost=127.0.0.1\nport=" + QByteArray::number(m_server.port()) + "\nuser=console\ndbname=postgres\npassword=Sesame-open\n");
  services.close();
  qputenv("PGSERVICEFILE", services.fileName().toUtf8());
  answer = sourceOf(settingsOf(QStringLiteral("service=stage")))->connect({});
  QVERIFY2(answer.ok(), complaint(answer));
  QCOMPARE(answer.value().endpoint, m_server.address());
  connectFails(settingsOf(QStringLiteral("service=stage dbname=nowhere")), Kind::NotFound, QStringLiteral("“nowhere”"));
  qunsetenv("PGSERVICEFILE");
}

void TestPostgresFaults::triesHostsInTurn() {
  SourceSettings settings = settingsOf(m_server, QStringLiteral("console"));
  settings.fields[QStringLiteral("host")] = QStringLiteral("127.0.0.1,127.0.0.1");
  settings.fields[QStringLiteral("port")] = QStringLiteral("%1,%2").arg(freePort()).arg(m_server.port());
  const auto source = sourceOf(settings);
  const auto answer = source->connect({});
  QVERIFY2(answer.ok(), complaint(answer));
  QCOMPARE(answer.value().endpoint, m_server.address());
  connectFails(with(settings, QStringLiteral("port"), QStringLiteral("1,2,3")), Kind::Usage, QStringLiteral("differ"));
}

void TestPostgresFaults::connectsThroughASocket() {
  const auto source = sourceOf(with(settingsOf(m_server, QStringLiteral("console")), QStringLiteral("host"), m_server.dir()));
  const auto answer = source->connect({});
  QVERIFY2(answer.ok(), complaint(answer));
  QCOMPARE(answer.value().endpoint, QStringLiteral("%1/.s.PGSQL.%2").arg(m_server.dir()).arg(m_server.port()));
  QVERIFY(source->sample({}).ok());
}

void TestPostgresFaults::saysWhenTheServerIsFull() {
  std::vector<std::unique_ptr<Session>> sessions;
  const SourceSettings console = settingsOf(m_server, QStringLiteral("console"));
  QVERIFY(becomes([&] { return psql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") == "1"; }));  // itself
  for (int i = 0; i < connections - 3; ++i) {
    const auto another = [&] {
      sessions.push_back(std::make_unique<Session>(console));
      if (sessions.back()->ok()) return true;
      sessions.pop_back();  // that of the question may still be ending
      return false;
    };
    QVERIFY(becomes(another));
  }
  connectFails(console, Kind::Busy, QStringLiteral("reserved for superusers"));
  for (int i = 0; i < 3; ++i) sessions.push_back(std::make_unique<Session>(settingsOf(m_server)));
  connectFails(console, Kind::Busy, QStringLiteral("max_connections is reached"));
  sessions.clear();
  QTRY_VERIFY_WITH_TIMEOUT(sourceOf(console)->connect({}).ok(), 60000);
}

void TestPostgresFaults::givesUpOnAStoppedServer() {
  const SourceSettings settings = settingsOf(m_server, QStringLiteral("console"));
  const auto source = sourceOf(settings);
  QVERIFY(source->connect({}).ok());
  QVERIFY(source->sample({}).ok());
  m_server.freeze();
  const auto sample = source->sample({});
  const auto answer = sourceOf(with(settings, QStringLiteral("parameters"), QStringLiteral("connect_timeout=1")))->connect({});
  m_server.thaw();
  QVERIFY(!sample.ok() && !answer.ok());
  QCOMPARE(sample.error().kind, Kind::Timeout);
  QVERIFY2(sample.error().message.contains(QStringLiteral("did not answer a statement")), complaint(sample));
  QCOMPARE(answer.error().kind, Kind::Timeout);
  QVERIFY2(answer.error().message.contains(QStringLiteral("said nothing for 1 s")), complaint(answer));
  QVERIFY(source->connect({}).ok());
  QVERIFY(source->sample({}).ok());
}

void TestPostgresFaults::stopsAtOnceWhenAsked() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  m_server.freeze();
  std::stop_source stop;
  const std::jthread asker([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto sample = source->sample(stop.get_token());
  const auto answer = source->connect(stop.get_token());
  m_server.thaw();
  QCOMPARE(sample.error().kind, Kind::Cancelled);
  QCOMPARE(answer.error().kind, Kind::Cancelled);
}

void TestPostgresFaults::noticesARestart() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  const auto first = source->connect({});
  QVERIFY(first.ok());
  QVERIFY(!source->sample({}).value().restarted);
  m_server.kill9();
  const auto sample = source->sample({});
  QVERIFY(!sample.ok());
  QCOMPARE(sample.error().kind, Kind::Unreachable);
  QCOMPARE(source->connect({}).error().kind, Kind::Refused);
  QCOMPARE(m_server.start(), QString());
  const auto second = source->connect({});
  QVERIFY2(second.ok(), complaint(second));
  QCOMPARE(second.value().serverId, first.value().serverId);
  const Sample after = source->sample({}).value();
  QVERIFY(after.restarted);
  QVERIFY(!valuesOf(after).contains(QStringLiteral("postgres.calls")));
  QVERIFY(!source->sample({}).value().restarted);
}

void TestPostgresFaults::tellsWhyTheSessionEnded() {
  const auto source = sourceOf(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(source->connect({}).ok());
  QVERIFY(source->sample({}).ok());
  QVERIFY(becomes([&] { return psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck'") == "1"; }));  // none of the test before
  QCOMPARE(psql("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'cachedeck'"), "t");
  const auto sample = source->sample({});
  QCOMPARE(sample.error().kind, Kind::Unreachable);
  QVERIFY2(sample.error().message.contains(QStringLiteral("pg_terminate_backend")), complaint(sample));
  QVERIFY(source->connect({}).ok());
  QVERIFY(!source->sample({}).value().restarted);
}

void TestPostgresFaults::cancelsWhatTakesTooLong() {
  PostgresConnection connection(settingsOf(m_server, QStringLiteral("console")));
  QVERIFY(connection.open({}).ok());
  const auto rows = connection.query("SELECT pg_sleep(100)", {}, Deadline(std::chrono::seconds(3)), {});
  QCOMPARE(rows.error().kind, Kind::Timeout);
  QVERIFY(!connection.isOpen());
  QTRY_COMPARE_WITH_TIMEOUT(psql("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'"), "0", 60000);
}

void TestPostgresFaults::refusesHugeAnswers() {
  PostgresConnection connection(settingsOf(m_server, QStringLiteral("console")));
  const Deadline deadline(std::chrono::seconds(60));
  for (const char* sql : {"SELECT g, repeat('x', 100) FROM generate_series(1, 5000000) g", "SELECT repeat('x', 200000000)"}) {
    QVERIFY(connection.open({}).ok());
    const qint64 before = peakKb();
    const auto rows = connection.query(sql, {}, deadline, {});
    QVERIFY(!rows.ok());
    QVERIFY2(rows.error().message.contains(QStringLiteral("more than 16 MiB")), complaint(rows));
    QVERIFY(!connection.isOpen());
    QVERIFY2(peakKb() - before < 150 * 1024, qPrintable(QString::number(peakKb() - before)));
  }
}

void TestPostgresFaults::readsAnswersInSmallPieces() {
  FaultProxy proxy(m_server.port());
  Faults faults;
  faults.slice = 1;
  proxy.set(faults);
  const auto source = sourceOf(with(settingsOf(m_server, QStringLiteral("console")), QStringLiteral("port"), QString::number(proxy.port())));
  const auto answer = source->connect({});
  QVERIFY2(answer.ok(), complaint(answer));
  const auto sample = source->sample({});
  QVERIFY2(sample.ok(), complaint(sample));
  QCOMPARE(valuesOf(sample.value()).at(QStringLiteral("postgres.max_connections")), connections);
}

void TestPostgresFaults::survivesLinksThatBreakAnywhere_data() {
  QTest::addColumn<bool>("reset");
  QTest::newRow("closed") << false;
  QTest::newRow("reset") << true;
}

void TestPostgresFaults::survivesLinksThatBreakAnywhere() {
  QFETCH(bool, reset);
  FaultProxy proxy(m_server.port());
  const SourceSettings settings = with(settingsOf(m_server, QStringLiteral("console")), QStringLiteral("port"), QString::number(proxy.port()));
  int failures = 0;
  for (qint64 after = 0; after < 3000; after += 61) {
    Faults faults;
    (reset ? faults.resetAfter : faults.dropAfter) = after;
    proxy.set(faults);
    const auto source = sourceOf(settings);
    const auto answer = source->connect({});
    const Error error = answer ? Error() : answer.error();
    const auto sample = answer ? source->sample({}) : Result<Sample>(error);
    if (sample.ok()) continue;
    ++failures;
    QVERIFY2(sample.error().kind == Kind::Unreachable || sample.error().kind == Kind::Protocol, complaint(sample));
    QVERIFY(!sample.error().message.isEmpty());
  }
  QVERIFY(failures > 10);
  proxy.clear();
  QVERIFY(sourceOf(settings)->connect({}).ok());
}

void TestPostgresFaults::refusesBytesThatDoNotBelong() {
  FaultProxy proxy(m_server.port());
  const SourceSettings settings = with(settingsOf(m_server, QStringLiteral("console")), QStringLiteral("port"), QString::number(proxy.port()));
  for (const QByteArray& bytes : {QByteArray("HTTP/1.1 200 OK\r\n\r\n"), QByteArray("D\x7f\xff\xff\xff\0\1", 7), QByteArray("T\0\0\0\6\xff\xff", 7), QByteArray(40, '\0')}) {
    const auto source = sourceOf(settings);
    proxy.clear();
    QVERIFY(source->connect({}).ok());
    proxy.cut();
    Faults faults;
    faults.injectAt = 600;
    faults.inject = bytes;
    proxy.set(faults);
    const auto answer = source->connect({});
    const Error error = answer ? Error() : answer.error();
    const auto sample = answer ? source->sample({}) : Result<Sample>(error);
    QVERIFY(!sample.ok());
    QVERIFY2(sample.error().kind == Kind::Protocol || sample.error().kind == Kind::Unreachable || sample.error().kind == Kind::Timeout, complaint(sample));
  }
}

void TestPostgresFaults::leavesNothingOpen() {
  const SourceSettings good = settingsOf(m_server, QStringLiteral("console"));
  const SourceSettings bad = settingsOf(m_server, QStringLiteral("console"), QStringLiteral("nowhere"));
  (void)sourceOf(good)->connect({});
  const int before = openDescriptors();
  for (int i = 0; i < 20; ++i) {
    const auto source = sourceOf(i % 2 ? good : bad);
    (void)source->connect({});
    source->disconnect();
  }
  QCOMPARE(openDescriptors(), before);
  QTRY_COMPARE_WITH_TIMEOUT(psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cachedeck'"), "0", 60000);
}

QTEST_GUILESS_MAIN(TestPostgresFaults)
#include "tst_postgres_faults.moc"
