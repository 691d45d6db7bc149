// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace cachedeck {

struct SnapshotLookArguments {
  std::string file;
  bool json = false;
};

/// Prints what a file holds. 0; 1: it cannot be read.
int showSnapshot(const SnapshotLookArguments& arguments);
/// Checks each member. 0: intact; 1: it differs, and which.
int verifySnapshot(const SnapshotLookArguments& arguments);

}  // namespace cachedeck
