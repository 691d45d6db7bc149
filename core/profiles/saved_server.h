// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profilestore.h"

namespace cachedeck {

/// A URL is no way around what saved profiles ask for that have the very same Redis or PostgreSQL, server and database: `made`, of URLs, takes the name and the environment of the strictest, where that
/// is stricter, and the smallest limits of load runs of all of them. Whether one was stricter. A server on this machine is the same by whichever of its names; a source that is switched off
/// in `made` does not count. Reads the files that libpq reads, never the network.
bool heedSaved(Profile& made, const ProfileStore& store);

/// The strictest saved profile whose service stands under this URL (host and port), where it is stricter than `own` and `own` does not name the service as its own; nullptr: no such one.
const Profile* stricterByService(const Profile& own, const ProfileStore& store, const QString& url);
/// As heedSaved(), for load runs that go to these URLs: of saved profiles that name them as their service.
bool heedSavedService(Profile& made, const ProfileStore& store, const QStringList& urls);

/// "This is the server of profile “shop” (production)."
QString heededText(const Profile& made);
/// Whose limits of load runs were taken by one of other name or environment, in sentences; empty: nobody's.
QString heededLimitsText(const Profile& made);

}  // namespace cachedeck
