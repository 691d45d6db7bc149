// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pending_removals.h"
#include "core/cacheaside/redis_backend.h"
#include "core/cacheaside/redis_errors.h"
#include "core/cacheaside/redis_reply.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::cacheaside;

namespace {

QByteArray described(const Reply& reply) {
  switch (reply.type) {
    case Reply::Type::Nil: return "nil";
    case Reply::Type::Status: return '+' + QByteArray::fromStdString(reply.text);
    case Reply::Type::Error: return '-' + QByteArray::fromStdString(reply.text);
    case Reply::Type::Integer: return QByteArray::number(reply.integer);
    case Reply::Type::Text: return '"' + QByteArray::fromStdString(reply.text) + '"';
    case Reply::Type::Array: break;
  }
  QByteArrayList list;
  for (const Reply& element : reply.elements) list += described(element);
  return '[' + list.join(' ') + ']';
}

/// All replies in the bytes, fed in pieces of that size.
QByteArray read(const QByteArray& bytes, qsizetype piece) {
  ReplyReader reader;
  QByteArrayList out;
  for (qsizetype at = 0; at < bytes.size(); at += piece) {
    const QByteArray part = bytes.mid(at, piece);
    reader.feed(part.constData(), static_cast<std::size_t>(part.size()));
    while (true) {
      Reply reply;
      const ReplyReader::Step step = reader.next(reply);
      if (step == ReplyReader::Step::Broken) return out.join(' ') + "!broken";
      if (step == ReplyReader::Step::More) break;
      out += described(reply);
    }
  }
  if (!reader.drained()) out += "…";
  return out.join(' ');
}

}  // namespace

class TestCacheRedisParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void urls_data();
  void urls();
  void badUrls_data();
  void badUrls();
  void replies_data();
  void replies();
  void refusals_data();
  void refusals();
  void refusalsSayWhatToGrant();
  void removalsAreBounded();
  void removalsNeverBecomeLess();
  void removalsWithholdTheirKeys();
};

void TestCacheRedisParts::urls_data() {
  QTest::addColumn<QByteArray>("settings");
  QTest::newRow("redis://h") << QByteArray("h:6379 s= u= p= 0");
  QTest::newRow("redis://h:7/3") << QByteArray("h:7 s= u= p= 3");
  QTest::newRow("redis://h/") << QByteArray("h:6379 s= u= p= 0");
  QTest::newRow("redis://me:pw@h:7/3") << QByteArray("h:7 s= u=me p=pw 3");
  QTest::newRow("redis://me@h") << QByteArray("h:6379 s= u=me p= 0");  // its password comes from the environment
  QTest::newRow("redis://:pw@h") << QByteArray("h:6379 s= u= p=pw 0");
  QTest::newRow("redis://me:p%40%2F%3A%25@h") << QByteArray("h:6379 s= u=me p=p@/:% 0");
  QTest::newRow("redis://me:p@w@h") << QByteArray("h:6379 s= u=me p=p@w 0");
  QTest::newRow("redis://[::1]:7/1") << QByteArray("::1:7 s= u= p= 1");
  QTest::newRow("redis://[::1]") << QByteArray("::1:6379 s= u= p= 0");
  QTest::newRow("redis://h?db=4") << QByteArray("h:6379 s= u= p= 4");
  QTest::newRow("unix:///run/r.sock") << QByteArray("127.0.0.1:6379 s=/run/r.sock u= p= 0");
  QTest::newRow("unix:///run/r%20.sock?db=2") << QByteArray("127.0.0.1:6379 s=/run/r .sock u= p= 2");
}

void TestCacheRedisParts::urls() {
  QFETCH(const QByteArray, settings);
  const auto read = redisSettings(QTest::currentDataTag());
  QVERIFY2(read, read ? "" : read.error().message.c_str());
  const std::string text = read->host + ":" + std::to_string(read->port) + " s=" + read->socket + " u=" + read->user + " p=" + read->password + " " + std::to_string(read->database);
  QCOMPARE(QByteArray::fromStdString(text), settings);
}

void TestCacheRedisParts::badUrls_data() {
  QTest::addColumn<QByteArray>("says");
  const auto row = [](const char* url, const char* says) { QTest::newRow(url) << QByteArray(says); };
  row("", "begins with");
  row("http://h", "begins with");
  row("rediss://h", "TLS");
  row("redis://", "no host");
  row("redis://:sesame@", "no host");
  row("redis://h:0", "1 to 65535");
  row("redis://h:65536", "1 to 65535");
  row("redis://h:sesame", "1 to 65535");
  row("redis://::1:7", "no host");
  row("redis://[::1]x", "brackets");
  row("redis://h/sesame", "whole number");
  row("redis://h/-1", "whole number");
  row("redis://h?ttl=sesame", "db");
  row("redis://me:sesame%zz@h", "percent");
  row("redis://me:sesame%0@h", "percent");
  row("redis://me:sesame/x@h", "%2F");
  row("unix://", "three slashes");
  row("unix://relative/r.sock", "three slashes");
}

