// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_connection.h"
#include "core/sources/redis/redis_source.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace cachedeck;
using cachedeck::test::RedisServer;
using cachedeck::test::becomes;

namespace {

const SystemClock systemClock;

struct Opened {
  std::unique_ptr<Source> source;
  QString outcome;  ///< who answered, or the kind of error and its message
  QString detail;
};

Opened opened(const QString& url) {
  Opened result;
  const Result<SourceSettings> settings = redisSourceInfo().fromUrl(url);
  if (!settings) {
    result.outcome = settings.error().message;
    return result;
  }
  result.source = redisSourceInfo().create(*settings, systemClock);
  const Result<Identity> identity = result.source->connect(std::stop_token());
  if (identity) {
    result.outcome = identity->product + QLatin1Char(' ') + identity->role;
  } else {
    result.outcome = kindName(identity.error().kind) + QLatin1String(": ") + identity.error().message;
    result.detail = identity.error().detail;
  }
  return result;
}

QString url(const RedisServer& server, const char* user = "", const char* rest = "") {
  return QStringLiteral("redis://%1%2%3").arg(QString::fromUtf8(user), server.address(), QString::fromUtf8(rest));
}

#define STARTS(server)                              \
  do {                                              \
    const QString reason = (server).start();        \
    QVERIFY2(reason.isEmpty(), qPrintable(reason)); \
  } while (false)

}  // namespace

