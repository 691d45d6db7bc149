// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo.h"

#include <algorithm>

namespace cachedeck::keys {

Result<DiscardPreview> previewDiscard(const RunPlace& place, const QString& id) {
  const Result<OperationSummary> summary = readOperation(place.folder, id, place.key);
  if (!summary) return summary.error();
  if (!summary->end && !summary->isUndone() && !summary->batches.isEmpty())
    return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was interrupted: its log alone says which keys it has touched. Resume it, or undo it, before it is discarded.").arg(id));
  DiscardPreview preview{id, ownerOf(*summary, place.journal), 0, place.clock.now().wallMs};
  // What an account was not allowed to put back another may.
  const bool allBack = std::ranges::any_of(summary->undos, [](const QJsonObject& undo) { return undo[QLatin1String("outcome")].toString() == QLatin1String("done") && undo[QLatin1String("refused")].toInteger() == 0; });
  if (!summary->hasUndo() || allBack) return preview;
  const Result<UndoPreview> undo = previewUndo(place, id);
  if (!undo) return undo.error();
  preview.keys = undo->keys;
  return preview;
}

Result<void> discardOperation(const DiscardPreview& preview, const WritePermit& permit, const RunPlace& place) {
  if (!permit.isFor(preview.right())) return fail(Error::Kind::Permission, QStringLiteral("Discarding %1 was not confirmed.").arg(preview.id));
  const auto held = OperationLog::resume(place.folder, preview.id, place.key, 0);  // nobody undoes it meanwhile
  if (!held) return held.error();
  const Result<DiscardPreview> now = previewDiscard(place, preview.id);
  if (!now) return now.error();
  if (now->keys > preview.keys) return fail(Error::Kind::Busy, QStringLiteral("The operation %1 went on meanwhile. Look again.").arg(preview.id));
  const Result<OperationSummary> summary = readOperation(place.folder, preview.id, place.key);
  if (!summary) return summary.error();
  const Result<Plan> plan = Plan::fromJson(summary->plan);
  const RunPlace its = place.forOperation(preview.owner);
  JournalEntry entry;
  entry.action = QStringLiteral("keys.discard");
  entry.phase = QStringLiteral("note");
  entry.operation = preview.id;
  entry.profile = its.profile;
  if (plan) entry.where = QStringLiteral("%1 %2").arg(its.environment, plan->server.text());
  entry.text = preview.keys > 0 ? QStringLiteral("Images of %1 keys discarded: it cannot be undone any more").arg(preview.keys) : QStringLiteral("Log discarded");
  if (!permit.reason().isEmpty()) entry.text += QStringLiteral(" (%1)").arg(permit.reason());
  if (const Result<JournalEntry> written = place.journal.append(entry); !written) return written.error();
  if (plan) plan->forget();
  return removeOperation(place.folder, preview.id);
}

}  // namespace cachedeck::keys
