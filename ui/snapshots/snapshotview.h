// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/figures.h"
#include "ui/snapshots/snapshotmodel.h"
#include "ui/widgets/card.h"

class QLabel;
class QPushButton;
class QScrollArea;

namespace cachedeck {

class CellTable;
class FactTables;
class Notice;

/// One snapshot: what it is, its figures, what the servers said, and what can be done with it.
class SnapshotView : public Card {
  Q_OBJECT
 public:
  explicit SnapshotView(QWidget* parent = nullptr);
  /// The manifest's words; figures come later.
  void show(const SnapshotEntry& entry);
  void setFigures(const QList<snapshot::Figure>& figures, const QList<snapshot::FactTable>& facts);
  /// This one is on show in the window.
  void setKept(bool kept);
  void setNothing();
  QPushButton* openButton() const { return m_open; }
  QPushButton* exportButton() const { return m_export; }
  QPushButton* verifyButton() const { return m_verify; }
  CellTable* figures() const { return m_figures; }
  FactTables* tables() const { return m_tables; }
  const QString& file() const { return m_file; }

 Q_SIGNALS:
  void openRequested();
  void closeRequested();
  void verifyRequested();

 private:
  QWidget* build();
  QString m_file;
  bool m_kept = false;
  Notice* m_nothing;
  QWidget* m_body;
  QLabel *m_title, *m_facts, *m_note, *m_missing;
  QPushButton *m_open, *m_export, *m_verify;
  CellTable* m_figures;
  FactTables* m_tables;
};

}  // namespace cachedeck
