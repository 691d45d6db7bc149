// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/accounts.h"

namespace cachedeck::sample {

using namespace cacheaside;
using namespace std::chrono_literals;

Outcome<bool> passwordFits(const Database& database, Time since, const std::string& user, const std::string& password) {
  // PostgreSQL's text takes no NUL, and bcrypt reads 72 bytes: what has more is nobody's password.
  if (user.find('\0') != std::string::npos || password.find('\0') != std::string::npos || password.size() > 72) return false;
  const std::array<Parameter, 2> parameters{user, password};
  Outcome<Rows> rows = database.query(
      since,
      "SELECT coalesce((SELECT password = crypt($2, password) FROM users WHERE name = $1 OR email = $1 LIMIT 1), "
      "crypt($2, gen_salt('bf', 8)) IS NULL)",
      parameters);
  if (!rows) return rows.error();
  return !rows->rows.empty() && !rows->rows[0].empty() && rows->rows[0][0] == "t";
}

Outcome<void> keepUser(Pool& pool, const std::string& user, const std::string& password, std::stop_token stop) {
  const std::array<Parameter, 3> parameters{user, user + "@example.org", password};
  Outcome<Rows> rows = pool.query(
      "INSERT INTO users (name, email, password) VALUES ($1, $2, crypt($3, gen_salt('bf', 8))) "
      "ON CONFLICT (name) DO UPDATE SET password = excluded.password WHERE users.password <> crypt($3, users.password)",
      parameters, in(10s), std::move(stop));
  if (!rows) return rows.error();
  return {};
}

}  // namespace cachedeck::sample
