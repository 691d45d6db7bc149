// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/bundle.h"

namespace cachedeck::snapshot {

inline constexpr char bundleFormat[] = "cachedeck-snapshot";
inline constexpr int bundleVersion = 1;
/// Of manifest.json itself, inflated.
inline constexpr qint64 longestManifest = 1024 * 1024;

/// Without members.
Manifest manifestOf(const Snapshot& snapshot);
Manifest::Counts countsOf(const Snapshot& snapshot);

/// What a person wrote passes the Redactor.
QByteArray manifestBytes(const Manifest& manifest);
/// Reasons say what it lacks; one of a newer Cachedeck says so before anything else.
Result<Manifest> manifestFromBytes(const QByteArray& bytes, const BundleLimits& limits);

}  // namespace cachedeck::snapshot
