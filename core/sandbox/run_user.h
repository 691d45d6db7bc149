// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <optional>
#include <sys/types.h>

namespace cachedeck {

/// The account that servers run under when the program itself is root (PostgreSQL refuses to run as root).
struct RunUser {
  QString name;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// Nothing for an ordinary user (servers run as that user); for root the account "postgres", or "nobody" without it.
std::optional<RunUser> unprivilegedUser();

/// Gives a file or directory to the account; nothing to do without one.
Result<void> giveTo(const QString& path, const std::optional<RunUser>& user);

/// The first directory on the way to `path` that the account may not enter (or a program there that it may not run); empty
/// when it gets there.
QString blockedOnTheWay(const QString& path, const RunUser& user);

}  // namespace cachedeck
