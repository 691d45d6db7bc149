// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/guard.h"
#include "core/keys/plan.h"
#include "core/keys/transform.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

namespace cachedeck::keys {

/// How long images are kept, and how many bytes of them: what is over is removed, oldest first, before the next operation begins. One that can be resumed goes by its age only.
inline constexpr std::chrono::hours imagesKept{24};
inline constexpr qint64 imagesTogether = qint64{1} << 30;

/// Keys a second that an operation takes in production when nobody says how many.
inline constexpr double productionRate = 5000;

/// How a plan is carried out.
struct RunOptions {
  int page = 500;             ///< keys of one exchange at most
  double budgetMs = 0;        ///< longest time that others should wait for the server; 0: no budget
  double keysPerSecond = 0;   ///< 0: no bound, in production productionRate
  bool undo = true;           ///< keep images
  qint64 undoCap = qint64{256} << 20;             ///< bytes of images at most
  std::chrono::seconds pauseLimit{60};            ///< longest wait for a server that cannot work now (loading, out of memory, failing over, replicas that lag)
  qint64 replicaLagBytes = qint64{10} << 20;      ///< it waits while a connected replica is further behind than this; 0: no bound
  std::chrono::seconds replicaLagTime{10};        ///< or has not been heard of for this long; 0: no bound
  double hitRatioDrop = 0;                        ///< stop-loss: it ends, to be resumed, when the server's hit ratio falls this many points below that at its begin; 0: off
  std::function<std::optional<QString>()> holdBack{};  ///< stop-loss of the owner's: a reason makes the run wait; asked between pages on the run's thread, never kept in the log

  /// What the log keeps of them, so that a resumed run goes on as it began.
  QJsonObject toJson() const;
  static RunOptions fromJson(const QJsonObject& json);
};

/// About how many bytes of images the plan's action will keep; -1: not known before.
qint64 undoForecast(const Plan& plan, const Action& action);

/// What happened to the planned keys; they add up to `planned` when the run is over.
struct RunCounts {
  qint64 planned = 0;
  qint64 done = 0;     ///< deleted, or their TTL changed
  qint64 gone = 0;     ///< were not there any more
  qint64 changed = 0;  ///< somebody else wrote them between the image and the action; left alone
  qint64 refused = 0;  ///< the server or the account did not allow it
  qint64 kept = 0;     ///< the rule leaves them as they are
  qint64 handled() const { return done + gone + changed + refused + kept; }
  /// "deleted" or "changed" is what was done; "overtaken" those that somebody else wrote.
  QJsonObject toJson(bool deletes) const;
};

/// Read by a timer while a run is under way.
class RunProgress {
 public:
  RunCounts counts() const;
  void set(const RunCounts& counts);
  int page() const { return m_page.load(std::memory_order_relaxed); }
  void setPage(int page) { m_page.store(page, std::memory_order_relaxed); }
  double probeMs() const { return m_probeMs.load(std::memory_order_relaxed); }
  void setProbeMs(double ms) { m_probeMs.store(ms, std::memory_order_relaxed); }
  /// Why it waits; empty while it works.
  QString waitsFor() const;
  void setWaitsFor(const QString& reason);

 private:
  mutable std::mutex m_mutex;
  RunCounts m_counts;
  QString m_waitsFor;
  std::atomic<int> m_page{0};
  std::atomic<double> m_probeMs{0};
};

/// How a run ended.
struct RunReport {
  QString id;       ///< of the operation, for undo and resume
  QString outcome;  ///< "done", "cancelled", "failed"; the last two can be resumed
  QString reason;   ///< of a failure; or the first refusal
  QString note;     ///< what the person should know of it though it is no failure; or empty
  RunCounts counts;
  qint64 handledBefore = 0;  ///< of `counts`: what the log said when this run took the operation up
  double seconds = 0, waitedSeconds = 0;
  double probeP50Ms = 0, probeP99Ms = 0, probeMaxMs = 0;
  qint64 imageBytes = 0;
  OwnLookups own;

  double keysPerSecond() const { return seconds > 0 ? static_cast<double>(counts.handled() - handledBefore) / seconds : 0; }
  QJsonObject toJson(bool deletes) const;
};

/// Where an operation leaves its traces.
struct RunPlace {
  QString folder;   ///< of the operations' logs (stateDirectory()/undo)
  Secret key;       ///< stateKey()
  Journal& journal;
  QString profile, environment;
  const Clock& clock;
  /// For an operation that was begun elsewhere: with the profile and the environment that asked for more, as Guard::forOperation() has it.
  RunPlace forOperation(const OperationOwner& owner) const;
  /// The keys a second that are meant by those that were asked for.
  double rate(double asked) const;
};

/// Of the journal: "production 10.0.0.5:6379 db 0 as shop", the account being the one that the server knows; "default" without a name.
QString whereText(const RunPlace& place, const ServerMark& server, const QString& user);

/// Carries out exactly the planned names, page by page. A cancelled run finishes its page within a second. The journal has a line before the first key is touched and one after the last.
Result<RunReport> runPlan(const Plan& plan, const Action& action, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place,
                          RunProgress& progress, const std::stop_token& stop);
/// An operation that was interrupted, as it is shown to the person before it goes on.
struct ResumePreview {
  QString id, profile, where, action, selected;
  qint64 planned = 0, settled = 0, remaining = 0;  ///< keys
  qint64 createdMs = 0, ageMs = 0;  ///< of the plan
  qint64 previewedMs = 0;           ///< when this was looked at
  RunOptions options;               ///< that it was begun with
  std::optional<Environment> environment{};  ///< that it was begun in; nothing: not known
  bool torn = false;  ///< the log ends in the middle of a record: what was noted behind it is asked of the server
  OperationOwner owner() const { return {profile, environment}; }
  QJsonObject toJson() const;
};
/// NotFound; Usage when it has come to its end, or was undone since.
Result<ResumePreview> previewResume(const RunPlace& place, const QString& id);

/// Goes on where an operation was interrupted: what is not known of its last page is asked of the server, key by key. `options`: those of the preview, or changed ones. Images that were kept stay
/// kept; an operation that was begun without them goes on without.
Result<RunReport> resumeRun(const QString& id, const RunOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                            const std::stop_token& stop);

}  // namespace cachedeck::keys
