// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo.h"

#include "core/keys/undo_job.h"

namespace cachedeck::keys {

QJsonObject UndoReport::toJson() const {
  QJsonObject json{{QStringLiteral("operation"), id}, {QStringLiteral("images"), images}, {QStringLiteral("restored"), restored}, {QStringLiteral("kept"), kept},
                   {QStringLiteral("expired"), expired}, {QStringLiteral("refused"), refused}, {QStringLiteral("outcome"), outcome}, {QStringLiteral("seconds"), seconds}};
  if (!reason.isEmpty()) json[QLatin1String("reason")] = reason;
  return json;
}

Result<UndoReport> undoOperation(const QString& id, const RedisOptions& server, const WritePermit& permit, const RunPlace& place, RunProgress& progress, const std::stop_token& stop) {
  return Undo(id, server, permit, place, progress, stop).run();
}

QList<OperationRow> operations(const QString& folder, const Secret& key) {
  QList<OperationRow> rows;
  for (const QString& id : listOperations(folder)) {
    const Result<OperationSummary> summary = readOperation(folder, id, key);
    const Result<Plan> plan = summary ? Plan::fromJson(summary->plan) : Result<Plan>(summary.error());
    const Result<Action> action = summary ? Action::fromJson(summary->plan[QLatin1String("action")].toObject()) : Result<Action>(summary.error());
    if (!plan || !action) continue;
    OperationRow row;
    row.id = id;
    row.profile = summary->plan[QLatin1String("profile")].toString();
    row.where = plan->server.text();
    row.action = action->text();
    row.selected = summary->plan[QLatin1String("selected")].toString();
    row.createdMs = plan->createdMs;
    row.planned = plan->keys;
    row.ended = summary->end.has_value();
    row.undoable = summary->plan[QLatin1String("undo")].toBool();
    row.torn = summary->torn;
    row.undos = static_cast<int>(summary->undos.size());
    row.bytes = summary->fileBytes;
    rows.append(row);
  }
  return rows;
}

}  // namespace cachedeck::keys
