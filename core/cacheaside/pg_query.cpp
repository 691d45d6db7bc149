// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_reply.h"

#include <cstdlib>
#include <string_view>

namespace cachedeck::cacheaside {

using Kind = Failure::Kind;

namespace {

constexpr std::size_t mostPrepared = 256;

long affectedBy(PGresult* result) {
  const std::string_view tag = PQcmdStatus(result);
  for (const std::string_view verb : {"INSERT ", "UPDATE ", "DELETE ", "MERGE "})
    if (tag.starts_with(verb)) return std::strtol(PQcmdTuples(result), nullptr, 10);
  return 0;
}

Rows rowsOf(PGresult* result) {
  Rows rows;
  const int count = PQntuples(result), columns = PQnfields(result);
  rows.rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    auto& cells = rows.rows.emplace_back();
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column))
        cells.emplace_back(std::nullopt);
      else
        cells.emplace_back(std::in_place, PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
  }
  rows.affected = affectedBy(result);
  return rows;
}

}  // namespace

Outcome<Rows> PgConnection::query(const std::string& sql, std::span<const Parameter> parameters, Time deadline, std::stop_token stop) {
  const Call call{std::chrono::steady_clock::now(), deadline, stop};
  if (const auto fine = admissible(sql, parameters, call); !fine) return fine.error();
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const Parameter& one : parameters) values.push_back(one ? one->c_str() : nullptr);
  Reply reply = attempt(sql, values, call);
  if ((reply.outdated || reply.unknown) && idle() && usable()) reply = attempt(sql, values, call);  // nothing was carried out yet
  if (reply.failure) return *std::move(reply.failure);
  return reply.result ? rowsOf(reply.result.get()) : Rows();
}

Outcome<void> PgConnection::script(const std::string& sql, Time deadline, std::stop_token stop) {
  const Call call{std::chrono::steady_clock::now(), deadline, stop};
  if (const auto fine = admissible(sql, {}, call); !fine) return fine.error();
  const Reply reply = exchange(PQsendQuery(m_connection.get(), sql.c_str()), call);
  return reply.failure ? Outcome<void>(*reply.failure) : Outcome<void>();
}

Outcome<void> PgConnection::admissible(const std::string& sql, std::span<const Parameter> parameters, const Call& call) const {
  if (!usable()) return Failure{Kind::Unavailable, "The connection to PostgreSQL at " + m_endpoint + " is no longer usable. Take another one."};
  if (sql.empty()) return Failure{Kind::Usage, "There is no statement to run."};
  if (sql.find('\0') != sql.npos) return Failure{Kind::Usage, "The statement holds a NUL byte, which PostgreSQL cannot take."};
  if (parameters.size() > PQ_QUERY_PARAM_MAX_LIMIT)
    return Failure{Kind::Usage, "A statement takes at most " + std::to_string(PQ_QUERY_PARAM_MAX_LIMIT) + " parameters."};
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i] && parameters[i]->find('\0') != std::string::npos)
      return Failure{Kind::Usage, "Parameter $" + std::to_string(i + 1) + " holds a NUL byte, which PostgreSQL's text cannot take."};
  if (call.stop.stop_requested()) return Failure{Kind::Closed, "Stopped before the statement was sent to PostgreSQL at " + m_endpoint + "."};
  if (call.deadline <= call.begin)
    return Failure{Kind::Timeout, "The deadline had passed before the statement was sent to PostgreSQL at " + m_endpoint + "."};
  return {};
}

PgConnection::Reply PgConnection::attempt(const std::string& sql, std::span<const char* const> values, const Call& call) {
  auto known = m_prepared.find(sql);
  const int count = static_cast<int>(values.size());
  if (known == m_prepared.end() && m_names >= mostPrepared)
    return exchange(PQsendQueryParams(m_connection.get(), sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0), call);
  if (known == m_prepared.end()) {
    if (auto failure = prepare(sql, call)) {
      Reply reply;
      reply.failure = std::move(failure);
      return reply;
    }
    known = m_prepared.find(sql);
  }
  Reply reply = exchange(PQsendQueryPrepared(m_connection.get(), known->second.c_str(), count, values.data(), nullptr, nullptr, 0), call);
  if (reply.outdated) m_prepared.erase(known);  // goes on counting in m_names: the server keeps it
  if (reply.unknown) {
    m_prepared.clear();
    m_names = 0;
  }
  return reply;
}

std::optional<Failure> PgConnection::prepare(const std::string& sql, const Call& call) {
  const std::string name = statementPrefix + std::to_string(++m_serial);
  Reply reply = exchange(PQsendPrepare(m_connection.get(), name.c_str(), sql.c_str(), 0, nullptr), call);
  if (reply.failure) return std::move(reply.failure);
  ++m_names;
  m_prepared.emplace(sql, name);
  return std::nullopt;
}

}  // namespace cachedeck::cacheaside
