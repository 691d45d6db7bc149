// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/keys/operation_log.h"

#include <QJsonObject>

#include <span>

namespace cachedeck::keys {

/// What is done to each key of a plan.
enum class ActionKind { Delete, SoftExpire, Set, Add, Cap, Floor, Scale, Jitter, Persist };

/// Which keys it concerns, by the expiry they have; like the options of EXPIRE.
enum class Condition {
  Always,
  Nx,  ///< only keys without expiry
  Xx,  ///< only keys with one
  Gt,  ///< only if it becomes later; a key without expiry counts as endless
  Lt,  ///< only if it becomes earlier
};

struct Action {
  ActionKind kind = ActionKind::Delete;
  qint64 amountMs = 0;    ///< window of SoftExpire; time of Set, Add (may be negative), Cap, Floor
  double factor = 1;      ///< of Scale
  double jitter = 0;      ///< 0–1: the time is drawn evenly from ± this share; of Jitter itself and, where it is not 0, of Set and Cap
  Condition condition = Condition::Always;

  bool deletes() const { return kind == ActionKind::Delete; }
  /// The new expiry is the same whatever the old one was.
  bool setsOutright() const { return kind == ActionKind::Set && condition == Condition::Always; }
  QString text() const;  ///< "delete", "set the TTL to 1 h ± 10 %"
  QJsonObject toJson() const;
  static Result<Action> fromJson(const QJsonObject& json);
};

/// A row of what can be done; dialogs and commands read it.
struct ActionInfo {
  ActionKind kind;
  const char* id;      ///< of the journal and the command: "--set", …
  const char* title;   ///< of the dialog
  bool takesTime, takesFactor, takesJitter;
  const char* help;
};
std::span<const ActionInfo> actionCatalog();
const ActionInfo& infoOf(ActionKind kind);

/// Usage error for what would expire keys at once (0, negative, beyond 10 years), or is no number: deleting is another action.
Result<void> checkAction(const Action& action);

/// What becomes of one key's expiry.
struct ExpiryChange {
  bool changes = false;
  qint64 expiresAtMs = KeyImage::noExpiry;
};
/// `expiresAtMs`: now (KeyImage::noExpiry: none); `nowMs`: the server's clock; `draw`: an even random number in [0, 1). Never earlier than one second from now.
ExpiryChange newExpiry(const Action& action, qint64 expiresAtMs, qint64 nowMs, double draw);

}  // namespace cachedeck::keys
