// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/proc_info.h"
#include "core/sandbox/programs.h"
#include "core/sandbox/sandbox.h"
#include "core/sandbox/server_table.h"
#include "tests/live/sandbox_fixture.h"
#include "tests/support/wait.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <csignal>
#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::test;

/// The sandbox as a person and as the console use it, with its real servers.
class TestSandbox : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init();
  void cleanup();
  void comesUpAnswersAndGoes();
  void operatesAService();
  void figuresMove();
  void prometheusSeesEverything();
  void configurationIsValid();
  void keepsItsSecrets();
  void twoSideBySide();
  void usesTheGivenDirectory();
  void namesWhatIsMissing();
  void endsWithItsOwner();
  void endsWithItsSupervisor();
  void endsWhenStopped();
  void startsADeadServerAgain();
  void startsADeadServiceAgain();
  void runsWhatTheServersAccountCannotReach();
  void belongsToTheProgram();
  void canBeCancelled();

 private:
  QJsonObject up(const QStringList& more = {});
  std::unique_ptr<QTemporaryDir> m_base;
  QStringList m_dirs;  // stopped after each test, also when it failed
};

namespace {

QString textOf(const QJsonObject& info, const char* key) { return info.value(QLatin1String(key)).toString(); }

pid_t pidOf(const QJsonObject& info, const char* name) {
  return static_cast<pid_t>(info.value(QStringLiteral("pids")).toObject().value(QLatin1String(name)).toInteger());
}

/// The letter of /proc; 0: it is gone.
char stateOf(pid_t pid) {
  QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray line = file.readAll();
  return line.mid(line.lastIndexOf(')') + 2, 1).append('\0').front();
}

// A sandbox that did not start has no pids, and kill(0, SIGSTOP) once stopped the whole test run with it.
void signalServer(const QJsonObject& info, const char* name, int number) {
  const pid_t pid = pidOf(info, name);
  if (pid <= 1) return;
  ::kill(pid, number);
  if (number != SIGSTOP) return;
  // It stops a moment later. A PostgreSQL that took its supervisor's death in between, and stopped then, was nobody's any more, and stayed.
  QTRY_VERIFY_WITH_TIMEOUT(stateOf(pid) == 'T', 60000);
}

QStringList healthOfTargets(const QJsonObject& info) {
  QStringList all;
  const QJsonArray targets = httpJson(textOf(info, "prometheus") + QStringLiteral("/api/v1/targets"))
                                 .value(QStringLiteral("data")).toObject().value(QStringLiteral("activeTargets")).toArray();
  for (const QJsonValue& target : targets)
    all << target[QStringLiteral("labels")][QStringLiteral("job")].toString() + QLatin1Char(' ') + target[QStringLiteral("health")].toString();
  all.sort();
  return all;
}

/// Local addresses of listening sockets, as the kernel writes them.
QMap<quint16, QSet<QByteArray>> listenersByPort() {
  QMap<quint16, QSet<QByteArray>> listeners;
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    QFile file(QString::fromLatin1(path));
    if (!file.open(QIODevice::ReadOnly)) continue;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray& line : lines) {
      const QList<QByteArray> fields = line.simplified().split(' ');
      if (fields.size() < 4 || fields[3] != "0A") continue;
      const QList<QByteArray> address = fields[1].split(':');
      listeners[address.value(1).toUShort(nullptr, 16)].insert(address.value(0));
    }
  }
  return listeners;
}

}  // namespace

void TestSandbox::initTestCase() {
  m_base = std::make_unique<QTemporaryDir>();
  ::chmod(QFile::encodeName(m_base->path()).constData(), 0711);  // as root, the servers' account has to pass
  qputenv("XDG_CACHE_HOME", m_base->path().toUtf8());
}

void TestSandbox::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

void TestSandbox::cleanup() {
  for (const QString& dir : std::as_const(m_dirs)) sandbox({QStringLiteral("down"), QStringLiteral("--dir"), dir});
  m_dirs.clear();
}

QJsonObject TestSandbox::up(const QStringList& more) {
  const Run run = sandbox(QStringList{QStringLiteral("up"), QStringLiteral("--json")} + more);
  if (run.code != 0) qWarning("%s", run.err.constData());
  const QJsonObject info = run.json();
  m_dirs << textOf(info, "dir");
  return info;
}

