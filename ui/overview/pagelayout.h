// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSize>

#include <vector>

namespace cachedeck {

/// Where the tiles and panels of the Overview stand in a page of some size.
struct PageLayout {
  std::vector<QRect> tiles, panels;
  int height = 0;  ///< may be more than the page's: it scrolls then
};

/// `spans`: how many columns each panel asks for. Four columns from 1440 px on, three from 1000, two from 640, else one; rows
/// share the height and are at least 220 px high; the last panel of a row takes what is left of it.
PageLayout layOutPage(const QSize& page, int tiles, const std::vector<int>& spans);

}  // namespace cachedeck
