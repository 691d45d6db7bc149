// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sandbox/traffic/traffic.h"

#include <random>
#include <span>
#include <stop_token>

namespace cachedeck::traffic {

/// What one thread of the traffic does until it is stopped. Errors are waited out: a server may be killed and come back.
struct Actor {
  const char* name;
  int threads;
  void (*run)(const TrafficTarget& target, std::mt19937_64& random, std::stop_token stop);
};

std::span<const Actor> actors();

/// The readers share the rate of readsPerSecond().
constexpr int readerThreads = 6;

/// Virtual users of the service who read.
void readRequests(const TrafficTarget&, std::mt19937_64&, std::stop_token);
/// A virtual user who changes, creates and deletes risks now and then: each time what depends on them leaves the cache.
void writeRisks(const TrafficTarget&, std::mt19937_64&, std::stop_token);
/// Renders reports into the cache; now and then a batch that fills most of its memory for some seconds. Nothing is evicted: a sandbox is a healthy system.
void renderReports(const TrafficTarget&, std::mt19937_64&, std::stop_token);
/// Edits in transactions that stay open for a while, on few rows, so that two of them wait for each other at times.
void editInTransactions(const TrafficTarget&, std::mt19937_64&, std::stop_token);
/// A slow statement now and then.
void exportSlowly(const TrafficTarget&, std::mt19937_64&, std::stop_token);

}  // namespace cachedeck::traffic
