// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/cluster_map.h"
#include "core/sources/redis/topology.h"
#include "tests/support/hostile_server.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using cachedeck::test::HostileAnswer;
using cachedeck::test::HostileServer;

namespace {

RedisOptions asked() {
  RedisOptions options;
  options.host = QStringLiteral("10.0.0.1");
  options.port = 7000;
  return options;
}

QByteArray bulk(const QByteArray& text) { return '$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n"; }
QByteArray integer(qint64 number) { return ':' + QByteArray::number(number) + "\r\n"; }
QByteArray array(const QByteArrayList& items) { return '*' + QByteArray::number(items.size()) + "\r\n" + items.join(); }
QByteArray node(const QByteArray& host, qint64 port, const QByteArray& id) { return array({bulk(host), integer(port), bulk(id), array({})}); }
QByteArray range(qint64 first, qint64 last, const QByteArrayList& nodes) { return array(QByteArrayList{integer(first), integer(last)} + nodes); }

std::optional<Reply> parsed(const QByteArray& bytes) {
  ReplyReader reader;
  return reader.feed(bytes) ? reader.take() : std::nullopt;
}

/// "host:port id" of each server, replicas with their primary, and the note; or the error.
QString described(const QByteArray& bytes, const QSet<QByteArray>& failed = {}, const RedisOptions& options = asked()) {
  const std::optional<Reply> reply = parsed(bytes);
  if (!reply) return QStringLiteral("no reply");
  const Result<Topology> topology = clusterTopology(*reply, failed, options);
  if (!topology) return kindName(topology.error().kind) + QLatin1String(": ") + topology.error().message;
  QStringList lines;
  for (const RedisNode& node : topology->nodes)
    lines += node.options.endpoint() + QLatin1Char(' ') + node.id + (node.primary ? QString() : QLatin1String(" of ") + node.primaryId);
  return (lines << topology->note).join(QLatin1String(" | "));
}

QString shown(const std::optional<Redirect>& redirect) {
  if (!redirect) return QStringLiteral("nothing");
  return QStringLiteral("%1 %2 %3 %4").arg(redirect->ask ? QStringLiteral("ASK") : QStringLiteral("MOVED")).arg(redirect->slot).arg(redirect->host).arg(redirect->port);
}

/// A server that greets, tells INFO, and answers the rest by the name of the command.
HostileServer::Script speaking(const QByteArray& mode, const QHash<QByteArray, QByteArray>& answers) {
  return [mode, answers](const QByteArray& received, int turn) -> HostileAnswer {
    if (turn < 0) return {};
    if (received.contains("PING")) return {"+PONG\r\n"};
    if (received.contains("SETNAME")) return {"+OK\r\n"};
    if (received.contains("INFO\r\n$6\r\nserver")) return {bulk("# Server\r\nredis_mode:" + mode + "\r\n") + bulk("# Replication\r\nrole:master\r\n")};
    for (auto answer = answers.begin(); answer != answers.end(); ++answer)
      if (received.contains(answer.key())) return {answer.value()};
    return {"-ERR unknown command\r\n"};
  };
}

QString discovered(quint16 port, const QString& masterName = {}) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  RedisConnection connection(options);
  if (const Result<void> opened = connection.open(std::stop_token()); !opened) return opened.error().message;
  const Result<Topology> topology = discoverTopology(connection, masterName, std::stop_token());
  return topology ? topology->note : kindName(topology.error().kind) + QLatin1String(": ") + topology.error().message;
}

}  // namespace

