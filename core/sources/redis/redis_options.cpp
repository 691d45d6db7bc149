// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_options.h"

#include <algorithm>
#include <optional>

namespace cachedeck {

namespace {

#define TR(text) QT_TRANSLATE_NOOP("Field", text)

using Kind = FieldInfo::Kind;

const FieldInfo rows[] = {
    {"host", TR("Host"), Kind::Text, "127.0.0.1", TR("Name or address of the server.")},
    {"port", TR("Port"), Kind::Number, "6379", TR("TCP port, 1 to 65535.")},
    {"socket", TR("Unix socket"), Kind::File, "", TR("Path of a Unix socket, instead of host and port.")},
    {"user", TR("User"), Kind::Text, "", TR("ACL user; empty for the default user and for servers before Redis 6.")},
    {"password", TR("Password"), Kind::Secret, "", TR("Of that user, or requirepass.")},
    {"database", TR("Database"), Kind::Number, "0", TR("Number of the database, 0 on a cluster.")},
    {"tls", TR("TLS"), Kind::Switch, "", TR("Encrypt the connection; the server's certificate is always verified.")},
    {"ca", TR("CA file"), Kind::File, "", TR("Certificates of the authority that signed the server's (PEM); empty for the system's.")},
    {"cert", TR("Client certificate"), Kind::File, "", TR("For servers that ask for one (PEM).")},
    {"key", TR("Client key"), Kind::File, "", TR("Private key of the client certificate (PEM, no passphrase).")},
    {"servername", TR("Server name"), Kind::Text, "", TR("Name in the server's certificate, where it is not the host.")},
    {"master", TR("Primary's name"), Kind::Text, "", TR("Of a Sentinel that watches several primaries: the one that is meant.")},
    {"replica", TR("Replica"), Kind::Text, "", TR("Host and port of a replica that is asked when a whole keyspace is analysed, so that the primary is not held up.")},
    {"separator", TR("Key separator"), Kind::Text, ":", TR("What parts the segments of a key's name, for the tree of prefixes.")},
};

#undef TR

Error wrong(const QString& message) { return fail(Error::Kind::Usage, message); }

struct Address {
  QString host;
  quint16 port = 0;
};

/// "host:port", IPv6 in brackets.
std::optional<Address> addressOf(const QString& text) {
  const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
  QString host = text.left(std::max<qsizetype>(0, colon));
  const bool bracketed = host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'));
  if (bracketed) host = host.mid(1, host.size() - 2);
  bool ok = false;
  const int port = text.mid(colon + 1).toInt(&ok);
  const bool odd = std::ranges::any_of(host, [](QChar c) { return c.isSpace() || c == QLatin1Char('/') || c == QLatin1Char('@') || c == QLatin1Char('['); });
  if (!ok || port < 1 || port > 65535 || host.isEmpty() || odd || (!bracketed && host.contains(QLatin1Char(':')))) return std::nullopt;
  return Address{host, static_cast<quint16>(port)};
}

}  // namespace

std::span<const FieldInfo> redisFields() { return rows; }

bool isSwitchedOn(const QString& value) {
  static const QStringList words{QStringLiteral("true"), QStringLiteral("1"), QStringLiteral("on"), QStringLiteral("yes")};
  return words.contains(value.trimmed().toLower());
}

QString RedisOptions::endpoint() const {
  if (!socketPath.isEmpty()) return socketPath;
  const QString shown = host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host;
  return shown + QLatin1Char(':') + QString::number(port);
}

Result<RedisOptions> redisOptions(const SourceSettings& settings) {
  const auto field = [&](const char* key, const char* fallback = "") {
    return settings.field(QLatin1String(key), QLatin1String(fallback)).trimmed();
  };
  RedisOptions options;
  options.host = field("host", "127.0.0.1");
  if (options.host.startsWith(QLatin1Char('[')) && options.host.endsWith(QLatin1Char(']'))) options.host = options.host.mid(1, options.host.size() - 2);
  options.socketPath = field("socket");
  options.user = settings.field(QStringLiteral("user"));
  options.password = settings.secrets.value(QStringLiteral("password"));
  options.tls = isSwitchedOn(field("tls"));
  options.caFile = field("ca");
  options.certificateFile = field("cert");
  options.keyFile = field("key");
  options.serverName = field("servername");
  options.masterName = field("master");
  options.replica = field("replica");
  options.ownLookups = settings.ownLookups;

  bool ok = false;
  const int port = field("port", "6379").toInt(&ok);
  if (!ok || port < 1 || port > 65535) return wrong(QStringLiteral("The Redis port is not a number from 1 to 65535."));
  options.port = static_cast<quint16>(port);
  options.database = field("database", "0").toInt(&ok);
  if (!ok || options.database < 0) return wrong(QStringLiteral("The Redis database is not a number from 0 on."));
  if (options.tls && !options.socketPath.isEmpty())
    return wrong(QStringLiteral("Redis does not speak TLS on a Unix socket. Turn TLS off, or enter a host instead of the socket."));
  if (!options.keyFile.isEmpty() && options.certificateFile.isEmpty())
    return wrong(QStringLiteral("A client key is given for Redis, but no client certificate. Enter both."));
  if (!options.replica.isEmpty() && !addressOf(options.replica))
    return wrong(QStringLiteral("The Redis replica is not a host and a port, as in 10.0.0.6:6379 or [::1]:6379."));
  return options;
}

RedisOptions forAnalysis(const RedisOptions& options) {
  const std::optional<Address> replica = addressOf(options.replica);
  if (!replica) return options;
  RedisOptions there = options;
  there.host = replica->host;
  there.port = replica->port;
  there.socketPath.clear();
  there.masterName.clear();
  there.replica.clear();
  return there;
}

}  // namespace cachedeck
