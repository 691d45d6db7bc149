// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>

#include <vector>

namespace cachedeck {

/// Where the panels of a run and the card of its judgement stand in a page so wide and high. Without panels: a run that measured nothing.
struct RunGrid {
  std::vector<QRect> panels;
  QRect judgement;
  QRect instead;  ///< of what is said in place of the panels
  int height = 0;  ///< may be more than the page's: it scrolls then
};
/// For the nine panels of loadPanels(), in their order. `judgementTall`: what the card needs; its rows grow for it, so that it does not scroll in a page that does.
RunGrid layOutRun(int width, int height, int judgementTall = 0);
/// The judgement beside a card that says why there is nothing to draw.
RunGrid layOutNothing(int width, int height, int judgementTall);

}  // namespace cachedeck
