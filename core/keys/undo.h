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
  qint64 expired = 0;   ///< would have ended by now
  qint64 refused = 0;
  double seconds = 0;
  QJsonObject toJson() const;
};

/// Puts back what an operation took away: RESTORE without REPLACE, with the absolute expiry; a changed TTL becomes the old one where nobody changed it since. Refused beforehand when the keys
/// would not fit into the server's memory, since it would then evict others.
Result<UndoReport> undoOperation(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop);

/// An operation as lists show it.
struct OperationRow {
  QString id, profile, where, action, selected;
  qint64 createdMs = 0;
  qint64 planned = 0;
  bool ended = false, undoable = false, torn = false;
  int undos = 0;
  qint64 bytes = 0;
};
/// Newest first. Those that cannot be read are left out.
QList<OperationRow> operations(const QString& folder, const Secret& key);

}  // namespace cachedeck::keys