void TestCacheRedisParts::badUrls() {
  QFETCH(const QByteArray, says);
  const auto read = redisSettings(QTest::currentDataTag());
  QVERIFY(!read);
  QVERIFY(read.error().kind == Failure::Kind::Usage);
  QVERIFY2(read.error().message.find(says.toStdString()) != std::string::npos, read.error().message.c_str());
  QVERIFY(read.error().message.find("sesame") == std::string::npos);
}

void TestCacheRedisParts::replies_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QByteArray>("text");
  const auto row = [](const char* name, const QByteArray& bytes, const QByteArray& text) { QTest::newRow(name) << bytes << text; };
  row("kinds", "+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n$5\r\na\r\nb!\r\n$0\r\n\r\n*-1\r\n*0\r\n", "+OK -ERR no -7 nil \"a\r\nb!\" \"\" nil []");
  row("scan", "*2\r\n$2\r\n17\r\n*2\r\n$1\r\na\r\n$-1\r\n", "[\"17\" [\"a\" nil]]");
  row("cut", "$5\r\nab", "…");
  row("http", "HTTP/1.1 400 Bad Request\r\n", "!broken");
  row("array of 2 G", "*2147483647\r\n", "!broken");
  row("array of 65537", "*65537\r\n", "!broken");
  row("text of 8 E", "$9223372036854775807\r\nabc", "…");
  // Not asked for; hiredis 1.x reads these, 0.14 does not.
  row("RESP3 map", "%1\r\n+a\r\n:1\r\n", "!broken");
  row("RESP3 set", "~1\r\n+a\r\n", "!broken");
  row("RESP3 push", ">1\r\n+a\r\n", "!broken");
  row("RESP3 attribute", "|1\r\n+a\r\n:1\r\n+b\r\n", "!broken");
  row("RESP3 double", ",3.5\r\n", "!broken");
  row("RESP3 bool", "#t\r\n", "!broken");
  row("RESP3 null", "_\r\n", "!broken");
  row("RESP3 big number", "(12345678901234567890\r\n", "!broken");
  row("RESP3 text with a format", "=7\r\ntxt:abc\r\n", "!broken");
  row("RESP3 inside", "*1\r\n#t\r\n", "!broken");
  row("text longer than it says", "$3\r\nabcde\r\n", "!broken");
  row("binary", QByteArray("$3\r\n\0\xff\n\r\n", 9), "\"" + QByteArray("\0\xff\n", 3) + "\"");
}

void TestCacheRedisParts::replies() {
  QFETCH(const QByteArray, bytes);
  QFETCH(const QByteArray, text);
  for (const qsizetype piece : {qsizetype{1}, qsizetype{3}, bytes.size()}) QCOMPARE(read(bytes, piece), text);
}

void TestCacheRedisParts::refusals_data() {
  QTest::addColumn<QByteArray>("command");
  QTest::addColumn<int>("kind");
  QTest::addColumn<bool>("away");
  const auto row = [](const char* text, const char* command, Failure::Kind kind, bool away) {
    QTest::newRow(text) << QByteArray(command) << static_cast<int>(kind) << away;
  };
  using enum Failure::Kind;
  row("NOAUTH Authentication required.", "GET", Auth, true);
  row("WRONGPASS invalid username-password pair or user is disabled.", "AUTH", Auth, true);
  row("ERR unknown command 'AUTH', with args beginning with: 'sesame'", "AUTH", Auth, true);
  row("LOADING Redis is loading the dataset in memory", "PING", Unavailable, true);
  row("BUSY Redis is busy running a script.", "GET", Unavailable, true);
  row("READONLY You can't write against a read only replica.", "SET", Unavailable, true);
  row("MASTERDOWN Link with MASTER is down", "GET", Unavailable, true);
  row("MISCONF Redis is configured to save RDB snapshots", "SET", Unavailable, true);
  row("MOVED 1 127.0.0.1:7001", "GET", Unavailable, true);
  row("ERR max number of clients reached", "CLIENT", Unavailable, true);
  row("ERR DB index is out of range", "SELECT", Usage, true);
  row("OOM command not allowed when used memory > 'maxmemory'.", "SET", Query, false);
  row("NOPERM this user has no permissions to run the 'get' command", "GET", Query, false);
  row("NOPERM this user has no permissions to run the 'scan' command", "SCAN", Auth, false);                        // 7.0
  row("NOPERM User keyholder has no permissions to run the 'unlink' command", "UNLINK", Auth, false);               // 7.2
  row("NOPERM this user has no permissions to access one of the keys used as arguments", "UNLINK", Query, false);  // 7.0
  row("NOPERM No permissions to access a key", "UNLINK", Query, false);                                             // 7.2
  row("ERR something\nnew", "GET", Query, false);
}

