// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/worker.h"
#include "core/snapshot/figures.h"
#include "ui/snapshots/comparepanel.h"
#include "ui/snapshots/keptsession.h"
#include "ui/snapshots/snapshotcompareview.h"
#include "ui/snapshots/snapshotmodel.h"
#include "ui/snapshots/snapshottarget.h"

#include <QObject>

#include <optional>

namespace cachedeck {

/// Takes, lists, reads and writes snapshots, each on a worker.
class SnapshotController : public QObject {
  Q_OBJECT
 public:
  /// `history`: the window's own. `folder`: where snapshots are kept. Clock and history outlive this.
  SnapshotController(const Clock& clock, const History& history, QString folder, QObject* parent = nullptr);
  ~SnapshotController() override;

  /// What the person asked for of the one before ends; what is taken by itself is taken to its end.
  void setTarget(const std::optional<SnapshotTarget>& target);
  /// A snapshot is on show, in place of a target.
  void setKept(const std::shared_ptr<const snapshot::Snapshot>& kept);
  const std::optional<SnapshotTarget>& target() const { return m_target; }
  const QString& folder() const { return m_folder; }

  void refresh();
  /// The servers are asked for what the person wants: one thing at a time. What is taken by itself does not count.
  bool isAsking() const { return m_asking; }
  /// With what the servers say of themselves now. taken() or failed() follow. One that is due by itself waits for no other: it is taken beside what the person asked for.
  void take(const SnapshotRequest& request);
  /// What the person asked for is of no use any more; what is taken by itself goes on.
  void cancel();
  /// Reads a file from anywhere; opened() or failed() follow.
  void read(const QString& file);
  /// Its figures: looked() or failed().
  void look(const QString& file);
  /// Each member against the manifest: told() or failed().
  void verify(const QString& file);
  void remove(const QString& file);
  /// `format`: id of reportFormats(). told() or failed().
  void exportTo(const QString& file, const QString& format, const QString& out);
  /// The later against the earlier; compared() or failed().
  void compare(const QString& before, const QString& after, bool dark);
  /// What the servers do now against the earlier one: as take() would keep it. compared() or failed().
  void compareWithNow(const QString& before, const SnapshotRequest& now, bool dark);
  /// Two times of what is on show: of the servers as far as the window or its recording knows them, or of the snapshot. The servers are asked nothing. compared() or failed().
  void compareTimes(const ComparedTimes& times, bool dark);
  /// Writes what is there already. told() or failed().
  void save(const QByteArray& bytes, const QString& out);

 Q_SIGNALS:
  void listed(const QList<cachedeck::SnapshotEntry>& entries);
  void taken(const QString& file, const QStringList& missing, bool bySchedule);
  void opened(const cachedeck::KeptSession& kept);
  void looked(const QString& file, const QList<cachedeck::snapshot::Figure>& figures, const QList<cachedeck::snapshot::FactTable>& facts);
  /// What the servers are asked for that the person waits for; empty: nothing any more.
  void stepped(const QString& step);
  void compared(const cachedeck::ComparedSnapshots& snapshots);
  void told(const QString& sentence);
  void failed(const QString& sentence);

 private:
  /// `asked`: the generation of what the person waits for; none: nobody does.
  void takeOn(Worker& worker, const SnapshotRequest& request, std::optional<int> asked);
  Worker& ask(const QString& step);
  bool isAnswered(int generation);
  void compareLiveTimes(const ComparedTimes& times, bool dark);
  void compareKeptTimes(const ComparedTimes& times, bool dark);
  void tellTimes(int session, const Result<ComparedSnapshots>& result);
  const Clock& m_clock;
  const History& m_history;
  const QString m_folder;
  std::optional<SnapshotTarget> m_target;
  std::shared_ptr<const snapshot::Snapshot> m_kept;
  int m_session = 0;  ///< another one is on show: what comes of the one before is of no use
  bool m_asking = false;
  int m_generation = 0;  ///< what was cancelled comes too late
  std::unique_ptr<Worker> m_taker, m_byItself;  ///< apart: servers that do not answer hold nothing else up
  Worker m_files{QStringLiteral("snapshots")};  ///< last: what it does calls back into what stands above
};

}  // namespace cachedeck
