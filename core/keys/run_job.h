// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/batch_cover.h"
#include "core/keys/hold_back.h"
#include "core/keys/lane_links.h"
#include "core/keys/last_call.h"
#include "core/keys/pace.h"
#include "core/keys/page_runner.h"
#include "core/keys/probe.h"
#include "core/keys/spool.h"

#include <deque>

namespace cachedeck::keys {

/// One run from its first page, or from where it was left, to its end. run_job.cpp: its beginning and its end; run_pages.cpp: the names; run_watch.cpp: the servers; run_recover.cpp: what a server or
/// this program may have lost.
class Run {
 public:
  Run(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
      const std::stop_token& stop);
  Result<RunReport> fresh();
  /// `selected`: which keys the plan was made of, in words; the log keeps no more of it. `torn`: the log ended in the middle of a record.
  Result<RunReport> resumed(const QString& selected, bool torn);

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Group = std::vector<Lane>;
  /// Names that have to be done again; the log has a batch for them that is open.
  struct Again {
    qint64 first = 0;
    std::vector<QByteArray> names;
  };

  Result<void> makeRoom();
  Result<void> journal(const QString& phase, const QString& text);
  Result<RunReport> carryOut(SpoolReader& names);
  void finish(const Result<void>& result);
  void tellNotes();

  // Names.
  PageRunner& runner();
  Result<void> pages(SpoolReader& reader);
  Result<void> onePageAtATime(SpoolReader& reader);
  Result<void> lanesAtATime(SpoolReader& reader);
  Result<void> fill(Group& group, std::size_t number, SpoolReader& reader);
  Result<void> look(SpoolReader& reader);
  Result<bool> addLane(Group& group, std::size_t number, std::size_t most);
  Result<void> carryOut(Group& group);
  Result<void> settle(Lane& lane);
  Result<void> page(std::span<const QByteArray> names, qint64 first, std::optional<Redirect> redirect = {});
  std::span<const QByteArray> together(std::span<const QByteArray> names, const std::optional<Redirect>& redirect);
  Result<Way> wayTo(const QByteArray& name, const std::optional<Redirect>& redirect);
  void take(const PageOutcome& outcome);
  void count(const BatchResult& result, qint64 names);
  void rest(std::size_t names);

  // Servers.
  Result<void> connect();
  Result<void> mayBegin();
  Result<void> check();
  Result<void> checkNow();
  Result<void> atEnd();
  bool lost(const Error& error) const;
  Result<void> reconnect(SpoolReader& reader);
  Result<void> waitFor(const QString& reason);
  Result<void> heed(const Group& underWay = {});

  // What may have been lost.
  Result<void> recover(SpoolReader& reader);
  Result<void> settle(const LoggedBatch& batch, std::span<const KeyImage> images, const BatchCover& cover, SpoolReader& reader);
  Result<void> verify(const LoggedBatch& batch, std::span<const KeyImage> images, const BatchCover& cover, SpoolReader& reader);
  Result<std::vector<QByteArray>> namesOf(const LoggedBatch& batch, SpoolReader& reader);
  Result<void> putDown(const LoggedBatch& batch, std::span<const QByteArray> names, std::span<const std::size_t> left);
  qint64 verifiedFrom() const;
  void mark();

  const Plan& m_plan;
  const Action& m_action;
  const RunOptions& m_options;
  const RunPlace& m_place;
  const WritePermit& m_permit;
  RunProgress& m_progress;
  const std::stop_token& m_stop;
  LastCall m_lastCall;
  Servers m_servers;
  LaneLinks m_lanes;
  Probe m_probe;
  Pace m_pace;
  HoldBack m_holdBack;
  std::optional<ServerClock> m_clock;
  std::unique_ptr<OperationLog> m_log;
  std::unique_ptr<PageRunner> m_runner;
  RunReport m_report;

  std::deque<QByteArray> m_ahead;  // of the plan's names, from m_next on
  qint64 m_next = 0;
  std::vector<Again> m_again;
  QString m_begun;    // what the journal says of it
  QString m_lineage;       // of the servers on which all that the log says was done is known to be done
  bool m_recovered = false;  // the log was read
  bool m_begins = false;     // the journal has its line
  bool m_torn = false;       // the log was cut off at its end
  std::optional<qint64> m_goneBefore;  // keys that were not there any more when servers were found restarted or replaced
  bool m_changed = false;  // they are not these any more
  Time m_checked, m_moved; // last look at the servers, last name that was done with
  std::deque<std::pair<Time, qint64>> m_marks;  // which names came after which moment of the last minute
  std::chrono::milliseconds m_paused{0};
  bool m_waited = false;  // in this group of lanes
};

}  // namespace cachedeck::keys
