// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"
#include "core/sandbox/sandbox_info.h"
#include "ui/load/loadtarget.h"

namespace cachedeck {

/// What the page of load runs works on: the profile's servers, and the service of its sandbox where it has one (else null).
LoadTarget loadTargetOf(const Profile& profile, bool saved, const QMap<QString, SourceSettings>& sources, const SandboxInfo* sandbox, const QString& configFolder);

}  // namespace cachedeck
