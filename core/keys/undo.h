// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

namespace cachedeck::keys {

/// What an undo did to the keys that an operation had touched.
struct UndoReport {
  QString id;       ///< of the operation that was undone
  QString outcome;  ///< "done", "cancelled", "failed" (also when all was refused); doing it again goes on, as what is there already is kept
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
  double keysPerSecond = 0;  ///< 0: no bound, in production productionRate
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
  bool torn = false;  ///< the log ends in the middle of a record: what it had of keys behind it is lost
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
  bool ended = false;
  bool undoable = false;  ///< images, or old expiries, of something that it did are there
  bool torn = false;      ///< its log ends in the middle of a record
  int undos = 0;
  qint64 bytes = 0;
  QString endpoint;      ///< as the profile named it
  int database = 0;
  ServerMark server;
  bool undone = false;   ///< an undo of it has come to its end
  bool resumable = false;  ///< not ended, not undone, and its list of names is there
};
/// Newest first, without those that unreadableOperations() has.
QList<OperationRow> operations(const QString& folder, const Secret& key);

/// An operation whose log is damaged, or sealed with another state key.
struct UnreadableOperation {
  QString id;
  QString reason;
};
/// Newest first.
QList<UnreadableOperation> unreadableOperations(const QString& folder, const Secret& key);

/// Which operation `--last` means.
struct OperationFilter {
  QString profile;   ///< empty: any
  QString endpoint;  ///< RedisOptions::endpoint() of the profile; empty: any
  std::optional<int> database{};
  std::optional<ServerMark> system{};  ///< what the endpoint leads to: another address of the same cluster or Sentinels is as good as the endpoint
  bool undoable = false;  ///< has images of something that it did, and was not undone
  bool resumable = false;
};
bool fits(const OperationRow& row, const OperationFilter& filter);
/// The newest that fits. NotFound; Protocol when a newer one cannot be read, which may be the one that is meant: the message names both.
Result<OperationRow> lastOperation(const RunPlace& place, const OperationFilter& filter);

/// What is lost when an operation's log is removed, as it is confirmed before.
struct DiscardPreview {
  QString id;
  OperationOwner owner;
  qint64 keys = 0;  ///< that could still be put back
  qint64 previewedMs = 0;
  /// What a permit to discard is for: none to undo the operation, or to go on with it.
  QString right() const { return QStringLiteral("discard ") + id; }
};
/// NotFound; Usage when it was interrupted after it has touched keys.
Result<DiscardPreview> previewDiscard(const RunPlace& place, const QString& id);
/// Removes the log with its images; the journal says so before.
Result<void> discardOperation(const DiscardPreview& preview, const WritePermit& permit, const RunPlace& place);

}  // namespace cachedeck::keys
