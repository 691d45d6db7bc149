// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_connection.h"
#include "core/sources/redis/redis_source.h"
#include "tests/support/hostile_server.h"

#include <QRegularExpression>
#include <QTest>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace cachedeck;
using cachedeck::test::HostileAnswer;
using cachedeck::test::HostileServer;

namespace {

RedisOptions optionsFor(quint16 port) {
  RedisOptions options;
  options.host = QStringLiteral("127.0.0.1");
  options.port = port;
  return options;
}

QString outcome(const Result<void>& result) {
  return result.ok() ? QStringLiteral("connected") : kindName(result.error().kind) + QLatin1String(": ") + result.error().message;
}

SourceSettings settingsFor(quint16 port) {
  SourceSettings settings;
  settings.fields.insert(QStringLiteral("port"), QString::number(port));
  return settings;
}

QByteArray bulk(const QByteArray& text) { return '$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n"; }

/// Greets properly, then answers everything with the given bytes.
HostileServer::Script afterGreeting(QByteArray bytes, bool close = false) {
  return [bytes, close](const QByteArray& received, int turn) -> HostileAnswer {
    if (turn < 0) return {};
    if (received.contains("PING")) return {"+PONG\r\n"};
    if (received.contains("SETNAME")) return {"+OK\r\n"};
    return {bytes, close};
  };
}

}  // namespace

class TestRedisHostile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void greeting_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, QByteArray answer, bool closes, const char* expected) {
      QTest::newRow(name) << answer << closes << QString::fromUtf8(expected);
    };
    row("HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n<html>", true, "protocol: %1 is an HTTP server, not Redis. Check the port.");
    row("TLS alert", QByteArray("\x15\x03\x01\x00\x02\x02\x28", 7), true, "protocol: %1 speaks TLS. Turn TLS on (rediss://).");
    row("SSH", "SSH-2.0-OpenSSH_9.2\r\n", true, "protocol: %1 is not a Redis server: what it sends begins with “SSH-2.0-OpenSSH_”. Check the port.");
    row("RESP3", "%1\r\n+a\r\n:1\r\n", false, "protocol: The answer of %1 is not a RESP2 reply: it begins with “%”, a type that only RESP3 has. The connection was closed.");
    row("huge array", "*2147483647\r\n", false, "protocol: The answer of %1 is larger than what is read: it announces an array of 2147483647 elements, more than the 1048576 that are read. The connection was closed.");
    row("huge text", "$629145600\r\nx", false, "protocol: The answer of %1 is larger than what is read: it announces more than 64 MiB of text. The connection was closed.");
    row("odd answer", ":1\r\n", false, "protocol: The answer of %1 is broken: it does not fit the question (PING). The connection was closed.");
    row("two answers", "+PONG\r\n+PONG\r\n", false, "protocol: The answer of %1 is broken: it holds more replies than there were questions. The connection was closed.");
    row("half a reply", "$100\r\nabc", true, "unreachable: %1 closed the connection in the middle of a reply. The server or a proxy in between went away.");
    row("closes", "", true, "unreachable: %1 closed the connection without an answer. Is this Redis, and may it expect TLS (rediss://)?");
    row("NOAUTH", "-NOAUTH Authentication required.\r\n", false, "auth: %1 asks for a password, and none is set. Enter user and password.");
    row("max clients", "-ERR max number of clients reached\r\n", true, "busy: %1 is full: it has as many clients as maxclients allows. Close some, or raise maxclients.");
    row("protected mode", "-DENIED Redis is running in protected mode because\r\n", true,
        "permission: %1 is in protected mode and takes only local connections. Set a password, or bind and protected-mode in its configuration.");
    row("BUSY", "-BUSY Redis is busy running a script.\r\n", false, "busy: %1 is busy with a script and answers nothing else. It ends by itself, or by SCRIPT KILL.");
    row("LOADING", "-LOADING Redis is loading the dataset in memory\r\n", false, "busy: %1 is loading its data into memory and does not answer yet.");
    row("other error", "-ERR \x1b[31mno\r\n", false, "server: %1 answered with an error: ERR \\x1b[31mno");
    row("may not PING", "-NOPERM this user has no permissions to run the 'ping' command\r\n", false, "connected");
    row("MASTERDOWN", "-MASTERDOWN Link with MASTER is down\r\n", false, "connected");
    row("pong", "+PONG\r\n", false, "connected");
  }
  void greeting() {
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(QString, expected);
    // Whatever comes later gets an error, as from a server that knows no CLIENT SETNAME and refuses INFO.
    HostileServer server([&](const QByteArray&, int turn) -> HostileAnswer {
      if (turn < 0) return {};
      return turn == 0 ? HostileAnswer{answer, closes} : HostileAnswer{"-ERR unknown command\r\n"};
    });
    RedisConnection connection(optionsFor(server.port()));
    expected.replace(QLatin1String("%1"), QStringLiteral("127.0.0.1:%1").arg(server.port()));
    const Result<void> result = connection.open(std::stop_token());
    QCOMPARE(outcome(result), expected);
    QCOMPARE(connection.isOpen(), result.ok());
  }

  /// What a server says before it is asked is its answer to the first question at best.
  void unaskedGreeting() {
    HostileServer server([](const QByteArray&, int turn) -> HostileAnswer {
      return turn < 0 ? HostileAnswer{"220 mail.example.net ESMTP\r\n"} : HostileAnswer{"500 unknown\r\n"};
    });
    RedisConnection connection(optionsFor(server.port()));
    QVERIFY(outcome(connection.open(std::stop_token())).contains(QStringLiteral("begins with “220 mail.example")));
  }

  void silent() {
    HostileServer server(QList<QByteArray>{});
    RedisConnection connection(optionsFor(server.port()));
    QCOMPARE(outcome(connection.open(std::stop_token())),
             QStringLiteral("timeout: 127.0.0.1:%1 accepted the connection but did not answer within 2 s. Is this Redis, and is it running?").arg(server.port()));
    QCOMPARE(server.connections(), 1);
  }

  void refused() {
    quint16 port = 0;
    {
      HostileServer server(QList<QByteArray>{});
      port = server.port();
    }
    RedisConnection connection(optionsFor(port));
    QCOMPARE(outcome(connection.open(std::stop_token())),
             QStringLiteral("refused: Nothing listens on 127.0.0.1:%1 (connection refused). Is Redis running there, and is the port right?").arg(port));
  }

  void unknownHost() {
    RedisOptions options = optionsFor(6379);
    options.host = QStringLiteral("no-such-host.invalid");
    RedisConnection connection(options);
    const QString text = outcome(connection.open(std::stop_token()));
    QVERIFY2(text.contains(QLatin1String("no-such-host.invalid")), qPrintable(text));
  }

  /// A listener whose queue is full drops what comes: the same as a firewall that drops packets.
  void noAnswerToConnect() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QCOMPARE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    QCOMPARE(::listen(listener, 0), 0);
    socklen_t size = sizeof address;
    QCOMPARE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    std::vector<UniqueFd> queued;
    for (int i = 0; i < 3; ++i) {
      queued.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      static_cast<void>(::connect(queued.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address));
    }
    RedisConnection connection(optionsFor(ntohs(address.sin_port)));
    const QString text = outcome(connection.open(std::stop_token()));
    QVERIFY2(text.startsWith(QLatin1String("timeout: No answer from 127.0.0.1:")) && text.contains(QLatin1String("within 5 s")), qPrintable(text));
    ::close(listener);
  }

  /// Keepalive for the idle link, TCP_USER_TIMEOUT for the one with bytes under way.
  void linkOptions() {
    HostileServer server(QList<QByteArray>{});
    const Result<UniqueFd> fd = dial(optionsFor(server.port()), Deadline(connectDeadline), std::stop_token());
    QVERIFY(fd.ok());
    const auto option = [&](int level, int name) {
      int number = -1;
      socklen_t size = sizeof number;
      return ::getsockopt(fd->get(), level, name, &number, &size) == 0 ? number : -1;
    };
    QCOMPARE(option(SOL_SOCKET, SO_KEEPALIVE), 1);
    QCOMPARE(option(IPPROTO_TCP, TCP_KEEPIDLE), 5);
    QCOMPARE(option(IPPROTO_TCP, TCP_KEEPINTVL), 2);
    QCOMPARE(option(IPPROTO_TCP, TCP_KEEPCNT), 3);
    QCOMPARE(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 10000);
    QCOMPARE(option(IPPROTO_TCP, TCP_NODELAY), 1);
  }

  void sockets() {
    RedisOptions options;
    options.socketPath = QStringLiteral("/no/such/redis.sock");
    QVERIFY(outcome(RedisConnection(options).open(std::stop_token())).startsWith(QStringLiteral("refused: There is no Unix socket “/no/such/redis.sock”.")));
    options.socketPath = QLatin1Char('/') + QString(200, QLatin1Char('x'));
    QVERIFY(outcome(RedisConnection(options).open(std::stop_token())).startsWith(QLatin1String("usage: The path of the Unix socket is longer than the 107 bytes")));
  }

  /// A stop ends every wait at once: for the connection, for the greeting, for an answer.
  void stop() {
    HostileServer silentServer(QList<QByteArray>{});
    HostileServer laterSilent(afterGreeting(""));
    for (const HostileServer* server : {&silentServer, &laterSilent}) {
      std::stop_source source;
      QString text;
      std::jthread worker([&] {
        RedisConnection connection(optionsFor(server->port()));
        Result<void> opened = connection.open(source.get_token());
        if (!opened) {
          text = outcome(opened);
          return;
        }
        const Result<Reply> reply = connection.command({"INFO"}, Deadline(std::chrono::hours(1)), source.get_token());
        text = reply.ok() ? QStringLiteral("a reply") : kindName(reply.error().kind);
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      source.request_stop();
      worker.join();
      QVERIFY2(text.startsWith(QLatin1String("cancelled")), qPrintable(text));
    }
  }

  void sampleFaults_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing known") << QByteArray("$2\r\n\r\n\r\n") << false << QStringLiteral("did not answer within 2 s");
    QTest::newRow("half") << QByteArray("$20\r\nused_memory") << true << QStringLiteral("in the middle of a reply");
    QTest::newRow("closed") << QByteArray() << true << QStringLiteral("closed the connection. The server stopped");
    QTest::newRow("silent") << QByteArray() << false << QStringLiteral("did not answer within 2 s. The server hangs");
    QTest::newRow("garbage") << QByteArray("garbage\r\n") << false << QStringLiteral("is broken: it breaks the protocol");
  }
  void sampleFaults() {
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(QString, says);
    HostileServer server(afterGreeting(answer, closes));
    const SystemClock clock;
    const std::unique_ptr<Source> source = redisSourceInfo().create(settingsFor(server.port()), clock);
    const Result<Identity> identity = source->connect(std::stop_token());
    QVERIFY(!identity.ok());
    QVERIFY2(identity.error().message.contains(says), qPrintable(identity.error().message));
    QVERIFY(!source->sample(std::stop_token()).ok());
  }

  /// Servers before Redis 6 answer INFO everything with an empty text.
  void oldServer() {
    HostileServer server([](const QByteArray& received, int turn) -> HostileAnswer {
      if (turn < 0) return {};
      if (received.contains("PING")) return {"+PONG\r\n"};
      if (received.contains("SETNAME")) return {"+OK\r\n"};
      if (received.contains("everything")) return {"$0\r\n\r\n"};
      return {bulk("# Server\r\nredis_version:5.0.7\r\nused_memory:17\r\n") + bulk("# Commandstats\r\ncmdstat_get:calls=1,usec=2\r\n")};
    });
    const SystemClock clock;
    const std::unique_ptr<Source> source = redisSourceInfo().create(settingsFor(server.port()), clock);
    const Result<Identity> identity = source->connect(std::stop_token());
    QVERIFY2(identity.ok(), identity.ok() ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->version, QStringLiteral("5.0.7"));
    const Result<Sample> sample = source->sample(std::stop_token());
    QVERIFY(sample.ok());
    QVERIFY(std::find(sample->values.begin(), sample->values.end(), std::pair(QLatin1String("redis.memory_used"), 17.0)) != sample->values.end());
  }

  void wrongSettings() {
    SourceSettings settings;
    settings.fields.insert(QStringLiteral("port"), QStringLiteral("99999"));
    const SystemClock clock;
    const std::unique_ptr<Source> source = redisSourceInfo().create(settings, clock);
    const Result<Identity> identity = source->connect(std::stop_token());
    QVERIFY(!identity.ok());
    QCOMPARE(identity.error().kind, Error::Kind::Usage);
  }

  /// Whatever becomes of an AUTH, its password is in no message.
  void secretsStay() {
    HostileServer server([](const QByteArray& received, int turn) -> HostileAnswer {
      if (turn < 0) return {};
      return {"-ERR unknown command, with args beginning with: '" + received.simplified().split(' ').last() + "'\r\n"};
    });
    RedisOptions options = optionsFor(server.port());
    options.password = Secret(QByteArray("c4nary-p4ss"));
    const Result<void> result = RedisConnection(options).open(std::stop_token());
    QVERIFY(!result.ok());
    QVERIFY(!result.error().message.contains(QLatin1String("c4nary")));
    QVERIFY2(!result.error().detail.contains(QLatin1String("c4nary")), qPrintable(result.error().detail));
  }
};

QTEST_GUILESS_MAIN(TestRedisHostile)
#include "tst_redis_hostile.moc"
