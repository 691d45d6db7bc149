// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/rungrid.h"

#include "ui/theme/theme.h"

#include <algorithm>
#include <array>

namespace cachedeck {

namespace {

constexpr int gap = Theme::cardGap, lowestRow = 196, panelCount = 9;
constexpr int highestRow = 2 * lowestRow;  // beyond it the judgement scrolls in its card: charts so tall say no more

struct Cell {
  int row, column, columns = 1, rows = 1;
};

struct Plan {
  int columns, rows;
  std::array<Cell, panelCount> panels;  // throughput, latency, errors, hits, users, operations, memory, connections, query time
  Cell judgement;
};

// Each fills its rectangle: nothing is ragged.
constexpr Plan wide{4, 3, {{{0, 0}, {0, 1, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}, {2, 3}}}, {0, 3, 1, 2}};
constexpr Plan middle{3, 4, {{{0, 0}, {0, 1, 2}, {1, 1}, {1, 2}, {2, 1}, {3, 0}, {3, 1}, {3, 2}, {2, 2}}}, {1, 0, 1, 2}};
constexpr Plan narrow{2, 6, {{{0, 0}, {0, 1}, {1, 1}, {2, 1}, {3, 0}, {3, 1}, {4, 0}, {4, 1}, {5, 0, 2}}}, {1, 0, 1, 2}};

}  // namespace

RunGrid layOutRun(int width, int height, int judgementTall) {
  const Plan& plan = width >= 1060 ? wide : width >= 760 ? middle : narrow;
  const int tall = std::max(lowestRow, (height - (plan.rows - 1) * gap) / plan.rows);
  const int grown = std::clamp((judgementTall - (plan.judgement.rows - 1) * gap + plan.judgement.rows - 1) / plan.judgement.rows, tall, std::max(tall, highestRow));
  const auto isGrown = [&](int row) { return row >= plan.judgement.row && row < plan.judgement.row + plan.judgement.rows; };
  std::vector<int> tops{0};  // of each row, and of one behind the last
  for (int row = 0; row < plan.rows; ++row) tops.push_back(tops.back() + (isGrown(row) ? grown : tall) + gap);
  const auto rect = [&](const Cell& cell) {
    const auto edge = [&](int column) { return (width + gap) * column / plan.columns; };
    const auto top = [&](int row) { return tops[static_cast<std::size_t>(row)]; };
    return QRect(QPoint(edge(cell.column), top(cell.row)), QSize(edge(cell.column + cell.columns) - gap - edge(cell.column), top(cell.row + cell.rows) - gap - top(cell.row)));
  };
  RunGrid grid;
  for (const Cell& cell : plan.panels) grid.panels.push_back(rect(cell));
  grid.judgement = rect(plan.judgement);
  grid.height = tops.back() - gap;
  return grid;
}

RunGrid layOutNothing(int width, int height, int judgementTall) {
  RunGrid grid;
  const int judgementWide = std::clamp(width / 3, std::min(width, 260), 420), tall = std::max(lowestRow, height);
  grid.instead = QRect(0, 0, width - judgementWide - gap, tall);
  grid.judgement = QRect(width - judgementWide, 0, judgementWide, std::max(tall, judgementTall));
  grid.height = std::max(tall, judgementTall);
  return grid;
}

}  // namespace cachedeck
