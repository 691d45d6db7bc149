// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace cachedeck {

/// Calls `handler` on the event loop's thread when SIGINT or SIGTERM comes; a second signal ends the process at once.
/// Needs a QCoreApplication. One handler a process.
void onStopSignal(std::function<void()> handler);

}  // namespace cachedeck
