// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/saved_server.h"

#include "core/base/text.h"
#include "core/profiles/profile_fields.h"

#include <QHostAddress>

namespace cachedeck {

namespace {

QString addressOf(const RedisOptions& options) {
  if (!options.socketPath.isEmpty()) return options.socketPath;
  const QString host = options.host.toLower();
  const bool here = host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
  return QStringLiteral("%1 %2").arg(here ? QStringLiteral("localhost") : host).arg(options.port);
}

bool isSameDatabase(const RedisOptions& one, const RedisOptions& other) {
  return addressOf(one) == addressOf(other) && one.database == other.database && one.masterName == other.masterName;
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
  made.name = saved->name;
  made.environment = saved->environment;
  for (const char* limit : {maxUsersField, maxRateField})
    if (const auto value = saved->fields.constFind(QLatin1String(limit)); value != saved->fields.constEnd()) made.fields[QLatin1String(limit)] = *value;
  return true;
}

QString heededText(const Profile& made) { return QStringLiteral("This is the server of profile “%1” (%2).").arg(printable(made.name), environmentKey(made.environment)); }

}  // namespace cachedeck
