// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/cluster_links.h"
#include "tests/support/cluster.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using cachedeck::test::RedisCluster;
using cachedeck::test::RedisSentinels;
using cachedeck::test::RedisServer;

namespace {

const std::stop_token goOn;

RedisOptions optionsFor(quint16 port) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  return options;
}

#define HAPPENS(call)                               \
  do {                                              \
    const QString reason = (call);                  \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

/// GET through the links, every redirect followed, at most five.
QByteArray valueOf(ClusterLinks& links, const QByteArray& name, QStringList* way = nullptr) {
  Result<RedisConnection*> link = links.connectionFor(slotOf(name), goOn);
  bool asking = false;
  for (int hops = 0; hops < 5; ++hops) {
    if (!link) return link.error().message.toUtf8();
    std::vector<RedisCommand> commands{{"GET", name}};
    if (asking) commands.insert(commands.begin(), {"ASKING"});
    const Result<std::vector<Reply>> replies = (*link)->pipeline(commands, Deadline(requestDeadline), goOn);
    if (!replies) return replies.error().message.toUtf8();
    const std::optional<Redirect> redirect = redirectOf(replies->back().isError() ? replies->back().text() : QByteArrayView(), (*link)->options().host);
    if (!redirect) return replies->back().text().toByteArray();
    if (way) *way += redirect->ask ? QStringLiteral("ASK") : QStringLiteral("MOVED");
    asking = redirect->ask;
    link = links.follow(*redirect, goOn);
  }
  return "too many redirects";
}

}  // namespace

class TestClusterLinks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void standalone() {
    RedisServer server;
    HAPPENS(server.start());
    ClusterLinks links(optionsFor(server.port()));
    QVERIFY(links.refresh(goOn).ok());
    const Result<RedisConnection*> first = links.connectionFor(0, goOn), last = links.connectionFor(slotCount - 1, goOn);
    QVERIFY(first.ok() && last.ok() && *first == *last);
    QVERIFY(!links.connectionFor(slotCount, goOn).ok());
    QVERIFY(!links.connectionFor(-1, goOn).ok());
    QVERIFY(!links.connectionTo(1, goOn).ok());
    server.cli(words("set a 1"));
    QCOMPARE(valueOf(links, "a"), QByteArray("1"));
    HAPPENS(server.restart());
    QVERIFY(valueOf(links, "a").contains("closed the connection"));
    QCOMPARE(valueOf(links, "a"), QByteArray());  // opened again
  }

  void cluster() {
    RedisCluster cluster;
    HAPPENS(cluster.start());
    QCOMPARE(cluster.cli(2, words("set foo value")), QByteArray("OK"));
    QCOMPARE(cluster.cli(2, words("set {foo}2 other")), QByteArray("OK"));
    const int slot = slotOf("foo");
    ClusterLinks links(optionsFor(cluster.port(3)));  // by way of a replica
    QVERIFY(links.refresh(goOn).ok());
    QCOMPARE(links.topology().primaries().size(), 3);
    QCOMPARE(valueOf(links, "foo"), QByteArray("value"));

    QStringList way;
    HAPPENS(cluster.beginMigration(slot, 2, 1));
    HAPPENS(cluster.migrateKeys(slot, 2, 1, 100));
    QCOMPARE(valueOf(links, "foo", &way), QByteArray("value"));
    QCOMPARE(way, QStringList{QStringLiteral("ASK")});
    HAPPENS(cluster.endMigration(slot, 2, 1));
    way.clear();
    QCOMPARE(valueOf(links, "foo", &way), QByteArray("value"));
    QCOMPARE(way, QStringList{QStringLiteral("MOVED")});
    way.clear();
    QCOMPARE(valueOf(links, "{foo}2", &way), QByteArray("other"));
    QVERIFY(way.isEmpty());  // it has learned where the slot is

    // WAIT would count the replicas that have what its own connection wrote, and that is nothing.
    QVERIFY(test::becomes([&] { return cluster.cli(4, words("dbsize")) == "2"; }));
    cluster.killPrimary(1);
    QVERIFY(!valueOf(links, "foo").contains("value"));
    HAPPENS(cluster.waitForNewOwner(slot, 1));
    QVERIFY(links.refresh(goOn).ok());
    QTRY_COMPARE_WITH_TIMEOUT(valueOf(links, "foo"), QByteArray("value"), 60000);

    cluster.server(3).kill9();  // the entry itself
    HAPPENS(cluster.waitUntilFailed(3));
    const Result<void> refreshed = links.refresh(goOn);
    QVERIFY2(refreshed.ok(), refreshed.ok() ? "" : qPrintable(refreshed.error().message));
    QCOMPARE(valueOf(links, "foo"), QByteArray("value"));
  }

  void slotOfNobody() {
    RedisCluster cluster(3, 0);
    HAPPENS(cluster.start());
    ClusterLinks links(optionsFor(cluster.port(0)));
    QVERIFY(links.refresh(goOn).ok());
    cluster.killPrimary(2);
    HAPPENS(cluster.waitUntilFailed(2));
    QVERIFY(links.refresh(goOn).ok());
    const Result<RedisConnection*> link = links.connectionFor(16383, goOn);
    QVERIFY(!link.ok());
    QCOMPARE(link.error().kind, Error::Kind::Busy);
    QVERIFY(links.connectionFor(0, goOn).ok());
  }

  void sentinel() {
    RedisSentinels system;
    HAPPENS(system.start());
    QCOMPARE(system.cli(0, words("set foo value")), QByteArray("OK"));
    QVERIFY(test::becomes([&] { return system.cli(1, words("get foo")) == "value" && system.cli(2, words("get foo")) == "value"; }));
    ClusterLinks links(optionsFor(system.sentinel(2).port()), QStringLiteral("mymaster"));
    QVERIFY(links.refresh(goOn).ok());
    QCOMPARE(valueOf(links, "foo"), QByteArray("value"));
    HAPPENS(system.failover());
    QVERIFY(valueOf(links, "foo") != "value");  // the old one is gone
    const Result<void> refreshed = links.refresh(goOn);
    QVERIFY2(refreshed.ok(), refreshed.ok() ? "" : qPrintable(refreshed.error().message));
    QCOMPARE(valueOf(links, "foo"), QByteArray("value"));
    QCOMPARE((*links.connectionFor(0, goOn))->options().port, system.primaryPort());
  }
};

QTEST_GUILESS_MAIN(TestClusterLinks)
#include "tst_cluster_links.moc"
