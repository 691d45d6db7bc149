// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_place.h"

#include "app/cli/voice.h"
#include "core/base/text.h"
#include "core/load/url.h"
#include "core/profiles/privatefile.h"
#include "core/profiles/prompt.h"
#include "core/profiles/saved_server.h"

#include <QUrl>

namespace cachedeck {

namespace {

Error usage(const QString& text) { return fail(Error::Kind::Usage, text); }

/// What a service's URL says besides its place.
void takeLogin(QUrl& url, std::map<std::string, std::string>& values) {
  if (!url.userName().isEmpty()) values["user"] = url.userName().toStdString();
  if (!url.password().isEmpty()) values["password"] = url.password().toStdString();
  url.setUserInfo(QString());
}

/// A URL is no way around what saved profiles ask for whose servers or service it names.
void heedProfiles(LoadPlace& target, bool isByUrl, const load::Scenario& scenario) {
  ProfileStore store;
  if (!store.load()) return;  // no profile can be used then: by its name there is no way in either
  const bool byServer = isByUrl && heedSaved(target.profile, store), byService = heedSavedService(target.profile, store, runs::RunGuard::placesOf(target.url, scenario));
  constexpr Voice voice("load");
  if (byServer || byService) voice.say(heededText(target.profile));
  if (const QString limits = heededLimitsText(target.profile); !limits.isEmpty()) voice.say(limits);
}

/// A production profile is unlocked at a guard of its own. A session with its Redis has one.
Result<void> openGuard(LoadPlace& target) {
  if (target.profile.environment != Environment::Production) return {};
  if (target.keys && target.keys->guard().environment() == Environment::Production && target.keys->guard().profile() == target.profile.name) return {};
  Result<Secret> key = stateKey(configDirectory());
  if (!key) return key.error();
  target.journal = std::make_unique<Journal>(Journal::defaultFile(), std::move(*key));
  target.guard = std::make_unique<keys::Guard>(target.profile.name, target.profile.environment, *target.journal);
  return {};
}

}  // namespace

Result<LoadPlace> loadPlace(const LoadArguments& arguments, const load::Scenario& scenario, Secrets& secrets) {
  LoadPlace target;
  SourceOptions sources = arguments.sources;
  target.url = QString::fromStdString(arguments.url);
  if (arguments.sandbox.isGiven()) {
    const Result<SandboxInfo> sandbox = arguments.sandbox.running();
    if (!sandbox) return sandbox.error();
    sources.use(sandbox->urls);
    target.sandboxRedis = sandbox->pids.value(QStringLiteral("redis"));
    QUrl service(sandbox->services.value(QStringLiteral("sample")));
    takeLogin(service, target.values);
    if (target.url.isEmpty() && scenario.target == load::Target::Http) target.url = service.toString(QUrl::StripTrailingSlash);
  }
  const Error nowhere = usage(QStringLiteral("Say where the requests go: --url http://host:port, a --profile that has the URL of its service, or --sandbox."));
  const bool http = scenario.target == load::Target::Http;
  if (http && target.url.isEmpty() && !sources.isGiven()) return nowhere;
  if (scenario.target == load::Target::CacheAside && !sources.isGiven()) return usage(QStringLiteral("This scenario reads through a Redis and a PostgreSQL: name them with --profile, --redis and --postgres, or --sandbox."));
  // Before a host is asked to be typed, since only a URL that can be used has one.
  const auto fits = [&]() -> Result<void> {
    const auto url = load::parseUrl(target.url.toStdString());
    return !http || url ? Result<void>() : Result<void>(usage(QString::fromStdString(url.error())));
  };
  if (!target.url.isEmpty())
    if (const Result<void> good = fits(); !good) return good.error();
  if (!sources.isGiven()) {
    target.profile.environment = Environment::Development;
    heedProfiles(target, false, scenario);
    const Result<void> guarded = openGuard(target);
    return guarded ? Result<LoadPlace>(std::move(target)) : Result<LoadPlace>(guarded.error());
  }

  Result<Profile> profile = sources.profile(secrets);
  if (!profile) return profile.error();
  if (http && target.url.isEmpty()) target.url = runs::loadSubject(*profile).serviceUrl;
  if (http && target.url.isEmpty()) return nowhere;
  if (const Result<void> good = fits(); !good) return good.error();
  Profile watched = *profile;
  for (auto source = profile->sources.begin(); source != profile->sources.end(); ++source)
    source->enabled = source->enabled && (source.key() == QLatin1String("redis") || source.key() == QLatin1String("postgres") || (arguments.push && source.key() == QLatin1String("pushgateway")));
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, *profile);
  if (!resolved) return resolved.error();
  target.profile = std::move(*profile);
  target.sources = resolved->sources;
  // What is only watched is no reason to ask for a password.
  for (auto source = watched.sources.begin(); source != watched.sources.end(); ++source) source->enabled = source->enabled && source.key() == QLatin1String("prometheus");
  target.sources.insert(secrets.resolveNow(watched).sources);
  if (target.sources.contains(QStringLiteral("redis"))) {
    Result<std::unique_ptr<KeysSession>> keys = KeysSession::open(sources, secrets);
    if (!keys) return keys.error();
    target.keys = std::move(*keys);
    // What drops keys and who may run ask the target, so it says what the session does: its URL may be a saved profile's.
    const Profile& owner = target.keys->profile();
    target.profile.name = owner.name;
    target.profile.environment = owner.environment;
    target.profile.fields = owner.fields;
    target.profile.limitsOf = owner.limitsOf;
  }
  heedProfiles(target, sources.isByUrl(), scenario);
  if (const Result<void> guarded = openGuard(target); !guarded) return guarded.error();
  return target;
}

Result<load::LoadPermit> mayLoad(const LoadArguments& arguments, LoadPlace& target, const load::RunPlan& plan) {
  const runs::LoadSubject subject = runs::loadSubject(target.profile);
  keys::Guard* const guard = target.guard ? target.guard.get() : target.keys ? &target.keys->guard() : nullptr;  // of production there is always one
  if (subject.environment == Environment::Production) {
    if (const Result<void> unlocked = guard->unlock(QString::fromStdString(arguments.unlock), SystemClock()); !unlocked)
      return fail(Error::Kind::Permission, QStringLiteral("“%1” is a production profile. A load run on it needs --unlock REASON.").arg(target.profile.name), unlocked.error().message);
  }
  const QString url = plan.scenario.target == load::Target::Http ? target.url : QString(), typed = QString::fromStdString(arguments.confirm);
  if (const QString phrase = runs::RunGuard::phraseFor(subject, url, plan.scenario); typed.simplified() != phrase && !phrase.isEmpty())
    return fail(Error::Kind::Permission, QStringLiteral("%1 is %2. Type its name to put load on it: --confirm %3.")
                                             .arg(phrase, subject.environment == Environment::Production ? QStringLiteral("in production") : QStringLiteral("not this machine"), shellWord(phrase)));
  return runs::RunGuard(subject, guard).permit(plan, typed, SystemClock());
}

}  // namespace cachedeck