void TestSandbox::comesUpAnswersAndGoes() {
  const QJsonObject info = up();
  for (const char* name : {"redis", "postgres", "prometheus", "alertmanager", "pushgateway", "sample", "dir"})
    QVERIFY2(!textOf(info, name).isEmpty(), name);
  QCOMPARE(pidsOf(info).size(), qsizetype(serverTable().size()) + 1);
  QCOMPARE(redisCli(info, {QStringLiteral("acl"), QStringLiteral("whoami")}), QByteArray("console"));
  QCOMPARE(psql(info, QStringLiteral("SELECT current_user, pg_has_role('pg_monitor', 'USAGE'), count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'")),
           QByteArray("console|t|1"));
  QCOMPARE(httpJson(textOf(info, "prometheus") + QStringLiteral("/api/v1/query?query=1")).value(QStringLiteral("status")).toString(), QStringLiteral("success"));
  QVERIFY(httpJson(textOf(info, "alertmanager") + QStringLiteral("/api/v2/status")).contains(QStringLiteral("versionInfo")));
  QCOMPARE(httpJson(textOf(info, "pushgateway") + QStringLiteral("/api/v1/metrics")).value(QStringLiteral("status")).toString(), QStringLiteral("success"));

  QCOMPARE(sandbox({QStringLiteral("status"), QStringLiteral("--json")}).json(), info);
  const Run shown = sandbox({QStringLiteral("status")});
  QVERIFY(shown.out.contains(textOf(info, "redis").toUtf8()));
  QVERIFY(shown.out.contains("cachedeck sandbox down --dir " + textOf(info, "dir").toUtf8()));

  const Run down = sandbox({QStringLiteral("down"), QStringLiteral("--json")});
  QCOMPARE(down.code, 0);
  QVERIFY(allGone(pidsOf(info), textOf(info, "dir")));
  QVERIFY(!QDir(textOf(info, "dir")).exists());
  const Run again = sandbox({QStringLiteral("down")});
  QCOMPARE(again.code, 1);
  QCOMPARE(again.err, QByteArray("No sandbox is running. Start one with: cachedeck sandbox up\n"));
  QCOMPARE(sandbox({QStringLiteral("status"), QStringLiteral("--json")}).code, 1);
}

void TestSandbox::operatesAService() {
  const QJsonObject info = up();
  const QUrl url(textOf(info, "sample"));
  const QString bare = url.toString(QUrl::RemoveUserInfo), risks = QStringLiteral("/api/v1/risks");
  QCOMPARE(askService(bare, QStringLiteral("/health")).status, 200);
  QCOMPARE(askService(bare, risks).status, 401);
  const auto logIn = [&](const QString& password) {
    return askService(bare, QStringLiteral("/api/v1/auth/login"),
                      QJsonDocument(QJsonObject{{QStringLiteral("username"), url.userName()}, {QStringLiteral("password"), password}}).toJson());
  };
  QVERIFY(!logIn(url.password()).json.value(QStringLiteral("token")).toString().isEmpty());
  QCOMPARE(logIn(QStringLiteral("guess")).status, 401);
  QCOMPARE(askService(textOf(info, "sample"), risks).json.value(QStringLiteral("items")).toArray().size(), 20);
  const QString matrix = QStringLiteral("/api/v1/stats/risk-matrix");
  QVERIFY(becomes([&] { return askService(textOf(info, "sample"), matrix).cache == "HIT"; }));
  QCOMPARE(psql(info, QStringLiteral("SELECT rolsuper OR rolcreatedb OR rolcreaterole OR pg_has_role('app', 'pg_monitor', 'MEMBER') FROM pg_roles WHERE rolname = 'app'")),
           QByteArray("f"));
}

