// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/backend.h"
#include "core/cacheaside/classes.h"
#include "core/cacheaside/latency.h"

#include <functional>
#include <map>
#include <memory>

namespace cachedeck::cacheaside {

/// A cached or computed value, shared and never changed.
using Value = std::shared_ptr<const std::string>;

/// What the database (or whatever stands behind the cache) gave.
struct Computed {
  std::string value;
  bool cacheable = true;  ///< false: answered, but not kept (a 404, say)
};
using Compute = std::function<Outcome<Computed>()>;

struct Answer {
  enum class Source {
    Hit,     ///< from the cache
    Miss,    ///< computed by this caller
    Shared,  ///< computed by another caller who asked for the same at the same time
  };
  Value value;
  Source source = Source::Miss;
  bool cacheable = true;
  /// The header that goes with it: "HIT" or "MISS".
  const char* xCache() const { return source == Source::Hit ? "HIT" : "MISS"; }
};

/// Figures of one class since the start.
struct ClassStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;        ///< look-ups that found nothing
  std::uint64_t bypassed = 0;      ///< look-ups that were not made, or failed, because the backend is away (or is none)
  std::uint64_t shared = 0;        ///< of those two, answers that another caller's computation gave
  std::uint64_t computed = 0;      ///< computations
  std::uint64_t failed = 0;        ///< of those, failed ones
  std::uint64_t stored = 0;
  std::uint64_t discarded = 0;     ///< computed (or given to storeMany()), but not stored, because an invalidation came meanwhile
  std::uint64_t invalidated = 0;   ///< keys removed by invalidate(), by patterns whose first segment is the class's name ("risk:*": "risk")
  Latency::Counts lookup;          ///< time of look-ups in the backend, a batch of findMany() counting once
  Latency::Counts compute;         ///< time of computations
};

/// Cache-aside and write-through over a Backend, for many threads. A backend that is away costs latency, never an answer.
///
/// Computations and invalidations are kept apart by the first segment of the key ("risk" of "risk:id:7"): what began to be computed before an
/// invalidation of that segment is not stored after it, nor given to callers who come after it.
class CacheAside {
 public:
  using ClassId = std::size_t;  ///< index into classes()
  using Done = std::function<void(const Outcome<Answer>&)>;
  /// Runs a task soon, on another thread or at once on this one.
  using Executor = std::function<void(std::function<void()>)>;

  /// The backend must outlive this.
  CacheAside(Backend& backend, std::vector<ClassPolicy> classes);
  ~CacheAside();

  const std::vector<ClassPolicy>& classes() const;
  /// The id of a class by name; Usage names those there are.
  Outcome<ClassId> classId(std::string_view name) const;
  Backend& backend() const;

  /// The whole of cache-aside in one blocking call: looked up, else computed and stored. Of many callers that miss one key at the same time
  /// one computes, the others wait for its answer. A failed computation, one that throws too, fails all of them, and nothing is stored. A
  /// computation must not fetch its own key. With a backend that does not share (NoBackend, backend.h) each caller computes; a Redis that is away
  /// still spares the database.
  Outcome<Answer> fetch(ClassId id, const std::string& key, const Compute& compute);

  /// The same in two steps, for servers that must not block. First the look-up:
  struct Lookup {
    Value value;               ///< null when not there
    std::uint64_t ticket = 0;  ///< for fill()
  };
  Lookup find(ClassId id, const std::string& key);
  /// … or that of several requests at once, in one exchange with the backend: the i-th key is of the i-th class, the result in their order.
  std::vector<Lookup> findEach(std::span<const ClassId> ids, std::span<const std::string> keys);
  /// … then, after a miss, the computation: by `run` if nobody computes this key already. `done` is called exactly once, on the thread that
  /// computes, and must not throw; also when `run` drops or refuses the task (Closed). Where somebody else's computation ended since find(),
  /// the cache is looked at once more before computing. This must outlive the task.
  void fill(ClassId id, const std::string& key, std::uint64_t ticket, Compute compute, Done done, const Executor& run);

  /// Write-through: `persist` writes to the database and gives the new value, which is then stored. When `persist` fails, nothing
  /// changes, unless it is in doubt whether it did (Timeout, Unavailable, Closed, an exception): then the entry is removed. When the value cannot be
  /// stored, or another write or an invalidation came meanwhile, so that nobody knows which was the last, it is removed too; when the cache is
  /// away, before it comes back.
  Outcome<Answer> write(ClassId id, const std::string& key, const Compute& persist);

  /// When a batch was looked up: what is read from the database after that is newer.
  class Ticket {
    friend class CacheAside;
    std::map<std::size_t, std::uint64_t> m_epochs;  // by slot (epochs.h)
  };
  struct Found {
    std::vector<Value> values;  ///< in the order of the keys, null where there is none
    Ticket ticket;              ///< for storeMany()
  };
  /// Batch: counted as look-ups. What is missing is read by the caller, after this call, and then given to storeMany().
  Found findMany(ClassId id, std::span<const std::string> keys);
  /// Stores several values at once with the TTL of their class. Those are not stored (`discarded`) whose first segment an invalidation or a
  /// write concerned since findMany() gave the ticket, as they may be older than that; nor those whose first segment none of its keys had.
  void storeMany(ClassId id, std::span<const std::pair<std::string, std::string>> values, const Ticket& ticket);

  /// Removes what matches any of the patterns, and keeps computations that began before from storing what they found. How many
  /// keys were removed; a failure means that the backend is away, or that not all could be done by the deadline: the rest is removed as soon as
  /// possible, and not served until then. Only Query says that there are keys among them that its user may not touch; the others were removed
  /// (backend.h).
  Outcome<std::uint64_t> invalidate(std::span<const std::string> patterns, Time deadline = in(usualRemovalTime));

  ClassStats stats(ClassId id) const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::cacheaside
