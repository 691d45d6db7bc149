// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redactor.h"
#include "core/sources/redis/redis_options.h"
#include "core/sources/redis/redis_source.h"
#include "core/sources/redis/redis_url.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;

namespace {

/// The settings as one readable line.
QString described(const SourceSettings& settings) {
  QStringList out;
  for (auto it = settings.fields.cbegin(); it != settings.fields.cend(); ++it) out += it.key() + QLatin1Char('=') + it.value();
  for (auto it = settings.secrets.cbegin(); it != settings.secrets.cend(); ++it)
    out += QLatin1Char('*') + it.key() + QLatin1Char('=') + QString::fromUtf8(it.value().reveal());
  return out.join(QLatin1Char(' '));
}

}  // namespace

class TestRedisUrl : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void good_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* url, const char* expected) { QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(expected); };
    row("redis://localhost", "host=localhost");
    row("  redis://localhost  ", "host=localhost");
    row("REDIS://localhost", "host=localhost");
    row("redis://10.0.0.5:6380/", "host=10.0.0.5 port=6380");
    row("redis://10.0.0.5:6380/3", "database=3 host=10.0.0.5 port=6380");
    row("redis://h?db=4", "database=4 host=h");
    row("redis://console:pw@h:1/2", "database=2 host=h port=1 user=console *password=pw");
    row("redis://:pw@h", "host=h *password=pw");
    row("redis://console@h", "host=h user=console");
    row("redis://a%3Ab:p%40s%2Fs%3A%25@h", "host=h user=a:b *password=p@s/s:%");
    row("redis://u:p:q@h", "host=h user=u *password=p:q");
    row("redis://u:p@q@h", "host=h user=u *password=p@q");
    row("redis://u:caf%C3%A9+x@h", "host=h user=u *password=café+x");
    row("redis://[::1]:6380/1", "database=1 host=::1 port=6380");
    row("redis://u:p@[fe80::1]", "host=fe80::1 user=u *password=p");
    row("rediss://h:6390?ca=/etc/ca.pem&cert=c.crt&key=k.key&servername=redis.example.net",
        "ca=/etc/ca.pem cert=c.crt host=h key=k.key port=6390 servername=redis.example.net tls=true");
    row("rediss://h?ca=/a%20b/ca.pem", "ca=/a b/ca.pem host=h tls=true");
    row("unix:///run/redis/redis.sock", "socket=/run/redis/redis.sock");
    row("unix:///run/redis.sock?db=2&user=u&password=p%26q", "database=2 socket=/run/redis.sock user=u *password=p&q");
    row("unix://u:p@/run/redis.sock", "socket=/run/redis.sock user=u *password=p");
    row("redis+unix:///run/a%20b.sock", "socket=/run/a b.sock");
    row("redis-socket:///run/redis.sock", "socket=/run/redis.sock");
  }
  void good() {
    QFETCH(QString, url);
    QFETCH(QString, expected);
    const Result<SourceSettings> settings = redisSettingsFromUrl(url);
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(described(*settings), expected);
  }

  void bad_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* url, const char* says) { QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(says); };
    row("", "begins with redis://");
    row("localhost:6379", "begins with redis://");
    row("http://h", "begins with redis://");
    row("redis:/h", "begins with redis://");
    row("redis://", "has no host");
    row("redis://:6379", "has no host");
    row("redis://h:0", "port is not a number from 1 to 65535");
    row("redis://h:65536", "port is not a number from 1 to 65535");
    row("redis://h:s3cr3t", "port is not a number from 1 to 65535");
    row("redis://h/x", "database is not a number");
    row("redis://h/-1", "database is not a number");
    row("redis://h/1/2", "database is not a number");
    row("redis://::1:6379", "more than one colon");
    row("redis://[::1", "not an IPv6 address");
    row("redis://[h]", "not an IPv6 address");
    row("redis://[::1]x", "between the address in brackets and the port");
    row("redis://u:s3cr3t/x@h", "“@” stands behind the host");
    row("redis://u:s3cr3t?x@h", "“@” stands behind the host");
    row("redis://u:s3cr3t#x@h", "written as %23");
    row("redis://u:s3cr3t%@h", "password in the Redis URL is not percent-encoded");
    row("redis://u:s3cr3t%zz@h", "password in the Redis URL is not percent-encoded");
    row("redis://u%f:s3cr3t@h", "user name in the Redis URL is not percent-encoded");
    row("redis://u%ff:s3cr3t@h", "user name in the Redis URL is not percent-encoded");
    row("redis://u:s3cr3t%00@h", "password in the Redis URL is not percent-encoded");
    row("redis://a b", "space or control character");
    row("redis://h?s3cr3t=1", "is not known. Known are db");
    row("redis://h?ca=/x", "Begin the URL with rediss://");
    row("rediss://h?ca=", "parameter “ca” in the Redis URL has no value");
    row("rediss://h?ca=%", "value of “ca” in the Redis URL is not percent");
    row("rediss://h?key=/x", "no client certificate");
    row("unix://run/redis.sock", "three slashes");
    row("unix://", "three slashes");
    row("unix:///", "three slashes");
    row("unix:///a?db=x", "database is not a number");
  }
  void bad() {
    QFETCH(QString, url);
    QFETCH(QString, says);
    const Result<SourceSettings> settings = redisSettingsFromUrl(url);
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().kind, Error::Kind::Usage);
    QVERIFY2(settings.error().message.contains(says), qPrintable(settings.error().message));
    QVERIFY2(!settings.error().message.contains(QLatin1String("s3cr3t")), qPrintable(settings.error().message));
  }

  void optionsOfEmptySettings() {
    const Result<RedisOptions> options = redisOptions({});
    QVERIFY(options.ok());
    QCOMPARE(options->endpoint(), QStringLiteral("127.0.0.1:6379"));
    QCOMPARE(options->database, 0);
    QVERIFY(!options->tls && options->password.isEmpty());
  }

  void optionsName_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    QTest::newRow("port") << QStringLiteral("port") << QStringLiteral("12a") << QStringLiteral("The Redis port");
    QTest::newRow("database") << QStringLiteral("database") << QStringLiteral("1.5") << QStringLiteral("The Redis database");
    QTest::newRow("key") << QStringLiteral("key") << QStringLiteral("/k") << QStringLiteral("no client certificate");
  }
  void optionsName() {
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, says);
    SourceSettings settings;
    settings.fields.insert(field, value);
    const Result<RedisOptions> options = redisOptions(settings);
    QVERIFY(!options.ok());
    QVERIFY2(options.error().message.contains(says), qPrintable(options.error().message));
  }

  void endpoints() {
    RedisOptions options;
    options.host = QStringLiteral("::1");
    QCOMPARE(options.endpoint(), QStringLiteral("[::1]:6379"));
    options.socketPath = QStringLiteral("/run/redis.sock");
    QCOMPARE(options.endpoint(), QStringLiteral("/run/redis.sock"));
  }

  /// Every field that a URL can give is a row of the form, and the other way round.
  void fieldTable() {
    QStringList keys;
    for (const FieldInfo& row : redisSourceInfo().fields) keys += QLatin1String(row.key);
    QCOMPARE(keys.join(QLatin1Char(' ')), QStringLiteral("host port socket user password database tls ca cert key servername master replica separator"));
  }
};

QTEST_GUILESS_MAIN(TestRedisUrl)
#include "tst_redis_url.moc"
