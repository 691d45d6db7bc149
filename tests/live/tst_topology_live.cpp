// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/topology.h"
#include "tests/support/certificates.h"
#include "tests/support/cluster.h"
#include "tests/support/wait.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace cachedeck;
using cachedeck::test::Certificates;
using cachedeck::test::RedisCluster;
using cachedeck::test::RedisSentinels;
using cachedeck::test::RedisServer;
using cachedeck::test::SentinelServer;
using cachedeck::test::becomes;

namespace {

RedisOptions optionsFor(quint16 port) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  return options;
}

Result<Topology> discover(const RedisOptions& options, const QString& masterName = {}) { return discoverTopology(options, masterName, std::stop_token()); }

QString at(quint16 port) { return QStringLiteral("127.0.0.1:%1").arg(port); }

/// The error of a discovery, or what it found.
QString outcome(const Result<Topology>& topology) {
  return topology ? topology->note : kindName(topology.error().kind) + QLatin1String(": ") + topology.error().message;
}

#define STARTS(server)                              \
  do {                                              \
    const QString reason = (server).start();        \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

#define HAPPENS(call)                               \
  do {                                              \
    const QString reason = (call);                  \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

quint16 ownerPort(const Topology& topology, int slot) {
  const int owner = topology.slotOwner[static_cast<size_t>(slot)];
  return owner < 0 ? quint16{0} : topology.nodes[owner].options.port;
}

qsizetype openSlots(const Topology& topology) { return std::count(topology.slotOwner.begin(), topology.slotOwner.end(), std::int16_t{-1}); }

}  // namespace

class TestTopologyLive : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void standaloneAndReplica() {
    RedisServer primary({QStringLiteral("requirepass pw")});
    STARTS(primary);
    RedisServer replica({QStringLiteral("replicaof 127.0.0.1 %1").arg(primary.port()), QStringLiteral("masterauth pw")});
    STARTS(replica);
    RedisOptions options = optionsFor(primary.port());
    options.database = 3;
    QCOMPARE(outcome(discover(options)), QStringLiteral("auth: %1 asks for a password, and none is set. Enter user and password.").arg(primary.address()));
    options.password = Secret(QByteArray("pw"));
    const Result<Topology> alone = discover(options);
    QCOMPARE(outcome(alone), QStringLiteral("a single server"));
    QCOMPARE(alone->kind, Topology::Kind::Standalone);
    QCOMPARE(alone->nodes.size(), 1);
    QCOMPARE(alone->nodes.first().id, primary.address());
    QCOMPARE(alone->nodes.first().options.database, 3);
    QCOMPARE(alone->primaries(), QList<int>{0});
    QVERIFY(std::all_of(alone->slotOwner.begin(), alone->slotOwner.end(), [](std::int16_t owner) { return owner == 0; }));

    const Result<Topology> second = discover(optionsFor(replica.port()));
    QCOMPARE(outcome(second), QStringLiteral("a replica of %1").arg(primary.address()));
    QVERIFY(second->primaries().isEmpty());
    QCOMPARE(second->nodes.first().primaryId, primary.address());
    primary.kill9();
    QCOMPARE(outcome(discover(options)), QStringLiteral("refused: Nothing listens on %1 (connection refused). Is Redis running there, and is the port right?").arg(primary.address()));
  }

  void accountWithoutInfo() {
    RedisServer server({QStringLiteral("user blind on nopass ~* -@all +ping +scan +client|setname")});
    STARTS(server);
    RedisOptions options = optionsFor(server.port());
    options.user = QStringLiteral("blind");
    options.password = Secret(QByteArray("x"));
    QCOMPARE(outcome(discover(options)), QStringLiteral("permission: This account may not run a command on %1 that is needed. Let the administrator grant it (ACL SETUSER).").arg(server.address()));
  }

  void clusterWithoutSlots() {
    RedisServer server({QStringLiteral("cluster-enabled yes"), QStringLiteral("cluster-port %1").arg(test::freePort())});
    STARTS(server);
    QCOMPARE(outcome(discover(optionsFor(server.port()))),
             QStringLiteral("server: %1 belongs to a cluster in which no server has a slot, so that it holds no keys. Assign the slots (redis-cli --cluster create).").arg(server.address()));
  }

  void tlsClusterOfOne() {
    const Certificates certificates;
    QVERIFY2(certificates.error().isEmpty(), qPrintable(certificates.error()));
    const QString good = QStringLiteral("good");
    RedisServer server({QStringLiteral("tls-port @PORT@"), QStringLiteral("tls-cert-file ") + certificates.certificate(good), QStringLiteral("tls-key-file ") + certificates.key(good),
                        QStringLiteral("tls-ca-cert-file ") + certificates.authority(), QStringLiteral("tls-auth-clients no"), QStringLiteral("tls-cluster yes"),
                        QStringLiteral("cluster-enabled yes"), QStringLiteral("cluster-port %1").arg(test::freePort())}, false);
    STARTS(server);
    const QByteArray added = server.cli(QStringList{QStringLiteral("--tls"), QStringLiteral("--cacert"), certificates.authority()} + words("cluster addslotsrange 0 16383"));
    QCOMPARE(added, QByteArray("OK"));
    RedisOptions options = optionsFor(server.port());
    options.tls = true;
    options.caFile = certificates.authority();
    Result<Topology> topology = discover(options);
    QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
    QCOMPARE(topology->nodes.size(), 1);
    const RedisOptions& node = topology->nodes.first().options;
    QVERIFY(node.tls && node.caFile == options.caFile && node.endpoint() == server.address());
    RedisConnection connection(node);
    QVERIFY(connection.open(std::stop_token()).ok());
  }

  void cluster() {
    RedisCluster cluster;
    STARTS(cluster);
    for (int i = 0; i < cluster.size(); ++i) {
      const Result<Topology> topology = discover(optionsFor(cluster.port(i)));
      QCOMPARE(outcome(topology), QStringLiteral("3 primaries, 3 replicas"));
      QCOMPARE(topology->kind, Topology::Kind::Cluster);
      QCOMPARE(topology->primaries(), (QList<int>{0, 1, 2}));
      QCOMPARE(ownerPort(*topology, 0), cluster.port(0));
      QCOMPARE(ownerPort(*topology, 5460), cluster.port(0));
      QCOMPARE(ownerPort(*topology, 5461), cluster.port(1));
      QCOMPARE(ownerPort(*topology, 16383), cluster.port(2));
      QCOMPARE(openSlots(*topology), 0);
      for (const RedisNode& node : topology->nodes) {
        const int server = cluster.indexOf(node.options.port);
        QVERIFY(server >= 0);
        QCOMPARE(node.id.toLatin1(), cluster.nodeId(server));
        QCOMPARE(node.primary, server < 3);
        if (!node.primary) QCOMPARE(node.primaryId.toLatin1(), cluster.nodeId(server - 3));
      }
    }
    slotsOf2000Names(cluster);
    redirects(cluster);
    preferredEndpoints(cluster);
  }

  void clusterFailover() {
    RedisCluster cluster;
    STARTS(cluster);
    cluster.killPrimary(0);
    HAPPENS(cluster.waitForNewOwner(0, 0));
    for (int i = 1; i < cluster.size(); ++i) {
      const Result<Topology> topology = discover(optionsFor(cluster.port(i)));
      QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
      QCOMPARE(ownerPort(*topology, 0), cluster.port(3));
      QCOMPARE(topology->primaries().size(), 3);
      QCOMPARE(openSlots(*topology), 0);
    }
    // A frozen primary is replaced too. When the first successor dies, nobody is left for a third of the slots.
    cluster.freeze(1);
    HAPPENS(cluster.waitForNewOwner(8000, 1));
    cluster.thaw(1);
    QVERIFY(becomes([&] {
      const Result<Topology> found = discover(optionsFor(cluster.port(2)));
      return found.ok() && ownerPort(*found, 8000) == cluster.port(4);
    }));
    cluster.killPrimary(3);
    HAPPENS(cluster.waitUntilFailed(3));
    const Result<Topology> topology = discover(optionsFor(cluster.port(2)));
    QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
    QCOMPARE(openSlots(*topology), 5461);
    QCOMPARE(ownerPort(*topology, 0), quint16{0});
    QCOMPARE(ownerPort(*topology, 5461), cluster.port(4));
    QVERIFY2(topology->note.contains(QLatin1String("; 5461 of 16384 slots have no server that is up")), qPrintable(topology->note));
    QVERIFY(becomes([&] { return outcome(discover(optionsFor(cluster.port(2)))).endsWith(at(cluster.port(2)) + QLatin1String(" holds the cluster for down")); }));
  }

  void uncoveredSlot() {
    RedisCluster cluster(3, 0);
    STARTS(cluster);
    Result<Topology> topology = Error{};
    QVERIFY2(becomes([&] {  // a heartbeat that was on its way may give the slot back to its owner
               for (int i = 0; i < 3; ++i) cluster.cli(i, words("cluster delslots 7"));
               topology = discover(optionsFor(cluster.port(1)));
               return topology.ok() && openSlots(*topology) == 1;
             }),
             qPrintable(outcome(topology)));
    QCOMPARE(ownerPort(*topology, 7), quint16{0});
    QCOMPARE(ownerPort(*topology, 8), cluster.port(0));
  }

  void sentinel() {
    RedisSentinels system;
    STARTS(system);
    // The Sentinels decide by themselves, also between two lines of a test: the answer is compared with what was the primary before and after the question.
    const auto check = [&](int replicas) {
      for (int i = 0; i < 3; ++i) {
        quint16 named = 0;
        Result<Topology> topology = Error{};
        QVERIFY2(becomes([&] {
                   named = system.primaryPort();
                   topology = discover(optionsFor(system.sentinel(i).port()), i == 0 ? QString() : QStringLiteral("mymaster"));
                   return system.primaryPort() == named && (topology.ok() || topology.error().kind != Error::Kind::Busy);
                 }),
                 qPrintable(outcome(topology)));
        QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
        QCOMPARE(topology->kind, Topology::Kind::Sentinel);
        QCOMPARE(topology->primaries(), QList<int>{0});
        QCOMPARE(topology->nodes.first().options.port, named);
        QCOMPARE(ownerPort(*topology, 16383), named);
        if (replicas >= 0) QCOMPARE(topology->nodes.size(), 1 + replicas);
      }
    };
    check(2);
    QCOMPARE(outcome(discover(optionsFor(system.sentinel(0).port()), QStringLiteral("other"))),
             QStringLiteral("usage: The Sentinel %1 watches no primary of the name “other”. It watches: mymaster.").arg(system.sentinel(0).address()));
    // A Sentinel knows no databases.
    RedisOptions options = optionsFor(system.sentinel(0).port());
    options.database = 5;
    const Result<Topology> withDatabase = discover(options);
    QVERIFY2(withDatabase.ok(), qPrintable(outcome(withDatabase)));
    QCOMPARE(withDatabase->nodes.first().options.database, 5);

    quint16 old = 0;
    HAPPENS(system.failover(false, &old));
    check(-1);
    HAPPENS(system.server(system.indexOf(old)).restart());
    // It comes back as a replica of the new primary.
    QVERIFY(becomes([&] {
      const Result<Topology> topology = discover(optionsFor(system.sentinel(1).port()));
      return topology.ok() && topology->nodes.size() == 3;
    }));
    HAPPENS(system.failover(true, &old));
    check(-1);
    system.server(system.indexOf(old)).thaw();
    check(-1);
  }

  void sentinelOfServersWithAPassword() {
    RedisServer server({QStringLiteral("requirepass pw")});
    STARTS(server);
    SentinelServer sentinel(server.port(), 1, {QStringLiteral("sentinel auth-pass mymaster pw")});
    STARTS(sentinel);
    RedisOptions options = optionsFor(sentinel.port());
    options.database = 2;
    options.password = Secret(QByteArray("pw"));
    const Result<Topology> topology = discover(options);
    QCOMPARE(outcome(topology), QStringLiteral("primary mymaster at %1, 0 replicas, named by the Sentinel %2").arg(server.address(), sentinel.address()));
    QCOMPARE(topology->nodes.first().options.database, 2);
    RedisConnection connection(topology->nodes.first().options);
    QVERIFY(connection.open(std::stop_token()).ok());
    options.password = Secret(QByteArray("wrong"));
    const QString refused = outcome(discover(options));
    QVERIFY2(refused.startsWith(QStringLiteral("auth: The Sentinel %1 names %2 as the primary of “mymaster”: ").arg(sentinel.address(), server.address())), qPrintable(refused));
  }

  void sentinelThatIsLate() {
    RedisServer server, other;
    STARTS(server);
    STARTS(other);
    SentinelServer sentinel(server.port(), 1, {QStringLiteral("sentinel down-after-milliseconds mymaster 60000")});
    STARTS(sentinel);
    QVERIFY(discover(optionsFor(sentinel.port())).ok());
    QCOMPARE(server.cli(words("replicaof 127.0.0.1") + QStringList{QString::number(other.port())}), QByteArray("OK"));
    QCOMPARE(outcome(discover(optionsFor(sentinel.port()))),
             QStringLiteral("busy: The Sentinel %1 names %2 as the primary of “mymaster”, but that server is a replica: a failover is under way. Try again in a few seconds.").arg(sentinel.address(), server.address()));
    server.kill9();
    QCOMPARE(outcome(discover(optionsFor(sentinel.port()))),
             QStringLiteral("refused: The Sentinel %1 names %2 as the primary of “mymaster”: Nothing listens on %2 (connection refused). Is Redis running there, and is the port right?").arg(sentinel.address(), server.address()));
    QCOMPARE(sentinel.cli(words("sentinel monitor second 127.0.0.1") + QStringList{QString::number(other.port()), QStringLiteral("1")}), QByteArray("OK"));
    const QString several = outcome(discover(optionsFor(sentinel.port())));
    QVERIFY2(several.startsWith(QStringLiteral("usage: The Sentinel %1 watches several primaries. Enter the name of one: ").arg(sentinel.address())), qPrintable(several));
    QCOMPARE(discover(optionsFor(sentinel.port()), QStringLiteral("second"))->nodes.first().options.port, other.port());
    QCOMPARE(sentinel.cli(words("sentinel remove mymaster")), QByteArray("OK"));
    QCOMPARE(sentinel.cli(words("sentinel remove second")), QByteArray("OK"));
    QVERIFY(outcome(discover(optionsFor(sentinel.port()))).startsWith(QLatin1String("not found: ")));
  }

  void stopped() {
    RedisServer server;
    STARTS(server);
    std::stop_source source;
    source.request_stop();
    const Result<Topology> topology = discoverTopology(optionsFor(server.port()), QString(), source.get_token());
    QVERIFY(!topology.ok() && topology.error().isCancelled());
  }

 private:
  void slotsOf2000Names(RedisCluster& cluster) {
    RedisConnection connection(optionsFor(cluster.port(0)));
    QVERIFY(connection.open(std::stop_token()).ok());
    QRandomGenerator random(2000);
    std::vector<RedisCommand> questions;
    for (int i = 0; i < 2000; ++i) {
      QByteArray name(random.bounded(40), '\0');
      for (char& c : name) c = i % 2 == 0 ? static_cast<char>(random.bounded(256)) : "{}{}ab\0\xff"[random.bounded(8)];  // half of them rich in braces
      questions.push_back({"CLUSTER", "KEYSLOT", name});
    }
    const Result<std::vector<Reply>> answers = connection.pipeline(questions, Deadline(std::chrono::seconds(60)), std::stop_token());
    QVERIFY(answers.ok());
    for (size_t i = 0; i < questions.size(); ++i) QVERIFY2(slotOf(questions[i][2]) == (*answers)[i].integer(), questions[i][2].toHex().constData());
  }

  void redirects(RedisCluster& cluster) {
    const QByteArray name = "foo";  // slot 12182, of server 2
    const int slot = slotOf(name);
    QVERIFY(cluster.cli(0, words("get foo")).startsWith("MOVED 12182 127.0.0.1:"));
    std::optional<Redirect> redirect = redirectOf(cluster.cli(0, words("get foo")), QStringLiteral("127.0.0.1"));
    QVERIFY(redirect && !redirect->ask && redirect->slot == slot && redirect->port == cluster.port(2));
    HAPPENS(cluster.beginMigration(slot, 2, 1));
    redirect = redirectOf(cluster.cli(2, words("get foo")), QStringLiteral("127.0.0.1"));
    QVERIFY(redirect && redirect->ask && redirect->slot == slot && redirect->port == cluster.port(1) && redirect->host == QLatin1String("127.0.0.1"));
    QCOMPARE(ownerPort(*discover(optionsFor(cluster.port(0))), slot), cluster.port(2));
    HAPPENS(cluster.endMigration(slot, 2, 1));
    QCOMPARE(ownerPort(*discover(optionsFor(cluster.port(0))), slot), cluster.port(1));
    QCOMPARE(openSlots(*discover(optionsFor(cluster.port(0)))), 0);
  }

  void preferredEndpoints(RedisCluster& cluster) {
    const auto prefer = [&](const char* type) { return cluster.cli(0, words("config set cluster-preferred-endpoint-type") + QStringList{QString::fromLatin1(type)}); };
    QCOMPARE(prefer("hostname"), QByteArray("OK"));
    Result<Topology> topology = discover(optionsFor(cluster.port(0)));  // nobody has announced a name
    QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
    QCOMPARE(topology->nodes[1].options.host, QStringLiteral("127.0.0.1"));
    QCOMPARE(cluster.cli(1, words("config set cluster-announce-hostname localhost")), QByteArray("OK"));
    QVERIFY(becomes([&] {
      topology = discover(optionsFor(cluster.port(0)));
      return topology.ok() && topology->nodes[1].options.host == QLatin1String("localhost");
    }));
    QCOMPARE(prefer("unknown-endpoint"), QByteArray("OK"));
    topology = discover(optionsFor(cluster.port(0)));
    QVERIFY2(topology.ok(), qPrintable(outcome(topology)));
    QVERIFY(std::all_of(topology->nodes.begin(), topology->nodes.end(), [](const RedisNode& node) { return node.options.host == QLatin1String("127.0.0.1"); }));
    const std::optional<Redirect> redirect = redirectOf(cluster.cli(0, words("get foo")), QStringLiteral("127.0.0.1"));
    QVERIFY(redirect && redirect->host == QLatin1String("127.0.0.1") && redirect->port == cluster.port(1));
    QCOMPARE(prefer("ip"), QByteArray("OK"));
  }
};

QTEST_GUILESS_MAIN(TestTopologyLive)
#include "tst_topology_live.moc"