void TestCacheRedisParts::refusals() {
  QFETCH(const QByteArray, command);
  QFETCH(const int, kind);
  QFETCH(const bool, away);
  const Refusal refused = refusal("host:1", command.toStdString(), QTest::currentDataTag());
  QCOMPARE(static_cast<int>(refused.failure.kind), kind);
  QCOMPARE(refused.away, away);
  QVERIFY(refused.failure.message.starts_with("Redis at host:1 "));
  QVERIFY(refused.failure.message.find("sesame") == std::string::npos);
  QVERIFY(refused.failure.message.find('\n') == std::string::npos);
}

void TestCacheRedisParts::refusalsSayWhatToGrant() {
  const auto says = [](const char* command, const char* text) { return QByteArray::fromStdString(refusal("h:1", command, text).failure.message); };
  QCOMPARE(says("SCAN", "NOPERM this user has no permissions to run the 'scan' command"),
           QByteArray("Redis at h:1 does not allow this user the command SCAN, without which nothing can be invalidated: the cache is not used. "
                      "Grant it with ACL SETUSER: +scan."));
  QCOMPARE(says("GET", "NOPERM User app has no permissions to run the 'get' command"),
           QByteArray("Redis at h:1 does not allow this user the command GET. Grant it with ACL SETUSER: +get."));
  QCOMPARE(says("UNLINK", "NOPERM No permissions to access a key"),
           QByteArray("Redis at h:1 does not allow this user the command UNLINK on some of these keys. Grant him their pattern with ACL SETUSER, as in ~risk:*."));
  for (const char* text : {"NOPERM this user has no permissions to run the 'scan' command", "NOPERM User keyholder has no permissions to run the 'unlink' command",
                           "ERR key", "OOM", "NOPERM"})
    QVERIFY(!areKeysForbidden(text));
}

void TestCacheRedisParts::removalsAreBounded() {
  PendingRemovals pending(3);
  const std::vector<std::string> risks{"risk:id:1", "risk:id:2", "risk:id:1"};
  pending.add(risks);
  QCOMPARE(pending.size(), std::size_t{2});
  pending.add(std::vector<std::string>{"risk:id:3", "report:*"});
  QVERIFY((pending.take() == std::vector<std::string>{"report*", "risk*"}));
  QVERIFY(pending.empty());

  pending.add(std::vector<std::string>{"a:1", "b:1", "a:2", "a:3"});
  QCOMPARE(pending.size(), std::size_t{2});
  pending.add(std::vector<std::string>{"a:4", "b:9"});  // covered
  QCOMPARE(pending.size(), std::size_t{2});
  pending.add(std::vector<std::string>{"c:1"});
  QCOMPARE(pending.size(), std::size_t{3});
  pending.add(std::vector<std::string>{"d:1", "e:1"});
  QVERIFY((pending.take() == std::vector<std::string>{"*"}));

  PendingRemovals small(1000, 100);
  small.add(std::vector<std::string>{"a:" + std::string(90, 'x'), "a:" + std::string(91, 'x')});
  QVERIFY((small.take() == std::vector<std::string>{"a*"}));
}

void TestCacheRedisParts::removalsNeverBecomeLess() {
  PendingRemovals pending(1);
  pending.add(std::vector<std::string>{"[ab]:1", "[ab]:2"});
  QVERIFY((pending.take() == std::vector<std::string>{"*"}));
  pending.add(std::vector<std::string>{"x\\*:1", "x\\*:2"});
  QVERIFY((pending.take() == std::vector<std::string>{"x\\**"}));
  pending.add(std::vector<std::string>{"risk*", "risk*:1", "risk:1"});
  QVERIFY((pending.take() == std::vector<std::string>{"*"}));
  pending.add(std::vector<std::string>{"risk*", "risk:1", "risk:2"});
  QVERIFY((pending.take() == std::vector<std::string>{"risk*"}));
  pending.add(std::vector<std::string>{"plain", "plain:1"});
  QVERIFY((pending.take() == std::vector<std::string>{"plain*"}));
}

/// What is still to be removed is not served meanwhile: exactly that, as long as it is remembered one by one.
void TestCacheRedisParts::removalsWithholdTheirKeys() {
  PendingRemovals pending(4);
  QVERIFY(!pending.match("risk:id:1"));
  pending.add(std::vector<std::string>{"risk:id:1", "risk:list:*", "a\\*b"});
  for (const char* key : {"risk:id:1", "risk:list:", "risk:list:page:1", "a*b"}) QVERIFY2(pending.match(key), key);
  for (const char* key : {"risk:id:10", "risk:id", "risk:search:1", "a1b", "a\\*b", ""}) QVERIFY2(!pending.match(key), key);
  pending.add(std::vector<std::string>{"risk:id:2", "risk:id:3"});  // too many
  for (const char* key : {"risk:id:1", "risk:id:7", "risk:search:1", "a*b"}) QVERIFY2(pending.match(key), key);
  QVERIFY(!pending.match("report:1"));
  QVERIFY((pending.take() == std::vector<std::string>{"a\\*b*", "risk*"}));
  QVERIFY(!pending.match("risk:id:1"));
}

QTEST_GUILESS_MAIN(TestCacheRedisParts)
#include "tst_cache_redis_parts.moc"
