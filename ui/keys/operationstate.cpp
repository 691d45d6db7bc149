// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/operationstate.h"

namespace cachedeck {

using namespace keys;

namespace {

/// How far an undo came that is not over, from the operation's log.
OperationState stateOf(const OperationRow& row, const QString& folder, const Secret& key) {
  OperationState state{row, {}, 0, 0, 0};
  if (row.undos == 0) return state;
  const Result<OperationSummary> summary = readOperation(folder, row.id, key);
  if (!summary || summary->undos.isEmpty()) return state;
  const QJsonObject undo = summary->undos.last();
  const auto number = [&](const char* name) { return undo[QLatin1String(name)].toInteger(); };
  state.undoOutcome = row.undone ? QStringLiteral("done") : undo[QLatin1String("outcome")].toString();
  state.undoImages = number("images");
  state.undoRefused = number("refused");
  state.undoSettled = number("restored") + number("kept") + number("expired");
  return state;
}

}  // namespace

QList<OperationState> operationStates(const QString& folder, const Secret& key, const OperationFilter& filter) {
  QList<OperationState> found;
  for (const OperationRow& row : operations(folder, key))
    if (fits(row, filter)) found.append(stateOf(row, folder, key));
  return found;
}

}  // namespace cachedeck
