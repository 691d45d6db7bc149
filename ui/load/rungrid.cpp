// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/rungrid.h"

#include "ui/theme/theme.h"

#include <algorithm>
#include <array>

namespace cachedeck {

namespace {

constexpr int gap = Theme::cardGap, lowestRow = 196, panelCount = 9;

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

RunGrid layOutRun(int width, int height) {
  const Plan& plan = width >= 1060 ? wide : width >= 760 ? middle : narrow;
  const int tall = std::max(lowestRow, (height - (plan.rows - 1) * gap) / plan.rows);
  const auto rect = [&](const Cell& cell) {
    const auto edge = [&](int column) { return (width + gap) * column / plan.columns; };
    return QRect(QPoint(edge(cell.column), cell.row * (tall + gap)), QSize(edge(cell.column + cell.columns) - gap - edge(cell.column), cell.rows * tall + (cell.rows - 1) * gap));
  };
  RunGrid grid;
  for (const Cell& cell : plan.panels) grid.panels.push_back(rect(cell));
  grid.judgement = rect(plan.judgement);
  grid.height = plan.rows * tall + (plan.rows - 1) * gap;
  return grid;
}

}  // namespace cachedeck
