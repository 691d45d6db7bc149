// SPDX-License-Identifier: GPL-3.0-or-later
// Planning, deleting and undoing look at every key; the hit ratio that is shown stays that of the others.
#include "core/keys/guard.h"
#include "core/keys/undo.h"
#include "core/sources/redis/own_lookups.h"
#include "core/sources/redis/redis_source.h"
#include "tests/support/process.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace cachedeck;
using namespace cachedeck::keys;
using cachedeck::test::RedisServer;

namespace {

class HandClock : public Clock {
 public:
  Instant now() const override { return m_now; }
  void advance(qint64 seconds) {
    m_now.steadyNs += seconds * 1'000'000'000;
    m_now.wallMs += seconds * 1000;
  }

 private:
  Instant m_now{1'000'000'000, 1'700'000'000'000};
};

double value(const Sample& sample, const char* id) {
  for (const auto& [name, number] : sample.values)
    if (name == QLatin1String(id)) return number;
  return NAN;
}

}  // namespace

class TestKeysOwnLookups : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void planDeleteAndUndoLeaveTheHitRatioAlone() {
    RedisServer server;
    QCOMPARE(server.start(), QString());
    server.cli({QStringLiteral("eval"), QStringLiteral("for i = 1, 5000 do redis.call('set', 'risk:' .. i, i, 'ex', 1000) end redis.call('set', 'k', 'v')"), QStringLiteral("0")});
    Result<SourceSettings> settings = redisSourceInfo().fromUrl(QStringLiteral("redis://") + server.address());
    const auto book = settings->ownLookups = std::make_shared<LookupBook>();
    const RedisOptions options = *redisOptions(*settings);
    HandClock hand;
    const auto source = redisSourceInfo().create(*settings, hand);
    QVERIFY(source->connect({}).ok());
    RedisOptions plain = options;
    plain.ownLookups.reset();
    RedisConnection others(plain);
    QVERIFY(others.open({}).ok());
    const auto sampled = [&] {
      std::vector<RedisCommand> traffic(90, RedisCommand{"GET", "k"});
      traffic.insert(traffic.end(), 10, RedisCommand{"GET", "no"});
      if (!others.pipeline(traffic, Deadline(std::chrono::seconds(10)), {})) qFatal("no traffic");
      hand.advance(1);
      return source->sample({}).value();
    };
    const auto isTheirs = [](const Sample& sample) {
      return !sample.restarted && value(sample, "redis.hits") == 90 && value(sample, "redis.misses") == 10 && std::abs(value(sample, "redis.hit_ratio") - 90) < 0.1;
    };
    sampled();
    QVERIFY(isTheirs(sampled()));

    QTemporaryDir folder;
    const SystemClock clock;
    RedisConnection connection(options);
    QVERIFY(connection.open({}).ok());
    Selector selector;
    selector.patterns = {"risk:*"};
    PlanOptions planning;
    planning.folder = folder.path();
    ScanProgress scanned;
    const Result<Plan> plan = makePlan(connection, selector, planning, clock, scanned, {});
    QVERIFY2(plan.ok(), qPrintable(plan ? QString() : plan.error().message));
    QCOMPARE(plan->keys, 5000);
    QCOMPARE(book->of(options.endpoint()).counts().hits, plan->own.hits);
    QVERIFY(plan->own.hits >= 10'000);  // type and TTL of each
    QVERIFY(isTheirs(sampled()));

    Journal journal(folder.filePath(QStringLiteral("journal.jsonl")), Secret(QByteArray(32, 'k')));
    Guard guard(QStringLiteral("Shop"), Environment::Development, journal);
    const Result<WritePermit> permit = guard.permit(*plan, {}, clock);
    QVERIFY(permit.ok());
    const RunPlace place{folder.path(), Secret(QByteArray(32, 'k')), journal, QStringLiteral("Shop"), QStringLiteral("development"), clock};
    RunProgress progress;
    const Result<RunReport> report = runPlan(*plan, Action(), {}, options, *permit, place, progress, {});
    QVERIFY2(report.ok(), qPrintable(report ? QString() : report.error().message));
    QCOMPARE(report->counts.done, 5000);
    QVERIFY(isTheirs(sampled()));
    const Result<UndoReport> undone = undoOperation(plan->id, options, *permit, place, progress, {});
    QVERIFY2(undone.ok(), qPrintable(undone ? QString() : undone.error().message));
    QCOMPARE(undone->restored, 5000);
    QVERIFY(isTheirs(sampled()));
  }
};

QTEST_GUILESS_MAIN(TestKeysOwnLookups)
#include "tst_keys_own_lookups.moc"
