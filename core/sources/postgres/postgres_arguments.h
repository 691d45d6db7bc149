// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_target.h"

namespace cachedeck {

/// The keyword and value arrays of PQconnectStartParams. Arrays, because a joined string would have to quote passwords,
/// and libpq's parse errors show them. The settings must outlive it: their secrets are pointed at, not copied.
class PostgresArguments {
 public:
  PostgresArguments(const PostgresTarget& target, const SourceSettings& settings);

  const char* const* keywords() const { return m_keywords.data(); }
  const char* const* values() const { return m_values.data(); }

 private:
  void addPlaces(const PostgresTarget& target);
  void add(const char* keyword, const char* value);

  PostgresParameters m_kept;
  std::vector<const char*> m_keywords;
  std::vector<const char*> m_values;
};

}  // namespace cachedeck
