// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

namespace cachedeck {

/// Runs a blocking job beside the event loop, so that Ctrl-C stops it in good order; `tick` is called four times a second meanwhile. The job's exit code.
int runBeside(const std::function<int(const std::stop_token&)>& job, const std::function<void()>& tick = {});

}  // namespace cachedeck
