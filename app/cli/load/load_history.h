// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cachedeck {

struct LoadHistoryArguments {
  std::vector<std::string> runs;  ///< ids, their beginnings, "last", "@baseline", scenarios
  std::string format, out;
  std::optional<std::string> note;  ///< an empty one removes what there is
  std::vector<std::string> tags;
  bool json = false;
};

// `cachedeck load runs | report | compare | scorecard | pin | unpin | note | remove`: exit codes as everywhere.
int loadRuns(const LoadHistoryArguments& arguments);
int loadReport(const LoadHistoryArguments& arguments);
int loadCompare(const LoadHistoryArguments& arguments);
int loadScorecard(const LoadHistoryArguments& arguments);
int loadPin(const LoadHistoryArguments& arguments);
int loadUnpin(const LoadHistoryArguments& arguments);
int loadNote(const LoadHistoryArguments& arguments);
int loadRemove(const LoadHistoryArguments& arguments);

}  // namespace cachedeck
