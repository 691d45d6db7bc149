// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/profiles/profile.h"
#include "core/runs/run_record.h"
#include "core/sources/source.h"

#include <QMap>

namespace cachedeck {

/// What a snapshot of a run is of.
struct RunServers {
  Profile profile;
  QMap<QString, SourceSettings> sources;
};

/// A snapshot of a run's time, of a minute before it to now, as `snapshot take --for 0 --range` makes it; the samples that were taken beside the run are in it. Gives what is missing. Blocks for
/// the servers and the disk.
Result<QStringList> writeRunSnapshot(const runs::RunRecord& run, const RunServers& servers, const QString& file, const Clock& clock);

}  // namespace cachedeck
