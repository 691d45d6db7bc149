// SPDX-License-Identifier: GPL-3.0-or-later
// Taking a snapshot of real servers: what they say is in the tables, what they do not say is a sentence, and nothing secret is in either.
#include "core/metrics/metric.h"
#include "core/runs/run_store.h"
#include "core/snapshot/past_series.h"
#include "core/snapshot/take.h"
#include "core/sources/http/http_client.h"
#include "tests/live/tst_snapshot_support.h"
#include "tests/support/wait.h"

#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace cachedeck;
using namespace cachedeck::snapshot;
using namespace cachedeck::test;
using namespace std::chrono_literals;

namespace {

const SystemClock systemClock;
qint64 now() { return systemClock.now().wallMs; }

QMap<QString, SourceSettings> settingsOf(const QMap<QString, QString>& urls) {
  QMap<QString, SourceSettings> settings;
  for (auto url = urls.begin(); url != urls.end(); ++url) settings[url.key()] = findSource(url.key())->fromUrl(url.value()).value();
  return settings;
}

QByteArray textOf(const QList<FactTable>& facts, const QStringList& missing) {
  QByteArray text = missing.join(QLatin1Char('\n')).toUtf8();
  for (const FactTable& table : facts)
    for (const QStringList& row : table.rows) text += '\n' + row.join(QLatin1Char('\t')).toUtf8();
  return text;
}

}  // namespace

class TestSnapshotTake : public QObject {
  Q_OBJECT
  SnapshotServers m_servers;
  QTemporaryDir m_home;

