// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

#include <algorithm>

namespace cachedeck::doctor {

namespace {

// Shorter waits are how ordinary transactions take turns; longer ones are those that users feel and that pools fill up with.
constexpr double longWait = 10;

double roomOf(const PostgresEvidence& postgres) { return postgres.caps.maxConnections - postgres.reserved; }

QString whoIs(const PostgresEvidence::Session& session) {
  const QString who = QStringLiteral("pid %1 of role %2").arg(clean(session.pid, 20), clean(session.role, 60));
  return session.application.isEmpty() ? who : QStringLiteral("%1 (%2)").arg(who, clean(session.application, 60));
}

QString secondsOf(double seconds) { return QStringLiteral("%1 s").arg(seconds, 0, 'f', 0); }

/// A session that keeps others waiting and waits for none itself: ending one that waits too would help nobody. "0" is a prepared transaction.
QString blockerOf(const QList<PostgresEvidence::Session>& sessions, const QList<PostgresEvidence::Session>& blocked) {
  QSet<QString> waiting;
  for (const PostgresEvidence::Session& session : sessions)
    if (!session.blockers.isEmpty()) waiting += session.pid;
  for (const PostgresEvidence::Session& session : blocked)
    for (const QString& pid : session.blockers.split(QLatin1Char(',')))
      if (!waiting.contains(pid)) return pid;
  return blocked.first().blockers.section(QLatin1Char(','), 0, 0);
}

double longest(const QList<PostgresEvidence::Session>& sessions) {
  double most = 0;
  for (const PostgresEvidence::Session& session : sessions) most = std::max(most, session.seconds);
  return most;
}

}  // namespace

Findings databaseFull(const Evidence& evidence) {
  const PostgresEvidence& postgres = evidence.postgres;
  const double room = roomOf(postgres);
  if (!postgres.server.reached() || !(room > 0) || !(postgres.backends >= 0.8 * room)) return {};
  return {{{}, postgres.backends >= 0.95 * room ? Severity::Critical : Severity::Warning, QStringLiteral("PostgreSQL has nearly as many sessions as it takes."),
           QStringLiteral("%1 sessions; max_connections %2, of which %3 are reserved").arg(number(postgres.backends), number(postgres.caps.maxConnections), number(postgres.reserved)),
           QStringLiteral("Lower the services' pools, put PgBouncer in front, end idle sessions (idle_session_timeout), or raise max_connections and restart.")}};
}

Findings databasePool(const Evidence& evidence) {
  const PostgresEvidence& postgres = evidence.postgres;
  const double room = roomOf(postgres);
  if (!postgres.server.reached() || !(room > 0)) return {};
  struct Pool {
    QString job;
    double instances, all;
  };
  QList<Pool> pools;
  double all = 0, instances = 0, most = 0;
  for (const PromSeries& series : evidence.prometheus.answers.value(QStringLiteral("pool_max"))) {
    Pool pool{series.labels.value(QStringLiteral("job")), 1, series.points.empty() ? 0 : series.points.back().second};
    for (const PromSeries& one : evidence.prometheus.answers.value(QStringLiteral("pool_instances")))
      if (one.labels.value(QStringLiteral("job")) == pool.job && !one.points.empty()) pool.instances = std::max(1.0, one.points.back().second);
    if (!(pool.all > 0)) continue;
    pools += pool;
    all += pool.all;
    instances += pool.instances;
    most = std::max(most, pool.all);
  }
  if (!(all > room)) return {};
  std::stable_sort(pools.begin(), pools.end(), [](const Pool& a, const Pool& b) { return a.all > b.all; });
  QStringList names, seen;
  for (const Pool& pool : pools) {
    names += QStringLiteral("“%1”").arg(clean(pool.job, 80));
    seen += QStringLiteral("%1: %2, %3 connections").arg(clean(pool.job, 80), counted(static_cast<qsizetype>(pool.instances), "1 instance", "%1 instances"), number(pool.all));
  }
  // Nothing tells which database a pool is of: what one job alone may open is sure, what several may is so if they use this one.
  const bool several = pools.size() > 1;
  const QString whose = several && most <= room ? QStringLiteral(", if all of them use this database") : QString();
  return {{{}, Severity::Warning, QStringLiteral("The pools of %1 may open more connections than PostgreSQL takes%2: under load it answers “too many clients already”.").arg(listed(names, 3), whose),
           QStringLiteral("%1%2; max_connections %3 − %4 reserved = %5").arg(listed(seen), several ? QStringLiteral(": %1 together").arg(number(all)) : QString(), number(postgres.caps.maxConnections), number(postgres.reserved), number(room)),
           QStringLiteral("Set the pools' maximum to at most %1 an instance, put PgBouncer in front, or raise max_connections and restart.").arg(number(std::floor(room / instances)))}};
}

Findings databaseBlocked(const Evidence& evidence) {
  QList<PostgresEvidence::Session> blocked;
  for (const PostgresEvidence::Session& session : evidence.postgres.sessions)
    if (!session.blockers.isEmpty() && session.seconds >= longWait) blocked += session;
  if (blocked.isEmpty()) return {};
  QStringList seen;
  for (const PostgresEvidence::Session& session : blocked) seen += QStringLiteral("%1 waits %2 for pid %3").arg(whoIs(session), secondsOf(session.seconds), clean(session.blockers, 60));
  const QString blocker = clean(blockerOf(evidence.postgres.sessions, blocked), 20);
  const QString remedy = blocker == QLatin1String("0")
                             ? QStringLiteral("A prepared transaction holds the lock: SELECT gid, owner, database, prepared FROM pg_prepared_xacts; End it in its database, as its owner or superuser: COMMIT PREPARED 'gid'; or ROLLBACK PREPARED 'gid';")
                             : QStringLiteral("Let the blocking session end its transaction, or end it, as superuser or a role with pg_signal_backend: SELECT pg_terminate_backend(%1); A lock_timeout keeps others from waiting for ever.").arg(blocker);
  return {{{}, Severity::Warning, counted(blocked.size(), "A session of PostgreSQL is blocked by another.", "%1 sessions of PostgreSQL are blocked by others."), listed(seen, 3), remedy}};
}

Findings databaseIdleInTransaction(const Evidence& evidence) {
  QList<PostgresEvidence::Session> idle;
  for (const PostgresEvidence::Session& session : evidence.postgres.sessions)
    if (session.idleInTransaction && session.seconds >= 5) idle += session;
  if (idle.isEmpty()) return {};
  QStringList seen;
  for (const PostgresEvidence::Session& session : idle) seen += QStringLiteral("%1 for %2").arg(whoIs(session), secondsOf(session.seconds));
  return {{{}, longest(idle) >= 30 ? Severity::Warning : Severity::Info, counted(idle.size(), "A session of PostgreSQL is idle in a transaction: it keeps locks, and VACUUM from cleaning.", "%1 sessions of PostgreSQL are idle in a transaction: they keep locks, and VACUUM from cleaning."),
           QStringLiteral("%1; idle_in_transaction_session_timeout %2 ms").arg(listed(seen, 3), clean(evidence.postgres.idleTimeout, 20)),
           QStringLiteral("Have the service commit or roll back before it waits for something else. As a net, as superuser: ALTER SYSTEM SET idle_in_transaction_session_timeout = '60s'; SELECT pg_reload_conf();")}};
}

}  // namespace cachedeck::doctor
