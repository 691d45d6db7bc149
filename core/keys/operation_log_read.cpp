// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/operation_log_walk.h"

#include <algorithm>

namespace cachedeck::keys {

using namespace oplog;

namespace {

/// Opens the file and walks over it in one way or another.
template <typename How>
Result<Walked> walkOperation(const QString& folder, const QString& id, const Secret& key, const How& how) {
  auto file = openOperation(folder, id, Access::Read);
  if (!file) return file.error();
  auto seal = Seal::make(key, id);
  if (!seal) return seal.error();
  return walk(*file, **seal, how);
}

}  // namespace

bool OperationSummary::hasUndo() const { return plan[QLatin1String("undo")].toBool(); }

bool OperationSummary::isUndone() const {
  return std::ranges::any_of(undos, [](const QJsonObject& undo) {
    const bool allRefused = undo[QLatin1String("refused")].toInteger() > 0 && undo[QLatin1String("restored")].toInteger() == 0;
    return undo[QLatin1String("outcome")].toString() == QLatin1String("done") && !allRefused;
  });
}

Result<OperationSummary> readOperation(const QString& folder, const QString& id, const Secret& key) {
  auto walked = walkOperation(folder, id, key, Images::Check);
  if (!walked) return walked.error();
  return std::move(walked->summary);
}

Result<void> readImages(const QString& folder, const QString& id, const Secret& key, const ImageVisit& visit) {
  // A batch's result stands behind its images: the results are collected first.
  auto known = walkOperation(folder, id, key, Images::Skip);
  if (!known) return known.error();
  const QList<LoggedBatch>& batches = known->summary.batches;
  const ImageVisit withResult = [&](const LoggedBatch& found, std::span<const KeyImage> images) {
    LoggedBatch batch = found;
    if (batch.batch < batches.size()) batch.result = batches[batch.batch].result;
    return visit(batch, images);
  };
  auto walked = walkOperation(folder, id, key, withResult);
  if (!walked) return walked.error();
  return {};
}

}  // namespace cachedeck::keys