  Gathered gather(const FactOptions& options = {}) { return gatherFacts(settingsOf(m_servers.urls()), now() - 60'000, now(), {}, options); }
  TakeOrder order(const QMap<QString, QString>& urls) const {
    TakeOrder order;
    order.sources = settingsOf(urls);
    order.journalFile = m_home.filePath(QStringLiteral("journal.jsonl"));
    order.runFolder = m_home.filePath(QStringLiteral("runs"));
    return order;
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString reason = m_servers.start();
    QVERIFY2(reason.isEmpty(), qPrintable(reason));
    m_servers.redisCli({QStringLiteral("set"), QStringLiteral("private-key-1"), QStringLiteral("private-value")});
    m_servers.redisCli({QStringLiteral("get"), QStringLiteral("private-key-1")});
    m_servers.redisCli({QStringLiteral("mget"), QStringLiteral("private-key-1"), QStringLiteral("nothing")});
    m_servers.postgres().psql(QStringLiteral("SELECT count(*) FROM risk WHERE owner = 'private-7'"));
  }
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void tablesHaveWhatTheServersSay() {
    Gathered gathered;
    const auto cellOf = [&gathered](const char* table, const char* name) { return rowOf(tableOf(gathered.facts, table), 0, QLatin1String(name)).value(2); };
    QVERIFY(becomes([&] {
      gathered = gather();
      return cellOf("prometheus-alerts", "Later") == QLatin1String("pending") && cellOf("prometheus-alerts", "Over") == QLatin1String("was firing") &&
             cellOf("prometheus-targets", "gone") == QLatin1String("down");
    }));
    QVERIFY2(gathered.missing.isEmpty(), qPrintable(gathered.missing.join(QLatin1Char('\n'))));
    QCOMPARE(gathered.facts.size(), 11);
    QCOMPARE(gathered.servers.size(), 4);
    QCOMPARE(gathered.servers[0].product, QStringLiteral("Redis"));
    QCOMPARE(gathered.servers[0].role, QStringLiteral("master"));
    for (const FactTable& table : gathered.facts)
      for (const QStringList& row : table.rows) QCOMPARE(row.size(), table.columns.size());

    const FactTable* info = tableOf(gathered.facts, "redis-info");
    QCOMPARE(rowOf(info, 1, QStringLiteral("maxmemory")).value(2), QStringLiteral("67108864"));
    QCOMPARE(rowOf(info, 1, QStringLiteral("maxmemory")).value(0), QStringLiteral("Memory"));
    QVERIFY(!rowOf(info, 1, QStringLiteral("cmdstat_mget")).isEmpty());
    const FactTable* config = tableOf(gathered.facts, "redis-config");
    QCOMPARE(rowOf(config, 0, QStringLiteral("maxmemory-policy")).value(1), QStringLiteral("allkeys-lru"));
    QCOMPARE(rowOf(config, 0, QStringLiteral("slowlog-log-slower-than")).value(1), QStringLiteral("0"));
    for (const char* never : {"requirepass", "masterauth", "tls-key-file-pass"}) QVERIFY2(rowOf(config, 0, QLatin1String(never)).isEmpty(), never);

    const FactTable* settings = tableOf(gathered.facts, "postgres-settings");
    QCOMPARE(rowOf(settings, 0, QStringLiteral("shared_buffers")).mid(1, 3), (QStringList{QStringLiteral("4096"), QStringLiteral("8kB"), QStringLiteral("configuration file")}));
    QCOMPARE(rowOf(settings, 0, QStringLiteral("work_mem")).mid(1, 2), (QStringList{QStringLiteral("5120"), QStringLiteral("kB")}));
    QCOMPARE(rowOf(settings, 0, QStringLiteral("statement_timeout")).value(1), QStringLiteral("0"));  // what others get, not the console's own
    const FactTable* statements = tableOf(gathered.facts, "postgres-statements");
    const QStringList statement = rowOf(statements, 1, QStringLiteral("SELECT count(*) FROM risk WHERE owner = $1"));
    QCOMPARE(statement.value(0), QStringLiteral("postgres"));
    QCOMPARE(statement.value(2), QStringLiteral("1"));
    QVERIFY(statement.value(4).toDouble() > 0);
    QVERIFY(!rowOf(statements, 1, QStringLiteral("CREATE ROLE watcher LOGIN PASSWORD '…'")).isEmpty());
    QVERIFY(!textOf({*statements}, {}).contains("cachedeck console"));

    const FactTable* alerts = tableOf(gathered.facts, "prometheus-alerts");
    QCOMPARE(rowOf(alerts, 0, QStringLiteral("Always")).mid(1, 2), (QStringList{QStringLiteral("severity=warning"), QStringLiteral("firing")}));
    QCOMPARE(rowOf(alerts, 0, QStringLiteral("Always")).value(5), QStringLiteral("it is always so"));
    const QStringList over = rowOf(tableOf(gathered.facts, "prometheus-alerts-fired"), 0, QStringLiteral("Over"));
    QVERIFY2(over.value(2).endsWith(QLatin1Char('Z')) && over.value(2) <= over.value(3), qPrintable(over.join(QLatin1Char(' '))));
    QVERIFY(rowOf(tableOf(gathered.facts, "prometheus-alerts-fired"), 0, QStringLiteral("Later")).isEmpty());
    QCOMPARE(rowOf(tableOf(gathered.facts, "prometheus-rules"), 1, QStringLiteral("Later")).mid(4, 4), (QStringList{QStringLiteral("vector(1) > 0"), QStringLiteral("3600"), QStringLiteral("pending"), QStringLiteral("ok")}));
    QVERIFY(rowOf(tableOf(gathered.facts, "prometheus-targets"), 0, QStringLiteral("gone")).value(3).contains(QLatin1String("connection refused")));
  }

  void theSlowLogKeepsNamesAndNumbersOfKeys() {
    // Now: what tests before asked stands in the log as well, and it has an end.
    QStringList many{QStringLiteral("mget")};
    for (int i = 0; i < 50; ++i) many += QStringLiteral("private-key-%1").arg(i);
    m_servers.redisCli(many);
    m_servers.redisCli({QStringLiteral("set"), QStringLiteral("private-key-1"), QStringLiteral("private-value")});
    const Gathered gathered = gather();
    const FactTable* slow = tableOf(gathered.facts, "redis-slowlog");
    QCOMPARE(rowOf(slow, 3, QStringLiteral("MGET")).value(4), QStringLiteral("50"));
    QCOMPARE(rowOf(slow, 3, QStringLiteral("SET")).value(4), QStringLiteral("1"));
    QCOMPARE(rowOf(slow, 3, QStringLiteral("INFO")).value(4), QStringLiteral("0"));
    QVERIFY(!rowOf(slow, 3, QStringLiteral("SET")).value(2).isEmpty());
    QVERIFY(!textOf(gathered.facts, {}).contains("private-"));
    const Gathered withArguments = gather({true});
    QVERIFY(textOf(withArguments.facts, {}).contains("set private-key-1 private-value"));
  }

  void theHitRatioStaysAsItIs() {
    const double hits = m_servers.infoOf("keyspace_hits"), misses = m_servers.infoOf("keyspace_misses");
    QVERIFY(hits > 0 && misses > 0);
    const Result<Snapshot> taken = takeSnapshot(order(m_servers.urls()), 2s, 0s, systemClock, {});
    QVERIFY(taken.ok());
    QCOMPARE(m_servers.infoOf("keyspace_hits"), hits);
    QCOMPARE(m_servers.infoOf("keyspace_misses"), misses);
  }

  void samplesBecomeSeries() {
    TakeProgress progress;
    const Result<Snapshot> taken = takeSnapshot(order(m_servers.urls()), 7s, 0s, systemClock, {}, &progress);
    QVERIFY(taken.ok());
    QVERIFY(progress.step == TakeProgress::Step::Done && progress.sampledMs >= 2000);
    const SeriesGroup* group = nullptr;
    const SeriesGroup::Column* memory = findColumn(*taken, "redis.memory_used", &group);
    QVERIFY(memory);
    QCOMPARE(group->name, QByteArray("redis"));
    QVERIFY2(group->timesMs.size() >= 2, QByteArray::number(static_cast<int>(group->timesMs.size())).constData());
    QVERIFY(std::is_sorted(group->timesMs.begin(), group->timesMs.end()));
    QVERIFY(std::ranges::any_of(memory->values, [](double bytes) { return bytes > 100'000; }));
    const SeriesGroup::Column* ops = findColumn(*taken, "redis.ops");
    QVERIFY(ops && std::isnan(ops->values.front()) && std::ranges::any_of(ops->values, [](double rate) { return std::isfinite(rate); }));  // a rate is a difference of two
    for (const SeriesGroup& one : taken->series)
      for (const SeriesGroup::Column& column : one.columns) {
        QCOMPARE(column.values.size(), one.timesMs.size());
        QVERIFY(findMetric(QLatin1String(column.metric)));
      }
    QVERIFY(findColumn(*taken, "postgres.connections") && findColumn(*taken, "prometheus.targets_down"));
    QVERIFY(taken->toMs - taken->fromMs >= 2900);
  }

  void aServerThatIsDownOrRefusesLeavesASentence() {
    QMap<QString, QString> urls = m_servers.urls();
    urls[QStringLiteral("redis")] = QStringLiteral("redis://127.0.0.1:%1").arg(freePort());
    urls[QStringLiteral("prometheus")].replace(QLatin1String("C4nary"), QLatin1String("Wr0ng"));
    for (const char* said : {"Redis Nothing listens on ", "Prometheus .* rejected the credentials "}) QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QLatin1String(said)));
    const Result<Snapshot> taken = takeSnapshot(order(urls), 1s, 60s, systemClock, {});
    QVERIFY(taken.ok());
    QCOMPARE(taken->servers.size(), 2);
    const QString missing = taken->missing.join(QLatin1Char('\n'));
    QVERIFY2(missing.contains(QLatin1String("Everything of Redis: ")) && missing.contains(QLatin1String("Redis was not measured: ")), qPrintable(missing));
    QVERIFY2(missing.contains(QLatin1String("Everything of Prometheus: ")) && missing.contains(QLatin1String("rejected the credentials")), qPrintable(missing));
    QVERIFY2(missing.contains(QLatin1String("The past of ")), qPrintable(missing));
    QVERIFY(!missing.contains(QLatin1String("Wr0ng")));
    QVERIFY(tableOf(taken->facts, "postgres-settings") && !tableOf(taken->facts, "redis-info"));
  }

  void rightsThatAreLackingLeaveASentenceEach() {
    m_servers.redisCli({QStringLiteral("acl"), QStringLiteral("setuser"), QStringLiteral("viewer"), QStringLiteral("on"), QStringLiteral(">Viewer-word"), QStringLiteral("+info"), QStringLiteral("+ping"),
                        QStringLiteral("+select"), QStringLiteral("+client|setname")});
    m_servers.postgres().psql(QStringLiteral("CREATE ROLE plain LOGIN PASSWORD 'Plain-word'"));
    m_servers.postgres().psql(QStringLiteral("CREATE DATABASE bare"));
    const Gathered gathered = gatherFacts(settingsOf({{QStringLiteral("redis"), QStringLiteral("redis://viewer:Viewer-word@") + m_servers.redis().address()},
                                                      {QStringLiteral("postgres"), QStringLiteral("postgres://plain:Plain-word@%1/bare").arg(m_servers.postgres().address())}}),
                                          now() - 1000, now(), {});
    const QString missing = gathered.missing.join(QLatin1Char('\n'));
    QVERIFY2(missing.contains(QLatin1String("Redis configuration: ")) && missing.contains(QLatin1String("Redis slow log: ")) && missing.contains(QLatin1String("ACL SETUSER")), qPrintable(missing));
    QVERIFY2(missing.contains(QLatin1String("PostgreSQL statements: ")) && missing.contains(QLatin1String("CREATE EXTENSION pg_stat_statements")), qPrintable(missing));
    QVERIFY(tableOf(gathered.facts, "redis-info") && tableOf(gathered.facts, "postgres-settings"));
  }

  void journalAndRunsOfTheRange() {
    TakeOrder wanted = order({});
    Journal journal(wanted.journalFile, Secret(QByteArray(32, 'k')));
    const qint64 from = now() - 60'000;
    const auto write = [&](qint64 atMs, const char* profile, const char* text) {
      JournalEntry entry;
      entry.wallMs = atMs;
      entry.action = QStringLiteral("keys.delete");
      entry.phase = QStringLiteral("end");
      entry.profile = QLatin1String(profile);
      entry.where = QStringLiteral("production 10.0.0.5:6379 db 0");
      entry.text = QLatin1String(text);
      QVERIFY(journal.append(entry).ok());
    };
    write(from - 1000, "Shop", "before");
    write(from + 1000, "Shop", "within");
    write(from + 2000, "Other", "of another one");
    const runs::RunStore store(wanted.runFolder);
    const auto run = [&](qint64 startedMs, const char* profile) {
      runs::RunRecord record = runs::beginRecord(load::Scenario{}, QStringLiteral("http://10.0.0.9:8080"), startedMs);
      record.profile = QLatin1String(profile);
      record.figures.startedMs = startedMs;
      record.figures.elapsedMs = 5000;
      record.figures.state = load::RunFigures::State::Ended;
      record.figures.end = load::RunFigures::End::Completed;
      QVERIFY(store.save(record).ok());
    };
    run(from - 10'000, "Shop");
    run(from - 2000, "Shop");
    run(from + 2000, "Other");
    wanted.profile = QStringLiteral("Shop");
    const Result<Snapshot> taken = assemble(wanted, {}, {}, from, now(), now());
    QVERIFY(taken.ok());
    QCOMPARE(taken->journal.size(), 1);
    QCOMPARE(taken->journal[0].text, QStringLiteral("within"));
    QCOMPARE(taken->runs.size(), 1);
    QCOMPARE(taken->runs[0].figures.startedMs, from - 2000);
    QVERIFY(!assemble(wanted, {}, {}, from, from - 1, now()).ok());
  }

  void thePastComesFromPrometheus() {
    RedisServer redis;
    QVERIFY(redis.start().isEmpty());
    RedisExporter exporter(redis.port());
    QVERIFY(exporter.start().isEmpty());
    PrometheusServer prometheus(QStringLiteral("global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: redis\n  static_configs: [{targets: ['%1']}]\n").arg(exporter.address()));
    QVERIFY(prometheus.start().isEmpty());
    const TakeOrder wanted = order({{QStringLiteral("redis"), QStringLiteral("redis://") + redis.address()}, {QStringLiteral("prometheus"), prometheus.url()}});
    const auto isThere = [&] { return !pastSeries(wanted.sources, now() - 3600'000, now(), {}).series.empty(); };
    QVERIFY(becomes(isThere) || becomes(isThere));
    const Result<Snapshot> taken = takeSnapshot(wanted, 2s, 1h, systemClock, {});
    QVERIFY(taken.ok());
    const SeriesGroup* group = nullptr;
    QVERIFY(findColumn(*taken, "redis.memory_used", &group));
    QVERIFY(std::is_sorted(group->timesMs.begin(), group->timesMs.end()));
    QVERIFY(group->timesMs.front() % 15000 == 0);
    const SeriesGroup::Column* memory = findColumn(*taken, "redis.memory_used");
    QVERIFY(std::isfinite(memory->values.front()) && std::ranges::any_of(memory->values, [](double bytes) { return std::isfinite(bytes); }));
    QCOMPARE(taken->toMs - taken->fromMs > 3600'000, true);
    QVERIFY2(taken->missing.filter(QLatin1String("past")).isEmpty(), qPrintable(taken->missing.join(QLatin1Char('\n'))));
  }

  void aRequestToStopEndsItSoon() {
    std::stop_source stop;
    std::jthread later([&stop] {
      std::this_thread::sleep_for(300ms);
      stop.request_stop();
    });
    const Result<Snapshot> taken = takeSnapshot(order(m_servers.urls()), 1h, 1h, systemClock, stop.get_token());
    QVERIFY(!taken.ok());
    QVERIFY(taken.error().isCancelled());
  }

  void noPasswordIsInAnyText() {
    TakeOrder wanted = order(m_servers.urls());
    wanted.title = QStringLiteral("with ") + canary("redis");
    wanted.note = QStringLiteral("password of it: ") + canary("postgres");
    wanted.facts.slowLogArguments = true;
    m_servers.redisCli({QStringLiteral("set"), canary("prometheus"), canary("redis")});
    const Result<Snapshot> taken = takeSnapshot(wanted, 1s, 0s, systemClock, {});
    QVERIFY(taken.ok());
    const QByteArray all = textOf(taken->facts, taken->missing) + taken->title.toUtf8() + taken->note.toUtf8();
    QVERIFY2(canaryIn(all).isEmpty(), canaryIn(all).constData());
    QVERIFY(taken->title.contains(QLatin1String("***")));
  }
};

QTEST_GUILESS_MAIN(TestSnapshotTake)
#include "tst_snapshot_take.moc"
