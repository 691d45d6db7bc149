// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profilestore.h"
#include "core/sandbox/sandbox_info.h"
#include "ui/load/loadtarget.h"

namespace cachedeck {

/// What the page of load runs works on: the profile's servers, and the service of its sandbox where it has one (else null).
LoadTarget loadTargetOf(const Profile& profile, bool saved, const QMap<QString, SourceSettings>& sources, const SandboxInfo* sandbox, const QString& configFolder);

/// Why a URL of the page's field is no business of this profile: a saved, stricter one has it as its service. Empty: it may be used.
QString foreignService(const Profile& own, const ProfileStore& profiles, const QString& url);

}  // namespace cachedeck
