// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/saved_server.h"

#include "core/base/text.h"
#include "core/profiles/profile_fields.h"

#include <QHostAddress>
#include <QUrl>

namespace cachedeck {

namespace {

QString placeOf(QString host, int port) {
  host = host.toLower();
  if (host.endsWith(QLatin1Char('.'))) host.chop(1);
  const QHostAddress address(host);
  const bool here = host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) || address.isLoopback() || address == QHostAddress::AnyIPv4 || address == QHostAddress::AnyIPv6;
  return QStringLiteral("%1 %2").arg(here ? QStringLiteral("localhost") : host).arg(port);
}

QString addressOf(const RedisOptions& options) { return options.socketPath.isEmpty() ? placeOf(options.host, options.port) : options.socketPath; }

/// Empty: it names no server.
QString serviceOf(const QString& text) {
  const QUrl url(text.trimmed());
  return url.host().isEmpty() ? QString() : placeOf(url.host(), url.port(url.scheme() == QLatin1String("https") ? 443 : 80));
}

QString serviceOf(const Profile& profile) { return serviceOf(profile.fields.value(QLatin1String(serviceUrlField))); }

bool isSameDatabase(const RedisOptions& one, const RedisOptions& other) {
  return addressOf(one) == addressOf(other) && one.database == other.database && one.masterName == other.masterName;
}

void heed(Profile& made, const Profile& saved) {
  made.name = saved.name;
  made.environment = saved.environment;
  for (const char* limit : {maxUsersField, maxRateField})
    if (const auto value = saved.fields.constFind(QLatin1String(limit)); value != saved.fields.constEnd()) made.fields[QLatin1String(limit)] = *value;
}

std::optional<RedisOptions> redisOf(const Profile& profile) {
  const auto source = profile.sources.constFind(QStringLiteral("redis"));
  if (source == profile.sources.constEnd()) return std::nullopt;
  const Result<RedisOptions> options = redisOptions({source->fields, {}});
  return options ? std::optional(*options) : std::nullopt;
}

}  // namespace

const Profile* strictestOf(const ProfileStore& store, const RedisOptions& redis) {
  const Profile* strictest = nullptr;
  for (const Profile& profile : store.profiles()) {
    if (strictest && profile.environment <= strictest->environment) continue;
    if (const std::optional<RedisOptions> saved = redisOf(profile); saved && isSameDatabase(*saved, redis)) strictest = &profile;
  }
  return strictest;
}

bool heedSaved(Profile& made, const ProfileStore& store) {
  const std::optional<RedisOptions> redis = redisOf(made);
  const Profile* const saved = redis ? strictestOf(store, *redis) : nullptr;
  if (!saved || saved->environment <= made.environment) return false;
  heed(made, *saved);
  return true;
}

const Profile* stricterByService(const Profile& own, const ProfileStore& store, const QString& url) {
  const QString service = serviceOf(url);
  if (service.isEmpty() || service == serviceOf(own)) return nullptr;
  const Profile* strictest = nullptr;
  for (const Profile& profile : store.profiles())
    if (profile.environment > (strictest ? strictest->environment : own.environment) && serviceOf(profile) == service) strictest = &profile;
  return strictest;
}

bool heedSavedService(Profile& made, const ProfileStore& store, const QStringList& urls) {
  bool heeded = false;
  for (const QString& url : urls)
    if (const Profile* const saved = stricterByService(made, store, url)) {
      heed(made, *saved);
      heeded = true;
    }
  return heeded;
}

QString heededText(const Profile& made) { return QStringLiteral("This is the server of profile “%1” (%2).").arg(printable(made.name), environmentKey(made.environment)); }

}  // namespace cachedeck
