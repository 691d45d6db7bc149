// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/checks.h"
#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

using Kind = Error::Kind;

/// What keeps clients away, by the kind of the error and, where kinds are not enough, the server's first words.
struct Cause {
  Kind kind;
  const char* words;
  const char* finding;  ///< %1 is the address
  const char* remedy;   ///< HOST, ADDRESS and ACCOUNT stand for those of this connection
};

constexpr Cause causes[] = {
    {Kind::Refused, "Unix socket", "There is no Redis at the socket %1.", "Start Redis (systemctl start redis-server), or correct the path: it is “unixsocket” in redis.conf."},
    {Kind::Unreachable, "host name", "The host name of the cache (%1) is not known: DNS.",
     "Check the spelling, and that this computer and the service's resolve it (getent hosts HOST); with containers, that both are on one network."},
    {Kind::Refused, "", "Nothing listens at %1: Redis is not running, or listens elsewhere.",
     "Start it (systemctl start redis-server; its log says why it ended). If it runs, compare “port” and “bind” in redis.conf with this address: ss -ltnp | grep redis"},
    {Kind::Tls, "", "The TLS handshake with %1 fails.",
     "Compare rediss:// with tls-port in redis.conf, give the authority's file (ca), and check the certificate's name and dates: openssl s_client -connect ADDRESS"},
    {Kind::Auth, "NOAUTH", "Redis at %1 asks for a password, and none is given.", "Give the user and password of an account of this server, also to the service; who may use it sees the accounts by ACL LIST."},
    {Kind::Auth, "", "Redis at %1 refuses the user or password.",
     "Set the password of the account anew, or switch it on, in redis-cli: ACL SETUSER ACCOUNT on >PASSWORD. Then ACL SAVE (or CONFIG REWRITE), and give it to the service too."},
    {Kind::Permission, "DENIED", "Redis at %1 is in protected mode and takes no connections from other computers.",
     "Set a password for it (requirepass or an ACL file) and bind to the network's address in redis.conf, then restart it."},
    {Kind::Permission, "", "The account may not use Redis at %1 (ACL).", "Grant what it lacks, in redis-cli: ACL SETUSER ACCOUNT +info +ping +select, then ACL SAVE (or CONFIG REWRITE)."},
    {Kind::Busy, "max number of clients", "Redis at %1 has no room for another client: maxclients is reached.",
     "Find who holds the connections (CLIENT LIST), lower the services' pools, or raise the limit: CONFIG SET maxclients N (and LimitNOFILE of the unit)."},
    {Kind::Busy, "LOADING", "Redis at %1 is loading its data and serves nobody yet.", "Wait; INFO persistence tells loading_eta_seconds. A smaller data set or no snapshot (save \"\") makes the next start shorter."},
    {Kind::Busy, "MASTERDOWN", "Redis at %1 is a replica that lost its master and refuses to serve.", "Bring the master back, promote the replica (REPLICAOF NO ONE), or allow old data: replica-serve-stale-data yes."},
    {Kind::Busy, "", "Redis at %1 is there but serves nobody at the moment.", "Look at its log; a script that does not end is stopped by SCRIPT KILL."},
    {Kind::Timeout, "", "Redis at %1 does not answer in time.",
     "Check the way there (firewall, ping), and whether it hangs: slow commands (SLOWLOG GET), swapping, a process at 100 % (top)."},
    {Kind::Protocol, "TLS", "Redis at %1 speaks TLS, and this connection does not.", "Use rediss:// here and in the service."},
    {Kind::Protocol, "", "What answers at %1 is not Redis.", "Correct the port: ss -ltnp shows who listens on which."},
    {Kind::Unreachable, "", "Redis at %1 cannot be reached, or ends connections.", "Check network and firewall, whether it expects TLS (rediss://), and its log for why it ends them."},
};

const Cause* causeOf(const Error& error) {
  const QString text = error.message + QLatin1Char(' ') + error.detail;
  for (const Cause& cause : causes)
    if (cause.kind == error.kind && text.contains(QLatin1String(cause.words), Qt::CaseInsensitive)) return &cause;
  return nullptr;
}

QString remedyOf(const Cause& cause, const RedisEvidence& redis) {
  QString text = QString::fromUtf8(cause.remedy);
  return text.replace(QLatin1String("HOST"), clean(redis.host, 120)).replace(QLatin1String("ADDRESS"), clean(redis.server.endpoint, 120)).replace(QLatin1String("ACCOUNT"), clean(redis.account, 64));
}

double errorCount(const RedisInfo& info, const char* field) {
  const QByteArray text = info.text(field);
  return text.startsWith("count=") ? text.mid(6).toDouble() : 0;
}

}  // namespace

