// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/serverurl.h"

#include "core/sources/postgres/postgres_settings.h"
#include "core/sources/redis/redis_options.h"

#include <QUrl>

namespace cachedeck {

namespace {

QString encoded(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }
/// A path keeps its slashes, which stand for themselves behind the "?".
QString encodedPath(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text, "/")); }

QString withQuery(const QString& url, const QStringList& query) { return query.isEmpty() ? url : url + QLatin1Char('?') + query.join(QLatin1Char('&')); }

QString redisUrl(const SourceSettings& settings) {
  const Result<RedisOptions> redis = redisOptions(settings);
  if (!redis) return {};
  QStringList query;
  const auto add = [&](const char* name, const QString& value) {
    if (!value.isEmpty()) query << QLatin1String(name) + QLatin1Char('=') + encodedPath(value);
  };
  add("master", redis->masterName);
  if (redis->tls) {
    add("ca", redis->caFile);
    add("cert", redis->certificateFile);
    add("key", redis->keyFile);
    add("servername", redis->serverName);
  }
  if (!redis->socketPath.isEmpty()) {
    add("user", redis->user);
    return withQuery(QStringLiteral("unix://%1").arg(encodedPath(redis->socketPath)), QStringList{QStringLiteral("db=%1").arg(redis->database)} + query);
  }
  const QString user = redis->user.isEmpty() ? QString() : encoded(redis->user) + QLatin1Char('@');
  return withQuery(QStringLiteral("%1://%2%3/%4").arg(redis->tls ? QStringLiteral("rediss") : QStringLiteral("redis"), user, redis->endpoint()).arg(redis->database), query);
}

QString postgresUrl(const SourceSettings& settings) {
  Result<PostgresParameters> parameters = postgresParameters(settings);
  if (!parameters) return {};
  const auto take = [&](const char* keyword) {
    const auto node = parameters->extract(QByteArray(keyword));
    return node.empty() ? QString() : QString::fromUtf8(node.mapped());
  };
  const QString user = take("user"), database = take("dbname"), userPart = user.isEmpty() ? QString() : encoded(user) + QLatin1Char('@');
  const QString host = settings.field(QStringLiteral("host"));
  QString place;
  // Sockets, several hosts and IPv6 addresses stand in the query.
  if (!host.isEmpty() && !host.contains(QLatin1Char('/')) && !host.contains(QLatin1Char(',')) && !host.contains(QLatin1Char(':'))) {
    place = encoded(take("host"));
    if (const QString port = take("port"); !port.isEmpty()) place += QLatin1Char(':') + port;
  }
  QStringList query;
  for (const auto& [keyword, value] : *parameters) query << QString::fromLatin1(keyword) + QLatin1Char('=') + encodedPath(QString::fromUtf8(value));
  return withQuery(QStringLiteral("postgresql://%1%2/%3").arg(userPart, place, encoded(database)), query);
}

}  // namespace

QString serverUrl(const QString& source, const SourceSettings& settings) {
  if (source == QLatin1String("redis")) return redisUrl(settings);
  return source == QLatin1String("postgres") ? postgresUrl(settings) : QString();
}

}  // namespace cachedeck