class TestRedisConnection : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void plain() {
    RedisServer server;
    STARTS(server);
    const Result<SourceSettings> settings = redisSourceInfo().fromUrl(url(server, "", "/3"));
    const std::unique_ptr<Source> source = redisSourceInfo().create(*settings, systemClock);
    const Result<Identity> identity = source->connect(std::stop_token());
    QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->product, QStringLiteral("Redis"));
    QVERIFY(server.cli({QStringLiteral("info"), QStringLiteral("server")}).contains("redis_version:" + identity->version.toUtf8()));
    QVERIFY(identity->serverId.isEmpty());
    QCOMPARE(identity->endpoint, server.address());
    const QByteArray clients = server.cli({QStringLiteral("client"), QStringLiteral("list")});
    QVERIFY2(clients.contains("name=cachedeck") && clients.contains(" db=3 "), clients.constData());
    source->disconnect();
    QTRY_VERIFY_WITH_TIMEOUT(!server.cli({QStringLiteral("client"), QStringLiteral("list")}).contains("name=cachedeck"), 60000);
  }

  void byName() {
    RedisServer server;
    STARTS(server);
    // localhost may be ::1 first, where nothing listens
    QCOMPARE(opened(QStringLiteral("redis://localhost:%1").arg(server.port())).outcome, QStringLiteral("Redis master"));
  }

  void databases() {
    RedisServer server({QStringLiteral("databases 4")});
    STARTS(server);
    QCOMPARE(opened(url(server, "", "/3")).outcome, QStringLiteral("Redis master"));
    QCOMPARE(opened(url(server, "", "/4")).outcome, QStringLiteral("usage: %1 has no database of this number. Enter a smaller one.").arg(server.address()));
  }

  void accounts_data() {
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* user, const char* expected) { QTest::newRow(user) << QString::fromUtf8(user) << QString::fromUtf8(expected); };
    const char* wrong = "auth: %1 does not accept this user and password. Check both, and that the user is switched on.";
    row("", "auth: %1 asks for a password, and none is set. Enter user and password.");
    row(":default-pw@", "Redis master");
    row(":c4nary@", wrong);
    row("console:pw%20%22%25%C3%A9@", "Redis master");
    row("console:c4nary@", wrong);
    row("nobody:c4nary@", wrong);
    row("off:c4nary@", wrong);
    row("open@", "Redis master");
    row("blind:c4nary@", "Redis ");
  }
  void accounts() {
    QFETCH(QString, user);
    QFETCH(QString, expected);
    if (!m_shared)
      m_shared = std::make_unique<RedisServer>(QStringList{QStringLiteral("user default on >default-pw ~* +@all"), QStringLiteral("user console on \">pw \\\"%é\" -@all +info +ping +client|setname"),
         QStringLiteral("user off off >c4nary ~* +@all"), QStringLiteral("user open on nopass -@all +info"),
         QStringLiteral("user blind on >c4nary -@all +ping")});
    RedisServer* server = m_shared.get();
    STARTS(*server);
    const Opened result = opened(url(*server, user.toUtf8().constData()));
    QCOMPARE(result.outcome, expected.contains(QLatin1String("%1")) ? expected.arg(server->address()) : expected);
    QVERIFY(!result.outcome.contains(QLatin1String("c4nary")) && !result.detail.contains(QLatin1String("c4nary")));
    if (user == QLatin1String("blind:c4nary@")) {
      const Result<Sample> sample = result.source->sample(std::stop_token());
      QVERIFY(sample.ok());
      QCOMPARE(sample->notes.size(), 1);
      QVERIFY2(sample->notes.first().endsWith(QLatin1String("ACL SETUSER blind +info")), qPrintable(sample->notes.first()));
      QCOMPARE(sample->values.size(), size_t{1});
    }
  }

  void passwordForNobody() {
    RedisServer server;
    STARTS(server);
    QCOMPARE(opened(url(server, ":c4nary@")).outcome,
             QStringLiteral("auth: %1 has no password for its default user. Leave the password empty, or enter the user that it belongs to.").arg(server.address()));
  }

  void unixSocket() {
    RedisServer server({QStringLiteral("unixsocket @DIR@/redis.sock"), QStringLiteral("requirepass pw")}, false);
    STARTS(server);
    const QString path = server.dir() + QStringLiteral("/redis.sock");
    Opened result = opened(QStringLiteral("unix://%1?db=2&password=pw").arg(path));
    QCOMPARE(result.outcome, QStringLiteral("Redis master"));
    QVERIFY(result.source->sample(std::stop_token()).ok());
    server.freeze();
    Result<Sample> sample = result.source->sample(std::stop_token());
    QVERIFY(!sample.ok());
    QCOMPARE(sample.error().kind, Error::Kind::Timeout);
    server.thaw();
    QVERIFY(result.source->connect(std::stop_token()).ok());
    server.kill9();
    sample = result.source->sample(std::stop_token());
    QVERIFY(!sample.ok());
    QCOMPARE(sample.error().message, QStringLiteral("%1 closed the connection. The server stopped, or somebody ended this client.").arg(path));
    QCOMPARE(opened(QLatin1String("unix://") + path).outcome,
             QStringLiteral("refused: Nothing listens on the Unix socket “%1”. It may be left over from a server that is gone.").arg(path));
  }

  void full() {
    RedisServer server({QStringLiteral("maxclients 3")});
    STARTS(server);
    std::vector<Opened> others;
    for (int i = 0; i < 3; ++i)
      QVERIFY(becomes([&] {  // the fixture's question, whether it is there, may still count as a client
        others.push_back(opened(url(server)));
        if (others.back().outcome == QLatin1String("Redis master")) return true;
        others.pop_back();
        return false;
      }));
    for (int i = 0; i < 20; ++i)  // the server's error and its RST race
      QCOMPARE(opened(url(server)).outcome,
               QStringLiteral("busy: %1 is full: it has as many clients as maxclients allows. Close some, or raise maxclients.").arg(server.address()));
    others.clear();
    QVERIFY(becomes([&] { return opened(url(server)).outcome == QLatin1String("Redis master"); }));
  }

  void loading() {
    RedisServer server({QStringLiteral("port @PORT@"), QStringLiteral("enable-debug-command yes"), QStringLiteral("key-load-delay 3000"),
                        QStringLiteral("loading-process-events-interval-bytes 1024")}, false);
    STARTS(server);
    server.cli({QStringLiteral("debug"), QStringLiteral("populate"), QStringLiteral("20000")});
    QCOMPARE(server.cli({QStringLiteral("save")}), QByteArray("OK"));
    server.kill9();
    STARTS(server);
    const QString outcome = opened(url(server)).outcome;
    const QRegularExpression expected(QStringLiteral("^busy: 127\\.0\\.0\\.1:\\d+ is loading its data into memory: \\d+ % done, about .+ left\\.$"));
    QVERIFY2(expected.match(outcome).hasMatch(), qPrintable(outcome));
    QCOMPARE(server.cli({QStringLiteral("config"), QStringLiteral("set"), QStringLiteral("key-load-delay"), QStringLiteral("0")}), QByteArray("OK"));
    QVERIFY(becomes([&] { return opened(url(server)).outcome == QLatin1String("Redis master"); }));
  }

  void replica() {
    RedisServer master;
    STARTS(master);
    RedisServer server({QStringLiteral("replicaof 127.0.0.1 %1").arg(master.port())});
    STARTS(server);
    const Opened result = opened(url(server));
    QCOMPARE(result.outcome, QStringLiteral("Redis replica"));
    const auto notes = [&] {
      const Result<Sample> sample = result.source->sample(std::stop_token());
      if (!sample) (void)result.source->connect(std::stop_token());  // on a busy machine it may have had no answer in time
      return sample ? sample->notes.join(QLatin1Char(' ')) : sample.error().message;
    };
    QVERIFY(becomes([&] { return notes().contains(QStringLiteral("figures of a replica of %1").arg(master.address())); }));
    master.kill9();
    QVERIFY(becomes([&] { return notes().contains(QStringLiteral("replica of %1 and has lost the link").arg(master.address())); }));
  }

  void busyScript() {
    RedisServer server({QStringLiteral("busy-reply-threshold 50")});
    STARTS(server);
    const Opened result = opened(url(server));
    std::jthread script([&server] { server.cli({QStringLiteral("eval"), QStringLiteral("while true do end"), QStringLiteral("0")}); });
    const auto kind = [&] {
      const Result<Sample> sample = result.source->sample(std::stop_token());
      if (!sample && sample.error().kind != Error::Kind::Busy) (void)result.source->connect(std::stop_token());
      return sample ? QString() : kindName(sample.error().kind);
    };
    QVERIFY(becomes([&] { return kind() == QLatin1String("busy"); }));
    server.cli({QStringLiteral("script"), QStringLiteral("kill")});
    QVERIFY(becomes([&] { return result.source->sample(std::stop_token()).ok(); }));  // Busy kept the connection
  }

  void killedByAnAdministrator() {
    RedisServer server;
    STARTS(server);
    const Opened result = opened(url(server));
    server.cli({QStringLiteral("client"), QStringLiteral("kill"), QStringLiteral("type"), QStringLiteral("normal")});
    const Result<Sample> sample = result.source->sample(std::stop_token());
    QVERIFY(!sample.ok());
    QCOMPARE(sample.error().message, QStringLiteral("%1 closed the connection. The server stopped, or somebody ended this client.").arg(server.address()));
    QVERIFY(result.source->connect(std::stop_token()).ok());
  }

  void pipelineAndBinary() {
    RedisServer server;
    STARTS(server);
    RedisOptions options;
    options.host = QStringLiteral("127.0.0.1");
    options.port = server.port();
    RedisConnection connection(options);
    QVERIFY(connection.open(std::stop_token()).ok());
    QByteArray bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    server.cli({QStringLiteral("eval"), QStringLiteral("local k = {} for i = 0, 255 do k[i + 1] = string.char(i) end redis.call('SET', table.concat(k), 'seven b')"), QStringLiteral("0")});
    // More than both kernels' buffers hold, so that writing and reading have to go side by side.
    const QByteArray large(200000, 'x');
    std::vector<RedisCommand> commands{{"GET", bytes}};
    for (int i = 0; i < 100; ++i) commands.push_back({"ECHO", large});
    commands.push_back({"STRLEN", bytes});
    const Result<std::vector<Reply>> replies = connection.pipeline(commands, Deadline(std::chrono::seconds(60)), std::stop_token());
    QVERIFY2(replies.ok(), replies.ok() ? "" : qPrintable(replies.error().message));
    QCOMPARE(replies->size(), commands.size());
    QVERIFY(replies->at(50).text() == large);
    QCOMPARE(replies->front().text().toByteArray(), QByteArray("seven b"));
    QCOMPARE(replies->back().integer(), 7);
    const Result<Reply> page = connection.command({"SCAN", "0"}, Deadline(requestDeadline), std::stop_token());
    QVERIFY(page.ok());
    auto part = page->root().begin();
    ++part;
    QCOMPARE((*(*part).begin()).text().toByteArray(), bytes);
    const Result<Reply> wrong = connection.command({"LLEN", bytes}, Deadline(requestDeadline), std::stop_token());
    QVERIFY(wrong.ok() && wrong->isError());
    QVERIFY(connection.error(*wrong).message.contains(QLatin1String("WRONGTYPE")));
    QVERIFY(connection.isOpen());
  }

  void cleanupTestCase() { m_shared.reset(); }

 private:
  std::unique_ptr<RedisServer> m_shared;
};

QTEST_GUILESS_MAIN(TestRedisConnection)
#include "tst_redis_connection.moc"
