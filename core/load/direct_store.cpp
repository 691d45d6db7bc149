// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/direct_store.h"

#include <algorithm>
#include <optional>

namespace cachedeck::load {

using namespace std::chrono_literals;
using cacheaside::in;
using cacheaside::PgConnection;
using cacheaside::Time;

namespace {

// Advisory locks of the database: the first number is ours ("load" in ASCII).
constexpr char shareLock[] = "SELECT pg_advisory_lock_shared(1819238756, 1)", tryLockAlone[] = "SELECT pg_try_advisory_lock(1819238756, 1)",
               unlockAlone[] = "SELECT pg_advisory_unlock(1819238756, 1)", lockFilling[] = "SELECT pg_advisory_xact_lock(1819238756, 2)";
constexpr char mark[] = "Made by cachedeck for load runs; dropped at the end of the last";
constexpr std::int64_t mostBytes = std::int64_t{16} << 30, rowOverhead = 60, bytesAtOnce = 32 << 20;
constexpr std::int64_t rowsAtOnce = 200'000;

std::string cell(const cacheaside::Rows& rows, std::size_t column = 0) {
  return rows.rows.empty() || column >= rows.rows[0].size() ? std::string() : rows.rows[0][column].value_or("");
}

std::string sizeText(const CacheAsideWorkload& workload) { return "keys=" + std::to_string(workload.keys) + " bytes=" + std::to_string(workload.valueBytes); }

// "keys=10000 bytes=512": has a table that is described so all rows of the workload, with values of its length?
bool suffices(const std::string& description, const CacheAsideWorkload& workload) {
  long long keys = 0;
  int bytes = 0;
  return std::sscanf(description.c_str(), "keys=%lld bytes=%d", &keys, &bytes) == 2 && keys >= workload.keys && bytes == workload.valueBytes;
}

}  // namespace

DirectStore::Rows DirectStore::ask(const std::string& sql, std::vector<cacheaside::Parameter> parameters, std::chrono::milliseconds most) {
  return m_control->query(sql, parameters, in(most), m_stop);
}

std::string DirectStore::connect(Time deadline) {
  auto connection = PgConnection::open(m_conninfo + " application_name='cachedeck-load-control'", deadline, m_stop);
  if (!connection) return connection.error().message;
  m_control = std::move(*connection);
  // A session limit of the role would end the lock, or the filling of a large table.
  const Rows done = ask("SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('idle_session_timeout', 'statement_timeout', 'lock_timeout')");
  return done ? std::string() : done.error().message;
}

std::string DirectStore::prepare(const CacheAsideWorkload& workload, const std::stop_token& stop) {
  m_stop = stop;
  if (workload.keys > mostBytes / (workload.valueBytes + rowOverhead))
    return "The workload wants " + std::to_string(workload.keys) + " rows of " + std::to_string(workload.valueBytes) + " bytes in PostgreSQL, more than 16 GB. Lower `keys` or `valueBytes`.";
  if (std::string problem = connect(in(5s)); !problem.empty()) return problem;
  const Rows shared = ask(shareLock);
  if (!shared) return shared.error().message;
  if (std::string problem = mayMake(); !problem.empty()) return problem;
  m_isOurs = true;
  m_wasAlone = lockAlone();
  std::string problem = makeTable(workload);
  if (m_wasAlone && m_control->usable() && problem.empty())
    if (const Rows unlocked = ask(unlockAlone); !unlocked) problem = unlocked.error().message;
  return problem;
}

bool DirectStore::lockAlone() {
  const Rows alone = ask(tryLockAlone);
  return alone && cell(*alone) == "t";
}

std::string DirectStore::mayMake() {
  const Rows rows = ask(
      "SELECT pg_is_in_recovery(), has_database_privilege(current_database(), 'CREATE'), current_user, current_database(), "
      "n.oid IS NOT NULL, obj_description(n.oid, 'pg_namespace'), pg_get_userbyid(n.nspowner), pg_has_role(n.nspowner, 'USAGE') "
      "FROM (SELECT 1) AS one LEFT JOIN pg_namespace AS n ON n.nspname = 'cachedeck_load'");
  if (!rows) return rows.error().message;
  const std::string role = cell(*rows, 2), database = cell(*rows, 3);
  if (cell(*rows, 0) == "t") return "This PostgreSQL is a standby, which takes no writes. The direct workload makes a table of its own: name the primary.";
  if (cell(*rows, 4) == "t" && cell(*rows, 5) != mark)
    return "The database \"" + database + "\" has a schema cachedeck_load that no load run made. It is left alone: rename it, or use another database.";
  if (cell(*rows, 4) == "t" && cell(*rows, 7) != "t")
    return "The schema cachedeck_load, left by an earlier load run, belongs to \"" + cell(*rows, 6) + "\", not to \"" + role + "\". Run with that role, or have it dropped: DROP SCHEMA cachedeck_load CASCADE.";
  if (cell(*rows, 4) != "t" && cell(*rows, 1) != "t")
    return "The role \"" + role + "\" may not create a schema in the database \"" + database + "\", and the direct workload keeps its rows in one of its own, cachedeck_load. Allow it: GRANT CREATE ON DATABASE \"" +
           database + "\" TO \"" + role + "\".";
  return {};
}

std::string DirectStore::makeTable(const CacheAsideWorkload& workload) {
  if (const auto begun = m_control->script("BEGIN", in(5s), m_stop); !begun) return begun.error().message;
  std::string problem = inTransaction(workload);
  if (!m_control->usable()) return problem;
  const auto ended = m_control->script(problem.empty() ? "COMMIT" : "ROLLBACK", in(30s), m_stop);
  return problem.empty() && !ended ? ended.error().message : problem;
}

std::string DirectStore::inTransaction(const CacheAsideWorkload& workload) {
  // Another run may be filling.
  if (const Rows locked = ask(lockFilling, {}, 10min); !locked) return locked.error().message;
  const Rows found = ask("SELECT to_regclass('cachedeck_load.entry') IS NOT NULL, obj_description(to_regclass('cachedeck_load.entry'), 'pg_class')");
  if (!found) return found.error().message;
  const std::string description = cell(*found, 1);
  if (description == sizeText(workload)) return {};
  if (cell(*found) == "t" && !m_wasAlone) {
    if (suffices(description, workload)) return {};
    return "Another load run is using the table cachedeck_load.entry with " + description + ", and this one needs " + sizeText(workload) + ". Wait for its end, or give both the same size.";
  }
  const auto made = m_control->script(std::string("CREATE SCHEMA IF NOT EXISTS cachedeck_load; COMMENT ON SCHEMA cachedeck_load IS '") + mark +
                                          "'; DROP TABLE IF EXISTS cachedeck_load.entry; CREATE TABLE cachedeck_load.entry (id bigint, value text NOT NULL);"
                                          // Long values would cost time to unpack, and zeros nothing to read.
                                          "ALTER TABLE cachedeck_load.entry ALTER COLUMN value SET STORAGE EXTERNAL",
                                      in(30s), m_stop);
  m_wasRemade = true;
  return made ? fill(workload) : made.error().message;
}

std::string DirectStore::fill(const CacheAsideWorkload& workload) {
  const std::int64_t atOnce = std::clamp<std::int64_t>(bytesAtOnce / workload.valueBytes, 1, rowsAtOnce);
  for (std::int64_t first = 1; first <= workload.keys; first += atOnce) {
    const std::int64_t last = std::min(workload.keys, first + atOnce - 1);
    const Rows filled = ask("INSERT INTO cachedeck_load.entry SELECT id, lpad(id::text, $3::int, '0') FROM generate_series($1::bigint, $2::bigint) AS id",
                            {std::to_string(first), std::to_string(last), std::to_string(workload.valueBytes)}, 5min);
    if (!filled) return filled.error().message;
  }
  const auto done = m_control->script("ALTER TABLE cachedeck_load.entry ADD PRIMARY KEY (id); ANALYZE cachedeck_load.entry; COMMENT ON TABLE cachedeck_load.entry IS '" + sizeText(workload) + "'", in(10min), m_stop);
  return done ? std::string() : done.error().message;
}

bool DirectStore::becomeAlone(const std::vector<int>& abandoned, Time deadline, const std::stop_token& stop) {
  m_stop = stop;
  if (!m_isOurs || !m_control) return false;
  const auto left = [&] { return std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())); };
  if (!m_control->stillThere() && !connect(deadline).empty()) return false;
  std::string pids;
  for (const int pid : abandoned) pids += (pids.empty() ? "" : ",") + std::to_string(pid);
  if (!pids.empty()) (void)ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY ($1::int[]) AND application_name = 'cachedeck-load'", {"{" + pids + "}"}, left());
  if (!m_control->usable()) return false;
  const Rows alone = ask(tryLockAlone, {}, left());
  return alone && cell(*alone) == "t";
}

std::string DirectStore::drop(Time deadline, const std::stop_token& stop) {
  m_stop = stop;
  // Without CASCADE: what others put into the schema or built on the table is theirs.
  const auto dropped = m_control->script("DROP TABLE IF EXISTS cachedeck_load.entry; DROP SCHEMA IF EXISTS cachedeck_load", deadline, m_stop);
  return dropped ? std::string() : dropped.error().message;
}

}  // namespace cachedeck::load
