// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/saved_server.h"

#include "core/base/host.h"
#include "core/base/text.h"
#include "core/profiles/profile_fields.h"
#include "core/sources/postgres/postgres_target.h"
#include "core/sources/redis/redis_options.h"

#include <QDir>
#include <QFileInfo>
#include <QUrl>

#include <algorithm>
#include <optional>

namespace cachedeck {

namespace {

using Saved = QList<const Profile*>;

QString placeOf(const QString& host, int port) { return QStringLiteral("%1 %2").arg(plainHost(host), QString::number(port)); }

/// One text for one file: /var/run is a link to /run.
QString pathOf(const QString& path) {
  const QString real = QFileInfo(path).canonicalFilePath();
  return real.isEmpty() ? QDir::cleanPath(path) : real;
}

/// Empty: it names no server.
QString serviceOf(const QString& text) {
  const QUrl url(text.trimmed());
  return url.host().isEmpty() ? QString() : placeOf(url.host(), url.port(url.scheme() == QLatin1String("https") ? 443 : 80));
}

QString serviceOf(const Profile& profile) { return serviceOf(profile.fields.value(QLatin1String(serviceUrlField))); }

bool isSame(const RedisOptions& one, const RedisOptions& other) {
  const auto address = [](const RedisOptions& options) { return options.socketPath.isEmpty() ? placeOf(options.host, options.port) : pathOf(options.socketPath); };
  return address(one) == address(other) && one.database == other.database && one.masterName == other.masterName;
}

/// A server of this machine listens on its socket and on its address under the same port.
QStringList hostsOf(const PostgresPlace& place) {
  if (place.isSocket()) return {plainHost(QStringLiteral("localhost"))};
  QStringList hosts{plainHost(QString::fromUtf8(place.host))};
  if (!place.address.isEmpty()) hosts << plainHost(QString::fromUtf8(place.address));
  return hosts;
}

bool isSame(const PostgresPlace& one, const PostgresPlace& other) {
  if (one.port.toInt() != other.port.toInt()) return false;
  if (one.isSocket() && other.isSocket()) return pathOf(QString::fromUtf8(one.host)) == pathOf(QString::fromUtf8(other.host));
  const QStringList hosts = hostsOf(other);
  return std::ranges::any_of(hostsOf(one), [&](const QString& host) { return hosts.contains(host); });
}

/// Of several hosts, which are tried in turn, one is enough.
bool isSame(const PostgresTarget& one, const PostgresTarget& other) {
  return one.database == other.database && std::ranges::any_of(one.places, [&](const PostgresPlace& place) {
           return std::ranges::any_of(other.places, [&](const PostgresPlace& with) { return isSame(place, with); });
         });
}

/// One that is switched off still says where the profile's server is, unless nobody ever filled it in.
bool namesServer(const ProfileSource& source) {
  static constexpr const char* places[] = {"host", "port", "socket", "service", "database", "parameters"};
  return source.enabled || std::ranges::any_of(places, [&](const char* key) { return !source.fields.value(QLatin1String(key)).isEmpty(); });
}

template <typename Place>
std::optional<Place> placeIn(const Profile& profile, const char* id, Result<Place> (*read)(const SourceSettings&)) {
  const auto source = profile.sources.constFind(QLatin1String(id));
  if (source == profile.sources.constEnd() || !namesServer(*source)) return std::nullopt;
  const Result<Place> place = read({source->fields, {}});
  return place ? std::optional(*place) : std::nullopt;
}

std::optional<RedisOptions> redisOf(const Profile& profile) { return placeIn(profile, "redis", redisOptions); }
std::optional<PostgresTarget> postgresOf(const Profile& profile) { return placeIn(profile, "postgres", postgresTarget); }

/// The strictest first.
template <typename Has>
Saved savedWith(const ProfileStore& store, const Has& has) {
  Saved saved;
  for (const Profile& profile : store.profiles())
    if (has(profile)) saved << &profile;
  std::ranges::stable_sort(saved, std::ranges::greater(), [](const Profile* profile) { return profile->environment; });
  return saved;
}

bool isUsed(const Profile& made, const char* id) {
  const auto source = made.sources.constFind(QLatin1String(id));
  return source != made.sources.constEnd() && source->enabled;
}

template <typename Place>
bool isSame(const Place& place, const std::optional<Place>& saved) {
  return saved && isSame(place, *saved);
}

Saved savedByServer(const Profile& made, const ProfileStore& store) {
  const std::optional<RedisOptions> redis = isUsed(made, "redis") ? redisOf(made) : std::nullopt;
  const std::optional<PostgresTarget> postgres = isUsed(made, "postgres") ? postgresOf(made) : std::nullopt;
  return savedWith(store, [&](const Profile& saved) { return (redis && isSame(*redis, redisOf(saved))) || (postgres && isSame(*postgres, postgresOf(saved))); });
}

Saved savedByService(const Profile& own, const ProfileStore& store, const QString& url) {
  const QString service = serviceOf(url);
  if (service.isEmpty() || service == serviceOf(own)) return {};
  return savedWith(store, [&](const Profile& saved) { return serviceOf(saved) == service; });
}

bool heed(Profile& made, const Saved& saved) {
  const bool stricter = !saved.isEmpty() && saved.first()->environment > made.environment;
  if (stricter) {
    made.name = saved.first()->name;
    made.environment = saved.first()->environment;
  }
  for (const Profile* const profile : saved)
    for (const char* const key : {maxUsersField, maxRateField})
      if (isTighter(limitOf(profile->fields, key), limitOf(made.fields, key))) {
        made.fields[QLatin1String(key)] = profile->fields.value(QLatin1String(key));
        made.limitsOf[QLatin1String(key)] = profile->name;
      }
  return stricter;
}

}  // namespace

bool heedSaved(Profile& made, const ProfileStore& store) { return heed(made, savedByServer(made, store)); }

const Profile* stricterByService(const Profile& own, const ProfileStore& store, const QString& url) {
  const Saved saved = savedByService(own, store, url);
  return !saved.isEmpty() && saved.first()->environment > own.environment ? saved.first() : nullptr;
}

bool heedSavedService(Profile& made, const ProfileStore& store, const QStringList& urls) {
  bool stricter = false;
  for (const QString& url : urls) stricter = heed(made, savedByService(made, store, url)) || stricter;
  return stricter;
}

QString heededText(const Profile& made) { return QStringLiteral("This is the server of profile “%1” (%2).").arg(printable(made.name), environmentKey(made.environment)); }

QString heededLimitsText(const Profile& made) {
  QStringList names = made.limitsOf.values(), sentences;
  names.removeDuplicates();
  for (const QString& name : names)
    if (name != made.name) sentences << QStringLiteral("Limits of load runs hold here: those of profile “%1”.").arg(printable(name));
  return sentences.join(QLatin1Char(' '));
}

}  // namespace cachedeck