class TestTopology : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void keySlots_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("slot");
    const auto row = [](const QByteArray& name, int slot) { QTest::addRow("“%s”", name.toPercentEncoding().constData()) << name << slot; };
    row("123456789", 0x31C3);  // CRC16/XMODEM's published check value; below 16384
    row("", 0);
    // CLUSTER KEYSLOT of Redis 7.0.15
    row("foo", 12182);
    row("bar", 5061);
    row("hello", 866);
    row("user1000", 3443);
    row("{user1000}.following", 3443);
    row("foo{}{bar}", 8363);
    row("foo{{bar}}zap", 4015);
    row("foo{bar}{zap}", 5061);
    row("{}", 15257);
    row("{x}", 16287);
    row("{{x}}", 11068);
    row("{", 4092);
    row("}", 12090);
    row("}{", 12793);
    row("a{b", 13340);
    row("a}b{c}", 7365);
    row("{}x{y}", 2166);
    row("product:42", 12456);
    row(QByteArray("\0\xff\xfe", 3), 3374);
    row("caf\xc3\xa9", 5735);
    row(QByteArray(300, 'k'), 16002);
  }
  void keySlots() {
    QFETCH(QByteArray, name);
    QFETCH(int, slot);
    QCOMPARE(slotOf(name), slot);
  }

  void hashTags() {
    QCOMPARE(slotOf("{user1000}.following"), slotOf("user1000"));
    QCOMPARE(slotOf("foo{{bar}}zap"), slotOf("{bar"));
    QCOMPARE(slotOf("foo{bar}{zap}"), slotOf("bar"));
    QVERIFY(slotOf("foo{}{bar}") != slotOf("bar"));  // an empty tag: the whole name
    QCOMPARE(slotOf("}a{b}"), slotOf("b"));
    QCOMPARE(slotOf(QByteArrayView("{\0}x", 4)), slotOf(QByteArrayView("\0", 1)));
  }

  void redirects_data() {
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QByteArray& reply, const char* expected) { QTest::addRow("“%s”", reply.left(60).toPercentEncoding(" :[]?").constData()) << reply << QString::fromUtf8(expected); };
    row("MOVED 3999 127.0.0.1:6381", "MOVED 3999 127.0.0.1 6381");
    row("ASK 0 redis-2.example.org:1", "ASK 0 redis-2.example.org 1");
    row("MOVED 16383 my_node:65535", "MOVED 16383 my_node 65535");
    row("MOVED 5 ::1:6381", "MOVED 5 ::1 6381");
    row("MOVED 5 2001:db8::a:b:6381", "MOVED 5 2001:db8::a:b 6381");
    row("MOVED 5 [2001:db8::1]:6381", "MOVED 5 2001:db8::1 6381");
    row("MOVED 3999 :6381", "MOVED 3999 asked 6381");
    row("MOVED 3999 ?:6381", "MOVED 3999 asked 6381");
    for (const char* hostile : {"", "MOVED", "MOVED ", "ASK ", "MOVED 3999", "MOVED 3999 ", "MOVED 3999 :", "MOVED  3999 h:1", "MOVED 3999  h:1", "moved 1 h:1",
                                "MOVED 16384 h:1", "MOVED -1 h:1", "MOVED +1 h:1", "MOVED 1e3 h:1", "MOVED 0x1 h:1", "MOVED 99999999999999999999 h:1", "MOVED x h:1",
                                "MOVED 1 h:0", "MOVED 1 h:65536", "MOVED 1 h:-1", "MOVED 1 h:+1", "MOVED 1 h: 1", "MOVED 1 h:1 ", "MOVED 1 h:1 x:2", "MOVED 1 h:1@2", "MOVED 1 h",
                                "MOVED 1 h:999999999999", "MOVED 1 a b:1", "MOVED 1 a/b:1", "MOVED 1 -oProxy:1", "MOVED 1 .h:1", "MOVED 1 user@h:1", "MOVED 1 h\n:1", "MOVED 1 h\xC3\xA9:1",
                                "MOVED 1 ::zz:1", "MOVED 1 1:2:3", "MOVED 1 [h]:1", "MOVED 1 []:1", "MOVED 1 [::1:1", "MOVED:1 1:1", "ERR MOVED 1 h:1", "ASKING 1 h:1", "MOVEDX 1 h:1"})
      row(hostile, "nothing");
    row(QByteArray("MOVED 1 h\0:1", 12), "nothing");
    row("MOVED 1 " + QByteArray(254, 'h') + ":1", "nothing");
  }
  void redirects() {
    QFETCH(QByteArray, reply);
    QFETCH(QString, expected);
    QCOMPARE(shown(redirectOf(reply, QStringLiteral("asked"))), expected);
  }
  void redirectToNowhere() { QCOMPARE(shown(redirectOf("MOVED 1 :1", QString())), QStringLiteral("nothing")); }

  void clusterMaps_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QByteArray& answer, const char* expected) { QTest::newRow(name) << answer << QString::fromUtf8(expected); };
    const QByteArray a = node("10.0.0.2", 7001, "aa"), b = node("10.0.0.3", 7002, "bb"), c = node("10.0.0.4", 7003, "cc");
    row("two shards, three ranges", array({range(0, 5, {a, c}), range(6, 16382, {b}), range(16383, 16383, {a, c})}),
        "10.0.0.2:7001 aa | 10.0.0.3:7002 bb | 10.0.0.4:7003 cc of aa | 2 primaries, 1 replica");
    row("gaps", array({range(0, 9, {a}), range(20, 16383, {a})}), "10.0.0.2:7001 aa | 1 primary, 0 replicas; 10 of 16384 slots have no server that is up");
    row("empty host", array({range(0, 16383, {node("", 7005, "aa")})}), "10.0.0.1:7005 aa | 1 primary, 0 replicas");
    row("nil host", array({range(0, 16383, {array({"$-1\r\n", integer(7005), bulk("aa"), array({})})})}), "10.0.0.1:7005 aa | 1 primary, 0 replicas");
    row("no host name", array({range(0, 16383, {array({bulk("?"), integer(7005), bulk("aa"), array({})})})}), "10.0.0.1:7005 aa | 1 primary, 0 replicas");
    row("no host name, but an address", array({range(0, 16383, {array({bulk("?"), integer(7005), bulk("aa"), array({bulk("ip"), bulk("10.9.9.9")})})})}), "10.9.9.9:7005 aa | 1 primary, 0 replicas");
    row("host name", array({range(0, 16383, {node("redis-1.example.org", 7005, "aa")})}), "redis-1.example.org:7005 aa | 1 primary, 0 replicas");
    row("IPv6", array({range(0, 16383, {node("2001:db8::1", 7005, "aa")})}), "[2001:db8::1]:7005 aa | 1 primary, 0 replicas");
    row("Redis 3, without ids", array({range(0, 16383, {array({bulk("h"), integer(1)}), array({bulk("i"), integer(2)})})}), "h:1 h:1 | i:2 i:2 of h:1 | 1 primary, 1 replica");
    row("id with control characters", array({range(0, 16383, {node("h", 1, "a\x1b[2Jb")})}), "h:1 a\\x1b[2Jb | 1 primary, 0 replicas");
    const char* unfit = "protocol: The answer of 10.0.0.1:7000 is broken: it does not fit the question (CLUSTER SLOTS). The connection was closed.";
    const char* unusable = "protocol: The answer of 10.0.0.1:7000 is broken: it names a server without a usable address (CLUSTER SLOTS). The connection was closed.";
    const char* nowhere = "protocol: The answer of 10.0.0.1:7000 is broken: it names slots that do not exist (CLUSTER SLOTS). The connection was closed.";
    row("no slots", array({}), "server: 10.0.0.1:7000 belongs to a cluster in which no server has a slot, so that it holds no keys. Assign the slots (redis-cli --cluster create).");
    row("nil", "$-1\r\n", unfit);
    row("text", bulk("hello"), unfit);
    row("flat", array({integer(1), integer(2), a}), unfit);
    row("range without servers", array({range(0, 16383, {})}), unfit);
    row("texts for numbers", array({array({bulk("0"), bulk("16383"), a})}), unfit);
    row("slot 16384", array({range(0, 16384, {a})}), nowhere);
    row("slot -1", array({range(-1, 5, {a})}), nowhere);
    row("backwards", array({range(5, 4, {a})}), nowhere);
    row("huge", array({range(0, std::numeric_limits<qint64>::max(), {a})}), nowhere);
    row("twice", array({range(0, 10, {a}), range(10, 20, {b})}), "protocol: The answer of 10.0.0.1:7000 is broken: it names slot 10 twice (CLUSTER SLOTS). The connection was closed.");
    row("port 0", array({range(0, 16383, {node("h", 0, "aa")})}), unusable);
    row("port 65536", array({range(0, 16383, {node("h", 65536, "aa")})}), unusable);
    row("host with a blank", array({range(0, 16383, {node("h x", 1, "aa")})}), unusable);
    row("host like an option", array({range(0, 16383, {node("-h", 1, "aa")})}), unusable);
    row("bad replica", array({range(0, 16383, {a, node("h\r\nx", 1, "bb")})}), unusable);
    row("empty server", array({range(0, 16383, {array({})})}), unusable);
    QByteArrayList crowd{a};
    for (int i = 0; i < 5000; ++i) crowd += node("h", 1, QByteArray::number(i));
    row("crowd", array({range(0, 16383, crowd)}), "protocol: The answer of 10.0.0.1:7000 is broken: it names more than 4096 servers (CLUSTER SLOTS). The connection was closed.");
  }
  void clusterMaps() {
    QFETCH(QByteArray, answer);
    QFETCH(QString, expected);
    QCOMPARE(described(answer), expected);
  }

  void ownersAndFailures() {
    const QByteArray nodes = "aa 10.0.0.2:7001@17001,host myself,master - 0 0 1 connected 0-99\n"
                             "bb 10.0.0.3:7002@17002 master,fail - 0 0 2 disconnected 100-199\n"
                             "cc 10.0.0.4:7003@17003 slave,fail? aa 0 0 1 connected\n"
                             "fail x\n\ndd";
    const QSet<QByteArray> failed = failedNodes(nodes);
    QCOMPARE(failed, QSet<QByteArray>{"bb"});
    const std::optional<Reply> reply = parsed(array({range(0, 99, {node("10.0.0.2", 7001, "aa")}), range(100, 199, {node("10.0.0.3", 7002, "bb")})}));
    const Result<Topology> topology = clusterTopology(*reply, failed, asked());
    QVERIFY(topology.ok());
    QCOMPARE(topology->kind, Topology::Kind::Cluster);
    QCOMPARE(topology->primaries(), (QList<int>{0, 1}));
    QCOMPARE(int{topology->slotOwner[0]}, 0);
    QCOMPARE(int{topology->slotOwner[99]}, 0);
    QCOMPARE(int{topology->slotOwner[100]}, -1);  // its primary is dead
    QCOMPARE(int{topology->slotOwner[200]}, -1);  // nobody's
    QCOMPARE(topology->note, QStringLiteral("2 primaries, 0 replicas; 16284 of 16384 slots have no server that is up"));
  }

  void optionsStay() {
    RedisOptions options = asked();
    options.tls = true;
    options.serverName = QStringLiteral("redis.example.org");
    options.user = QStringLiteral("console");
    const std::optional<Reply> reply = parsed(array({range(0, 16383, {node("10.0.0.9", 7443, "aa")})}));
    const Result<Topology> topology = clusterTopology(*reply, {}, options);
    const RedisOptions& found = topology->nodes.first().options;
    QVERIFY(found.tls && found.serverName == options.serverName && found.user == options.user && found.endpoint() == QLatin1String("10.0.0.9:7443"));
    options = {};
    options.socketPath = QStringLiteral("/run/redis.sock");
    QCOMPARE(described(array({range(0, 16383, {node("", 7005, "aa")})}), {}, options), QStringLiteral("127.0.0.1:7005 aa | 1 primary, 0 replicas"));
  }

  void damagedMaps() {
    const QByteArray whole = array({range(0, 5460, {node("10.0.0.2", 7001, "aa"), node("", 7004, "dd")}), range(5461, 10922, {node("?", 7002, "bb")}), range(10923, 16383, {node("::1", 7003, "cc")})});
    QRandomGenerator random(4);
    for (int i = 0; i < 20000; ++i) {
      QByteArray bytes = whole;
      for (int flips = random.bounded(1, 4); flips > 0; --flips) bytes[random.bounded(static_cast<int>(bytes.size()))] = static_cast<char>(random.bounded(256));
      const std::optional<Reply> reply = parsed(bytes);
      if (!reply) continue;
      const Result<Topology> topology = clusterTopology(*reply, {}, asked());
      if (!topology) continue;
      for (const std::int16_t owner : topology->slotOwner) QVERIFY(owner >= -1 && owner < topology->nodes.size());
      for (const RedisNode& node : topology->nodes) QVERIFY(!node.options.host.isEmpty() && node.options.port != 0 && (node.primary || !node.primaryId.isEmpty()));
      for (const int primary : topology->primaries()) QVERIFY(topology->nodes[primary].primary);
    }
  }

  void hostileCluster_data() {
    QTest::addColumn<QByteArray>("answers");  // to CLUSTER SLOTS, NODES and INFO
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QByteArray& answers, const char* expected) { QTest::newRow(name) << answers << QString::fromUtf8(expected); };
    const QByteArray good = array({range(0, 16383, {node("127.0.0.1", 1, "aa")})});
    row("good", good + bulk("aa h:1@2 master - 0 0 1 connected\n") + bulk("cluster_state:ok\r\n"), "1 primary, 0 replicas");
    row("down", good + bulk("") + bulk("cluster_state:fail\r\n"), "1 primary, 0 replicas; %1 holds the cluster for down");
    row("only SLOTS may be asked", good + "-NOPERM no\r\n-NOPERM no\r\n", "1 primary, 0 replicas");
    row("may not be asked", "-NOPERM no\r\n-NOPERM no\r\n-NOPERM no\r\n", "permission: This account may not run a command on %1 that is needed. Let the administrator grant it (ACL SETUSER).");
    row("nonsense", integer(1) + integer(2) + array({integer(3)}), "protocol: The answer of %1 is broken: it does not fit the question (CLUSTER SLOTS). The connection was closed.");
    row("nonsense beside the map", good + integer(2) + array({integer(3)}), "1 primary, 0 replicas");
  }
  void hostileCluster() {
    QFETCH(QByteArray, answers);
    QFETCH(QString, expected);
    HostileServer server(speaking("cluster", {{"CLUSTER", answers}}));
    QCOMPARE(discovered(server.port()), expected.replace(QLatin1String("%1"), QStringLiteral("127.0.0.1:%1").arg(server.port())));
  }

  void hostileSentinel_data() {
    QTest::addColumn<QByteArray>("masters");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QByteArray& masters, const QByteArray& address, const char* master, const char* expected) {
      QTest::newRow(name) << masters << address << QString::fromUtf8(master) << QString::fromUtf8(expected);
    };
    const auto master = [](const QByteArray& name) { return array({bulk("name"), bulk(name), bulk("ip"), bulk("127.0.0.1")}); };
    const char* unfit = "protocol: The answer of %1 is broken: it does not fit the question (SENTINEL GET-MASTER-ADDR-BY-NAME). The connection was closed.";
    row("none", array({}), "", "", "not found: The Sentinel %1 watches no primary. Let it watch one (SENTINEL MONITOR), or connect to the server itself.");
    row("several", array({master("b"), master("a\x1b")}), "", "", "usage: The Sentinel %1 watches several primaries. Enter the name of one: b, a\\x1b.");
    row("unknown name", array({master("b")}), "", "<c>", "usage: The Sentinel %1 watches no primary of the name “<c>”. It watches: b.");
    row("forgotten meanwhile", array({master("b")}), "*-1\r\n", "b", "not found: The Sentinel %1 does not watch “b” any more. Try again.");
    row("shapeless", array({integer(1), array({}), array({bulk("ip"), bulk("x")})}), "", "", "not found: The Sentinel %1 watches no primary. Let it watch one (SENTINEL MONITOR), or connect to the server itself.");
    row("number for masters", integer(5), "", "", "protocol: The answer of %1 is broken: it does not fit the question (SENTINEL MASTERS). The connection was closed.");
    row("refused", "-NOPERM no\r\n", "", "", "permission: This account may not run a command on %1 that is needed. Let the administrator grant it (ACL SETUSER).");
    row("one part", array({master("b")}), array({bulk("127.0.0.1")}), "", unfit);
    row("host", array({master("b")}), array({bulk("a b"), bulk("1")}), "", unfit);
    row("port", array({master("b")}), array({bulk("127.0.0.1"), bulk("0")}), "", unfit);
    row("numbers", array({master("b")}), array({integer(1), integer(1)}), "", unfit);
  }
  void hostileSentinel() {
    QFETCH(QByteArray, masters);
    QFETCH(QByteArray, address);
    QFETCH(QString, name);
    QFETCH(QString, expected);
    HostileServer server(speaking("sentinel", {{"MASTERS", masters}, {"GET-MASTER", address}}));
    QCOMPARE(discovered(server.port(), name), expected.replace(QLatin1String("%1"), QStringLiteral("127.0.0.1:%1").arg(server.port())));
  }

  void primaryBehindASentinel_data() {
    QTest::addColumn<QByteArray>("role");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QByteArray& role, const char* expected) { QTest::newRow(name) << role << QString::fromUtf8(expected); };
    const auto replica = [](const QByteArray& host, const QByteArray& port) { return array({bulk(host), bulk(port), bulk("14")}); };
    row("primary", array({bulk("master"), integer(14), array({replica("127.0.0.1", "1"), replica("::1", "2")})}), "primary b at %2, 2 replicas, named by the Sentinel %1");
    row("odd replicas", array({bulk("master"), integer(14), array({integer(1), array({}), replica("h", "0"), replica("a b", "1"), replica("h", "6379")})}), "primary b at %2, 1 replica, named by the Sentinel %1");
    row("late", array({bulk("slave"), bulk("127.0.0.1"), integer(1), bulk("connected"), integer(0)}),
        "busy: The Sentinel %1 names %2 as the primary of “b”, but that server is a replica: a failover is under way. Try again in a few seconds.");
    row("empty", array({}), "protocol: The Sentinel %1 names %2 as the primary of “b”: The answer of %2 is broken: it does not fit the question (ROLE). The connection was closed.");
    row("text", bulk("master"), "protocol: The Sentinel %1 names %2 as the primary of “b”: The answer of %2 is broken: it does not fit the question (ROLE). The connection was closed.");
    row("refused", "-NOPERM no\r\n", "permission: The Sentinel %1 names %2 as the primary of “b”: This account may not run a command on %2 that is needed. Let the administrator grant it (ACL SETUSER).");
  }
  void primaryBehindASentinel() {
    QFETCH(QByteArray, role);
    QFETCH(QString, expected);
    HostileServer primary(speaking("standalone", {{"ROLE", role}}));
    HostileServer sentinel(speaking("sentinel", {{"MASTERS", array({array({bulk("name"), bulk("b")})})}, {"GET-MASTER", array({bulk("127.0.0.1"), bulk(QByteArray::number(primary.port()))})}}));
    const auto at = [](const HostileServer& server) { return QStringLiteral("127.0.0.1:%1").arg(server.port()); };
    QCOMPARE(discovered(sentinel.port()), expected.replace(QLatin1String("%1"), at(sentinel)).replace(QLatin1String("%2"), at(primary)));
  }
};

QTEST_GUILESS_MAIN(TestTopology)
#include "tst_topology.moc"
