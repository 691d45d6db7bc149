// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_redis_backend_support.h"
#include "tests/support/hostile_server.h"

#include <QTcpServer>

using namespace cachedeck::test;

/// A Redis that answers, but not as wanted.
class TestRedisRefusals : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void passwords();
  void aclUsers();
  void removalNotAllowed_data();
  void removalNotAllowed();
  void keysOfOthers();
  void keysOfOthersDuringAnOutage();
  void onlyLookUpsAndStores();
  void signsOfLife();
  void full();
  void readOnly_data();
  void readOnly();
  void tooManyClients();
  void wrongDatabase();
  void loading();
  void garbage_data();
  void garbage();
};

namespace {

std::unique_ptr<RedisBackend> on(const RedisServer& server, const std::string& user, const std::string& password) {
  RedisSettings settings;
  settings.port = server.port();
  settings.user = user;
  settings.password = password;
  settings.connectTimeout = settings.commandTimeout = 20s;
  return std::make_unique<RedisBackend>(settings);
}

/// "kind/yes" or "kind/no": what a look-up failed with, and whether the backend is available afterwards.
QByteArray state(RedisBackend& backend) {
  const auto value = backend.get("a");
  return (value ? QByteArray("fine") : QByteArray(kind(value.error()))) + (backend.available() ? "/available" : "/away");
}

}  // namespace

void TestRedisRefusals::passwords() {
  RedisServer server({QStringLiteral("requirepass Open-Sesame")});
  QCOMPARE(server.start(), QString());
  QCOMPARE(state(*on(server, "", "Open-Sesame")), QByteArray("fine/available"));
  QCOMPARE(state(*on(server, "default", "Open-Sesame")), QByteArray("fine/available"));
  for (const auto& [user, password] : {std::pair("", "wrong-secret"), std::pair("", ""), std::pair("nobody", "wrong-secret")}) {
    const auto backend = on(server, user, password);
    QCOMPARE(state(*backend), QByteArray("auth/away"));
    const auto again = backend->get("a");  // told the same, without asking
    QVERIFY(again.error().kind == Failure::Kind::Auth);
    QVERIFY(again.error().message.find("wrong-secret") == std::string::npos);
  }
  RedisServer open;
  QCOMPARE(open.start(), QString());
  QCOMPARE(state(*on(open, "", "unneeded")), QByteArray("auth/away"));
}

void TestRedisRefusals::aclUsers() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pa:ss@w/rd", "~risk:*", "+get", "+set", "+unlink", "+scan", "+mget"});
  const auto backend = on(server, "app", "pa:ss@w/rd");  // neither PING nor CLIENT SETNAME is allowed
  QVERIFY(backend->set("risk:1", "x", 1min));
  QCOMPARE(got(*backend, "risk:1"), QByteArray("x"));
  QCOMPARE(state(*backend), QByteArray("query/available"));  // "a" is not his
  QCOMPARE(sum(backend->remove(Strings{"risk:*"})), std::uint64_t{1});
  QVERIFY(backend->available());
}

void TestRedisRefusals::removalNotAllowed_data() {
  QTest::addColumn<QByteArray>("command");
  QTest::addColumn<QByteArray>("pattern");
  QTest::newRow("SCAN") << QByteArray("scan") << QByteArray("risk:*");
  QTest::newRow("UNLINK") << QByteArray("unlink") << QByteArray("risk:1");
  QTest::newRow("UNLINK of what SCAN finds") << QByteArray("unlink") << QByteArray("risk:*");
}

