// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metric.h"
#include "core/sources/redis/redis_metrics.h"
#include "core/sources/redis/redis_notes.h"

#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <clocale>
#include <cmath>

using namespace cachedeck;

namespace {

/// The value of a metric, or NaN where it is absent.
double value(const RedisFigures& figures, const char* id) {
  for (const auto& [name, number] : figures.values)
    if (name == QLatin1String(id)) return number;
  return NAN;
}

bool absent(const RedisFigures& figures, const char* id) { return std::isnan(value(figures, id)); }

QByteArray captured() {
  QFile file(QFINDTESTDATA("redis_info_7_0_15.txt"));
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The captured reply with the values of some fields exchanged.
RedisInfo changed(std::initializer_list<std::pair<const char*, const char*>> fields) {
  QByteArray text = captured();
  for (const auto& [name, number] : fields) {
    const qsizetype at = text.indexOf(QByteArray("\n") + name + ':');
    if (at < 0) qFatal("no field %s", name);
    const qsizetype begin = text.indexOf(':', at) + 1;
    text.replace(begin, text.indexOf('\r', begin) - begin, number);
  }
  return RedisInfo::parse(text);
}

}  // namespace

class TestRedisInfo : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void capturedReply() {
    const RedisInfo info = RedisInfo::parse(captured());
    QCOMPARE(info.text("redis_version"), QByteArray("7.0.15"));
    QCOMPARE(info.text("role"), QByteArray("master"));
    QCOMPARE(info.text("run_id").size(), 40);
    QCOMPARE(info.text("maxmemory_policy"), QByteArray("allkeys-lru"));
    QCOMPARE(*info.number("keyspace_hits"), 19636.0);
    QCOMPARE(*info.number("mem_fragmentation_ratio"), 2.31);
    QCOMPARE(info.keyspace()->keys, 9822.0);
    QCOMPARE(info.keyspace()->expires, 1.0);
    QCOMPARE(info.commands()->calls, 80008.0);
    QCOMPARE(info.commands()->usec, 53835.0);
    QVERIFY(info.loadingProgress().isEmpty());
    QVERIFY(!info.number("no_such_field"));
    QVERIFY(!info.number("role"));
  }

  void gaugesOfTheFirstSample() {
    const RedisFigures figures = deriveSample(nullptr, RedisInfo::parse(captured()), 0);
    QVERIFY(!figures.restarted);
    QCOMPARE(value(figures, "redis.memory_used"), 2185736.0);
    QCOMPARE(value(figures, "redis.memory_rss"), 9224192.0);
    QCOMPARE(value(figures, "redis.memory_peak"), 4000776.0);
    QCOMPARE(value(figures, "redis.memory_limit"), 67108864.0);
    QCOMPARE(value(figures, "redis.memory_used_percent"), 100.0 * 2185736 / 67108864);
    QCOMPARE(value(figures, "redis.hit_ratio_lifetime"), 100.0 * 19636 / (19636 + 367));
    QCOMPARE(value(figures, "redis.keys"), 9822.0);
    QCOMPARE(value(figures, "redis.keys_with_ttl"), 1.0);
    QCOMPARE(value(figures, "redis.clients"), 1.0);
    for (const char* id : {"redis.ops", "redis.hits", "redis.misses", "redis.hit_ratio", "redis.evicted", "redis.cpu", "redis.command_mean"})
      QVERIFY2(absent(figures, id), id);
  }

  void ratesOverRealTime() {
    const RedisInfo before = changed({});
    const RedisInfo after = changed({{"total_commands_processed", "80508"}, {"keyspace_hits", "19936"}, {"keyspace_misses", "467"}, {"evicted_keys", "5"},
                                     {"expired_keys", "10"}, {"rejected_connections", "1"}, {"total_error_replies", "3"}, {"total_net_input_bytes", "3162287"},
                                     {"total_net_output_bytes", "508627"}, {"used_cpu_sys", "0.616751"}, {"used_cpu_user", "0.264044"}, {"uptime_in_seconds", "3"},
                                     {"cmdstat_get", "calls=20403,usec=14452,usec_per_call=0.67"}});
    const RedisFigures figures = deriveSample(&before, after, 2.0);
    QVERIFY(!figures.restarted);
    QCOMPARE(value(figures, "redis.ops"), 250.0);
    QCOMPARE(value(figures, "redis.hits"), 150.0);
    QCOMPARE(value(figures, "redis.misses"), 50.0);
    QCOMPARE(value(figures, "redis.hit_ratio"), 75.0);
    QCOMPARE(value(figures, "redis.evicted"), 2.5);
    QCOMPARE(value(figures, "redis.expired"), 5.0);
    QCOMPARE(value(figures, "redis.rejected"), 0.5);
    QCOMPARE(value(figures, "redis.errors"), 1.0);
    QCOMPARE(value(figures, "redis.net_in"), 1000.0);
    QCOMPARE(value(figures, "redis.net_out"), 500.0);
    QVERIFY(std::abs(value(figures, "redis.cpu") - 10.0) < 1e-6);
    QCOMPARE(value(figures, "redis.command_mean"), 1000.0 / 400 * 1e-6);
  }

