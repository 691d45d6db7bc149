// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/random.h"
#include "core/load/schedule.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace cachedeck::load;
using namespace std::chrono_literals;

namespace {

Executor ramp(ExecutorKind kind, double start, std::vector<Stage> stages) {
  Executor executor;
  executor.kind = kind;
  executor.startVus = static_cast<int>(start);
  executor.startRate = start;
  executor.stages = std::move(stages);
  return executor;
}

Executor constantRate(double rate, Millis duration, Millis unit = 1s) {
  Executor executor;
  executor.kind = ExecutorKind::ConstantArrivalRate;
  executor.rate = rate;
  executor.timeUnit = unit;
  executor.duration = duration;
  return executor;
}

std::int64_t countOf(const Executor& executor) {
  std::int64_t count = 0;
  while (startOf(executor, count) >= 0) ++count;
  return count;
}

/// Iterations that should have started until a moment: the area under the rate, by small steps.
double areaUntil(const Executor& executor, Millis until) {
  double area = 0;
  for (Millis at{0}; at < until; at += 1ms) area += (rateAt(executor, at) + rateAt(executor, at + 1ms)) / 2 / 1000;
  return area;
}

}  // namespace

/// When users come and go and iterations start, by k6's rules.
class TestLoadSchedule : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  // The plan in k6's TestRampingVUsConfigExecutionPlanExample: a step a second, and a jump at 20 s.
  void usersAsInTheExampleOfK6() {
    const Executor executor = ramp(ExecutorKind::RampingVus, 4, {{2s, 6}, {5s, 1}, {4s, 5}, {4s, 1}, {3s, 4}, {2s, 4}, {0s, 1}, {3s, 1}});
    const std::vector<int> expected{4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3, 4, 4, 1, 1, 1, 0};
    for (int second = 0; second < static_cast<int>(expected.size()); ++second) {
      QCOMPARE(usersAt(executor, Millis{second * 1000}), expected[static_cast<std::size_t>(second)]);
      if (second > 0) QCOMPARE(usersAt(executor, Millis{second * 1000 - 1}), expected[static_cast<std::size_t>(second - 1)]);
    }
    QCOMPARE(peakOf(executor), 6.0);
    QCOMPARE(lengthOf(executor), Millis(23s));
  }

  // k6's TestRampingVUsRampDownNoWobble: 0 to 10 in 3 s, to 0 in 2 s.
  void usersNeverWobble() {
    const Executor executor = ramp(ExecutorKind::RampingVus, 0, {{3s, 10}, {2s, 0}});
    QCOMPARE(usersAt(executor, 100ms), 0);
    QCOMPARE(usersAt(executor, 299ms), 0);
    QCOMPARE(usersAt(executor, 300ms), 1);
    QCOMPARE(usersAt(executor, 3s), 10);
    int before = 0;
    for (Millis at{0}; at <= 5s; at += 1ms) {
      const int users = usersAt(executor, at);
      QVERIFY(at < 3s ? users == before || users == before + 1 : users == before || users == before - 1 || at == 3s);
      before = users;
    }
    QCOMPARE(before, 0);
  }

  void jumps() {
    const Executor users = ramp(ExecutorKind::RampingVus, 5, {{1s, 5}, {0s, 3}, {1s, 3}});
    QCOMPARE(usersAt(users, 999ms), 5);
    QCOMPARE(usersAt(users, 1s), 3);
    QCOMPARE(usersAt(users, 2s), 0);
    const Executor rate = ramp(ExecutorKind::RampingArrivalRate, 0, {{0s, 100}, {1s, 100}, {0s, 0}, {1s, 0}, {0s, 10}, {1s, 10}});
    QCOMPARE(rateAt(rate, 0ms), 100.0);
    QCOMPARE(rateAt(rate, 1s), 0.0);
    QCOMPARE(rateAt(rate, 2s), 10.0);
    QCOMPARE(countOf(rate), 110);
    QCOMPARE(startOf(rate, 0), std::int64_t{10'000'000});
    QCOMPARE(startOf(rate, 99), std::int64_t{1'000'000'000});
    QCOMPARE(startOf(rate, 100), std::int64_t{2'100'000'000});
    QCOMPARE(startOf(ramp(ExecutorKind::RampingArrivalRate, 0, {{0s, 100}}), 0), std::int64_t{-1});
  }

  void constantUsers() {
    Executor executor;
    executor.vus = 7;
    executor.duration = 2s;
    QCOMPARE(usersAt(executor, 0ms), 7);
    QCOMPARE(usersAt(executor, 1999ms), 7);
    QCOMPARE(usersAt(executor, 2s), 0);
    executor.kind = ExecutorKind::SharedIterations;
    executor.maxDuration = 5s;
    QCOMPARE(usersAt(executor, 4s), 7);
    QCOMPARE(startOf(executor, 0), std::int64_t{-1});
    QVERIFY(!isOpenModel(executor.kind));
  }

  // 100 a second for 4 s are 400, the first at 0.
  void constantRates() {
    const Executor executor = constantRate(100, 4s);
    QCOMPARE(startOf(executor, 0), std::int64_t{0});
    QCOMPARE(startOf(executor, 1), std::int64_t{10'000'000});
    QCOMPARE(startOf(executor, 399), std::int64_t{3'990'000'000});
    QCOMPARE(startOf(executor, 400), std::int64_t{-1});
    QCOMPARE(startOf(executor, -1), std::int64_t{-1});
    const Executor slow = constantRate(30, 2min, 1min);
    QCOMPARE(countOf(slow), 60);
    QCOMPARE(startOf(slow, 1), std::int64_t{2'000'000'000});
    QCOMPARE(rateAt(slow, 1s), 0.5);
    QCOMPARE(peakOf(slow), 0.5);
    QCOMPARE(startOf(constantRate(0, 1s), 0), std::int64_t{-1});
  }

  // The times of k6's TestRampingArrivalRateCal.
  void rampingRatesAsInTheTestOfK6_data() {
    QTest::addColumn<int>("unit");
    QTest::addColumn<QList<int>>("times");
    QTest::newRow("a second") << 1000 << QList<int>{3162, 4472, 5500, 6527, 7837, 11000};
    QTest::newRow("half of it") << 500 << QList<int>{2236, 3162, 3872, 4472, 5000, 5500, 6000, 6527, 7127, 7837, 8763, 11000};
  }
  void rampingRatesAsInTheTestOfK6() {
    QFETCH(int, unit);
    QFETCH(QList<int>, times);
    Executor executor = ramp(ExecutorKind::RampingArrivalRate, 0, {{5s, 1}, {1s, 1}, {5s, 0}});
    executor.timeUnit = Millis{unit};
    QCOMPARE(countOf(executor), static_cast<std::int64_t>(times.size()));
    for (int i = 0; i < times.size(); ++i) {
      const double ms = static_cast<double>(startOf(executor, i)) / 1e6;
      QVERIFY2(std::abs(ms - times[i]) <= 1, qPrintable(QStringLiteral("%1: %2 instead of %3").arg(i).arg(ms).arg(times[i])));
    }
  }

  // Iteration i starts where i + 1 iterations fit under the rate; whatever the ramp, never earlier than the one before.
  void theAreaUnderTheRate() {
    Random random(7);
    for (int round = 0; round < 40; ++round) {
      Executor executor = ramp(ExecutorKind::RampingArrivalRate, static_cast<double>(random.below(50)), {});
      executor.timeUnit = Millis{static_cast<std::int64_t>(100 + random.below(2000))};
      for (std::uint64_t i = 0, stages = 1 + random.below(6); i < stages; ++i)
        executor.stages.push_back({Millis{static_cast<std::int64_t>(random.below(4) ? random.below(3000) : 0)}, random.below(5) ? static_cast<double>(random.below(80)) : 0});
      std::int64_t before = 0, index = 0;
      for (std::int64_t at; (at = startOf(executor, index)) >= 0; ++index) {
        QVERIFY(at >= before);
        QVERIFY(at <= lengthOf(executor).count() * 1'000'000);
        before = at;
      }
      QVERIFY(std::abs(areaUntil(executor, lengthOf(executor)) - static_cast<double>(index)) < 1.5);
      for (std::int64_t i = 0; i < index; i += 1 + index / 7) {
        const Millis at{startOf(executor, i) / 1'000'000};
        QVERIFY(std::abs(areaUntil(executor, at) - static_cast<double>(i + 1)) < 0.5);
      }
    }
  }

  void longRunsKeepTheirPrecision() {
    const Executor executor = ramp(ExecutorKind::RampingArrivalRate, 2000, {{24h, 2000.0001}});
    const std::int64_t late = startOf(executor, 150'000'000), next = startOf(executor, 150'000'001);
    QVERIFY(next - late > 490'000 && next - late < 510'000);
    const Executor tiny = ramp(ExecutorKind::RampingArrivalRate, 1e-3, {{1h, 1e-3}, {1h, 0}});
    QCOMPARE(countOf(tiny), 5);
  }

  void scaledKeepsUsersAndRates() {
    Scenario scenario;
    scenario.executor = ramp(ExecutorKind::RampingVus, 1, {{1min, 10}, {0s, 5}, {1ms, 5}});
    scenario.steps.resize(1);
    scenario.steps[0].think = {300ms, 1s};
    scenario.events = {{Event::Kind::PauseRedis, 60'001ms, {}, 5s}};
    const Scenario shorter = scaled(scenario, 0.1);
    QCOMPARE(shorter.executor.stages[0].duration, Millis(6s));
    QCOMPARE(shorter.executor.stages[0].target, 10.0);
    QCOMPARE(shorter.executor.stages[1].duration, Millis(0));
    QCOMPARE(shorter.executor.stages[2].duration, Millis(1));
    QCOMPARE(shorter.steps[0].think.least, Millis(30));
    QCOMPARE(shorter.events[0].lasts, Millis(500));
    QVERIFY(shorter.events[0].at <= lengthOf(shorter.executor));
    QCOMPARE(shorter.executor.gracefulStop, scenario.executor.gracefulStop);
    QVERIFY(scaled(scenario, 0) == scenario);
  }
};

QTEST_GUILESS_MAIN(TestLoadSchedule)
#include "tst_load_schedule.moc"
