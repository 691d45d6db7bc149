// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <random>
#include <stop_token>

namespace cachedeck::traffic {

/// The shape of the load over time. Each is a sum of sines whose periods (12 s to 3 min) have no common measure, so that
/// nothing repeats and every chart moves within 20 s. `t`: seconds since the start.

/// Reads per second of the whole service, about 110 to 390.
double readsPerSecond(double t);
/// Share of reads that go anywhere among the 10,000 risks instead of the popular ones, 0.03 to 0.24: misses, mostly.
double coldShare(double t);
/// Reports rendered into the cache per second, 5 to 45.
double reportsPerSecond(double t);
/// True in the few seconds in which a batch job fills most of the cache.
bool batchRuns(double t);
/// How long the slow statement takes, 0.05 to 0.3 s.
double slowSeconds(double t);

/// Draws a rank in [0, count) so that rank r comes about as often as 1/(r+1) (Zipf with exponent 1, inverted integral).
int zipfRank(int count, std::mt19937_64& random);

/// Seconds since the start of the process's traffic.
double trafficSeconds();
/// Sleeps, or returns early when stop is requested.
void nap(double seconds, std::stop_token stop);
/// A number in [low, high).
double between(double low, double high, std::mt19937_64& random);

}  // namespace cachedeck::traffic
