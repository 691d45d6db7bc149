// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/plan.h"
#include "core/keys/transform.h"

namespace cachedeck::keys {

/// Commands that an account may not use on a plan's keys, as administrators write them ("UNLINK"), with the key where it is only that one that is refused.
struct MissingRights {
  QStringList toAct;   ///< without them the action cannot be carried out
  QStringList toUndo;  ///< without them it can, and not be undone
};
/// Asked of the servers once by MULTI … DISCARD on keys of the plan's samples; nothing is carried out. `undo`: images are to be kept.
Result<MissingRights> askMissingRights(const RedisOptions& entry, const Plan& plan, const Action& action, bool undo, const std::stop_token& stop);

}  // namespace cachedeck::keys
