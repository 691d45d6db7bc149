// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <QWidget>

class QLabel;

namespace cachedeck {

class FactTables;
class Notice;

/// The page of alerts while a snapshot is on show: rules, alerts and silences as they were when it was taken, to read.
class KeptAlertsPage : public QWidget {
  Q_OBJECT
 public:
  explicit KeptAlertsPage(QWidget* parent = nullptr);
  void setSnapshot(const snapshot::Snapshot& snapshot);
  FactTables* tables() const { return m_tables; }
  Notice* nothing() const { return m_nothing; }

 private:
  QWidget* m_card;
  QLabel* m_when;
  FactTables* m_tables;
  Notice* m_nothing;
};

}  // namespace cachedeck
