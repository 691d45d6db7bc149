// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot with something of everything.
#pragma once

#include "core/snapshot/bundle.h"
#include "tests/core/tst_journal_support.h"
#include "tests/core/tst_run_support.h"

#include <cmath>
#include <limits>

namespace cachedeck::test {

inline constexpr qint64 snapshotMs = 1'795'922'712'123;

inline snapshot::SeriesGroup seriesSample() {
  using Limits = std::numeric_limits<float>;
  const float gap = Limits::quiet_NaN();
  return {"redis",
          {snapshotMs - 4000, snapshotMs - 3000, snapshotMs - 2001, snapshotMs - 2001, snapshotMs},
          {{"redis.ops", {1, 2.5F, gap, 16777216, 0.1F}},
           {"redis.hit_ratio", {97.123F, gap, -0.0F, Limits::max(), Limits::denorm_min()}},
           {"future.metric", {gap, gap, gap, gap, gap}}}};
}

inline snapshot::FactTable factsSample() {
  return {QStringLiteral("redis-info"), QStringLiteral("Redis INFO"), 1,
          {{QStringLiteral("field"), false, {}}, {QStringLiteral("value"), false, {}}, {QStringLiteral("bytes"), true, QStringLiteral("bytes")}},
          {{QStringLiteral("used_memory"), QStringLiteral("=1+1, \"quoted\"\nüber"), QStringLiteral("1048576")}, {QStringLiteral("maxmemory"), {}, {}}}};
}

inline snapshot::Snapshot snapshotSample() {
  snapshot::Snapshot snapshot;
  snapshot.id = QStringLiteral("20261129-032512123-4f3a9c");
  snapshot.title = QStringLiteral("Before the release, 100 % load");
  snapshot.note = QStringLiteral("new index\n<b>on</b> risks");
  snapshot.takenMs = snapshotMs;
  snapshot.fromMs = snapshotMs - 60'000;
  snapshot.toMs = snapshotMs;
  snapshot.console = QStringLiteral("0.1.0");
  snapshot.profile = QStringLiteral("Shop");
  snapshot.environment = QStringLiteral("production");
  snapshot.servers = {{QStringLiteral("redis"), QStringLiteral("Redis"), QStringLiteral("7.0.15"), QStringLiteral("10.0.0.5:6379"), QStringLiteral("master")}};
  snapshot.series = {seriesSample(), {"postgres", {}, {{"postgres.connections", {}}}}};
  snapshot.facts = {factsSample()};
  JournalEntry entry = testEntry();
  entry.sequence = 7;
  snapshot.journal = {entry};
  runs::RunRecord run = recordOf({.perSecond = 20, .seconds = 3}, 1);
  run.id = QStringLiteral("20261129-031500000-000001");
  snapshot.runs = {run};
  snapshot.missing = {QStringLiteral("PostgreSQL's statements: pg_stat_statements is not installed.")};
  return snapshot;
}

/// All of it as bytes: two snapshots are the same where these are.
inline QByteArray textOf(const snapshot::Snapshot& snapshot) {
  const auto bytes = snapshot::encodeBundle(snapshot);
  return bytes ? *bytes : "cannot be encoded: " + bytes.error().message.toUtf8();
}

}  // namespace cachedeck::test