/// Who may not remove must not read either: what should have been removed would be served.
void TestRedisRefusals::removalNotAllowed() {
  QFETCH(const QByteArray, command);
  QFETCH(const QByteArray, pattern);
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", "~*", "+get", "+set", "+ping", "+unlink", "+scan", "-" + command});
  const auto backend = on(server, "app", "pw");
  QVERIFY(backend->set("risk:1", "old", 1min));
  const auto removed = backend->remove(Strings{pattern.toStdString()});
  QVERIFY(!removed);
  const std::string says = "does not allow this user the command " + command.toUpper().toStdString() + ", without which";
  QVERIFY2(removed.error().message.find(says) != std::string::npos, removed.error().message.c_str());
  QVERIFY2(removed.error().message.ends_with("ACL SETUSER: +" + command.toStdString() + "."), removed.error().message.c_str());
  QVERIFY(!QTest::qWaitFor([&] { return backend->available(); }, 1500));
  const auto told = backend->get("risk:1");  // all are told why
  QCOMPARE(kind(told.error()), "auth");
  QCOMPARE(told.error().message, removed.error().message);
  QCOMPARE(cli(server, {"get", "risk:1"}), QByteArray("old"));
  cli(server, {"acl", "setuser", "app", "+" + command});
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(got(*backend, "risk:1"), QByteArray("nothing"));
}

/// A cascade names keys that are none of this user's (report:*, or another service's under a common begin). Once that switched the cache off for ever:
/// the removal was refused, remembered, and refused again each time it was made up for.
void TestRedisRefusals::keysOfOthers() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", "~risk:*", "~dashboard:*", "+get", "+set", "+mget", "+unlink", "+scan", "+ping"});
  const auto everybody = backendOn(server.port()), backend = on(server, "app", "pw");
  const auto fill = [&] {
    std::vector<Entry> entries;
    for (int i = 0; i < 3000; ++i) entries.push_back({(i % 3 == 0 ? "risk:" : i % 3 == 1 ? "report:" : "dashboard:") + std::to_string(i), "x", 1h});
    return everybody->setMany(entries).ok();
  };
  const auto left = [&](const char* begin) { return sum(everybody->remove(Strings{std::string(begin) + ":*"})); };
  for (const Strings& patterns : {Strings{"risk:*", "report:*", "dashboard:*"}, Strings{"*"}, Strings{"r*", "dashboard:*"},
                                  Strings{"report:1", "risk:0", "report:*", "dashboard:*", "risk:*", "report:4"}}) {
    QVERIFY(fill());
    const auto removed = backend->remove(patterns);
    QCOMPARE(kind(removed.error()), "query");
    QVERIFY2(removed.error().message.find("on some of these keys") != std::string::npos, removed.error().message.c_str());
    QVERIFY(backend->available());
    QCOMPARE(left("risk"), std::uint64_t{0});
    QCOMPARE(left("dashboard"), std::uint64_t{0});
    QCOMPARE(left("report"), std::uint64_t{1000});
  }
  QVERIFY(fill());
  QCOMPARE(sum(backend->remove(Strings{"risk:*", "nobody:*"})), std::uint64_t{1000});  // where there is nothing nothing is refused
  QCOMPARE(kind(backend->remove(Strings{"report:1"}).error()), "query");
  QVERIFY(backend->available());
  QVERIFY(!QTest::qWaitFor([&] { return !backend->available(); }, 300));
  QCOMPARE(kind(backend->setMany(std::vector<Entry>{{"report:1", "x", 1min}, {"risk:1", "mine", 1min}}).error()), "query");
  QCOMPARE(got(*backend, "risk:1"), QByteArray("mine"));
}

void TestRedisRefusals::keysOfOthersDuringAnOutage() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", "~risk:*", "+get", "+set", "+unlink", "+scan", "+ping"});
  const auto backend = on(server, "app", "pw");
  QVERIFY(backend->set("risk:1", "old", 1h));
  cli(server, {"mset", "report:1", "x", "report:2", "x", "other:1", "x"});
  cli(server, {"acl", "setuser", "app", "off"});
  cli(server, {"client", "kill", "user", "app"});
  QVERIFY(!backend->remove(Strings{"risk:*", "report:*", "other:1"}));
  QVERIFY(!backend->available());
  cli(server, {"acl", "setuser", "app", "on"});
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(got(*backend, "risk:1"), QByteArray("nothing"));
  QCOMPARE(cli(server, {"dbsize"}), QByteArray("3"));
}

