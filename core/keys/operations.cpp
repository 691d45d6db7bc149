// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/batch_cover.h"
#include "core/keys/undo.h"

#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace cachedeck::keys {

namespace {

/// An operation's log, and what its plan and action are.
struct Known {
  OperationSummary summary;
  Plan plan;
  Action action;
  QString word(const char* name) const { return summary.plan[QLatin1String(name)].toString(); }
  /// A batch whose end is not known counts, unless a later one stands in for it.
  bool hasSomethingToUndo() const {
    const BatchCover cover(summary.batches);
    return summary.hasUndo() && std::ranges::any_of(summary.batches, [&](const LoggedBatch& batch) {
      return batch.hasImages && (batch.result ? batch.result->done > 0 : cover.batchOf(batch.firstName) == batch.batch);
    });
  }
};

Result<Known> known(const QString& folder, const QString& id, const Secret& key) {
  Result<OperationSummary> summary = readOperation(folder, id, key);
  if (!summary) return summary.error();
  Result<Plan> plan = Plan::fromJson(summary->plan);
  if (!plan) return plan.error();
  const Result<Action> action = Action::fromJson(summary->plan[QLatin1String("action")].toObject());
  if (!action) return action.error();
  return Known{std::move(*summary), std::move(*plan), *action};
}

OperationRow rowOf(const QString& id, const Known& known) {
  OperationRow row;
  row.id = id;
  row.profile = known.word("profile");
  row.where = known.plan.server.text();
  row.action = known.action.text();
  row.selected = known.word("selected");
  row.createdMs = known.plan.createdMs;
  row.planned = known.plan.keys;
  row.ended = known.summary.end.has_value();
  row.undoable = known.hasSomethingToUndo();
  row.torn = known.summary.torn;
  row.undos = static_cast<int>(known.summary.undos.size());
  row.bytes = known.summary.fileBytes;
  row.endpoint = known.plan.server.endpoint;
  row.database = known.plan.server.database;
  row.server = known.plan.server;
  row.undone = known.summary.isUndone();
  row.resumable = !row.ended && !row.undone && QFileInfo::exists(known.plan.spoolFile);
  return row;
}

/// Names of the plan whose last batch has a result.
qint64 settledNames(const QList<LoggedBatch>& batches) {
  const BatchCover cover(batches);
  qint64 settled = 0;
  cover.forEach([&](qint64 from, qint64 to, qint64 batch) { settled += batch >= 0 && batches[batch].result ? to - from : 0; });
  return settled;
}

}  // namespace

QList<OperationRow> operations(const QString& folder, const Secret& key) {
  QList<OperationRow> rows;
  for (const QString& id : listOperations(folder))
    if (const Result<Known> one = known(folder, id, key)) rows.append(rowOf(id, *one));
  return rows;
}

bool fits(const OperationRow& row, const OperationFilter& filter) {
  return (filter.profile.isEmpty() || row.profile == filter.profile) && (filter.endpoint.isEmpty() || row.endpoint == filter.endpoint || (filter.system && row.server.isSameSystem(*filter.system))) &&
         (!filter.database || row.database == *filter.database) && (!filter.undoable || (row.undoable && !row.undone)) && (!filter.resumable || row.resumable);
}

QList<UnreadableOperation> unreadableOperations(const QString& folder, const Secret& key) {
  QList<UnreadableOperation> found;
  for (const QString& id : listOperations(folder))
    if (const Result<Known> one = known(folder, id, key); !one) found.append({id, one.error().message});
  return found;
}

Result<OperationRow> lastOperation(const RunPlace& place, const OperationFilter& filter) {
  QString unreadable, reason;
  for (const QString& id : listOperations(place.folder)) {
    const Result<Known> one = known(place.folder, id, place.key);
    if (!one && unreadable.isEmpty()) {
      unreadable = id;
      reason = one.error().message;
    }
    if (!one) continue;
    OperationRow row = rowOf(id, *one);
    if (!fits(row, filter)) continue;
    if (unreadable.isEmpty()) return row;
    return fail(Error::Kind::Protocol, QStringLiteral("The operation %1 is newer and cannot be read, so that it is not known which is the last: %2 The newest that can be read is %3; name it by its id if it is meant.")
                                           .arg(unreadable, reason, id));
  }
  if (!unreadable.isEmpty()) return fail(Error::Kind::Protocol, QStringLiteral("No operation that can be read is meant, and %1 cannot be read: %2").arg(unreadable, reason));
  return fail(Error::Kind::NotFound, QStringLiteral("There is no such operation."));
}

