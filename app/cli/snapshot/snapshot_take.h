// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"
#include "app/cli/source_options.h"

#include <string>

namespace cachedeck {

struct SnapshotTakeArguments {
  SourceOptions sources;
  std::string sampleFor = "60s", range, recording, title, note, out;
  bool slowLogArguments = false;
};

/// Takes a snapshot and writes its file. 0: every server answered; 1: some did not, or the file was not written; 2 usage; 3: no server answered. The file is
/// written in every case but 2, since an outage is worth one.
int takeSnapshotCommand(SnapshotTakeArguments& arguments, Program program);

}  // namespace cachedeck
