// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <QJsonObject>

namespace cachedeck {

/// A snapshot as `show` prints it: who and when, servers, what is missing, tables of facts, and minimum, mean, maximum and last value of each series. All texts are
/// printable, whoever made the file.
QString snapshotText(const snapshot::Snapshot& snapshot);
/// The same for programs; figures that nobody measured are null. Facts are named, not listed.
QJsonObject snapshotJson(const snapshot::Snapshot& snapshot);

}  // namespace cachedeck