Findings cacheConnection(const Evidence& evidence) {
  const Server& server = evidence.redis.server;
  if (!server.wanted || !server.error || server.error->isCancelled()) return {};
  const Cause* cause = causeOf(*server.error);
  if (!cause) return {{{}, Severity::Critical, QStringLiteral("The connection to the cache fails."), said(*server.error), QStringLiteral("Do what the message says; the log of Redis may say more.")}};
  return {{{}, Severity::Critical, QString::fromUtf8(cause->finding).arg(server.endpoint), said(*server.error), remedyOf(*cause, evidence.redis)}};
}

Findings cacheRights(const Evidence& evidence) {
  const RedisEvidence& redis = evidence.redis;
  if (!redis.server.reached() || !redis.infoRefused) return {};
  return {{{}, Severity::Warning, QStringLiteral("This account may not ask Redis for INFO, so that most checks of the cache see nothing."), said(*redis.infoRefused),
           QStringLiteral("In redis-cli: ACL SETUSER %1 +info, then ACL SAVE (or CONFIG REWRITE)").arg(clean(redis.account, 64))}};
}

Findings cacheDenials(const Evidence& evidence) {
  const RedisEvidence& redis = evidence.redis;
  struct Row {
    const char* word;
    const char* finding;
    const char* remedy;
  };
  static constexpr Row rows[] = {
      {"WRONGPASS", "Clients come to Redis with a wrong user or password.", "Find them in ACL LOG (client-info, username) and correct their configuration; an old instance of the service may still run."},
      {"NOAUTH", "Clients ask Redis without having logged in.", "Give them the user and password: redis://USER:PASSWORD@HOST:PORT. CLIENT LIST shows who is connected."},
      {"NOPERM", "Clients ask for commands or keys that their account may not use (ACL).", "ACL LOG tells account, command and key; grant it, in redis-cli: ACL SETUSER NAME +COMMAND ~PATTERN, then ACL SAVE (or CONFIG REWRITE)."},
  };
  Findings found;
  for (const Row& row : rows) {
    const QByteArray field = QByteArray("errorstat_") + row.word;
    const double before = errorCount(redis.first, field.constData()), now = errorCount(redis.last, field.constData()), own = redis.ownRefusals.value(row.word);
    const double others = now - before - own;
    // Where this account is refused something itself, the older ones may all be those of earlier examinations.
    if (now <= 0 || (own > 0 && others <= 0)) continue;
    const bool goesOn = others > 0;
    found += Finding{{}, goesOn ? Severity::Warning : Severity::Info, QString::fromUtf8(row.finding),
                     QStringLiteral("since the server started: %1%2").arg(number(now), goesOn ? QStringLiteral(", %1 of them while it was looked at").arg(number(others)) : QString()), QString::fromUtf8(row.remedy)};
  }
  return found;
}

Findings cacheRejected(const Evidence& evidence) {
  const RedisEvidence& redis = evidence.redis;
  const double all = redis.last.number("rejected_connections").value_or(0), before = redis.first.number("rejected_connections").value_or(0);
  if (all <= 0) return {};
  const bool goesOn = all > before || !evidence.prometheus.answers.value(QStringLiteral("rejected")).empty();
  const bool recent = redis.last.number("uptime_in_seconds").value_or(1e9) < 86400;
  return {{{}, goesOn ? Severity::Critical : recent ? Severity::Warning : Severity::Info,
           goesOn ? QStringLiteral("Redis turns clients away: maxclients is reached.") : QStringLiteral("Redis has turned clients away since it started."),
           QStringLiteral("rejected_connections %1, connected_clients %2, maxclients %3").arg(number(all), clean(redis.last.text("connected_clients")), clean(redis.last.text("maxclients"))),
           QStringLiteral("Find who holds connections (CLIENT LIST), lower the services' pools, end idle ones (CONFIG SET timeout 300), or raise the limit: CONFIG SET maxclients N.")}};
}

Findings cacheClients(const Evidence& evidence) {
  const std::optional<double> clients = evidence.redis.last.number("connected_clients"), most = evidence.redis.last.number("maxclients");
  if (!clients || !most || *most <= 0 || *clients < 0.8 * *most) return {};
  return {{{}, *clients >= 0.95 * *most ? Severity::Critical : Severity::Warning, QStringLiteral("Redis has nearly as many clients as it takes."),
           QStringLiteral("%1 of %2 clients").arg(number(*clients), number(*most)),
           QStringLiteral("Lower the services' pools or end idle connections (CONFIG SET timeout 300), or raise the limit: CONFIG SET maxclients N (and LimitNOFILE of the unit).")}};
}

}  // namespace cachedeck::doctor