/// Who never removes anything needs no rights for that, neither in an outage.
void TestRedisRefusals::onlyLookUpsAndStores() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", "~risk:*", "+get", "+set"});
  const auto backend = on(server, "app", "pw");
  QVERIFY(backend->set("risk:1", "x", 1h));
  QTcpServer nobody;
  QVERIFY(nobody.listen(QHostAddress::LocalHost));
  cli(server, {"replicaof", "127.0.0.1", QByteArray::number(nobody.serverPort())});
  QCOMPARE(kind(backend->set("risk:1", "y", 1h).error()), "unavailable");
  QVERIFY(!backend->available());
  cli(server, {"replicaof", "no", "one"});
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(got(*backend, "risk:1"), QByteArray("x"));
}

void TestRedisRefusals::signsOfLife() {
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", "~risk:*", "+get"});
  const auto backend = backendOn(server.port(), 300ms), mute = on(server, "app", "pw");
  QTRY_VERIFY_WITH_TIMEOUT(backend->probe().ok(), patience);
  QVERIFY(mute->probe());  // may not PING, and is told so
  QCOMPARE(info(server, "keyspace_misses"), 0);
  server.freeze();
  QVERIFY(!backend->probe());
  QVERIFY(!backend->available());
  QCOMPARE(kind(backend->probe().error()), "unavailable");  // at once
  server.thaw();
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QTRY_VERIFY_WITH_TIMEOUT(backend->probe().ok(), patience);
  server.kill9();
  QCOMPARE(kind(backend->probe().error()), "unavailable");
  QVERIFY(!backend->available());
}

void TestRedisRefusals::full() {
  RedisServer server({QStringLiteral("maxmemory-policy noeviction")});
  QCOMPARE(server.start(), QString());
  const auto backend = backendOn(server.port());
  QVERIFY(backend->set("a", "old", 1min));
  cli(server, {"config", "set", "maxmemory", "1"});
  const auto stored = backend->set("b", "x", 1min);
  QCOMPARE(kind(stored.error()), "query");
  QVERIFY2(stored.error().message.find("full") != std::string::npos, stored.error().message.c_str());
  QVERIFY(!backend->setMany(std::vector<Entry>{{"b", "x", 1min}, {"c", "x", 1min}}));
  QVERIFY(backend->available());
  QCOMPARE(got(*backend, "a"), QByteArray("old"));
  QCOMPARE(sum(backend->remove(Strings{"a"})), std::uint64_t{1});
  QVERIFY(backend->available());
}

void TestRedisRefusals::readOnly_data() {
  QTest::addColumn<QByteArray>("keys");
  QTest::newRow("all keys") << QByteArray("~*");
  QTest::newRow("only its own key") << QByteArray("~a");  // no key of the library's own is asked for
}

void TestRedisRefusals::readOnly() {
  QFETCH(const QByteArray, keys);
  RedisServer server;
  QCOMPARE(server.start(), QString());
  cli(server, {"acl", "setuser", "app", "on", ">pw", keys, "+get", "+set", "+unlink", "+ping"});
  const auto backend = on(server, "app", "pw");
  QVERIFY(backend->set("a", "old", 1min));
  QTcpServer nobody;  // a primary that never answers
  QVERIFY(nobody.listen(QHostAddress::LocalHost));
  cli(server, {"replicaof", "127.0.0.1", QByteArray::number(nobody.serverPort())});
  const auto stored = backend->set("a", "new", 1min);
  QCOMPARE(kind(stored.error()), "unavailable");
  QVERIFY2(stored.error().message.find("read-only replica") != std::string::npos, stored.error().message.c_str());
  // It answers PING and GET, but what cannot be invalidated must not be read.
  QVERIFY(!QTest::qWaitFor([&] { return backend->available(); }, 700));
  QVERIFY(!backend->remove(Strings{"a"}));
  cli(server, {"replicaof", "no", "one"});
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(got(*backend, "a"), QByteArray("nothing"));
}

