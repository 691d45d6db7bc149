// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_store.h"
#include "core/snapshot/facts.h"
#include "core/snapshot/past_series.h"

namespace cachedeck::snapshot {

/// What a person asks for.
struct TakeOrder {
  QString title, note;
  QString profile, environment;  ///< names; of servers by URL: empty
  QMap<QString, SourceSettings> sources;
  FactOptions facts;
  RecordedPast recording{};
  std::vector<SeriesGroup> sampled{};  ///< by somebody else before, beside a load run
  QString journalFile = Journal::defaultFile();
  QString runFolder = runs::RunStore::defaultFolder();
};

/// Puts a snapshot together of what was measured and what the servers said, with the journal's entries and the load runs of the range. Every text passes the Redactor.
/// Blocks for the disk. Usage error for a range that ends before it begins.
Result<Snapshot> assemble(const TakeOrder& order, std::vector<SeriesGroup> series, Gathered gathered, qint64 fromMs, qint64 toMs, qint64 takenMs);

/// The whole of it, for a thread without an event loop (a Worker's): samples for `sampleFor`, reads the recording and asks
/// Prometheus for the `range` before (0: neither), of which each stretch is from the finer of the two, gathers the facts and assembles. Cancelled when
/// `stop` is requested; a server that does not answer is a sentence in Snapshot::missing, never an error.
Result<Snapshot> takeSnapshot(const TakeOrder& order, std::chrono::milliseconds sampleFor, std::chrono::milliseconds range, const Clock& clock, const std::stop_token& stop,
                              TakeProgress* progress = nullptr);

/// Cancelled: what whoever took one is told when it was stopped.
Error takingStopped();

}  // namespace cachedeck::snapshot
