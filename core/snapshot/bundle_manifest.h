// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/bundle.h"
#include "core/snapshot/bundle_archive.h"

namespace cachedeck::snapshot {

/// The manifest of an open file, held against the digest in the zip's comment.
Result<Manifest> manifestIn(const Archive& archive, const BundleLimits& limits);
/// The bytes of a member that the manifest lists, held against their size and SHA-256.
Result<QByteArray> memberBytes(const Archive& archive, const Manifest::Member& member);
/// The first member that the manifest does not list, or null.
QByteArray unlisted(const Archive& archive, const Manifest& manifest);

}  // namespace cachedeck::snapshot
