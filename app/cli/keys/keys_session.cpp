// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_session.h"

#include "core/base/redactor.h"
#include "core/profiles/privatefile.h"
#include "core/profiles/prompt.h"
#include "core/profiles/saved_server.h"

#include <cstdio>

namespace cachedeck {

using namespace keys;

void KeysSession::heedSavedProfile() {
  ProfileStore store;
  if (!store.load()) return;  // no profile can be used then: by its name there is no way in either
  if (heedSaved(m_profile, store)) keysVoice.say(heededText(m_profile));
}

Result<std::unique_ptr<KeysSession>> KeysSession::open(const SourceOptions& sources, Secrets& secrets, bool writes) {
  std::unique_ptr<KeysSession> session(new KeysSession(secrets));
  Result<Profile> profile = sources.profile(secrets);
  if (!profile) return profile.error();
  session->m_profile = std::move(*profile);
  for (auto source = session->m_profile.sources.begin(); source != session->m_profile.sources.end(); ++source)
    source->enabled = source->enabled && source.key() == QLatin1String("redis");  // no password is asked for what is not used
  const Result<ResolvedSettings> resolved = resolveOrAsk(secrets, session->m_profile);
  if (!resolved) return resolved.error();
  if (!resolved->sources.contains(QStringLiteral("redis"))) return fail(Error::Kind::Usage, QStringLiteral("No Redis is named. Use --redis URL, or a --profile that has one."));
  Result<RedisOptions> redis = redisOptions(resolved->sources.value(QStringLiteral("redis")));
  if (!redis) return redis.error();
  session->m_redis = std::move(*redis);
  if (sources.isByUrl()) session->heedSavedProfile();
  session->m_separator = resolved->sources.value(QStringLiteral("redis")).field(QStringLiteral("separator"), QStringLiteral(":")).toUtf8();
  if (const Result<void> state = session->openState(writes); !state) return state.error();
  return session;
}

Result<std::unique_ptr<KeysSession>> KeysSession::local(Secrets& secrets) {
  std::unique_ptr<KeysSession> session(new KeysSession(secrets));
  session->m_profile.environment = Environment::Development;  // an operation's own is what is asked for
  if (const Result<void> state = session->openState(false); !state) return state.error();
  return session;
}

Result<void> KeysSession::openState(bool writes) {
  m_state = stateDirectory();
  Result<Secret> key = writes ? stateKey(configDirectory()) : existingStateKey(configDirectory());
  if (!key && (writes || key.error().kind != Error::Kind::NotFound)) return key.error();
  if (key) m_key = *key;
  else if (!listOperations(m_state + QStringLiteral("/undo")).isEmpty())
    keysVoice.say(QStringLiteral("There is no state.key in %1: without the key that they were sealed with, operations cannot be read. Bring it back from a backup.").arg(configDirectory()));
  m_journal = std::make_unique<Journal>(Journal::defaultFile(), m_key);
  m_guard = std::make_unique<keys::Guard>(m_profile.name, m_profile.environment, *m_journal);
  return {};
}

PlanOptions KeysSession::planOptions(const KeysArguments& arguments, bool detailed) const {
  PlanOptions options;
  options.folder = m_state + QStringLiteral("/plans");
  options.detailed = detailed;
  options.separator = separator(arguments);
  options.budgetMs = arguments.budgetMs.value_or(0);
  options.keysPerSecond = arguments.rate.value_or(0);
  return options;
}

OperationFilter KeysSession::ownOperations() const { return {m_profile.name, m_redis.endpoint(), m_redis.database}; }

Result<RedisOptions> KeysSession::analysed(const KeysArguments& arguments) const {
  if (arguments.replica.empty()) return m_redis;
  SourceSettings checked;  // as if it stood in the profile
  checked.fields = {{QStringLiteral("replica"), QString::fromStdString(arguments.replica)}};
  const Result<RedisOptions> typed = redisOptions(checked);
  if (!typed) return typed.error();
  RedisOptions options = m_redis;
  options.replica = typed->replica;
  return options;
}

int complainKeys(const Error& error) {
  // An operation, a key or a file that is no more: no wrong use.
  const int exitCode = keysVoice.complain(error, error.kind == Error::Kind::NotFound ? 1 : exitCodeOf(error));
  if (!error.detail.isEmpty()) std::fprintf(stderr, "  %s\n", qPrintable(redact(error.detail)));
  return exitCode;
}

}  // namespace cachedeck
