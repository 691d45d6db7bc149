// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"

#include <QString>

namespace cachedeck {

/// Short second text of a source's chip at `nowMs`: "7.0.15 · 0.40 ms", "retry in 4 s", "stale 48 s", "connecting".
QString chipDetail(const SourceState& state, qint64 nowMs);
/// The state as a sentence, for the popup and screen readers.
QString stateSentence(const SourceState& state, qint64 nowMs);

}  // namespace cachedeck
