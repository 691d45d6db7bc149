// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

namespace cachedeck {

/// Where a Redis server is and how to get in, checked.
struct RedisOptions {
  QString host;  ///< name or address, IPv6 without brackets; unused with a socket
  quint16 port = 6379;
  QString socketPath;  ///< Unix socket, instead of host and port
  QString user;        ///< ACL user; empty = the default user
  Secret password;
  int database = 0;
  bool tls = false;
  QString caFile;           ///< PEM; empty = the system's authorities
  QString certificateFile;  ///< PEM chain of the client certificate, or empty
  QString keyFile;          ///< PEM; empty = in the certificate's file
  QString serverName;       ///< name the certificate must be for; empty = the host
  QString masterName;       ///< of a Sentinel that watches several primaries: the name of the one that is meant
  QString replica;          ///< "host:port" of a replica that is asked instead of the primary when a whole keyspace is analysed; empty = none
  std::shared_ptr<LookupBook> ownLookups{};  ///< notes what is looked up over connections with these options (own_lookups.h); may be null

  /// "127.0.0.1:6379", "[::1]:6379" or the socket's path: what messages say.
  QString endpoint() const;
  QString verifiedName() const { return serverName.isEmpty() ? host : serverName; }
};

/// The rows of the connection form.
std::span<const FieldInfo> redisFields();

/// Reads a profile's fields. Errors (Usage) name the field that is wrong.
Result<RedisOptions> redisOptions(const SourceSettings& settings);

/// Where to analyse a whole keyspace: the replica, where one is named, with everything else as it is; else the same. Such a replica is to be asked first how far it is behind (keys/replica.h).
RedisOptions forAnalysis(const RedisOptions& options);

/// Value of a Switch field.
inline QString switchedOn() { return QStringLiteral("true"); }
bool isSwitchedOn(const QString& value);

}  // namespace cachedeck
