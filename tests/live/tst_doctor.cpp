// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor says of real caches and databases that were made ill on purpose.
#include "core/sources/postgres/postgres_connection.h"
#include "core/sources/redis/dial.h"
#include "tests/live/tst_doctor_support.h"
#include "tests/support/certificates.h"
#include "tests/support/cluster.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <thread>

using namespace cachedeck;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

/// A cache as it should be.
const QStringList& fine() {
  static const QStringList lines{QStringLiteral("maxmemory 64mb"), QStringLiteral("maxmemory-policy allkeys-lru")};
  return lines;
}

Urls at(const QString& url) { return {{QStringLiteral("redis"), url}}; }
Urls at(const RedisServer& server) { return at(QStringLiteral("redis://") + server.address()); }
Urls at(const PostgresServer& server, const QString& role = QStringLiteral("postgres")) {
  return {{QStringLiteral("postgres"), QStringLiteral("postgres://%1:%2@%3/postgres").arg(role, PostgresServer::password(), server.address())}};
}

/// Without the mercy for a young cache.
doctor::Options warm() {
  doctor::Options options = quickly();
  options.warmUp = 0s;
  return options;
}

/// Waits until a session waits for a lock; since when at the earliest.
std::optional<std::chrono::steady_clock::time_point> waitsForALock(const PostgresServer& server) {
  auto since = std::chrono::steady_clock::now();
  const bool waits = becomes([&] {
    const auto asked = std::chrono::steady_clock::now();
    if (server.psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted")) == "1") return true;
    since = asked;
    return false;
  });
  return waits ? std::optional(since) : std::nullopt;
}

/// Once somebody waits for a lock, there is no finding before the ten seconds that make one: nothing is known of a machine that stood still that long.
#define VERIFY_SILENT_AT_FIRST(server)                                                  \
  do {                                                                                  \
    const auto since = waitsForALock(server);                                           \
    QVERIFY(since);                                                                     \
    const doctor::Report early = examined(at(server));                                  \
    if (std::chrono::steady_clock::now() - *since < 9s) VERIFY_SILENT(early, "database-blocked"); \
  } while (false)

/// A session that does what the test says.
class Session {
 public:
  explicit Session(const PostgresServer& server) : m_connection(settingsOf(at(server)).value(QStringLiteral("postgres"))) {}
  bool open() { return m_connection.open({}).ok(); }
  bool run(const char* sql, std::chrono::milliseconds patience = 3min) { return m_connection.query(sql, {}, Deadline(patience), {}).ok(); }

 private:
  PostgresConnection m_connection;
};

}  // namespace

class TestDoctorLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void aConnectionThatFailsHasItsCause() {
    RedisServer server(fine() + QStringList{QStringLiteral("user default on >right ~* +@all"), QStringLiteral("user narrow on >right ~* -@all +get")});
    QCOMPARE(server.start(), QString());
    const QString address = server.address();
    VERIFY_SILENT(examined(at(QStringLiteral("redis://:right@") + address)), "cache-connection");
    VERIFY_FINDING(examined(at(QStringLiteral("redis://:wrong@") + address)), "cache-connection", Critical, "refuses the user or password");
    VERIFY_FINDING(examined(at(QStringLiteral("redis://nobody:right@") + address)), "cache-connection", Critical, "ACL SETUSER nobody on >PASSWORD");
    VERIFY_FINDING(examined(at(QStringLiteral("redis://") + address)), "cache-connection", Critical, "none is given");
    VERIFY_FINDING(examined(at(QStringLiteral("rediss://:right@") + address)), "cache-connection", Critical, "TLS");
    const doctor::Report narrow = examined(at(QStringLiteral("redis://narrow:right@") + address));
    VERIFY_FINDING(narrow, "cache-rights", Warning, "ACL SETUSER narrow +info");
    QVERIFY2(shown(narrow).contains("missing: The configuration of Redis: user “narrow” may not ask for it. In redis-cli: ACL SETUSER narrow +config|get"), shown(narrow).constData());
    VERIFY_FINDING(examined(at(QStringLiteral("redis://:right@") + address)), "cache-denials", Info, "ACL LOG");
    server.freeze();
    VERIFY_FINDING(examined(at(QStringLiteral("redis://:right@") + address)), "cache-connection", Critical, "does not answer in time");
    server.thaw();
    server.stop();
    const doctor::Report report = examined(at(QStringLiteral("redis://:right@") + address));
    VERIFY_FINDING(report, "cache-connection", Critical, "Nothing listens");
    QVERIFY(report.looked.isEmpty());
    QVERIFY(!shown(report).contains("right@"));
    VERIFY_FINDING(examined(at(QStringLiteral("redis://no-such-host.invalid:6379"))), "cache-connection", Critical, "DNS");
    VERIFY_FINDING(examined(at(QStringLiteral("unix:///nowhere/redis.sock"))), "cache-connection", Critical, "socket");
  }

  // The rights that docs/OPERATING.md and monitoring/ give the console lack some that the doctor asks for: it warned of clients that were refused, and these were itself.
  void narrowRightsAreNoFinding_data() {
    QTest::addColumn<QString>("rights");
    QTest::newRow("docs/OPERATING.md") << QStringLiteral("resetkeys resetchannels -@all +ping +info +client|setname +select");
    QFile script(QStringLiteral(SOURCE_DIR "/monitoring/compose/fill-in.sh"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    static const QRegularExpression given(QStringLiteral("CONSOLE_RIGHTS\\) echo '([^']+)'"));
    const QString rights = given.match(QString::fromUtf8(script.readAll())).captured(1);
    QVERIFY(rights.contains(QLatin1String("+info")) && !rights.contains(QLatin1String("config|get")));
    QTest::newRow("monitoring/") << rights;
  }
  void narrowRightsAreNoFinding() {
    QFETCH(QString, rights);
    RedisServer server(fine() + QStringList{QStringLiteral("user console on >right ") + rights});
    QCOMPARE(server.start(), QString());
    const Urls urls = at(QStringLiteral("redis://console:right@") + server.address());
    for (int time = 0; time < 3; ++time) {
      const doctor::Report report = examined(urls);
      QVERIFY2(report.findings.isEmpty(), shown(report).constData());
      QVERIFY2(shown(report).contains("ACL SETUSER console +config|get"), shown(report).constData());
    }
    // What another client is refused meanwhile is still said.
    doctor::Options options;
    options.watchFor = 4s;
    std::jthread other([&](const std::stop_token& stop) {  // again and again: the first look may come late
      while (!stop.stop_requested()) {
        std::this_thread::sleep_for(700ms);
        server.cli({QStringLiteral("--user"), QStringLiteral("console"), QStringLiteral("--pass"), QStringLiteral("right"), QStringLiteral("flushall")});
      }
    });
    const doctor::Report report = examined(urls, options);
    other.request_stop();
    static const QRegularExpression meanwhile(QStringLiteral(", \\d+ of them while it was looked at"));
    const doctor::Finding* const denials = findingOf(report, "cache-denials");
    QVERIFY2(denials && denials->severity == doctor::Severity::Warning && (denials->finding + denials->evidence).contains(meanwhile), shown(report).constData());
  }

  void certificatesAndPlainText() {
    Certificates pki;
    QCOMPARE(pki.error(), QString());
    const auto file = [](const QString& path) {
      QFile pem(path);
      return pem.open(QIODevice::ReadOnly) ? pem.readAll() : QByteArray();
    };
    RedisServer server({QStringLiteral("tls-port @PORT@"), QStringLiteral("tls-auth-clients no"), QStringLiteral("tls-cert-file @DIR@/s.crt"), QStringLiteral("tls-key-file @DIR@/s.key"), QStringLiteral("tls-ca-cert-file @DIR@/ca.crt")}, false);
    server.addFile(QStringLiteral("s.crt"), file(pki.certificate(QStringLiteral("expired"))));
    server.addFile(QStringLiteral("s.key"), file(pki.key(QStringLiteral("expired"))));
    server.addFile(QStringLiteral("ca.crt"), file(pki.authority()));
    QCOMPARE(server.start(), QString());
    VERIFY_FINDING(examined(at(QStringLiteral("rediss://") + server.address())), "cache-connection", Critical, "TLS handshake");
    VERIFY_FINDING(examined(at(server)), "cache-connection", Critical, "rediss://");
  }

  void aServerThatIsFullOfClients() {
    RedisServer server(fine() + QStringList{QStringLiteral("maxclients 4")});
    QCOMPARE(server.start(), QString());
    {
      std::vector<std::unique_ptr<QTcpSocket>> held;
      for (int i = 0; i < 4; ++i) {
        held.push_back(std::make_unique<QTcpSocket>());
        held.back()->connectToHost(QStringLiteral("127.0.0.1"), server.port());
        QVERIFY(held.back()->waitForConnected(60000));
      }
      TRY_FINDING(examined(at(server)), "cache-connection", Critical, "maxclients is reached");
      held.pop_back();
      TRY_FINDING(examined(at(server)), "cache-clients", Critical, "4 of 4");
    }
    doctor::Report report;
    QTRY_VERIFY2_WITH_TIMEOUT((report = examined(at(server)), !findingOf(report, "cache-clients")), shown(report).constData(), 60000);
    VERIFY_FINDING(report, "cache-rejected", Warning, "CLIENT LIST");
  }

  void memoryPoliciesAndKeysWithoutTtl() {
    RedisServer server;
    QCOMPARE(server.start(), QString());
    doctor::Report report = examined(at(server));
    VERIFY_FINDING(report, "cache-memory-limit", Warning, "CONFIG SET maxmemory");
    VERIFY_SILENT(report, "cache-keys-without-ttl");
    server.cli(words("config set maxmemory 64mb"));
    VERIFY_FINDING(examined(at(server)), "cache-policy", Warning, "noeviction");
    for (int i = 0; i < 150; ++i) server.cli({QStringLiteral("set"), QStringLiteral("session:%1").arg(i), QStringLiteral("x")});
    server.cli(words("config set maxmemory-policy volatile-lru"));
    server.cli(words("config resetstat"));
    report = examined(at(server));
    VERIFY_FINDING(report, "cache-policy", Warning, "only evicts keys with a time to live");
    VERIFY_FINDING(report, "cache-keys-without-ttl", Warning, "session:* (150)");
    // None of it is a look-up that the hit ratio would show.
    const QByteArray stats = server.cli(words("info stats"));
    QVERIFY2(stats.contains("keyspace_hits:0") && stats.contains("keyspace_misses:0"), stats.constData());
    server.cli(words("config set maxmemory-policy allkeys-random"));
    VERIFY_FINDING(examined(at(server)), "cache-policy", Info, "at random");
    server.cli(words("config set maxmemory-policy noeviction"));
    server.cli(words("config set maxmemory 1mb"));
    server.cli(words("set more x"));  // refused
    report = examined(at(server));
    VERIFY_FINDING(report, "cache-policy", Critical, "OOM");
    VERIFY_FINDING(report, "cache-memory-full", Critical, "nothing is evicted");
    server.cli(words("flushall"));
    server.cli(words("config set maxmemory 64mb"));
    server.cli(words("config set maxmemory-policy allkeys-lru"));
    server.cli(words("config resetstat"));
    report = examined(at(server));
    QVERIFY2(report.isHealthy(), shown(report).constData());
  }

  void aLowHitRateHasItsReason() {
    RedisServer server(fine());
    QCOMPARE(server.start(), QString());
    const auto lookups = [&server](const QString& prefix, int from, int count) {
      QStringList get{QStringLiteral("mget")};
      for (int i = from; i < from + count; ++i) get += prefix + QString::number(i);
      server.cli(get);
    };
    lookups(QStringLiteral("never:"), 0, 200);
    VERIFY_SILENT(examined(at(server)), "cache-hit-rate");  // it has just started
    doctor::Options young = quickly();
    young.warmUp = 60s;
    TRY_FINDING(examined(at(server), young), "cache-hit-rate", Info, "cold after a restart");
    VERIFY_FINDING(examined(at(server), warm()), "cache-hit-rate", Critical, "not put into the cache");

    server.cli(words("config resetstat"));
    for (int i = 0; i < 100; ++i) server.cli({QStringLiteral("set"), QStringLiteral("short:%1").arg(i), QStringLiteral("x"), QStringLiteral("px"), QStringLiteral("1")});
    QTest::qWait(20);
    lookups(QStringLiteral("short:"), 0, 100);
    VERIFY_FINDING(examined(at(server), warm()), "cache-hit-rate", Critical, "times to live are too short");

    server.cli(words("config resetstat"));
    server.cli(words("config set maxmemory 2mb"));
    const QString value(20000, QLatin1Char('x'));
    for (int i = 0; i < 200; ++i) server.cli({QStringLiteral("set"), QStringLiteral("big:%1").arg(i), value, QStringLiteral("ex"), QStringLiteral("900")});
    lookups(QStringLiteral("big:"), 0, 100);
    VERIFY_FINDING(examined(at(server), warm()), "cache-hit-rate", Critical, "the memory is too small");

    server.cli(words("config set maxmemory 64mb"));
    server.cli(words("config resetstat"));
    server.cli(words("flushall"));
    for (int i = 0; i < 100; ++i) server.cli({QStringLiteral("set"), QStringLiteral("unread:%1").arg(i), QStringLiteral("x"), QStringLiteral("ex"), QStringLiteral("900")});
    lookups(QStringLiteral("other:"), 0, 90);
    const doctor::Report report = examined(at(server), warm());
    VERIFY_FINDING(report, "cache-hit-rate", Critical, "was emptied since the server started (FLUSHALL, FLUSHDB: 1)");
    VERIFY_FINDING(report, "cache-hit-rate", Critical, "most keys are never read");

    server.cli(words("config resetstat"));
    lookups(QStringLiteral("unread:"), 0, 100);
    VERIFY_SILENT(examined(at(server), warm()), "cache-hit-rate");
  }

  void snapshotsThatFail() {
    QTemporaryDir gone;
    RedisServer server(fine() + QStringList{QStringLiteral("enable-protected-configs yes"), QStringLiteral("save 3600 1")});
    QCOMPARE(server.start(), QString());
    VERIFY_SILENT(examined(at(server)), "cache-persistence");
    QVERIFY(QFile::setPermissions(gone.path(), QFile::Permissions(0x7755)));
    QCOMPARE(server.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("dir"), gone.path()}), QByteArray("OK"));
    QVERIFY(gone.remove());
    server.cli(words("bgsave"));
    TRY_FINDING(examined(at(server)), "cache-persistence", Critical, "MISCONF");
    server.cli(words("config set stop-writes-on-bgsave-error no"));
    VERIFY_FINDING(examined(at(server)), "cache-persistence", Warning, "CONFIG GET dir");
  }

  void replicationThatBroke() {
    RedisServer master(fine());
    QCOMPARE(master.start(), QString());
    RedisServer replica(fine() + QStringList{QStringLiteral("replicaof 127.0.0.1 %1").arg(master.port())});
    QCOMPARE(replica.start(), QString());
    doctor::Report report;
    QTRY_VERIFY2_WITH_TIMEOUT((report = examined(at(replica)), !findingOf(report, "cache-replication")), shown(report).constData(), 60000);
    master.stop();
    TRY_FINDING(examined(at(replica)), "cache-replication", Critical, "REPLICAOF NO ONE");
  }

  void aSentinelLeadsToItsPrimary() {
    const QString password = QStringLiteral("behind-the-sentinels");
    RedisSentinels sentinels({}, {}, password);
    QCOMPARE(sentinels.start(), QString());
    const doctor::Report report = examined(at(QStringLiteral("redis://:%1@%2").arg(password, sentinels.sentinel(0).address())));
    VERIFY_FINDING(report, "cache-memory-limit", Warning, "maxmemory 0");
    VERIFY_SILENT(report, "cache-connection");
    QVERIFY2(report.looked.first().endsWith(QStringLiteral(":%1").arg(sentinels.primaryPort())), qPrintable(report.looked.first()));
  }

  void anExaminationCanBeStopped() {
    RedisServer server(fine());
    QCOMPARE(server.start(), QString());
    server.freeze();
    std::stop_source stop;
    const std::jthread stopper([&stop] {
      std::this_thread::sleep_for(200ms);
      stop.request_stop();
    });
    const doctor::Report report = doctor::examine(settingsOf(at(server)), quickly(), SystemClock(), stop.get_token());
    server.thaw();
    QVERIFY2(report.findings.isEmpty(), shown(report).constData());  // nobody knows whether it would have answered
    QVERIFY2(report.missing.size() == 1 && report.missing[0].contains(QLatin1String("stopped")), shown(report).constData());
  }

  void clocksThatDiffer() {
    RedisServer redis(fine());
    PostgresServer postgres({QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")});
    AlertmanagerServer alertmanager;
    QCOMPARE(startAll({&redis, &postgres, &alertmanager}), QString());
    postgres.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    Urls urls = at(redis);
    urls.insert(at(postgres));
    urls[QStringLiteral("alertmanager")] = alertmanager.url();
    VERIFY_SILENT(examined(urls), "clock-skew");
    ShiftedClock clock;
    clock.shiftMs = 120'000;
    const doctor::Report report = examined(urls, quickly(), clock);
    for (const char* title : {"Redis", "PostgreSQL", "Alertmanager"}) VERIFY_FINDING(report, "clock-skew", Critical, title);
    QVERIFY2(shown(report).contains("behind this computer"), shown(report).constData());
  }

  void statementsAndRights() {
    PostgresServer bare;
    QCOMPARE(bare.start(), QString());
    VERIFY_FINDING(examined(at(bare)), "database-statements", Warning, "shared_preload_libraries");
    bare.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    VERIFY_FINDING(examined(at(bare)), "database-statements", Warning, "not preloaded");
    VERIFY_FINDING(examined({{QStringLiteral("postgres"), QStringLiteral("postgres://postgres:wrong@%1/postgres").arg(bare.address())}}), "database-connection", Critical, "pg_hba.conf");
    bare.stop();
    VERIFY_FINDING(examined(at(bare)), "database-connection", Critical, "systemctl start postgresql");

    PostgresServer server({QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")});
    QCOMPARE(server.start(), QString());
    VERIFY_FINDING(examined(at(server)), "database-statements", Warning, "CREATE EXTENSION");
    server.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    doctor::Report report = examined(at(server));
    QVERIFY2(report.findings.isEmpty(), shown(report).constData());
    server.psql(QStringLiteral("CREATE ROLE plain LOGIN PASSWORD '%1'").arg(PostgresServer::password()));
    VERIFY_FINDING(examined(at(server, QStringLiteral("plain"))), "database-rights", Warning, "GRANT pg_monitor TO plain");
    server.psql(QStringLiteral("GRANT pg_monitor TO plain"));
    VERIFY_SILENT(examined(at(server, QStringLiteral("plain"))), "database-rights");
    server.psql(QStringLiteral("ALTER SYSTEM SET pg_stat_statements.track = 'none'"));
    server.psql(QStringLiteral("SELECT pg_reload_conf()"));
    TRY_FINDING(examined(at(server)), "database-statements", Warning, "tracking is switched off");
  }

  void sessionsThatStandInTheWay() {
    PostgresServer server({QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"), QStringLiteral("max_connections = 12")});
    QCOMPARE(server.start(), QString());
    server.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    server.psql(QStringLiteral("CREATE TABLE t (i int)"));
    std::vector<std::unique_ptr<Session>> sessions;
    for (int i = 0; i < 7; ++i) sessions.push_back(std::make_unique<Session>(server));
    for (const auto& session : sessions) QVERIFY(session->open());
    VERIFY_FINDING(examined(at(server)), "database-full", Warning, "max_connections 12");
    QVERIFY(sessions[0]->run("BEGIN"));
    QVERIFY(sessions[0]->run("LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
    std::jthread waiting([&] { sessions[1]->run("SELECT count(*) FROM t"); });
    VERIFY_SILENT_AT_FIRST(server);  // so far it waits as transactions do
    TRY_FINDING(examined(at(server)), "database-blocked", Warning, "lock_timeout");
    const doctor::Report report = examined(at(server));
    static const QRegularExpression statement(QStringLiteral("as superuser or a role with pg_signal_backend: (SELECT pg_terminate_backend\\(\\d+\\);)"));
    const QString remedy = findingOf(report, "database-blocked")->remedy;
    QVERIFY2(statement.match(remedy).hasMatch(), qPrintable(remedy));
    TRY_FINDING(examined(at(server)), "database-idle-in-transaction", Info, "idle_in_transaction_session_timeout");
    // The remedy, as it stands there.
    QCOMPARE(server.psql(statement.match(remedy).captured(1)), QByteArray("t"));
    waiting.join();
    VERIFY_SILENT(examined(at(server)), "database-blocked");
  }

  // A report of an hour waited for a lock for a moment, and the doctor said that it had waited for an hour.
  void aWaitBeginsWithTheLock() {
    PostgresServer server({QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")});
    QCOMPARE(server.start(), QString());
    server.psql(QStringLiteral("CREATE EXTENSION pg_stat_statements"));
    server.psql(QStringLiteral("CREATE TABLE t (i int); INSERT INTO t VALUES (1)"));
    Session holder(server), late(server);
    QVERIFY(holder.open() && late.open());
    QVERIFY(holder.run("BEGIN"));
    QVERIFY(holder.run("LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
    std::jthread waiting([&] { late.run("DO $$ BEGIN PERFORM pg_sleep(11); PERFORM i FROM t; END $$"); });
    VERIFY_SILENT_AT_FIRST(server);
    QVERIFY(holder.run("COMMIT"));
  }
};

QTEST_GUILESS_MAIN(TestDoctorLive)
#include "tst_doctor.moc"
