// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "core/keys/undo.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace cachedeck {

/// An operation, and how far an undo of it came that did not reach its end.
struct OperationState {
  keys::OperationRow row;
  QString undoOutcome;         ///< of the last undo: "done", "cancelled", "failed"; empty without one
  qint64 undoImages = 0, undoSettled = 0, undoRefused = 0;
  bool undoIsOpen() const { return !undoOutcome.isEmpty() && undoOutcome != QLatin1String("done"); }
  qint64 undoRemaining() const { return std::max<qint64>(0, undoImages - undoSettled); }
};

/// Those of the folder that fit. Blocks for the disk.
QList<OperationState> operationStates(const QString& folder, const Secret& key, const keys::OperationFilter& filter);

}  // namespace cachedeck
