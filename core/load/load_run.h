// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/figures.h"
#include "core/load/scenario.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace cachedeck::load {

/// How HTTPS is spoken.
struct TlsSettings {
  std::string caFile;        ///< empty: the system's
  bool verify = true;        ///< false only for a server whose certificate nobody can check
};

/// Where the direct workload reads through.
struct DirectTarget {
  std::string redisHost, redisUser, redisPassword;  ///< host: name, address or /path of a socket
  int redisPort = 6379, redisDatabase = 0;
  std::vector<std::pair<std::string, std::string>> postgres;  ///< libpq keywords and values, the password among them
};

/// Most that a run may ask for, whatever its scenario or the operator says.
struct Caps {
  int users = 5000;
  double perSecond = 200'000;  ///< iterations started; users of a closed model that would begin more of them wait
};

/// What the engine asks its owner to do to the cache, on a thread of its own that may block until stopped. Empty: done; else what went wrong, in a sentence.
struct CacheHands {
  std::function<std::string(const std::vector<std::string>& prefixes, const std::stop_token& stop)> flush;
  std::function<std::string(const Event& event, const std::stop_token& stop)> act;
};

/// Everything a run needs.
struct RunPlan {
  Scenario scenario;
  std::string baseUrl;                           ///< http(s)://host[:port][/prefix]; empty for the direct workload
  std::map<std::string, std::string> variables;  ///< over the scenario's own; secrets too
  TlsSettings tls;
  DirectTarget direct;
  Caps caps;
  CacheHands hands;
  std::map<std::string, double> baseline;        ///< of the pinned run, for thresholds: "http_req_duration p(95)" → ms
};

class LoadPermit;

/// A run under way: its threads live as long as this object. All calls are from any thread and never wait for the network.
class LoadRun {
 public:
  /// Checks the plan (URL, variables, thresholds, caps) and starts. The failure is a sentence for the operator, also where the permit is for another target; its limits are kept
  /// while the run goes on.
  static Expected<std::unique_ptr<LoadRun>, std::string> start(RunPlan plan, const LoadPermit& permit);
  /// Stops at once, and joins.
  ~LoadRun();
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;

  /// No new iteration, and what is on its way is cut off: the run has ended within a second.
  void stop();
  /// No new iteration until resumed; the time of the schedule stands still meanwhile.
  void setPaused(bool paused);
  /// In place of what the executor says from now on: users of a closed model, iterations a second of an open one. Bounded by the caps.
  void setLevel(double usersOrRate);
  /// Every quarter of a second anew. Histograms and seconds are copied: some 100 KB a step.
  RunFigures figures() const;
  bool ended() const;
  /// Blocks until it ended.
  RunFigures wait();

 private:
  class Impl;
  explicit LoadRun(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::load
