// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QHostAddress>
#include <QList>

#include <stop_token>

namespace cachedeck {

/// The addresses of a host name or literal. Blocks the calling Worker until the deadline or stop at most, although the
/// C library's resolver may go on for longer on a thread of its own.
Result<QList<QHostAddress>> resolveHost(const QString& host, const Deadline& deadline, std::stop_token stop);

}  // namespace cachedeck
