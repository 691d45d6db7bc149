// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_arguments.h"
#include "app/cli/run_beside.h"
#include "app/cli/voice.h"
#include "core/keys/guard.h"
#include "core/keys/undo.h"
#include "core/sources/redis/redis_options.h"

#include <QCoreApplication>

#include <memory>

namespace cachedeck {

inline constexpr Voice keysVoice("keys");

/// What a command works with: the profile's Redis, the journal, where plans and images lie.
class KeysSession {
 public:
  /// `writes`: the command may change something, so that the state key is made where there is none yet. For others a missing one stays missing, as an operation's log and the journal need the old one.
  static Result<std::unique_ptr<KeysSession>> open(const SourceOptions& sources, Secrets& secrets, bool writes = true);
  /// Without servers: for what lies on this machine.
  static Result<std::unique_ptr<KeysSession>> local(Secrets& secrets);

  const RedisOptions& redis() const { return m_redis; }
  /// What was named; of a URL of a saved profile's server with the name, environment and limits of that one.
  const Profile& profile() const { return m_profile; }
  keys::Guard& guard() { return *m_guard; }
  /// From here on consent is given for this operation: its own profile and environment count where they want more.
  void takeUp(const keys::OperationOwner& owner) { m_guard = std::make_unique<keys::Guard>(m_guard->forOperation(owner)); }
  const Clock& clock() const { return m_clock; }
  keys::RunPlace place() const { return {m_state + QStringLiteral("/undo"), m_key, *m_journal, m_profile.name, environmentKey(m_profile.environment), m_clock}; }
  /// What parts the segments of a name: what was typed, else what the profile says.
  QByteArray separator(const KeysArguments& arguments) const { return arguments.separator.empty() ? m_separator : QByteArray::fromStdString(arguments.separator); }
  keys::PlanOptions planOptions(const KeysArguments& arguments, bool detailed) const;
  /// What is asked for an analysis: the replica that was typed, else the profile's.
  Result<RedisOptions> analysed(const KeysArguments& arguments) const;
  /// The operations that `--last` may mean: of this profile, on this server and database.
  keys::OperationFilter ownOperations() const;
  /// On the main thread.
  Secrets& secrets() const { return m_secrets; }

 private:
  explicit KeysSession(Secrets& secrets) : m_secrets(secrets) {}
  void heedSavedProfile();
  Result<void> openState(bool writes);
  Secrets& m_secrets;
  SystemClock m_clock;
  Profile m_profile;
  RedisOptions m_redis;
  QByteArray m_separator;
  QString m_state;
  Secret m_key;
  std::unique_ptr<Journal> m_journal;
  std::unique_ptr<keys::Guard> m_guard;
};

/// Prints the message to standard error; the exit code.
int complainKeys(const Error& error);

}  // namespace cachedeck
