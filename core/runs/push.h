// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/runs/run_record.h"
#include "core/sources/http/http_settings.h"

#include <stop_token>

namespace cachedeck::runs {

/// What pushRun() did besides the push.
struct PushOutcome {
  int removed = 0;  ///< groups of older runs
  QString note;     ///< why older runs could not be removed, or empty: the push itself went well
};

struct PushOptions {
  int keep = 5;  ///< the newest runs of a scenario that stay in the gateway, this one among them
  std::chrono::milliseconds deadline{5000};  ///< of each request
};

/// The run's metrics in Prometheus's text format, made by prometheus-cpp; docs/LOAD_RESULTS.md lists them.
std::string pushedText(const RunRecord& record);
/// "/metrics/job/cachedeck_load/scenario/NAME/run/ID"; a name that a path cannot hold goes as scenario@base64.
QString groupPath(const QString& scenario, const QString& run);

/// Pushes a run's results to a Pushgateway as the group {job="cachedeck_load", scenario, run}, then deletes the groups of the same scenario beyond the newest `keep`: what is
/// pushed never expires by itself. Blocks, on a Worker or a program's main thread; nothing is written to standard output.
///
/// The metrics and their text are prometheus-cpp's; the requests are not its Gateway's, which in 1.0 has no timeout, cannot be stopped, takes neither a bearer token nor an own
/// authority, and writes what the server answers to standard output, in the middle of --json.
Result<PushOutcome> pushRun(const HttpSettings& gateway, const RunRecord& record, const PushOptions& options = {}, std::stop_token stop = {});
/// The same for a URL, which may hold user and password.
Result<PushOutcome> pushRun(const QString& gatewayUrl, const RunRecord& record, const PushOptions& options = {}, std::stop_token stop = {});

}  // namespace cachedeck::runs
