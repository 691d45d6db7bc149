// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/pagelayout.h"

#include "ui/theme/theme.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr int margin = Theme::pageMargin, gap = Theme::cardGap, lowestRow = 220;

int panelColumns(int width) { return width >= 1380 ? 4 : width >= 940 ? 3 : width >= 640 ? 2 : 1; }  // the rail takes 60 of the window
int tileColumns(int width, int tiles) { return width >= 1080 ? tiles : width >= 560 ? 3 : 2; }

struct Slot {
  int row, column, columns;
};

std::vector<Slot> flow(const std::vector<int>& spans, int columns) {
  std::vector<Slot> slots;
  int row = 0, column = 0;
  for (const int span : spans) {
    const int wide = std::min(span, columns);
    if (column + wide > columns) {
      slots.back().columns += columns - column;
      ++row;
      column = 0;
    }
    slots.push_back({row, column, wide});
    column += wide;
    if (column == columns) {
      ++row;
      column = 0;
    }
  }
  if (!slots.empty() && column > 0) slots.back().columns += columns - column;
  return slots;
}

/// Left edge of a column; edges are computed rather than summed, so that rounding leaves no ragged side.
int edge(int left, int width, int columns, int column) { return left + (width + gap) * column / columns; }

}  // namespace

PageLayout layOutPage(const QSize& page, int tiles, const std::vector<int>& spans) {
  PageLayout out;
  const int width = page.width() - 2 * margin;
  const int across = tileColumns(page.width(), tiles);
  for (int i = 0; i < tiles; ++i) {
    const int left = edge(margin, width, across, i % across), right = edge(margin, width, across, i % across + 1) - gap;
    out.tiles.emplace_back(left, margin + i / across * (Theme::tileHeight + gap), right - left, Theme::tileHeight);
  }
  const int top = tiles > 0 ? out.tiles.back().bottom() + 1 + gap : margin;
  const int columns = panelColumns(page.width());
  const std::vector<Slot> slots = flow(spans, columns);
  const int rows = slots.empty() ? 0 : slots.back().row + 1;
  const int room = page.height() - top - margin - (rows - 1) * gap;
  const int tall = rows > 0 ? std::max(lowestRow, room / rows) : 0;
  for (const Slot& slot : slots) {
    const int left = edge(margin, width, columns, slot.column), right = edge(margin, width, columns, slot.column + slot.columns) - gap;
    out.panels.emplace_back(left, top + slot.row * (tall + gap), right - left, tall);
  }
  out.height = rows > 0 ? out.panels.back().bottom() + 1 + margin : top;
  return out;
}

}  // namespace cachedeck