  /// Look-ups of the console itself are no traffic; a note that comes late takes nothing below zero, and is no restart.
  void ownLookupsAreLeftOut() {
    const RedisInfo before = changed({}), after = changed({{"keyspace_hits", "20636"}, {"keyspace_misses", "567"}});  // 1000 and 200 more
    const RedisFigures figures = deriveSample(&before, after, 2.0, {{700, 150}, {700, 100}});
    QCOMPARE(value(figures, "redis.hits"), 150.0);
    QCOMPARE(value(figures, "redis.misses"), 50.0);
    QCOMPARE(value(figures, "redis.hit_ratio"), 75.0);
    QCOMPARE(value(figures, "redis.hit_ratio_lifetime"), 100.0 * 19936 / (19936 + 417));
    const RedisFigures late = deriveSample(&before, after, 2.0, {{50'000, 50'000}, {1500, 100}});
    QVERIFY(!late.restarted);
    QCOMPARE(value(late, "redis.hits"), 0.0);
    QCOMPARE(value(late, "redis.misses"), 50.0);
    QCOMPARE(value(late, "redis.hit_ratio"), 0.0);
    QVERIFY(absent(late, "redis.hit_ratio_lifetime"));
    const RedisInfo anew = changed({{"run_id", "0000000000000000000000000000000000000000"}});
    const RedisFigures restarted = deriveSample(&before, anew, 2.0, {{19'000, 300}, {700, 100}});
    QVERIFY(restarted.restarted);
    QCOMPARE(value(restarted, "redis.hit_ratio_lifetime"), 100.0 * 19636 / (19636 + 367));
  }

  /// Every metric of the catalog that bears this source's name is produced, and nothing else.
  void wholeCatalog() {
    const RedisInfo before = changed({});
    const RedisInfo after = changed({{"keyspace_hits", "19937"}, {"cmdstat_get", "calls=20404,usec=14452,usec_per_call=0.67"}});
    QStringList produced{QStringLiteral("redis.round_trip")};  // measured by the source itself
    for (const auto& [id, number] : deriveSample(&before, after, 1.0).values) produced += id;
    QStringList described;
    for (const MetricInfo& row : metricCatalog())
      if (row.id.startsWith(QLatin1String("redis."))) described += row.id;
    produced.sort();
    described.sort();
    QCOMPARE(produced, described);
  }

  void idle() {
    const RedisInfo info = changed({});
    const RedisFigures figures = deriveSample(&info, info, 1.0);
    QVERIFY(!figures.restarted);
    QCOMPARE(value(figures, "redis.ops"), 0.0);
    QVERIFY(absent(figures, "redis.hit_ratio"));
    QVERIFY(absent(figures, "redis.command_mean"));
    QVERIFY(absent(deriveSample(&info, info, 0), "redis.ops"));
  }

  void restart_data() {
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("number");
    QTest::newRow("run_id") << QByteArray("run_id") << QByteArray("0123456789012345678901234567890123456789");
    QTest::newRow("uptime") << QByteArray("uptime_in_seconds") << QByteArray("0");
    for (const InfoMetric& row : redisInfoMetrics())
      if (row.how == InfoMetric::How::Rate && *RedisInfo::parse(captured()).number(row.field) > 0)
        QTest::newRow(row.field) << QByteArray(row.field) << QByteArray("0");
    QTest::newRow("commandstats") << QByteArray("cmdstat_get") << QByteArray("calls=1,usec=13452");
  }
  void restart() {
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, number);
    const RedisInfo before = changed({});
    const RedisInfo after = changed({{field.constData(), number.constData()}});
    const RedisFigures figures = deriveSample(&before, after, 1.0);
    QVERIFY(figures.restarted);
    for (const InfoMetric& row : redisInfoMetrics())
      if (row.how == InfoMetric::How::Rate) QVERIFY2(absent(figures, row.id.latin1()), row.field);
    for (const char* id : {"redis.hit_ratio", "redis.cpu", "redis.command_mean"}) QVERIFY2(absent(figures, id), id);
    QCOMPARE(value(figures, "redis.memory_used"), 2185736.0);
  }

  /// Whatever the counters do, no rate is negative, infinite or not a number, and no ratio leaves 0 to 100.
  void neverAbsurd() {
    QRandomGenerator random(7);
    QByteArray fields;
    for (int round = 0; round < 3000; ++round) {
      RedisInfo readings[2];
      for (RedisInfo& reading : readings) {
        QByteArray text;
        for (const char* field : {"total_commands_processed", "keyspace_hits", "keyspace_misses", "evicted_keys", "used_cpu_sys", "used_cpu_user", "used_memory", "maxmemory"}) {
          static const char* const odd[] = {"nan", "-1", "1,5", "inf", "1e400", "", " ", "0x10", "18446744073709551615", "1 2"};
          const QByteArray number = random.bounded(4) == 0 ? QByteArray(odd[random.bounded(10)]) : QByteArray::number(random.bounded(1000));
          if (random.bounded(10) != 0) text += field + (':' + number) + "\r\n";
        }
        reading = RedisInfo::parse(text);
      }
      for (const auto& [id, number] : deriveSample(&readings[0], readings[1], random.generateDouble()).values) {
        QVERIFY2(std::isfinite(number) && number >= 0, id.latin1());
        if (id.startsWith(QLatin1String("redis.hit_ratio"))) QVERIFY(number <= 100);
      }
    }
  }

  void withoutLimit() {
    const RedisInfo info = changed({{"maxmemory", "0"}});
    const RedisFigures figures = deriveSample(nullptr, info, 0);
    QVERIFY(absent(figures, "redis.memory_limit"));
    QVERIFY(absent(figures, "redis.memory_used_percent"));
    QVERIFY(redisNotes(info).join(QLatin1Char(' ')).contains(QLatin1String("CONFIG SET maxmemory")));
    QVERIFY(redisNotes(changed({})).isEmpty());
  }

  void oddNumbers_data() {
    QTest::addColumn<QByteArray>("number");
    for (const char* number : {"nan", "-nan", "inf", "1,5", "1.5x", "", "-3", "1e999", "0x1F", "١"}) QTest::newRow(number) << QByteArray(number);
  }
  void oddNumbers() {
    QFETCH(QByteArray, number);
    const RedisInfo info = changed({{"used_memory", number.constData()}});
    QVERIFY(!info.number("used_memory"));
    QVERIFY(absent(deriveSample(nullptr, info, 0), "redis.memory_used"));
  }

  void commaLocale() {
    const QByteArray old = std::setlocale(LC_ALL, nullptr);
    std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(*RedisInfo::parse(captured()).number("mem_fragmentation_ratio"), 2.31);
    std::setlocale(LC_ALL, old.constData());
    QLocale::setDefault(QLocale::c());
  }

  void emptyKeyspace() {
    QCOMPARE(value(deriveSample(nullptr, RedisInfo::parse("# Keyspace\r\n"), 0), "redis.keys"), 0.0);
    QVERIFY(absent(deriveSample(nullptr, RedisInfo::parse("# Memory\r\nused_memory:1\r\n"), 0), "redis.keys"));
  }

  void strangeText() {
    QVERIFY(RedisInfo::parse("").isEmpty());
    QVERIFY(RedisInfo::parse("no colon\r\n:no name\r\n\r\n#\r\n").isEmpty());
    QCOMPARE(*RedisInfo::parse("used_memory:5").number("used_memory"), 5.0);
    QCOMPARE(*RedisInfo::parse("a:1\nb:2\n").number("b"), 2.0);
    QCOMPARE(RedisInfo::parse("executable:C:\\redis\r\n").text("executable"), QByteArray("C:\\redis"));
    QByteArray many;
    for (int i = 0; i < 70000; ++i) many += QByteArray::number(i) + ":1\n";
    QVERIFY(!RedisInfo::parse(many).has("69999"));
  }

  void identity() {
    RedisOptions options;
    options.host = QStringLiteral("h");
    const Identity redis = redisIdentity(changed({}), options);
    QCOMPARE(redis.product + QLatin1Char(' ') + redis.version + QLatin1Char(' ') + redis.role, QStringLiteral("Redis 7.0.15 master"));
    QCOMPARE(redis.endpoint, QStringLiteral("h:6379"));
    QVERIFY(redis.serverId.isEmpty());
    const Identity valkey = redisIdentity(RedisInfo::parse("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n"), options);
    QCOMPARE(valkey.product + QLatin1Char(' ') + valkey.version, QStringLiteral("Valkey 8.0.1"));
    QCOMPARE(redisIdentity(RedisInfo::parse("redis_version:6.3.4\r\n# KeyDB\r\nmvcc_depth:0\r\n"), options).product, QStringLiteral("KeyDB"));
    QCOMPARE(redisIdentity(RedisInfo::parse("redis_version:7\x1b[31m\r\n"), options).version, QStringLiteral("7\\x1b[31m"));
  }

  void replica() {
    const char* text = "role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\nmaster_link_status:up\r\n";
    QVERIFY(redisNotes(RedisInfo::parse(text)).first().contains(QLatin1String("replica of 10.0.0.1:6379")));
    QByteArray down(text);
    down.replace("up", "down");
    QVERIFY(redisNotes(RedisInfo::parse(down)).first().contains(QLatin1String("lost the link")));
    QCOMPARE(redisIdentity(RedisInfo::parse(text), {}).role, QStringLiteral("replica"));
  }

  void loading() {
    const RedisInfo info = RedisInfo::parse("loading:1\r\nloading_loaded_perc:43.21\r\nloading_eta_seconds:12\r\n");
    QCOMPARE(info.loadingProgress(), QStringLiteral("43 % done, about 12 s left"));
    QVERIFY(redisNotes(info).first().contains(QLatin1String("43 % done")));
  }
};

QTEST_GUILESS_MAIN(TestRedisInfo)
#include "tst_redis_info.moc"
