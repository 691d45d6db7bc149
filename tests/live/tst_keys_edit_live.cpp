// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/guard.h"
#include "tests/live/tst_keys_inspect_support.h"
#include "tests/support/fault_proxy.h"

#include <QTemporaryDir>

#include <atomic>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

/// Editing a string: its TTL stays, and nothing that changed meanwhile is overwritten.
class TestKeysEditLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    cli({"flushall"});
    cli({"config", "set", "maxmemory", "0"});
    m_connection = writer(optionsOf(m_server));
    QVERIFY(m_connection);
  }

  void keepsTheExpiry();
  void anyBytes();
  void changedMeanwhile_data();
  void changedMeanwhile();
  void noEditIsLost();
  void goneKeyIsNotMadeAnew();
  void refusals();
  void largeValues();
  void connectionStaysUsable();
  void lostAnswer();

 private:
  QByteArray cli(const QList<QByteArray>& arguments) {
    QStringList texts;
    for (const QByteArray& argument : arguments) texts += QString::fromUtf8(argument);
    return m_server.cli(texts);
  }
  /// An open connection with a permit, as a development profile gets it.
  std::unique_ptr<RedisConnection> writer(const RedisOptions& options) {
    const Result<WritePermit> permit = m_guard.permit(QStringLiteral("change a value"), m_clock);
    if (!permit) return nullptr;
    auto connection = std::make_unique<RedisConnection>(options, *permit);
    return connection->open({}) ? std::move(connection) : nullptr;
  }
  QString edit(const QByteArray& before, const QByteArray& after, RedisConnection* connection = nullptr) {
    const Result<void> result = editString(connection ? *connection : *m_connection, "k", before, after, {});
    return result ? QStringLiteral("done") : textOf(result.error());
  }

  SystemClock m_clock;
  QTemporaryDir m_dir;
  Journal m_journal{m_dir.filePath(QStringLiteral("journal.jsonl")), Secret("0123456789abcdef0123456789abcdef")};
  Guard m_guard{QStringLiteral("test"), Environment::Development, m_journal};
  RedisServer m_server;
  std::unique_ptr<RedisConnection> m_connection;
};

void TestKeysEditLive::keepsTheExpiry() {
  cli({"set", "k", "old", "PXAT", "4102444800123"});
  const qint64 before = lookupsOf(m_server);
  int lookups = 0;
  QVERIFY(editString(*m_connection, "k", "old", "new", {}, &lookups));
  QCOMPARE(lookupsOf(m_server) - before, lookups);
  QCOMPARE(lookups, 1);
  QCOMPARE(cli({"get", "k"}), QByteArray("new"));
  QCOMPARE(cli({"pexpiretime", "k"}), QByteArray("4102444800123"));
  cli({"persist", "k"});
  QCOMPARE(edit("new", "newer"), QStringLiteral("done"));
  QCOMPARE(cli({"pttl", "k"}), QByteArray("-1"));
}

void TestKeysEditLive::anyBytes() {
  QByteArray all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  cli({"set", "k", ""});
  QCOMPARE(edit("", all), QStringLiteral("done"));
  QCOMPARE(valuePage(*m_connection, "k", "string", {}, 1, {})->text, all);
  QCOMPARE(edit(all, all + all), QStringLiteral("done"));
  QCOMPARE(edit(all + all, ""), QStringLiteral("done"));
  QCOMPARE(cli({"exists", "k"}), QByteArray("1"));
  QCOMPARE(cli({"strlen", "k"}), QByteArray("0"));
}

void TestKeysEditLive::changedMeanwhile_data() {
  QTest::addColumn<QByteArray>("now");
  for (const char* now : {"other", "OLD", "old2", "ol", ""}) QTest::addRow("“%s”", now) << QByteArray(now);
}

void TestKeysEditLive::changedMeanwhile() {
  QFETCH(QByteArray, now);
  cli({"set", "k", now, "EX", "1000"});
  QCOMPARE(edit("old", "new"), QStringLiteral("busy: The value on %1 has changed since it was read. Nothing was written; read it again.").arg(m_server.address()));
  QCOMPARE(cli({"get", "k"}), now);
  QVERIFY(cli({"pttl", "k"}).toLongLong() > 0);
}

/// Several people add one to the same value, each as the editor does it: no addition is lost.
void TestKeysEditLive::noEditIsLost() {
  cli({"set", "k", "0", "EX", "1000"});
  std::atomic<int> done = 0, refused = 0, failed = 0;
  {
    std::vector<std::jthread> people;
    for (int person = 0; person < 3; ++person)
      people.emplace_back([&] {
        const std::unique_ptr<RedisConnection> own = writer(optionsOf(m_server));
        for (int i = 0; own && i < 300; ++i) {
          const Result<ValuePage> page = valuePage(*own, "k", "string", {}, 1, {});
          const QString result = page ? edit(page->text, QByteArray::number(page->text.toInt() + 1), own.get()) : textOf(page.error());
          ++(result == QLatin1String("done") ? done : result.startsWith(QLatin1String("busy: ")) ? refused : failed);
        }
      });
  }
  QCOMPARE(failed.load(), 0);
  QCOMPARE(done + refused, 900);
  QCOMPARE(cli({"get", "k"}).toInt(), done.load());
  QVERIFY(cli({"pttl", "k"}).toLongLong() > 0);
}