void TestRedisRefusals::tooManyClients() {
  RedisServer server({QStringLiteral("maxclients 2")});
  QCOMPARE(server.start(), QString());
  const auto first = backendOn(server.port()), second = backendOn(server.port()), third = backendOn(server.port());
  QTRY_COMPARE_WITH_TIMEOUT(got(*first, "a"), QByteArray("nothing"), patience);
  QTRY_COMPARE_WITH_TIMEOUT(got(*second, "a"), QByteArray("nothing"), patience);
  const auto refused = third->get("a");
  QVERIFY(!refused);
  QVERIFY2(refused.error().message.find("as many clients as it allows") != std::string::npos, refused.error().message.c_str());
}

void TestRedisRefusals::wrongDatabase() {
  RedisServer server({QStringLiteral("databases 2")});
  QCOMPARE(server.start(), QString());
  auto settings = redisSettings("redis://127.0.0.1:" + std::to_string(server.port()) + "/7");
  settings->connectTimeout = settings->commandTimeout = 20s;
  RedisBackend backend(*settings);
  QCOMPARE(state(backend), QByteArray("usage/away"));
}

void TestRedisRefusals::loading() {
  std::atomic<bool> ready = false;
  const HostileServer server([&](const QByteArray& received, int turn) {
    if (turn < 0) return HostileAnswer{};
    if (received.contains("PING")) return HostileAnswer{ready ? "+OK\r\n+PONG\r\n" : "+OK\r\n-LOADING Redis is loading the dataset in memory\r\n", false};
    return HostileAnswer{received.contains("UNLINK") ? ":0\r\n" : "$5\r\nhello\r\n", false};
  });
  const auto backend = backendOn(server.port());
  const auto value = backend->get("a");
  QCOMPARE(kind(value.error()), "unavailable");
  QVERIFY2(value.error().message.find("still loading") != std::string::npos, value.error().message.c_str());
  QVERIFY(!backend->available());
  ready = true;
  QTRY_VERIFY_WITH_TIMEOUT(backend->available(), patience);
  QCOMPARE(got(*backend, "a"), QByteArray("hello"));
}

void TestRedisRefusals::garbage_data() {
  QTest::addColumn<QByteArray>("login");
  QTest::addColumn<QByteArray>("reply");
  const QByteArray fine = "+OK\r\n+PONG\r\n";
  QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << QByteArray();
  QTest::newRow("array of 2 G") << fine << QByteArray("*2147483647\r\n");
  QTest::newRow("array for a value") << fine << QByteArray("*1\r\n$1\r\na\r\n");
  QTest::newRow("integer for a value") << fine << QByteArray(":1\r\n");
  QTest::newRow("RESP3") << fine << QByteArray("_\r\n");
  QTest::newRow("more than asked for") << fine << QByteArray("$1\r\na\r\n$1\r\nb\r\n");
}

/// Never a value, never a crash, never somebody else's answer.
void TestRedisRefusals::garbage() {
  QFETCH(const QByteArray, login);
  QFETCH(const QByteArray, reply);
  const HostileServer server(QList<QByteArray>{login, reply});
  const auto backend = backendOn(server.port());
  const auto first = backend->get("a");
  if (reply.startsWith('$')) {  // the answer counts, the connection is not used again
    QVERIFY(first && *first == "a");
    const int connections = server.connections();
    got(*backend, "b");
    QVERIFY(server.connections() > connections);
    return;
  }
  QVERIFY(!first);
  QVERIFY2(first.error().message.find("does not answer as Redis does") != std::string::npos, first.error().message.c_str());
  QVERIFY(!backend->available());
}

QTEST_GUILESS_MAIN(TestRedisRefusals)
#include "tst_redis_refusals.moc"
