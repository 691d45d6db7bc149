// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscan.h"
#include "ui/widgets/card.h"

class QLabel;

namespace cachedeck {

class BarList;
class CommandLine;
class ElidedLabel;
class FigureGrid;

/// The figures of an analysed keyspace: totals, TTL histogram, types, largest keys, TTL cliffs.
class KeyspaceView : public Card {
  Q_OBJECT
 public:
  explicit KeyspaceView(QWidget* parent = nullptr);
  using QWidget::show;
  void show(const KeyspaceFigures& figures, qint64 nowMs, const QString& command);

 private:
  ElidedLabel* m_when;
  FigureGrid* m_totals;
  BarList *m_ttls, *m_types, *m_largest;
  QLabel* m_cliffs;
  CommandLine* m_command;
};

}  // namespace cachedeck
