// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/source.h"

#include <QMap>

namespace cachedeck {

/// Of what a snapshot is taken.
struct SnapshotTarget {
  QString profile, environment;           ///< names
  QMap<QString, SourceSettings> sources;  ///< by id in the registry, with their secrets
  QString configFolder;                   ///< of the journal's key
  QString recording{};                    ///< file of its samples on disk; may not be there
};

/// What the person asked for.
struct SnapshotRequest {
  QString title, note;
  qint64 fromMs = 0, toMs = 0;
  bool bySchedule = false;  ///< nobody asked at this moment: of these only the newest are kept
};

}  // namespace cachedeck
