// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"
#include "core/keys/operation_log.h"
#include "core/profiles/profile.h"
#include "core/sources/redis/write_permit.h"

namespace cachedeck::keys {

/// Whose an operation is: the profile and the environment that it was begun in. What they ask for holds by whatever name the server is reached later.
struct OperationOwner {
  QString profile;
  std::optional<Environment> environment{};  ///< nothing: not known

  /// Whether the permit is good for this operation: of anything but development only one that was given for it alone.
  bool isSatisfiedBy(const WritePermit& permit, const QString& id) const {
    return permit.covers(id) && (permit.isFor(id) || environment.value_or(Environment::Development) == Environment::Development);
  }
};

/// By its log. Of logs that do not keep the environment the journal's line of its beginning tells it.
OperationOwner ownerOf(const OperationSummary& summary, const Journal& journal);

}  // namespace cachedeck::keys
