// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>

#include <vector>

namespace cachedeck {

/// Where the panels of a run and the card of its judgement stand in a page so wide and high.
struct RunGrid {
  std::vector<QRect> panels;
  QRect judgement;
  int height = 0;  ///< may be more than the page's: it scrolls then
};
/// For the nine panels of loadPanels(), in their order.
RunGrid layOutRun(int width, int height);

}  // namespace cachedeck