Result<ResumePreview> previewResume(const RunPlace& place, const QString& id) {
  const Result<Known> one = known(place.folder, id, place.key);
  if (!one) return one.error();
  if (one->summary.end) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 has come to its end already.").arg(id));
  if (one->summary.isUndone()) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was undone. Make a new plan.").arg(id));
  ResumePreview preview{id, one->word("profile"), one->plan.server.text(), one->action.text(), one->word("selected"), one->plan.keys, 0, 0, one->plan.createdMs, 0, place.clock.now().wallMs,
                        RunOptions::fromJson(one->summary.plan[QLatin1String("options")].toObject())};
  preview.environment = ownerOf(one->summary, place.journal).environment;
  preview.torn = one->summary.torn;
  preview.options.undo = one->summary.plan[QLatin1String("undo")].toBool();
  preview.settled = std::min(settledNames(one->summary.batches), preview.planned);
  preview.remaining = preview.planned - preview.settled;
  preview.ageMs = preview.previewedMs - preview.createdMs;
  return preview;
}

Result<UndoPreview> previewUndo(const RunPlace& place, const QString& id) {
  const Result<Known> one = known(place.folder, id, place.key);
  if (!one) return one.error();
  if (!one->summary.hasUndo()) return fail(Error::Kind::Usage, QStringLiteral("The operation %1 was made without undo: no images were kept.").arg(id));
  UndoPreview preview{id, one->word("profile"), one->plan.server.text(), one->action.text(), one->word("selected"), 0, 0, one->plan.createdMs, 0, place.clock.now().wallMs,
                      static_cast<int>(one->summary.undos.size()),
                      ownerOf(one->summary, place.journal).environment, one->summary.torn};
  preview.ageMs = preview.previewedMs - preview.createdMs;
  const BatchCover cover(one->summary.batches);
  const auto add = [&](const LoggedBatch& batch, std::span<const KeyImage> images) {
    QSet<std::uint32_t> left;
    if (batch.result) left = QSet<std::uint32_t>(batch.result->notDone.begin(), batch.result->notDone.end());
    const bool open = !batch.result && cover.batchOf(batch.firstName) != batch.batch;  // a later one stands in for it
    for (std::uint32_t i = 0; i < images.size(); ++i) {
      if (open || left.contains(i)) continue;
      ++preview.keys;
      preview.bytes += images[i].name.size() + images[i].dump.size();
    }
    return true;
  };
  if (const Result<void> read = readImages(place.folder, id, place.key, add); !read) return read.error();
  return preview;
}

QJsonObject ResumePreview::toJson() const {
  return {{QStringLiteral("operation"), id}, {QStringLiteral("profile"), profile}, {QStringLiteral("environment"), environment ? environmentKey(*environment) : QJsonValue()}, {QStringLiteral("where"), where}, {QStringLiteral("action"), action}, {QStringLiteral("selected"), selected},
          {QStringLiteral("planned"), planned}, {QStringLiteral("settled"), settled}, {QStringLiteral("remaining"), remaining}, {QStringLiteral("created_ms"), createdMs},
          {QStringLiteral("age_ms"), ageMs}, {QStringLiteral("torn"), torn}, {QStringLiteral("options"), options.toJson()}};
}

QJsonObject UndoPreview::toJson() const {
  return {{QStringLiteral("operation"), id}, {QStringLiteral("profile"), profile}, {QStringLiteral("environment"), environment ? environmentKey(*environment) : QJsonValue()}, {QStringLiteral("where"), where}, {QStringLiteral("action"), action}, {QStringLiteral("selected"), selected},
          {QStringLiteral("keys"), keys}, {QStringLiteral("bytes"), bytes}, {QStringLiteral("created_ms"), createdMs}, {QStringLiteral("age_ms"), ageMs}, {QStringLiteral("undos"), undos}, {QStringLiteral("torn"), torn}};
}

}  // namespace cachedeck::keys
