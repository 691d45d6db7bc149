// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profilestore.h"
#include "core/sandbox/sandbox_info.h"
#include "ui/load/loadtarget.h"

namespace cachedeck {

/// What the page of load runs works on: the profile's servers, and the service of its sandbox where it has one (else null).
LoadTarget loadTargetOf(const Profile& profile, bool saved, const QMap<QString, SourceSettings>& sources, const SandboxInfo* sandbox, const QString& configFolder);

/// What other saved profiles say of a URL of the page's field that is their service: a stricter one is to be opened itself, the limits of others hold.
runs::RunGuard::Others othersWithService(const Profile& own, const ProfileStore& profiles, const QString& url);

}  // namespace cachedeck
