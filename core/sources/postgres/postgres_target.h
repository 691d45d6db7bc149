// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/postgres/postgres_settings.h"

#include <chrono>
#include <vector>

namespace cachedeck {

/// One address to try.
struct PostgresPlace {
  QByteArray host;     ///< name, literal address, or directory of a socket; the name that TLS checks
  QByteArray address;  ///< literal address; empty for a socket, and for a name until it is resolved
  QByteArray port;
  bool isSocket() const { return address.isEmpty() && (host.startsWith('/') || host.startsWith('@')); }
  /// "db1:5432", "[::1]:5432", "/run/postgresql/.s.PGSQL.5432"
  QString text() const;
};

/// Where a connection goes, with everything that libpq would add by itself (service file, environment, defaults).
struct PostgresTarget {
  PostgresParameters parameters;  ///< without secrets, host, address and port
  std::vector<PostgresPlace> places;
  std::chrono::milliseconds patience{5000};  ///< for name resolution and connecting together
  QString user;
  QString database;
  QString passwordFile;  ///< one that libpq ignores because others can read it; mostly empty

  /// The places as one text for messages: "a:5432, b:5432".
  QString text() const;
};

/// Reads files, never the network.
Result<PostgresTarget> postgresTarget(const SourceSettings& settings);

/// Replaces each name by its addresses, because libpq's own look-up cannot be given a deadline.
Result<void> resolvePlaces(PostgresTarget& target, const Deadline& deadline, std::stop_token stop);

}  // namespace cachedeck
