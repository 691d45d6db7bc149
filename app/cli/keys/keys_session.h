// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_arguments.h"
#include "core/keys/guard.h"
#include "core/sources/redis/redis_options.h"

#include <QCoreApplication>

#include <functional>
#include <memory>

namespace cachedeck {

/// What a command works with: the profile's Redis, the journal, where plans and images lie.
class KeysSession {
 public:
  static Result<std::unique_ptr<KeysSession>> open(const SourceOptions& sources, Secrets& secrets);

  const RedisOptions& redis() const { return m_redis; }
  keys::Guard& guard() { return *m_guard; }
  const Clock& clock() const { return m_clock; }
  keys::RunPlace place() { return {m_state + QStringLiteral("/undo"), m_key, *m_journal, m_profile.name, environmentKey(m_profile.environment), m_clock}; }
  QString plansFolder() const { return m_state + QStringLiteral("/plans"); }

 private:
  KeysSession() = default;
  SystemClock m_clock;
  Profile m_profile;
  RedisOptions m_redis;
  QString m_state;
  Secret m_key;
  std::unique_ptr<Journal> m_journal;
  std::unique_ptr<keys::Guard> m_guard;
};

/// Runs a blocking job beside the event loop, so that Ctrl-C stops it in good order; `tick` is called four times a second meanwhile. The job's exit code.
int runBeside(const std::function<int(const std::stop_token&)>& job, const std::function<void()>& tick = {});

/// Prints the message to standard error; 2 for wrong usage, 3 when there is no connection, else 1.
int complainKeys(const Error& error);
void printJson(const QJsonObject& object);
/// A progress line on a terminal's standard error, rewritten in place; an empty one clears it.
void progressLine(const QString& text);

}  // namespace cachedeck
