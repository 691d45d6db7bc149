// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_place.h"

#include "core/profiles/prompt.h"
#include "core/sandbox/sandbox.h"

#include <QHostAddress>
#include <QUrl>

namespace cachedeck {

namespace {

bool isThisMachine(const QString& host) { return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 || QHostAddress(host).isLoopback(); }

Error usage(const QString& text) { return fail(Error::Kind::Usage, text); }

/// What a service's URL says besides its place.
void takeLogin(QUrl& url, std::map<std::string, std::string>& values) {
  if (!url.userName().isEmpty()) values["user"] = url.userName().toStdString();
  if (!url.password().isEmpty()) values["password"] = url.password().toStdString();
  url.setUserInfo(QString());
}

}  // namespace

Result<LoadPlace> loadPlace(const LoadArguments& arguments, const load::Scenario& scenario, Secrets& secrets) {
  LoadPlace target;
  SourceOptions sources = arguments.sources;
  target.url = QString::fromStdString(arguments.url);
  if (arguments.sandbox) {
    const Result<SandboxInfo> sandbox = sandboxStatus({});
    if (!sandbox) return sandbox.error();
    sources.use(sandbox->urls);
    target.sandboxRedis = sandbox->pids.value(QStringLiteral("redis"));
    QUrl service(sandbox->services.value(QStringLiteral("sample")));
    takeLogin(service, target.values);
    if (target.url.isEmpty() && scenario.target == load::Target::Http) target.url = service.toString(QUrl::StripTrailingSlash);
  }
  if (scenario.target == load::Target::Http && target.url.isEmpty()) return usage(QStringLiteral("Say where the requests go: --url http://host:port, or --sandbox."));
  if (scenario.target == load::Target::CacheAside && !sources.isGiven()) return usage(QStringLiteral("This scenario reads through a Redis and a PostgreSQL: name them with --profile, --redis and --postgres, or --sandbox."));
  if (!sources.isGiven()) return target;

  Result<Profile> profile = sources.profile(secrets);
  if (!profile) return profile.error();
  for (auto source = profile->sources.begin(); source != profile->sources.end(); ++source)
    source->enabled = source->enabled && (source.key() == QLatin1String("redis") || source.key() == QLatin1String("postgres") || (arguments.push && source.key() == QLatin1String("pushgateway")));
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, *profile);
  if (!resolved) return resolved.error();
  target.profile = std::move(*profile);
  target.sources = resolved->sources;
  if (target.sources.contains(QStringLiteral("redis"))) {
    Result<std::unique_ptr<KeysSession>> keys = KeysSession::open(sources, secrets);
    if (!keys) return keys.error();
    target.keys = std::move(*keys);
  }
  return target;
}

Result<void> mayLoad(const LoadArguments& arguments, LoadPlace& target) {
  const QString host = QUrl(target.url).host();
  const bool known = !target.sources.isEmpty();
  if (known && target.profile.environment == Environment::Production) {
    if (!target.keys) return usage(QStringLiteral("A run against a production profile needs its Redis, whose guard and journal it goes by."));
    if (const Result<void> unlocked = target.keys->guard().unlock(QString::fromStdString(arguments.unlock), target.keys->clock()); !unlocked)
      return fail(Error::Kind::Permission, QStringLiteral("“%1” is a production profile. A load run on it needs --unlock REASON.").arg(target.profile.name), unlocked.error().message);
    if (QString::fromStdString(arguments.confirm) != target.profile.name)
      return fail(Error::Kind::Permission, QStringLiteral("Type the name of the production profile to put load on it: --confirm “%1”.").arg(target.profile.name));
    return {};
  }
  if (!host.isEmpty() && !isThisMachine(host) && QString::fromStdString(arguments.confirm) != host)
    return fail(Error::Kind::Permission, QStringLiteral("%1 is not this machine. Type its name to put load on it: --confirm %1.").arg(host));
  return {};
}

}  // namespace cachedeck
