// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_guard.h"

#include "core/base/host.h"
#include "core/load/schedule.h"
#include "core/profiles/profile_fields.h"

#include <QUrl>

#include <tuple>

namespace cachedeck::runs {

namespace {

QString hostOf(const QString& url) { return QUrl(url.trimmed()).host(); }

/// "http://host:port" of a step with a URL of its own; empty: the step goes to the run's URL.
std::string ownPlace(const load::Step& step) {
  const std::string& path = step.path;
  const std::size_t scheme = path.find("://");
  if (!path.starts_with("http") || scheme == std::string::npos) return {};
  return path.substr(0, path.find_first_of("/?#", scheme + 3));
}

/// One with a variable in its host is known by that text.
QString ownHost(const load::Step& step) {
  const std::string own = ownPlace(step);
  if (own.empty()) return {};
  const std::string place = own.substr(own.find("://") + 3);
  return place.find('$') == std::string::npos ? hostOf(QStringLiteral("http://") + QString::fromStdString(place)) : QString::fromStdString(place).simplified().remove(QLatin1Char(' '));
}

bool isSameHost(const QString& one, const QString& other) { return plainHost(one) == plainHost(other); }

QString ownerOf(const std::string& owner, const LoadSubject& subject) { return owner.empty() ? subject.profile : QString::fromStdString(owner); }

void tighten(load::LoadLimits& limits, const load::LoadLimits& other) {
  if (isTighter(other.users, limits.users)) std::tie(limits.users, limits.usersOf) = std::tie(other.users, other.usersOf);
  if (isTighter(other.perSecond, limits.perSecond)) std::tie(limits.perSecond, limits.perSecondOf) = std::tie(other.perSecond, other.perSecondOf);
}

Error beyond(const QString& profile, double asked, double limit, const QString& unit) {
  return fail(Error::Kind::Permission, QStringLiteral("“%1” may have at most %2 %4, and the scenario asks for %3. Take a smaller one, or raise the profile's limit under Connections.")
                                           .arg(profile, QString::number(limit, 'g', 9), QString::number(asked, 'g', 9), unit));
}

}  // namespace

LoadSubject loadSubject(const Profile& profile) {
  return {profile.name, profile.environment, profile.fields.value(QLatin1String(serviceUrlField)).trimmed(),
          {limitOf(profile.fields, maxUsersField), static_cast<double>(limitOf(profile.fields, maxRateField)), profile.limitsOf.value(QLatin1String(maxUsersField)).toStdString(),
           profile.limitsOf.value(QLatin1String(maxRateField)).toStdString()}};
}

LoadSubject withoutProfile() { return {{}, Environment::Development, {}, {}}; }

QString RunGuard::phraseFor(const LoadSubject& subject, const QString& url, const load::Scenario& scenario) {
  const bool production = subject.environment == Environment::Production;
  if (scenario.target != load::Target::Http) return production ? subject.profile : QString();
  const QString service = hostOf(subject.serviceUrl);
  QStringList hosts;
  if (const QString host = hostOf(url); !host.isEmpty() && (production || (!isThisMachine(host) && !isSameHost(host, service)))) hosts << host;
  for (const std::vector<load::Step>* const steps : {&scenario.setup, &scenario.steps})
    for (const load::Step& step : *steps)
      if (const QString host = ownHost(step); !host.isEmpty() && !isThisMachine(host) && !isSameHost(host, service) && !isSameHost(host, hostOf(url)) && !hosts.contains(host)) hosts << host;
  return hosts.join(QLatin1Char(' '));
}

QStringList RunGuard::placesOf(const QString& url, const load::Scenario& scenario) {
  QStringList places;
  if (scenario.target != load::Target::Http) return places;
  if (!url.isEmpty()) places << url;
  for (const std::vector<load::Step>* const steps : {&scenario.setup, &scenario.steps})
    for (const load::Step& step : *steps)
      if (const QString place = QString::fromStdString(ownPlace(step)); !place.isEmpty() && !places.contains(place)) places << place;
  return places;
}

Result<void> RunGuard::unlocked(const Clock& clock) const {
  if (m_subject.environment != Environment::Production) return {};
  if (!m_changes) return fail(Error::Kind::Permission, QStringLiteral("A run against the production profile “%1” needs the journal, which is not open.").arg(m_subject.profile));
  const Result<WritePermit> permit = m_changes->permit(QStringLiteral("put it under load"), clock);
  if (!permit) return permit.error();
  if (permit->profile() != m_subject.profile) return fail(Error::Kind::Permission, QStringLiteral("“%1” was unlocked, not “%2”.").arg(permit->profile(), m_subject.profile));
  return {};
}

Result<void> RunGuard::withinLimits(const LoadSubject& subject, const load::Executor& executor) {
  const load::LoadLimits& limits = subject.limits;
  const QString usersOf = ownerOf(limits.usersOf, subject), perSecondOf = ownerOf(limits.perSecondOf, subject);
  if (limits.users < 0 || limits.perSecond < 0) return fail(Error::Kind::Usage, QStringLiteral("A limit of “%1” for load runs is not a number. Mend it under Connections.").arg(limits.users < 0 ? usersOf : perSecondOf));
  const bool open = load::isOpenModel(executor.kind);
  const double peak = load::peakOf(executor), users = open ? executor.preAllocatedVus : peak;
  if (limits.users > 0 && users > limits.users) return beyond(usersOf, users, limits.users, limits.users == 1 ? QStringLiteral("user") : QStringLiteral("users"));
  if (open && limits.perSecond > 0 && peak > limits.perSecond) return beyond(perSecondOf, peak, limits.perSecond, QStringLiteral("iterations a second"));
  return {};
}

Result<load::LoadPermit> RunGuard::permit(const load::RunPlan& plan, const QString& typed, const Clock& clock) const {
  if (const Result<void> may = unlocked(clock); !may) return may.error();
  const QString url = plan.scenario.target == load::Target::Http ? QString::fromStdString(plan.baseUrl) : QString();
  LoadSubject subject = m_subject;
  for (const QString& place : m_foreign ? placesOf(url, plan.scenario) : QStringList()) {
    const Others others = m_foreign(place);
    if (!others.refusal.isEmpty()) return fail(Error::Kind::Permission, others.refusal);
    tighten(subject.limits, others.limits);
  }
  if (const QString phrase = phraseFor(m_subject, url, plan.scenario); typed.simplified() != phrase && !phrase.isEmpty())
    return fail(Error::Kind::Permission, QStringLiteral("To say that load on %1 is meant, type “%2”.").arg(url.isEmpty() ? QStringLiteral("the servers of “%1”").arg(m_subject.profile) : url, phrase));
  if (const Result<void> may = withinLimits(subject, plan.scenario.executor); !may) return may.error();
  return load::LoadPermit(load::targetOf(plan), subject.limits);
}

}  // namespace cachedeck::runs
