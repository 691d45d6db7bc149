// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/pg_pipe.h"
#include "core/load/recorder.h"

#include <deque>
#include <memory>
#include <vector>

namespace cachedeck::load {

/// The database connections of the direct workload: opened when they are needed, at most so many as the pool mode says, handed out last in, first out; who finds none
/// waits in the order of coming. Connections stay open until the end of the run.
class PgPool : private PgPipe::Owner, private Loop::Timer {
 public:
  PgPool(Loop& loop, const PgTarget& target, Recorder& recorder) : m_loop(loop), m_target(target), m_recorder(recorder), m_most(target.mostOpen) {}

  /// The call is told its end, which may be inside this one.
  void submit(PgCall& call);
  /// Gives the call up, and its connection; `cancel`: the server is asked to end the statement.
  void abandon(PgCall& call, bool cancel);
  void closeAll();
  /// Server processes that may still be busy with a statement that was given up: the last thousand.
  const std::vector<int>& abandoned() const { return m_abandoned; }

 private:
  void pgReady(PgPipe& pipe, bool isNew) override;
  void pgBroke(PgPipe& pipe, PgCall* call, FailureKind kind, const std::string& reason, bool isFull) override;
  void due(std::int64_t, std::uint64_t) override { serve(); }
  void serve();
  PgCall* next();
  void openOne();
  void full(const std::string& reason);
  int most() const;

  Loop& m_loop;
  const PgTarget& m_target;
  Recorder& m_recorder;
  std::vector<std::unique_ptr<PgPipe>> m_pipes;  // closed ones are opened again: an event of the turn may still reach them
  std::vector<PgPipe*> m_idle;
  std::deque<PgCall*> m_queue;
  std::vector<int> m_abandoned;
  int m_open = 0, m_connecting = 0, m_most;
  std::int64_t m_fullUntilNs = 0;
  bool m_serving = false;
};

}  // namespace cachedeck::load
