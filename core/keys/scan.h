// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/facts.h"
#include "core/keys/selector.h"

#include <atomic>
#include <functional>

namespace cachedeck::keys {

class Servers;

/// How far a scan has come; read by a timer.
struct ScanProgress {
  std::atomic<qint64> expected{0};  ///< keys of the database at the beginning
  std::atomic<qint64> scanned{0};   ///< about how many of them the cursor has passed
  std::atomic<qint64> matched{0};
};

struct ScanOptions {
  FactNeeds facts{};      ///< asked of each match besides what the selector's filters need
  int count = 1000;       ///< of SCAN: how many keys the server looks at for one page
  bool unique = true;     ///< names that SCAN gives twice come once
  double budgetMs = 0;       ///< longest time that others should wait for the server; 0: no budget
  double keysPerSecond = 0;  ///< of those that are asked about; 0: no bound
};

struct ScanResult {
  qint64 scanned = 0;  ///< keys that the server looked at: its DBSIZE; of a list of names, their number
  qint64 matched = 0;
  OwnLookups own;
  bool stopped = false;  ///< by the visitor
};

/// Goes once through a database by SCAN (never KEYS) or through the selector's names. The SCAN of the next page is under way while a page is worked on. `visit` is called once for every key that
/// matches, on this thread; the view is valid during the call; it returns false to end the scan.
/// Every key that is there all the time is found; one that comes or goes meanwhile may be. A filter whose question the server refuses is an Error.
using Visit = std::function<Result<bool>(QByteArrayView name, const ScanFacts& facts)>;
/// A node of a cluster and a Sentinel stand for their whole system: of a cluster all primaries are scanned, one after the other, and again those that were given slots
/// meanwhile; Busy when that does not come to an end.
Result<ScanResult> scanKeys(RedisConnection& connection, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit);

/// The same with connections of its own.
Result<ScanResult> scanKeys(const RedisOptions& entry, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit);
/// The same on servers that were asked who they are.
Result<ScanResult> scanKeys(Servers& servers, const Selector& selector, const ScanOptions& options, ScanProgress& progress, const std::stop_token& stop, const Visit& visit);

}  // namespace cachedeck::keys
