// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/keys/keys_session.h"
#include "app/cli/load/load_arguments.h"
#include "core/profiles/secrets.h"
#include "core/runs/run_guard.h"

#include <QMap>

namespace cachedeck {

/// What a run is about, once all arguments are looked at.
struct LoadPlace {
  Profile profile;                            ///< without sources where only a URL was given
  QMap<QString, SourceSettings> sources;      ///< of its servers, with passwords
  std::unique_ptr<KeysSession> keys;          ///< null: no Redis
  std::unique_ptr<Journal> journal;           ///< with `guard`
  std::unique_ptr<keys::Guard> guard;         ///< of a production profile, where the session `keys` is not on its Redis
  qint64 sandboxRedis = 0;                    ///< pid
  QString url;                                ///< without user and password
  std::map<std::string, std::string> values;  ///< of ${…} that the sandbox knows: user and password of its service
};

/// Finds the servers: a profile, URLs, or the running sandbox.
Result<LoadPlace> loadPlace(const LoadArguments& arguments, const load::Scenario& scenario, Secrets& secrets);
/// Unlocks a production profile with the reason that was given, and asks the guard of load runs for this plan. The error says what is missing, and the option for it.
Result<load::LoadPermit> mayLoad(const LoadArguments& arguments, LoadPlace& target, const load::RunPlan& plan);

}  // namespace cachedeck
