// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot as one would be taken of a small shop: a cache with a gap, a deletion and a load run. The same on every machine: no sines, no time of day.
#pragma once

#include "core/snapshot/report_look.h"
#include "core/snapshot/snapshot.h"

#include <QJsonObject>

#include <cmath>

namespace cachedeck::test {

/// How an example differs from the plain one.
struct Example {
  int seconds = 120, step = 5;   ///< of the range, and between samples
  double slower = 1;             ///< factor of every time
  double hitRatio = 92;
  bool gap = true;
  bool run = true;
  qint64 fromMs = 1'795'921'812'000;  ///< 2026-11-29 03:10:12 UTC
};

/// Numbers that look like noise, from -1 to 1.
class Noise {
 public:
  explicit Noise(unsigned seed) : m_state(seed) {}
  double next() {
    m_state = m_state * 1664525U + 1013904223U;
    return static_cast<double>(m_state >> 8) / 8388608.0 - 1;
  }

 private:
  unsigned m_state;
};

struct ExampleMetric {
  const char* id;
  double level, noise, bump;  ///< bump: added in the middle third
};

inline SeriesGroup exampleGroup(const char* name, std::initializer_list<ExampleMetric> metrics, const Example& example, int step) {
  SeriesGroup group{name, {}, {}};
  for (int second = 0; second <= example.seconds; second += step) group.timesMs.push_back(example.fromMs + 1000 * second);
  unsigned seed = 7;
  for (const ExampleMetric& metric : metrics) {
    SeriesGroup::Column column{metric.id, {}};
    Noise noise(seed += 31);
    double walk = 0;
    for (size_t i = 0; i < group.timesMs.size(); ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(group.timesMs.size());
      walk = 0.8 * walk + 0.5 * noise.next();
      const bool missing = example.gap && share > 0.15 && share < 0.22;
      const double value = metric.level + metric.noise * walk + (share > 0.4 && share < 0.7 ? metric.bump : 0);
      column.values.push_back(missing ? NAN : static_cast<float>(std::max(0.0, value)));
    }
    group.columns.push_back(std::move(column));
  }
  return group;
}

inline runs::RunRecord exampleRun(const Example& example) {
  runs::RunRecord run;
  run.id = QStringLiteral("20261129-031100000-0badc0");
  run.scenario = QStringLiteral("peak");
  run.url = QStringLiteral("http://127.0.0.1:8080");
  run.host.name = QStringLiteral("bench");
  load::RunFigures& figures = run.figures;
  figures.startedMs = example.fromMs + 400 * example.seconds;
  figures.elapsedMs = 300 * example.seconds;
  figures.state = load::RunFigures::State::Ended;
  figures.end = load::RunFigures::End::Completed;
  figures.all.name = "all";
  figures.all.requests = static_cast<std::uint64_t>(420 * example.seconds);
  figures.all.hits = figures.all.requests * 9 / 10;
  figures.all.misses = figures.all.requests - figures.all.hits;
  for (int i = 0; i < 1000; ++i) figures.all.latency.add(static_cast<std::int64_t>((4e6 + 3e4 * i) * example.slower));
  figures.thresholds = {{"http_req_duration", "p(95)<100", true, true, 33}};
  return run;
}

inline JournalEntry exampleEntry(qint64 sequence, qint64 ms, const char* phase, const char* outcome, const char* text) {
  JournalEntry entry;
  entry.sequence = sequence;
  entry.wallMs = ms;
  entry.action = QStringLiteral("keys.delete");
  entry.phase = QString::fromLatin1(phase);
  entry.operation = QStringLiteral("op-1");
  entry.user = QStringLiteral("maria@desk");
  entry.profile = QStringLiteral("shop");
  entry.where = QStringLiteral("production 10.0.0.5:6379 db 0");
  entry.counts = {{QStringLiteral("planned"), 18204}};
  entry.outcome = QString::fromLatin1(outcome);
  entry.text = QString::fromUtf8(text);
  return entry;
}

inline QList<snapshot::FactTable> exampleFacts() {
  using Table = snapshot::FactTable;
  const auto text = [](const char* title) { return Table::Column{QString::fromLatin1(title), false, {}}; };
  const auto number = [](const char* title, const char* unit) { return Table::Column{QString::fromLatin1(title), true, QString::fromLatin1(unit)}; };
  const auto row = [](std::initializer_list<const char*> cells) {
    QStringList list;
    for (const char* cell : cells) list.append(QString::fromUtf8(cell));
    return list;
  };
  return {Table{QStringLiteral("redis-info"), QStringLiteral("Redis INFO"), 2, {text("Section"), text("Field"), text("Value")},
                {row({"Server", "redis_version", "7.0.15"}), row({"Memory", "maxmemory_policy", "allkeys-lru"}), row({"Stats", "keyspace_hits", "1234567"})}},
          Table{QStringLiteral("redis-config"), QStringLiteral("Redis configuration"), 1, {text("Name"), text("Value")}, {row({"maxmemory", "536870912"}), row({"maxmemory-policy", "allkeys-lru"})}},
          Table{QStringLiteral("postgres-settings"), QStringLiteral("PostgreSQL settings"), 1, {text("Name"), text("Value"), text("Unit"), text("Source")}, {row({"work_mem", "4096", "kB", "default"})}},
          Table{QStringLiteral("postgres-statements"), QStringLiteral("PostgreSQL statements"), 2,
                {text("Database"), text("Query"), number("Calls", ""), number("Total", "ms"), number("Mean", "ms"), number("Rows", "")},
                {row({"shop", "SELECT * FROM risks WHERE id = $1", "18204", "9102", "0.5", "18204"}), row({"shop", "SELECT count(*) FROM risks\nGROUP BY severity", "310", "12400", "40", "1240"})}},
          Table{QStringLiteral("prometheus-alerts"), QStringLiteral("Prometheus alerts"), 2, {text("Alert"), text("Labels"), text("State"), text("Since"), number("Value", ""), text("Summary")},
                {row({"LowCacheHitRate", "severity=warning", "firing", "2026-11-29T03:11:00Z", "71.5", "Cache hit rate below 75 %"})}}};
}

inline snapshot::Snapshot exampleSnapshot(const Example& example = {}) {
  snapshot::Snapshot made;
  const double slow = example.slower;
  made.id = QStringLiteral("20261129-032512123-4f3a9c");
  made.title = QStringLiteral("Before the pool change");
  made.note = QStringLiteral("Peak hour, cache warm.");
  made.fromMs = example.fromMs;
  made.toMs = example.fromMs + 1000 * example.seconds;
  made.takenMs = made.toMs;
  made.console = QStringLiteral("0.1.0");
  made.profile = QStringLiteral("shop");
  made.environment = QStringLiteral("staging");
  made.servers = {{QStringLiteral("redis"), QStringLiteral("Redis"), QStringLiteral("7.0.15"), QStringLiteral("10.0.0.5:6379"), QStringLiteral("master")},
                  {QStringLiteral("postgres"), QStringLiteral("PostgreSQL"), QStringLiteral("15.8"), QStringLiteral("10.0.0.6:5432"), QStringLiteral("primary")}};
  made.series.push_back(exampleGroup("redis",
                                     {{"redis.ops", 31'800, 900, 16'000}, {"redis.hits", 28'900, 800, 14'000}, {"redis.misses", 2200, 120, 900}, {"redis.hit_ratio", example.hitRatio, 1.6, -9},
                                      {"redis.memory_used", 401'000'000, 3e6, 2.4e7}, {"redis.memory_rss", 438'000'000, 2e6, 2.4e7}, {"redis.memory_limit", 536'870'912, 0, 0},
                                      {"redis.memory_used_percent", 74.7, 0.6, 4.5}, {"redis.round_trip", 0.0004 * slow, 0.00006, 0.0002}},
                                     example, example.step));
  made.series.push_back(exampleGroup("postgres",
                                     {{"postgres.active", 9, 1.6, 11}, {"postgres.idle", 14, 2, 0}, {"postgres.idle_in_transaction", 2, 0.8, 2}, {"postgres.waiting", 0.4, 0.5, 1}, {"postgres.other", 0, 0, 0},
                                      {"postgres.connections", 25, 2, 14}, {"postgres.max_connections", 100, 0, 0}, {"postgres.calls", 2250, 160, 900}, {"postgres.transactions", 1900, 140, 700},
                                      {"postgres.query_mean", 0.0031 * slow, 0.0004 * slow, 0.004 * slow}, {"postgres.query_max", 0.041 * slow, 0.012 * slow, 0.11 * slow}},
                                     example, example.step));
  made.series.push_back(exampleGroup("prometheus",
                                     {{"app.requests", 1400, 60, 800}, {"app.errors", 0.6, 0.4, 0.8}, {"app.error_ratio", 0.04, 0.02, 0.05}, {"app.latency_mean", 0.011 * slow, 0.001 * slow, 0.012 * slow},
                                      {"app.latency_p50", 0.008 * slow, 0.001 * slow, 0.006 * slow}, {"app.latency_p95", 0.042 * slow, 0.004 * slow, 0.05 * slow}, {"app.latency_p99", 0.09 * slow, 0.01 * slow, 0.09 * slow},
                                      {"app.hit_ratio", 88, 2, -8}, {"app.pool_in_use", 6, 1.4, 9}, {"app.pool_idle", 9, 1.2, -5}, {"app.pool_waiting", 0, 0, 0}, {"app.pool_max", 25, 0, 0}, {"app.cpu", 14, 1.5, 8}},
                                     example, 2 * example.step));
  made.facts = exampleFacts();
  made.journal = {exampleEntry(1, example.fromMs + 300 * example.seconds, "begin", "", "Delete: risk:*"), exampleEntry(2, example.fromMs + 303 * example.seconds, "end", "done", "")};
  if (example.run) made.runs = {exampleRun(example)};
  made.missing = {QStringLiteral("Alertmanager silences: nothing listens on 10.0.0.7:9093.")};
  return made;
}

/// Panels of every kind, and colours that no test looks at.
inline snapshot::ReportLook exampleLook() {
  using Panel = snapshot::ChartPanel;
  using Style = Panel::Style;
  const auto line = [](const char* metric, const char* label, int colour, Style style = Style::Line) { return Panel::Line{metric, QString::fromLatin1(label), colour, style, false}; };
  snapshot::ReportLook look;
  look.panels = {
      Panel{QStringLiteral("hit_ratio"), QStringLiteral("Hit ratio"), {}, Unit::Percent, {line("redis.hit_ratio", "hit ratio", 3, Style::Area)}, {{Level::Warning, QStringLiteral("target %1"), 75, {}, 1}}, 2.5, {}},
      Panel{QStringLiteral("memory"), QStringLiteral("Redis memory"), {}, Unit::Bytes, {line("redis.memory_used", "used", 6, Style::Area), line("redis.memory_rss", "resident", 8, Style::Dashed)},
            {{Level::Critical, QStringLiteral("maxmemory %1"), NAN, "redis.memory_limit", 1}}, 4, {}},
      Panel{QStringLiteral("connections"), QStringLiteral("PostgreSQL connections"), QStringLiteral("by state"), Unit::Count,
            {line("postgres.active", "active", 1, Style::Stacked), line("postgres.idle", "idle", 8, Style::Stacked), line("postgres.waiting", "waiting", 5, Style::Stacked)}, {}, 1.6, {}},
      Panel{QStringLiteral("query_rate"), QStringLiteral("Query throughput"), QStringLiteral("PostgreSQL"), Unit::PerSecond, {line("postgres.calls", "calls", 1, Style::Bars), line("postgres.transactions", "transactions", 2)}, {}, 2.5, {}}};
  look.dark = {QStringLiteral("#0b0e14"), QStringLiteral("#131822"), QStringLiteral("#1a2130"), QStringLiteral("#212938"), QStringLiteral("#222b3a"), QStringLiteral("#2e394b"), QStringLiteral("#e8ecf3"),
               QStringLiteral("#a3adbd"), QStringLiteral("#758195"), QStringLiteral("#6a9bff"), QStringLiteral("#5ccb95"), QStringLiteral("#facb64"), QStringLiteral("#ff6b57"), QStringLiteral("#8a94a6"), {}};
  look.light = {QStringLiteral("#f3f5f8"), QStringLiteral("#ffffff"), QStringLiteral("#f1f4f9"), QStringLiteral("#dde3ec"), QStringLiteral("#ebeff5"), QStringLiteral("#cbd4e1"), QStringLiteral("#131a26"),
                QStringLiteral("#4a5568"), QStringLiteral("#68748a"), QStringLiteral("#1769d2"), QStringLiteral("#0b8a63"), QStringLiteral("#a86a00"), QStringLiteral("#cf3a2b"), QStringLiteral("#68748a"), {}};
  for (const char* colour : {"#6089e7", "#facb64", "#80d399", "#cf77b5", "#e76c4f", "#0fe7f5", "#e8ecf3", "#93a0b5"}) look.dark.series.append(QString::fromLatin1(colour));
  for (const char* colour : {"#1c61bb", "#a08243", "#0a5a30", "#783364", "#b72f00", "#0092b9", "#131a26", "#5b6880"}) look.light.series.append(QString::fromLatin1(colour));
  return look;
}

}  // namespace cachedeck::test