void TestSandbox::figuresMove() {
  const QJsonObject info = up();
  const auto calls = [&] { return psql(info, QStringLiteral("SELECT sum(calls) FROM pg_stat_statements")).toDouble(); };
  const double firstCalls = calls(), firstHits = redisInfo(info, "keyspace_hits"), firstMisses = redisInfo(info, "keyspace_misses");
  QTRY_VERIFY_WITH_TIMEOUT(redisInfo(info, "keyspace_hits") > firstHits + 500, 60000);
  QVERIFY(redisInfo(info, "keyspace_misses") > firstMisses);
  QVERIFY(calls() > firstCalls);
  // What is there for a while only is asked once more by no QTRY.
  QVERIFY(becomes([&] { return redisInfo(info, "used_memory") > 28e6; }));  // the batch job
  const auto idles = [&] { return psql(info, QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")).toInt() > 0; };
  QVERIFY(becomes(idles) || becomes(idles));
  QTRY_VERIFY_WITH_TIMEOUT(psql(info, QStringLiteral("SELECT count(*) FROM pg_stat_statements WHERE max_exec_time > 50 AND query LIKE 'SELECT owner%'")) == "1", 60000);
  QTRY_VERIFY_WITH_TIMEOUT(redisInfo(info, "expired_keys") > 0, 60000);
  for (const char* pattern : {"risk:id:*", "risk:list:*", "dashboard:*", "connector:*", "marketplace:*"})
    QVERIFY2(becomes([&] { return !redisCli(info, {QStringLiteral("--scan"), QStringLiteral("--pattern"), QString::fromLatin1(pattern)}).isEmpty(); }), pattern);
  QTRY_VERIFY_WITH_TIMEOUT(promValue(info, QStringLiteral("sum(cache_invalidated_keys_total)")).toDouble() > 0, 60000);  // by writes
  const double hits = redisInfo(info, "keyspace_hits"), misses = redisInfo(info, "keyspace_misses");
  QVERIFY(hits / (hits + misses) > 0.6);
  QCOMPARE(redisCli(info, {QStringLiteral("acl"), QStringLiteral("log")}), QByteArray());  // each account may do what it does
}

void TestSandbox::prometheusSeesEverything() {
  const QJsonObject info = up();
  const QStringList allUp{QStringLiteral("alertmanager up"), QStringLiteral("app up"), QStringLiteral("postgres up"),
                          QStringLiteral("prometheus up"), QStringLiteral("pushgateway up"), QStringLiteral("redis up")};
  QVERIFY2(becomes([&] { return healthOfTargets(info) == allUp; }), qPrintable(healthOfTargets(info).join(QLatin1Char(' '))));
  const auto value = [&](const char* query) { return promValue(info, QString::fromLatin1(query)); };
  // A scrape that is missed takes values away for a moment.
  for (const auto& [query, expected] : {std::pair("redis_up", "1"), std::pair("pg_up", "1"), std::pair("redis_memory_max_bytes", "67108864"), std::pair("cache_up", "1"),
                                        std::pair("db_pool_max_open_connections", "50")})
    QVERIFY2(becomes([&, text = QLatin1String(expected)] { return value(query) == text; }), query);
  for (const auto& [query, least] : {std::pair("sum(rate(pg_stat_statements_calls_total[30s]))", 1.0), std::pair("sum(rate(http_requests_total{job=\"app\",code=\"200\"}[10s]))", 1.0),
                                     std::pair("sum(cache_requests_total{result=\"hit\"}) / sum(cache_requests_total)", 0.5), std::pair("db_pool_open_connections", 0.0)})
    QVERIFY2(becomes([&, least = least] { return value(query).toDouble() > least; }), query);

  const QJsonArray groups = httpJson(textOf(info, "prometheus") + QStringLiteral("/api/v1/rules"))
                                .value(QStringLiteral("data"))[QStringLiteral("groups")].toArray();
  QStringList rules;
  for (const QJsonValue& group : groups)
    for (const QJsonValue& rule : group[QStringLiteral("rules")].toArray()) {
      rules << rule[QStringLiteral("name")].toString();
      QVERIFY(rule[QStringLiteral("health")].toString() != QStringLiteral("err"));
    }
  for (const char* name : {"LowCacheHitRate", "HighRedisMemory", "HighDatabaseConnections", "SlowDatabaseQueries", "TargetDown"})
    QVERIFY2(rules.contains(QLatin1String(name)), name);
  const auto managers = [&] {
    return httpJson(textOf(info, "prometheus") + QStringLiteral("/api/v1/alertmanagers")).value(QStringLiteral("data"))[QStringLiteral("activeAlertmanagers")].toArray().size();
  };
  QVERIFY(becomes([&] { return managers() == 1; }));
}

void TestSandbox::configurationIsValid() {
  const QJsonObject info = up();
  const QString conf = textOf(info, "dir") + QStringLiteral("/conf/");
  const Run config = runCommand(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("config"), conf + QStringLiteral("prometheus.yml")});
  QVERIFY2(config.code == 0, config.err.constData());
  const Run manager = runCommand(QStringLiteral("amtool"), {QStringLiteral("check-config"), conf + QStringLiteral("alertmanager.yml")});
  QVERIFY2(manager.code == 0, manager.err.constData());
  const Run rules = runCommand(QStringLiteral("promtool"), {QStringLiteral("test"), QStringLiteral("rules"), QStringLiteral(MONITORING_DIR "/prometheus/alerts_test.yml")});
  QVERIFY2(rules.code == 0, (rules.out + rules.err).constData());
}

void TestSandbox::keepsItsSecrets() {
  const QJsonObject info = up();
  for (const char* url : {"redis", "sample"}) {
    const QString password = QUrl(textOf(info, url)).password();
    QVERIFY(password.size() >= 20);
    for (pid_t pid : pidsOf(info)) {
      QFile arguments(QStringLiteral("/proc/%1/cmdline").arg(pid));
      QVERIFY(arguments.open(QIODevice::ReadOnly));
      QVERIFY(!arguments.readAll().contains(password.toUtf8()));
    }
  }
  const QString dir = textOf(info, "dir");
  const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
  for (const char* path : {"", "/state.json", "/conf/redis.conf", "/conf/prometheus.yml", "/log/redis.log"})
    QVERIFY2(!(QFileInfo(dir + QLatin1String(path)).permissions() & others), path);
  QVERIFY(!QFile::exists(dir + QStringLiteral("/conf/superuser")));
  const int port = info.value(QStringLiteral("ports")).toObject().value(QStringLiteral("redis")).toInt();
  QVERIFY(runCommand(QStringLiteral("redis-cli"), {QStringLiteral("-p"), QString::number(port), QStringLiteral("ping")}).out.startsWith("NOAUTH"));
  const QMap<quint16, QSet<QByteArray>> listeners = listenersByPort();
  const QJsonObject ports = info.value(QStringLiteral("ports")).toObject();
  for (const QJsonValue& each : ports) QCOMPARE(listeners.value(static_cast<quint16>(each.toInt())), (QSet<QByteArray>{"0100007F"}));  // 127.0.0.1 alone
}

void TestSandbox::twoSideBySide() {
  const QJsonObject first = up(), second = up();
  QVERIFY(textOf(first, "dir") != textOf(second, "dir"));
  QVERIFY(textOf(first, "redis") != textOf(second, "redis"));
  const Run ambiguous = sandbox({QStringLiteral("down")});
  QCOMPARE(ambiguous.code, 2);
  QVERIFY(ambiguous.err.contains(textOf(first, "dir").toUtf8()) && ambiguous.err.contains(textOf(second, "dir").toUtf8()));
  QCOMPARE(sandbox({QStringLiteral("down"), QStringLiteral("--dir"), textOf(first, "dir")}).code, 0);
  QVERIFY(allGone(pidsOf(first), textOf(first, "dir")));
  QCOMPARE(redisCli(second, {QStringLiteral("ping")}), QByteArray("PONG"));
  QCOMPARE(psql(second, QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'console'")), QByteArray("1"));
}

void TestSandbox::usesTheGivenDirectory() {
  const QString dir = m_base->filePath(QStringLiteral("my own sandbox"));
  const QJsonObject info = up({QStringLiteral("--dir"), dir});
  QCOMPARE(textOf(info, "dir"), dir);
  const QJsonObject again = up({QStringLiteral("--dir"), dir});  // it runs already: told where, not started twice
  QCOMPARE(again, info);
  QCOMPARE(sandbox({QStringLiteral("status"), QStringLiteral("--dir"), dir, QStringLiteral("--json")}).json(), info);
  QCOMPARE(sandbox({QStringLiteral("down"), QStringLiteral("--dir"), dir}).code, 0);
  QVERIFY(!QDir(dir).exists());

  QVERIFY(QDir().mkpath(dir));
  QFile mine(dir + QStringLiteral("/mine"));
  QVERIFY(mine.open(QIODevice::WriteOnly));
  const Run refused = sandbox({QStringLiteral("up"), QStringLiteral("--dir"), dir});
  QCOMPARE(refused.code, 2);
  QCOMPARE(refused.err, dir.toUtf8() + " is not empty and holds no sandbox. Choose another directory.\n");
  QVERIFY(mine.exists());
}

void TestSandbox::namesWhatIsMissing() {
  QTemporaryDir bin;
  for (const ServerInfo& server : serverTable()) {
    const QString path = findProgram(QString::fromLatin1(server.programs).split(QLatin1Char('|')));
    if (qstrcmp(server.id, "alertmanager") != 0) QVERIFY(QFile::link(path, bin.filePath(QFileInfo(path).fileName())));
  }
  const Run run = sandbox({QStringLiteral("up")}, {QStringLiteral("PATH=") + bin.path()});
  QCOMPARE(run.code, 1);
  QCOMPARE(run.err, QByteArray("The sandbox needs prometheus-alertmanager, which is not installed. Install with: apt install prometheus-alertmanager\n"));
  QVERIFY(QDir(m_base->filePath(QStringLiteral("cachedeck/sandboxes"))).isEmpty(QDir::Dirs | QDir::NoDotAndDotDot));
}

void TestSandbox::endsWithItsOwner() {
  QProcess owner;
  owner.start(QStringLiteral(SANDBOX_HOST), {QStringLiteral("own")});
  QVERIFY(owner.waitForReadyRead(100000));
  const QJsonObject info = Run{0, owner.readLine(), {}}.json();
  QCOMPARE(redisCli(info, {QStringLiteral("ping")}), QByteArray("PONG"));
  QVERIFY(info.value(QStringLiteral("owned")).toBool());
  QCOMPARE(sandbox({QStringLiteral("down")}).code, 1);  // somebody else's
  signalServer(info, "postgres", SIGSTOP);             // even one that hangs
  owner.kill();
  QVERIFY(owner.waitForFinished());
  QTRY_VERIFY_WITH_TIMEOUT(allGone(pidsOf(info), textOf(info, "dir")), 60000);
  QTRY_VERIFY_WITH_TIMEOUT(!QDir(textOf(info, "dir")).exists(), 60000);
}

void TestSandbox::endsWithItsSupervisor() {
  const QJsonObject info = up();
  QTRY_VERIFY_WITH_TIMEOUT(descendants(pidOf(info, "postgres")).size() > 9, 60000);  // its own processes, and the traffic's sessions
  QList<pid_t> pids = pidsOf(info);
  for (pid_t backend : descendants(pidOf(info, "postgres"))) pids << backend;
  signalServer(info, "alertmanager", SIGSTOP);
  signalServer(info, "postgres", SIGSTOP);
  signalServer(info, "supervisor", SIGKILL);
  QTRY_VERIFY_WITH_TIMEOUT(allGone(pids, textOf(info, "dir")), 60000);
  QVERIFY(QDir(textOf(info, "dir")).exists());  // nobody was left to remove it
  const QJsonObject next = up();
  QVERIFY(!QDir(textOf(info, "dir")).exists());
  QVERIFY(textOf(next, "dir") != textOf(info, "dir"));
}

void TestSandbox::endsWhenStopped() {
  const QJsonObject info = up();
  QVERIFY(pidOf(info, "supervisor") > 1);
  for (pid_t pid : descendants(pidOf(info, "supervisor"))) ::kill(pid, SIGSTOP);
  QCOMPARE(sandbox({QStringLiteral("down")}).code, 0);
  QVERIFY(allGone(pidsOf(info), textOf(info, "dir")));
  QVERIFY(!QDir(textOf(info, "dir")).exists());
}

void TestSandbox::startsADeadServerAgain() {
  const QJsonObject info = up();
  const auto status = [] { return sandbox({QStringLiteral("status"), QStringLiteral("--json")}).json(); };
  for (const char* name : {"redis", "postgres", "prometheus"}) signalServer(info, name, SIGKILL);
  for (const char* name : {"redis", "postgres", "prometheus"})
    QTRY_VERIFY2_WITH_TIMEOUT(pidOf(status(), name) != pidOf(info, name) && pidOf(status(), name) > 0, name, 60000);
  QTRY_COMPARE_WITH_TIMEOUT(redisCli(info, {QStringLiteral("ping")}), QByteArray("PONG"), 60000);
  QTRY_COMPARE_WITH_TIMEOUT(psql(info, QStringLiteral("SELECT reltuples FROM pg_class WHERE relname = 'risks'")), QByteArray("10000"), 60000);
  QTRY_VERIFY_WITH_TIMEOUT(redisInfo(info, "keyspace_hits") > 100, 60000);  // the traffic is back as well
  QTRY_VERIFY_WITH_TIMEOUT(psql(info, QStringLiteral("SELECT count(*) > 4 FROM pg_stat_activity WHERE usename = 'app'")) == "t", 60000);
  QFile log(textOf(info, "dir") + QStringLiteral("/log/supervisor.log"));
  QVERIFY(log.open(QIODevice::ReadOnly));
  QVERIFY(log.readAll().contains("Redis ended with signal 9; it is started again in 2 s"));
}

void TestSandbox::startsADeadServiceAgain() {
  const QJsonObject info = up();
  const auto answered = [&] { return redisInfo(info, "keyspace_hits"); };
  QTRY_VERIFY_WITH_TIMEOUT(answered() > 100, 60000);
  signalServer(info, "sample", SIGKILL);
  const auto isAnother = [&] {
    const pid_t now = pidOf(sandbox({QStringLiteral("status"), QStringLiteral("--json")}).json(), "sample");
    return now > 0 && now != pidOf(info, "sample");
  };
  QVERIFY(becomes(isAnother));
  QVERIFY(becomes([&] { return askService(textOf(info, "sample"), QStringLiteral("/health")).status == 200; }));  // on its port
  const double before = answered();
  QTRY_VERIFY_WITH_TIMEOUT(answered() > before + 200, 60000);  // the virtual users have logged in again
  QVERIFY(becomes([&] { return askService(textOf(info, "sample"), QStringLiteral("/api/v1/stats/risk-matrix")).cache == "HIT"; }));
  QVERIFY(becomes([&] { return promValue(info, QStringLiteral("up{job=\"app\"}")) == QLatin1String("1"); }));
  QCOMPARE(psql(info, QStringLiteral("SELECT reltuples FROM pg_class WHERE relname = 'risks'")), QByteArray("10000"));  // its data as well
}

void TestSandbox::runsWhatTheServersAccountCannotReach() {
  const QString closed = m_base->filePath(QStringLiteral("closed"));
  QVERIFY(QDir().mkpath(closed));
  for (const char* program : {"sandbox_host", "cachedeck-sample"})
    QVERIFY(QFile::copy(QFileInfo(QStringLiteral(SANDBOX_HOST)).path() + QLatin1Char('/') + QLatin1String(program), closed + QLatin1Char('/') + QLatin1String(program)));
  QVERIFY(QFile::setPermissions(closed, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
  const Run run = runCommand(closed + QStringLiteral("/sandbox_host"), {QStringLiteral("sandbox"), QStringLiteral("up"), QStringLiteral("--json")});
  m_dirs << textOf(run.json(), "dir");
  QVERIFY2(run.code == 0, run.err.constData());
  QCOMPARE(askService(textOf(run.json(), "sample"), QStringLiteral("/health")).status, 200);
  QCOMPARE(QFileInfo(QStringLiteral("/proc/%1").arg(pidOf(run.json(), "sample"))).owner(),
           QFileInfo(QStringLiteral("/proc/%1").arg(pidOf(run.json(), "redis"))).owner());  // as its neighbours, not as root
}

void TestSandbox::belongsToTheProgram() {
  QStringList steps;
  SandboxInfo info;
  {
    const auto sandbox = Sandbox::startOwned({{}, QStringLiteral(SANDBOX_HOST)}, [&](const QString& step) { steps << step; }, {});
    QVERIFY2(sandbox.ok(), sandbox.ok() ? "" : qPrintable(sandbox.error().message));
    info = (*sandbox)->info();
    QVERIFY(info.owned);
    QCOMPARE(redisCli(info.toJson(), {QStringLiteral("ping")}), QByteArray("PONG"));
  }
  QVERIFY(steps.size() >= 2);
  QVERIFY(allGone(pidsOf(info.toJson()), info.dir));
  QVERIFY(!QDir(info.dir).exists());
}

void TestSandbox::canBeCancelled() {
  std::stop_source stop;
  const auto sandbox = Sandbox::startOwned({{}, QStringLiteral(SANDBOX_HOST)}, [&](const QString&) { stop.request_stop(); }, stop.get_token());
  QVERIFY(!sandbox.ok());
  QVERIFY(sandbox.error().isCancelled());
  QVERIFY(QDir(m_base->filePath(QStringLiteral("cachedeck/sandboxes"))).isEmpty(QDir::Dirs | QDir::NoDotAndDotDot));
  QVERIFY(allGone({}, m_base->path()));
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
