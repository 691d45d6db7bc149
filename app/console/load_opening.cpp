// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/load_opening.h"

#include "core/base/text.h"
#include "core/journal/journal.h"
#include "core/profiles/saved_server.h"
#include "core/runs/cache_hands.h"
#include "core/runs/direct_target.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <QCoreApplication>
#include <QUrl>

namespace cachedeck {

LoadTarget loadTargetOf(const Profile& profile, bool saved, const QMap<QString, SourceSettings>& sources, const SandboxInfo* sandbox, const QString& configFolder) {
  LoadTarget target;
  target.profile = profile.name;
  target.saved = saved;
  target.environment = profile.environment;
  const runs::LoadSubject subject = runs::loadSubject(profile);
  target.serviceUrl = subject.serviceUrl;
  target.limits = subject.limits;
  target.stateFolder = stateDirectory();
  target.configFolder = configFolder;
  runs::CacheOwner owner{profile.name, profile.environment, {}, 0, target.stateFolder, configFolder};
  if (sources.contains(QStringLiteral("redis")))
    if (const Result<RedisOptions> redis = redisOptions(sources.value(QStringLiteral("redis")))) {
      owner.redis = *redis;
      target.redis = redis->endpoint();
    }
  if (sources.contains(QStringLiteral("pushgateway")))
    if (const Result<HttpSettings> gateway = httpSettings(sources.value(QStringLiteral("pushgateway")), pushgatewayFields())) target.pushgateway = *gateway;
  if (const Result<load::DirectTarget> direct = runs::directTarget(sources)) target.direct = *direct;
  if (sandbox) {
    owner.sandboxRedis = sandbox->pids.value(QStringLiteral("redis"));
    QUrl service(sandbox->services.value(QStringLiteral("sample")));
    if (!service.userName().isEmpty()) target.variables["user"] = service.userName().toStdString();
    if (!service.password().isEmpty()) target.variables["password"] = service.password().toStdString();
    service.setUserInfo(QString());
    target.serviceUrl = service.toString(QUrl::StripTrailingSlash);
    target.cache = QStringLiteral("redis");
    target.sandboxDir = sandbox->dir;
  }
  if (!saved && !sandbox) target.servers = sources;
  target.hands = runs::cacheHands(owner);
  return target;
}

runs::RunGuard::Others othersWithService(const Profile& own, const ProfileStore& profiles, const QString& url) {
  const Profile* const owner = stricterByService(own, profiles, url);
  if (owner)
    return {QCoreApplication::translate("Load", "%1 is the service of profile “%2” (%3). Open that profile to put load on it: what it asks for and allows holds there.")
                .arg(QUrl(url).toDisplayString(QUrl::RemoveUserInfo), printable(owner->name), environmentKey(owner->environment)), {}};
  Profile limited = own;
  heedSavedService(limited, profiles, {url});
  return {{}, runs::loadSubject(limited).limits};
}

}  // namespace cachedeck
