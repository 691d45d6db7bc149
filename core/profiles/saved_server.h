// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profilestore.h"
#include "core/sources/redis/redis_options.h"

namespace cachedeck {

/// The saved profile of the strictest environment that has this Redis, server and database; nullptr: none has. A server on this machine is the same by whichever of its names.
const Profile* strictestOf(const ProfileStore& store, const RedisOptions& redis);

/// A URL is no way around what a saved profile of the very same Redis asks for: `made`, of URLs, takes the name, the environment and the limits of load runs of the strictest one, where that is
/// stricter. Whether it was.
bool heedSaved(Profile& made, const ProfileStore& store);

/// The strictest saved profile whose service stands under this URL (host and port), where it is stricter than `own` and `own` does not name the service as its own; nullptr: no such one. A host of
/// this machine is the same by whichever of its names.
const Profile* stricterByService(const Profile& own, const ProfileStore& store, const QString& url);
/// The same of load runs that go to these URLs: `made` takes the name, the environment and the limits of the strictest. Whether it did.
bool heedSavedService(Profile& made, const ProfileStore& store, const QStringList& urls);

/// "This is the server of profile “shop” (production)."
QString heededText(const Profile& made);

}  // namespace cachedeck
