// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_url.h"

#include "core/sources/redis/redis_options.h"

#include <QHostAddress>
#include <QStringDecoder>

#include <cctype>
#include <optional>

namespace cachedeck {

namespace {

Error wrong(const QString& message) { return fail(Error::Kind::Usage, message); }

/// The URL cut at its delimiters, still percent-encoded.
struct Parts {
  QStringView scheme, userInfo, host, port, path, query;
};

bool isTls(const Parts& parts) { return parts.scheme == QLatin1String("rediss"); }
bool isUnix(const Parts& parts) { return parts.scheme != QLatin1String("redis") && !isTls(parts); }

/// Without a value when an escape is not two hexadecimal digits or the bytes are not UTF-8.
std::optional<QByteArray> decoded(QStringView text) {
  QByteArray out;
  const QByteArray in = text.toUtf8();
  for (qsizetype i = 0; i < in.size(); ++i) {
    if (in.at(i) != '%') {
      out += in.at(i);
      continue;
    }
    bool ok = false;
    const int byte = in.size() - i > 2 ? in.mid(i + 1, 2).toInt(&ok, 16) : 0;
    if (!ok || byte == 0 || !std::isxdigit(static_cast<unsigned char>(in.at(i + 1)))) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

std::optional<QString> decodedText(QStringView text) {
  const std::optional<QByteArray> bytes = decoded(text);
  if (!bytes) return std::nullopt;
  QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
  QString out = utf8(*bytes);
  if (utf8.hasError()) return std::nullopt;
  return out;
}

Error badEscape(const QString& part) {
  return wrong(QStringLiteral("The %1 in the Redis URL is not percent-encoded correctly. Write a “%” as %25.").arg(part));
}

Result<void> splitAuthority(QStringView authority, Parts& parts) {
  const qsizetype at = authority.lastIndexOf(QLatin1Char('@'));
  if (at >= 0) parts.userInfo = authority.first(at);
  QStringView host = authority.mid(at + 1);
  if (host.startsWith(QLatin1Char('['))) {
    const qsizetype close = host.indexOf(QLatin1Char(']'));
    QHostAddress address;
    if (close < 0 || !address.setAddress(host.mid(1, close - 1).toString()))
      return wrong(QStringLiteral("The address in brackets in the Redis URL is not an IPv6 address, as in redis://[::1]:6379."));
    parts.host = host.mid(1, close - 1);
    host = host.mid(close + 1);
    if (!host.isEmpty() && !host.startsWith(QLatin1Char(':')))
      return wrong(QStringLiteral("In the Redis URL something stands between the address in brackets and the port."));
    parts.port = host.mid(1);
    return {};
  }
  if (host.count(QLatin1Char(':')) > 1)
    return wrong(QStringLiteral("The host in the Redis URL has more than one colon. Write an IPv6 address in brackets, as in redis://[::1]:6379."));
  const qsizetype colon = host.indexOf(QLatin1Char(':'));
  parts.host = colon < 0 ? host : host.first(colon);
  if (colon >= 0) parts.port = host.mid(colon + 1);
  return {};
}

Result<Parts> split(QStringView url) {
  Parts parts;
  const qsizetype scheme = url.indexOf(QLatin1String("://"));
  static const QStringList known{QStringLiteral("redis"), QStringLiteral("rediss"), QStringLiteral("unix"), QStringLiteral("redis+unix"), QStringLiteral("redis-socket")};
  const qsizetype index = scheme < 0 ? -1 : known.indexOf(url.first(scheme).toString().toLower());
  if (index < 0) return wrong(QStringLiteral("A Redis URL begins with redis://, rediss:// (TLS) or unix:// (socket), as in redis://user:password@host:6379/0."));
  parts.scheme = known.at(index);

  const QStringView rest = url.mid(scheme + 3);
  if (rest.contains(QLatin1Char('#'))) return wrong(QStringLiteral("A “#” in a Redis URL has to be written as %23."));
  const qsizetype mark = rest.indexOf(QLatin1Char('?'));
  const QStringView front = mark < 0 ? rest : rest.first(mark);
  if (mark >= 0) parts.query = rest.mid(mark + 1);
  const qsizetype slash = front.indexOf(QLatin1Char('/'));
  const QStringView authority = slash < 0 ? front : front.first(slash);
  if (slash >= 0) parts.path = front.mid(slash);
  // Otherwise the begin of such a password would be taken for the host and the port.
  if (!authority.contains(QLatin1Char('@')) && rest.contains(QLatin1Char('@')))
    return wrong(QStringLiteral("In the Redis URL an “@” stands behind the host. Write “/” in a password as %2F, “?” as %3F, and “@” elsewhere as %40."));
  if (const Result<void> result = splitAuthority(authority, parts); !result) return result.error();
  return parts;
}

Result<void> readUserInfo(QStringView userInfo, SourceSettings& settings) {
  const qsizetype colon = userInfo.indexOf(QLatin1Char(':'));
  const std::optional<QString> user = decodedText(colon < 0 ? userInfo : userInfo.first(colon));
  if (!user) return badEscape(QStringLiteral("user name"));
  if (!user->isEmpty()) settings.fields.insert(QStringLiteral("user"), *user);
  if (colon < 0) return {};
  std::optional<QByteArray> password = decoded(userInfo.mid(colon + 1));
  if (!password) return badEscape(QStringLiteral("password"));
  if (!password->isEmpty()) settings.secrets.insert(QStringLiteral("password"), Secret(std::move(*password)));
  return {};
}

Result<void> readQuery(const Parts& parts, SourceSettings& settings) {
  static const QStringList plain{QStringLiteral("user"), QStringLiteral("db"), QStringLiteral("master"), QStringLiteral("replica")};
  static const QStringList forTls{QStringLiteral("ca"), QStringLiteral("cert"), QStringLiteral("key"), QStringLiteral("servername")};
  for (const QStringView item : parts.query.split(QLatin1Char('&'), Qt::SkipEmptyParts)) {
    const qsizetype equals = item.indexOf(QLatin1Char('='));
    const QString name = (equals < 0 ? item : item.first(equals)).toString();
    const QStringView raw = equals < 0 ? QStringView() : item.mid(equals + 1);
    if (name == QLatin1String("password")) {
      std::optional<QByteArray> password = decoded(raw);
      if (!password) return badEscape(QStringLiteral("password"));
      settings.secrets.insert(name, Secret(std::move(*password)));
      continue;
    }
    if (!plain.contains(name) && !forTls.contains(name))
      return wrong(QStringLiteral("The Redis URL has a parameter behind its “?” that is not known. Known are db, user, password, master, replica, ca, cert, key and servername."));
    if (forTls.contains(name) && !isTls(parts))
      return wrong(QStringLiteral("The parameter “%1” in the Redis URL is for TLS. Begin the URL with rediss://.").arg(name));
    const std::optional<QString> value = decodedText(raw);
    if (value && value->isEmpty()) return wrong(QStringLiteral("The parameter “%1” in the Redis URL has no value.").arg(name));
    if (!value) return badEscape(QStringLiteral("value of “%1”").arg(name));
    settings.fields.insert(name == QLatin1String("db") ? QStringLiteral("database") : name, *value);
  }
  return {};
}

Result<void> readPlace(const Parts& parts, SourceSettings& settings) {
  if (isUnix(parts)) {
    const std::optional<QString> path = decodedText(parts.path);
    if (!path) return badEscape(QStringLiteral("path of the socket"));
    if (!parts.host.isEmpty() || !parts.port.isEmpty() || path->size() < 2)
      return wrong(QStringLiteral("A Unix socket's URL has an absolute path, with three slashes: unix:///run/redis/redis.sock?db=0."));
    settings.fields.insert(QStringLiteral("socket"), *path);
    return {};
  }
  const std::optional<QString> host = decodedText(parts.host);
  if (!host) return badEscape(QStringLiteral("host"));
  if (host->isEmpty()) return wrong(QStringLiteral("The Redis URL has no host, as in redis://host:6379/0."));
  for (const QChar c : *host)
    if (c.isSpace() || c.category() == QChar::Other_Control) return wrong(QStringLiteral("The host in the Redis URL has a space or control character."));
  settings.fields.insert(QStringLiteral("host"), *host);
  if (!parts.port.isEmpty()) settings.fields.insert(QStringLiteral("port"), parts.port.toString());
  if (parts.path.size() > 1) settings.fields.insert(QStringLiteral("database"), parts.path.mid(1).toString());
  if (isTls(parts)) settings.fields.insert(QStringLiteral("tls"), switchedOn());
  return {};
}

}  // namespace

Result<SourceSettings> redisSettingsFromUrl(const QString& url) {
  const QString trimmed = url.trimmed();
  const Result<Parts> parts = split(trimmed);
  if (!parts) return parts.error();
  SourceSettings settings;
  if (const Result<void> result = readPlace(*parts, settings); !result) return result.error();
  if (const Result<void> result = readUserInfo(parts->userInfo, settings); !result) return result.error();
  if (const Result<void> result = readQuery(*parts, settings); !result) return result.error();
  if (const Result<RedisOptions> options = redisOptions(settings); !options) return options.error();
  return settings;
}

}  // namespace cachedeck
