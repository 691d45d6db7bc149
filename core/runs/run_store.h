// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_summary.h"

namespace cachedeck::runs {

/// A larger record is neither written nor read.
inline constexpr qint64 largestRecord = 64 * 1024 * 1024;

/// The runs of a folder, newest first, and a sentence for each file that cannot be shown.
struct RunList {
  QList<RunSummary> runs;
  QStringList problems;
};

/// Runs on disk, a file each: ID.json, 0600 in a folder of 0700, replaced in one step and synced. The first line holds the summary, the second the record; together they are
/// one JSON object. Which runs are baselines stands in baselines.json. Several processes may use a folder; all calls block for the disk.
class RunStore {
 public:
  /// $XDG_STATE_HOME/cachedeck/runs, else ~/.local/state/cachedeck/runs.
  static QString defaultFolder();
  explicit RunStore(QString folder = defaultFolder()) : m_folder(std::move(folder)) {}

  /// Writes or replaces it. While a run goes on: every 5 s, with `partial` and a fresh thisWriter().
  Result<void> save(const RunRecord& record) const;
  Result<RunRecord> load(const QString& id) const;
  RunList list(qint64 nowMs) const;
  /// The id that a person means: an id, a beginning that only one has, "last", "last-1" (the one before) …, "@baseline" (the newest pinned), or a scenario's name (its last run).
  Result<QString> find(const QString& words, qint64 nowMs) const;
  /// With its pin. Busy while the run goes on.
  Result<void> remove(const QString& id, qint64 nowMs) const;
  Result<void> setNote(const QString& id, const QString& note, qint64 nowMs) const;
  Result<void> setTags(const QString& id, const QStringList& tags, qint64 nowMs) const;

  /// Makes the run the baseline of its scenario and target, in place of the one before. Usage error where canBeBaseline() says no.
  Result<void> pin(const QString& id, qint64 nowMs) const;
  Result<void> unpin(const QString& scenario, const QString& url) const;
  /// The pinned run's id; empty: none.
  Result<QString> baseline(const QString& scenario, const QString& url) const;

  const QString& folder() const { return m_folder; }
  QString fileOf(const QString& id) const { return m_folder + QLatin1Char('/') + id + QStringLiteral(".json"); }

 private:
  struct Pin {
    QString scenario, url, run;
  };
  using Change = void (*)(RunRecord&, const QStringList&);
  Result<RunSummary> summary(const QString& id, qint64 nowMs) const;
  Result<void> edit(const QString& id, qint64 nowMs, const QStringList& value, Change change) const;
  QString pinFile() const { return m_folder + QStringLiteral("/baselines.json"); }
  Result<QList<Pin>> pins() const;
  Result<void> writePins(const QList<Pin>& pins) const;
  Result<void> underFolderLock(const std::function<Result<void>()>& change) const;

  QString m_folder;
};

/// A record's file as it is written. Errors: it would be larger than largestRecord.
Result<QByteArray> encoded(const RunRecord& record);
/// Reads a record's file from anywhere. Errors are sentences about `path`.
Result<RunRecord> readRunFile(const QString& path);
/// Only its summary; reads the first line where it can.
Result<RunSummary> readRunSummary(const QString& path, qint64 nowMs);

}  // namespace cachedeck::runs
