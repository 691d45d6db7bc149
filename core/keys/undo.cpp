// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo.h"

#include "core/keys/undo_job.h"

namespace cachedeck::keys {

QJsonObject UndoReport::toJson() const {
  QJsonObject json{{QStringLiteral("operation"), id}, {QStringLiteral("images"), images}, {QStringLiteral("restored"), restored}, {QStringLiteral("kept"), kept},
                   {QStringLiteral("expired"), expired}, {QStringLiteral("expired_meanwhile"), expiredMeanwhile}, {QStringLiteral("refused"), refused}, {QStringLiteral("outcome"), outcome}, {QStringLiteral("seconds"), seconds}};
  if (!reason.isEmpty()) json[QLatin1String("reason")] = reason;
  if (!note.isEmpty()) json[QLatin1String("note")] = note;
  return json;
}

Result<UndoReport> undoOperation(const QString& id, const UndoOptions& options, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress,
                                 const std::stop_token& stop) {
  if (!permit.covers(id)) return fail(Error::Kind::Permission, QStringLiteral("Undoing %1 was not confirmed.").arg(id));
  return Undo(id, options, server, permit, place, progress, stop).run();
}

Result<UndoReport> undoOperation(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop) {
  return undoOperation(id, {}, server, permit, place, progress, stop);
}

}  // namespace cachedeck::keys
