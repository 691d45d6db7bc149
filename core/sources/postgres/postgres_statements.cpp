// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/postgres/postgres_statements.h"

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

std::optional<double> optional(double value) { return std::isnan(value) ? std::nullopt : std::optional(value); }

StepKind kindOf(const PostgresStatements& before, const PostgresStatements& now) {
  if (before.resetSeconds && now.resetSeconds)
    return std::fabs(*before.resetSeconds - *now.resetSeconds) > 1e-3 ? StepKind::Restarted : StepKind::Continued;
  // Before 1.9 a reset shows only in sums and entries that go back; an eviction alone does not make an entry go back.
  const auto wentBack = [&before](const auto& entry) {
    const auto old = before.entries.find(entry.first);
    return old != before.entries.end() && entry.second.calls < old->second.calls;
  };
  const bool reset = now.calls < before.calls && std::any_of(now.entries.begin(), now.entries.end(), wentBack);
  return reset ? StepKind::Restarted : StepKind::Continued;
}

/// The increase of one entry. One whose counters went back was evicted or reset, and came again: it counts in full.
PostgresStatements::Counters increase(const PostgresStatements::Counters* before, const PostgresStatements::Counters& now) {
  if (!before || now.calls < before->calls || now.totalMs < before->totalMs) return now;
  return {now.calls - before->calls, now.totalMs - before->totalMs, now.maxMs > before->maxMs ? now.maxMs : NAN};
}

struct Increase {
  double calls = 0, totalMs = 0, maxMs = NAN;
};

Increase sumOfIncreases(const PostgresStatements& before, const PostgresStatements& now, bool countNew) {
  Increase sum;
  for (const auto& [key, counters] : now.entries) {
    const auto old = before.entries.find(key);
    if (old == before.entries.end() && !countNew) continue;
    const auto one = increase(old == before.entries.end() ? nullptr : &old->second, counters);
    if (!(one.calls > 0)) continue;
    sum.calls += one.calls;
    sum.totalMs += one.totalMs;
    sum.maxMs = std::fmax(sum.maxMs, std::isnan(one.maxMs) ? one.totalMs / one.calls : one.maxMs);
  }
  return sum;
}

}  // namespace

QByteArray statementsSql(const PostgresCapabilities& caps) {
  const bool execNames = caps.extensionVersion >= 108;  // total_time became total_exec_time
  const bool hasInfo = caps.extensionVersion >= 109;    // toplevel, pg_stat_statements_info
  QByteArray sql = R"(WITH @MARK@ s AS MATERIALIZED (
      SELECT userid, dbid, queryid, @TOPLEVEL@ AS toplevel, calls, @TOTAL@ AS total, @MAX@ AS max
      FROM @SCHEMA@.pg_stat_statements(false)
      WHERE queryid IS NULL OR queryid <> ALL ($1::int8[]))
    SELECT NULL::oid AS userid, NULL::oid AS dbid, NULL::int8 AS queryid, NULL::bool AS toplevel,
           coalesce(sum(calls), 0)::float8 AS calls, coalesce(sum(total), 0)::float8 AS total, NULL::float8 AS max,
           count(*) AS entries, count(*) FILTER (WHERE queryid IS NULL) AS hidden,
           extract(epoch FROM clock_timestamp())::float8 AS t, @INFO@
    FROM s
    UNION ALL
    (SELECT userid, dbid, queryid, toplevel, calls::float8, total, max, NULL, NULL, NULL, NULL, NULL
     FROM s WHERE queryid IS NOT NULL AND $2::int > 0 ORDER BY total DESC LIMIT $2::int))";
  sql.replace("@INFO@", hasInfo ? "(SELECT dealloc::float8 FROM @SCHEMA@.pg_stat_statements_info) AS dealloc,\n"
                                  "(SELECT extract(epoch FROM stats_reset)::float8 FROM @SCHEMA@.pg_stat_statements_info) AS reset"
                                : "NULL::float8 AS dealloc, NULL::float8 AS reset");
  sql.replace("@TOPLEVEL@", hasInfo ? "toplevel" : "true");
  sql.replace("@TOTAL@", execNames ? "total_exec_time" : "total_time");
  sql.replace("@MAX@", execNames ? "max_exec_time" : "max_time");
  return sql.replace("@SCHEMA@", caps.extensionSchema).replace("@MARK@", ownMark);
}

QByteArray ownStatementsSql(const PostgresCapabilities& caps) {
  QByteArray sql = R"(SELECT @MARK@ DISTINCT queryid FROM @SCHEMA@.pg_stat_statements(true)
    WHERE queryid IS NOT NULL AND strpos(left(query, 64), '@MARK@') > 0 LIMIT 100)";
  return sql.replace("@SCHEMA@", caps.extensionSchema).replace("@MARK@", ownMark);
}

PostgresStatements readStatements(const PostgresRows& rows) {
  PostgresStatements statements;
  const int user = rows.column("userid"), database = rows.column("dbid"), query = rows.column("queryid"), topLevel = rows.column("toplevel");
  const int calls = rows.column("calls"), total = rows.column("total"), max = rows.column("max"), count = rows.column("entries");
  double entries = 0, hidden = 0;
  statements.entries.reserve(static_cast<size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    if (!rows.isNull(row, count)) {
      entries = rows.number(row, count);
      hidden = rows.number(row, rows.column("hidden"));
      statements.calls = rows.number(row, calls);
      statements.totalMs = rows.number(row, total);
      statements.serverSeconds = rows.number(row, rows.column("t"));
      statements.evictions = optional(rows.number(row, rows.column("dealloc")));
      statements.resetSeconds = optional(rows.number(row, rows.column("reset")));
      continue;
    }
    const StatementKey key{rows.integer(row, user).value_or(0), rows.integer(row, database).value_or(0),
                           rows.integer(row, query).value_or(0), rows.flag(row, topLevel)};
    statements.entries[key] = {rows.number(row, calls), rows.number(row, total), rows.number(row, max)};
  }
  statements.hidden = hidden > 0;
  statements.complete = static_cast<double>(statements.entries.size()) == entries;
  return statements;
}

StatementsStep statementsStep(const PostgresStatements& before, const PostgresStatements& now) {
  StatementsStep step;
  step.kind = kindOf(before, now);
  if (step.kind != StepKind::Continued) return step;
  const bool complete = before.complete && now.complete;
  Increase sum = sumOfIncreases(before, now, complete);
  if (!complete) {
    sum.calls = now.calls - before.calls;
    sum.totalMs = now.totalMs - before.totalMs;
    if (before.evictions != now.evictions || sum.calls < 0 || sum.totalMs < 0) {
      step.kind = StepKind::Changed;
      return step;
    }
  }
  step.calls = sum.calls;
  step.meanMs = sum.calls > 0 ? sum.totalMs / sum.calls : NAN;
  // Of hidden entries nothing is known: the slowest of the visible ones would mislead.
  step.maxMs = now.hidden ? NAN : sum.maxMs;
  return step;
}

PostgresValues rates(const StatementsStep& step, double seconds) {
  if (step.kind != StepKind::Continued) return {};
  return {{QLatin1String("postgres.calls"), step.calls / seconds},
          {QLatin1String("postgres.query_mean"), step.meanMs / 1000},
          {QLatin1String("postgres.query_max"), step.maxMs / 1000}};
}

}  // namespace cachedeck
