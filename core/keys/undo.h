// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

namespace cachedeck::keys {

/// What an undo did to the keys that an operation had touched.
struct UndoReport {
  QString id;       ///< of the operation that was undone
  QString outcome;  ///< "done", "cancelled", "failed"; doing it again goes on, as what is there already is kept
  QString reason;
  qint64 images = 0;
  qint64 restored = 0;  ///< are again as they were, TTL running on
  qint64 kept = 0;      ///< somebody made them anew, or changed their TTL since: left alone
  qint64 expired = 0;   ///< deleted keys that would have ended by now; of changed TTLs, keys that are gone, and those whose old end has passed meanwhile: these keep the TTL they have
  qint64 expiredMeanwhile = 0;  ///< of those: keys that are there and keep the TTL they have, since the old end of theirs has passed
  qint64 refused = 0;
  double seconds = 0;
  QString note;  ///< what the person should know of it though nothing went wrong; or empty
  QJsonObject toJson() const;
};

/// How an undo goes about it; the same as of a run.
struct UndoOptions {
  double budgetMs = 0;
  double keysPerSecond = 0;
  std::chrono::seconds pauseLimit{60};
  qint64 replicaLagBytes = qint64{10} << 20;
  std::chrono::seconds replicaLagTime{10};
  std::function<std::optional<QString>()> holdBack{};
};

/// What an undo would put back, as it is shown to the person before.
struct UndoPreview {
  QString id, profile, where, action, selected;
  qint64 keys = 0;   ///< to be put back, or whose TTL is
  qint64 bytes = 0;  ///< of their images
  qint64 createdMs = 0, ageMs = 0, previewedMs = 0;
  int undos = 0;     ///< that were made already
  std::optional<Environment> environment{};  ///< that it was made in; nothing: not known
  OperationOwner owner() const { return {profile, environment}; }
  QJsonObject toJson() const;
};
/// NotFound; Usage when no images were kept.
Result<UndoPreview> previewUndo(const RunPlace& place, const QString& id);

/// Puts back what an operation took away: RESTORE without REPLACE, with the absolute expiry; a changed TTL becomes the old one where nobody changed it since. Refused beforehand when the keys
/// would not fit into the server's memory, since it would then evict others.
Result<UndoReport> undoOperation(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop);
Result<UndoReport> undoOperation(const QString& id, const UndoOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                                 const std::stop_token& stop);

/// An operation as lists show it.
struct OperationRow {
  QString id, profile, where, action, selected;
  qint64 createdMs = 0;
  qint64 planned = 0;
  bool ended = false, undoable = false, torn = false;
  int undos = 0;
  qint64 bytes = 0;
  QString endpoint;      ///< as the profile named it
  int database = 0;
  bool undone = false;   ///< an undo of it has come to its end
  bool resumable = false;  ///< not ended, not undone, and its list of names is there
};
/// Newest first. Those that cannot be read are left out.
QList<OperationRow> operations(const QString& folder, const Secret& key);

/// Which operation `--last` means.
struct OperationFilter {
  QString profile;   ///< empty: any
  QString endpoint;  ///< RedisOptions::endpoint() of the profile; empty: any
  std::optional<int> database{};
  bool undoable = false;   ///< has images and was not undone
  bool resumable = false;
};
bool fits(const OperationRow& row, const OperationFilter& filter);
/// The newest that fits.
std::optional<OperationRow> lastOperation(const RunPlace& place, const OperationFilter& filter);

}  // namespace cachedeck::keys
