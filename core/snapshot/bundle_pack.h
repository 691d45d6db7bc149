// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <stop_token>
#include <vector>

namespace cachedeck::snapshot {

/// A member to be written.
struct NewMember {
  QByteArray name, bytes;
};

/// What the comment of the zip begins with; the SHA-256 of the manifest follows, since no manifest can hold its own.
inline constexpr char commentHead[] = "cachedeck-snapshot sha256:";

QByteArray sha256Hex(const QByteArray& bytes);

/// A zip of the members in this order; the first is the manifest. No times of this machine: the same members give the same bytes. Cancelled when `stop` is requested.
Result<QByteArray> packed(const std::vector<NewMember>& members, const std::stop_token& stop = {});

}  // namespace cachedeck::snapshot