void TestKeysEditLive::goneKeyIsNotMadeAnew() {
  QVERIFY(edit("old", "new").startsWith(QLatin1String("busy: ")));
  // An empty value and none look the same to GETRANGE.
  QCOMPARE(edit("", "new"), QStringLiteral("not found: The key on %1 is gone: it was deleted or has expired. It was not made anew.").arg(m_server.address()));
  QCOMPARE(cli({"exists", "k"}), QByteArray("0"));
}

void TestKeysEditLive::refusals() {
  cli({"rpush", "k", "a"});
  QVERIFY(edit("a", "b").startsWith(QLatin1String("busy: ")));
  cli({"set", "k", "old"});
  // An account without MULTI: the SET must not be carried out unguarded.
  for (const char* missing : {"-multi", "-watch", "-set", "-exec", "-getrange"}) {
    cli({"acl", "setuser", "editor", "reset", "on", ">pw", "~*", "+@all", missing});
    RedisOptions options = optionsOf(m_server);
    options.user = QStringLiteral("editor");
    options.password = Secret("pw");
    const std::unique_ptr<RedisConnection> editor = writer(options);
    QVERIFY(editor);
    const QString result = edit("old", "new", editor.get());
    QVERIFY2(result.startsWith(QLatin1String("permission: ")), qPrintable(QString::fromLatin1(missing) + result));
    QCOMPARE(cli({"get", "k"}), QByteArray("old"));
  }
  cli({"config", "set", "maxmemory", "1"});
  const QString full = edit("old", "new");
  cli({"config", "set", "maxmemory", "0"});
  QVERIFY2(full.startsWith(QLatin1String("server: ")), qPrintable(full));
  QCOMPARE(cli({"get", "k"}), QByteArray("old"));
  QCOMPARE(edit("old", "new"), QStringLiteral("done"));
}

void TestKeysEditLive::largeValues() {
  const QByteArray large(longestEdit, 'x');
  cli({"set", "k", "old"});
  QCOMPARE(edit("old", large), QStringLiteral("done"));
  QCOMPARE(edit(large, "small"), QStringLiteral("done"));
  QVERIFY(edit("small", large + 'x').startsWith(QLatin1String("usage: ")));
  QVERIFY(edit(large + 'x', "small").startsWith(QLatin1String("usage: ")));
  // A value that has become huge is not read to see that it is another one.
  cli({"setrange", "k", "200000000", "x"});
  const qint64 before = infoOf(m_server, "stats", "total_net_output_bytes");
  QVERIFY(edit("small", "new").startsWith(QLatin1String("busy: ")));
  QVERIFY(infoOf(m_server, "stats", "total_net_output_bytes") - before < 64 << 10);
}

/// After every refusal nothing is left open: neither a transaction nor a watched key.
void TestKeysEditLive::connectionStaysUsable() {
  cli({"set", "k", "now"});
  QVERIFY(edit("old", "new").startsWith(QLatin1String("busy: ")));
  QVERIFY(m_connection->isOpen());
  cli({"set", "k", "later"});
  const std::vector<RedisCommand> commands{{"MULTI"}, {"SET", "other", "1"}, {"EXEC"}};
  const Result<std::vector<Reply>> replies = m_connection->pipeline(commands, Deadline(requestDeadline), {});
  QVERIFY(replies);
  QCOMPARE(replies->front().text(), QByteArrayView("OK"));
  QCOMPARE(replies->back().type(), Reply::Type::Array);
}

/// The link breaks with EXEC under way: it is not said that nothing was changed.
void TestKeysEditLive::lostAnswer() {
  const int greeting = 12, looked = greeting + 19;  // "+PONG" and "+OK"; "+OK", "$3", "old", "+OK"
  for (const auto& [bytes, value] : {std::pair{looked - 3, "old"}, {looked + 9, "new"}}) {
    cli({"set", "k", "old"});
    FaultProxy proxy(m_server.port());
    Faults faults;
    faults.dropAfter = bytes;
    proxy.set(faults);
    RedisOptions options = optionsOf(m_server);
    options.port = proxy.port();
    const std::unique_ptr<RedisConnection> connection = writer(options);
    QVERIFY(connection);
    const QString result = edit("old", "new", connection.get());
    QVERIFY2(result.startsWith(QLatin1String("unreachable: ")), qPrintable(result));
    QCOMPARE(result.endsWith(QLatin1String(" It is not known whether the value was changed: look at it again.")), QByteArray(value) == "new");
    QTRY_COMPARE_WITH_TIMEOUT(cli({"get", "k"}), QByteArray(value), 60000);
  }
}

QTEST_GUILESS_MAIN(TestKeysEditLive)
#include "tst_keys_edit_live.moc"
