// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/database.h"

#include "app/sample/log.h"

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

Outcome<Lease> Database::lease() const {
  Outcome<Lease> lease = m_pool.acquire(in(5s), m_stop);
  if (lease || lease.error().kind != Failure::Kind::Timeout) return lease;
  return Failure{Failure::Kind::Unavailable, lease.error().message};
}

Outcome<Rows> Database::query(Lease& lease, const char* sql, std::span<const Parameter> parameters) const {
  return lease->query(sql, parameters, in(10s), m_stop);
}

Outcome<Rows> Database::query(const char* sql, std::span<const Parameter> parameters) const {
  Outcome<Lease> connection = lease();
  if (!connection) return connection.error();
  return query(*connection, sql, parameters);
}

std::string Database::seconds(double factor) const { return std::to_string(m_cost.count() * factor); }

Reply databaseReply(const Failure& failure) {
  logSparingly("database: " + failure.message);
  switch (failure.kind) {
    case Failure::Kind::Timeout: return errorReply(504, "The database did not answer within 10 s.");
    case Failure::Kind::Closed: return busyReply("The service is about to stop.");
    case Failure::Kind::Unavailable:
    case Failure::Kind::Auth: return busyReply("The database cannot be reached, or has no connection free. Try again in a moment.");
    case Failure::Kind::Usage:
    case Failure::Kind::Query: break;
  }
  return errorReply(500, "The database refused the statement.");
}

}  // namespace cachedeck::sample
