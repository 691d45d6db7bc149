// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/compare.h"
#include "core/snapshot/report_tables.h"
#include "ui/widgets/card.h"

#include <QByteArray>

class QLabel;
class QPushButton;
class QScrollArea;

namespace cachedeck {

/// Two snapshots held against each other, made off the window's thread.
struct ComparedSnapshots {
  QStringList sides;                    ///< what the first and the second are
  QString sum;                          ///< "Figures: 3 better, …"
  QStringList notes;
  QList<QByteArray> charts;             ///< SVG, the first dotted
  QList<snapshot::ReportTable> tables;  ///< scorecard, figures, settings, statements
  QByteArray html;                      ///< the same as a page
};

/// As the page shows it, in its colours. Draws charts: not on the window's thread.
ComparedSnapshots comparedOf(const snapshot::SnapshotComparison& comparison, const snapshot::Snapshot& before, const snapshot::Snapshot& after, bool dark);

/// Shows them: charts over each other, tables of what changed.
class SnapshotCompareView : public Card {
  Q_OBJECT
 public:
  explicit SnapshotCompareView(QWidget* parent = nullptr);
  void show(const ComparedSnapshots& compared);
  const QByteArray& html() const { return m_html; }
  QPushButton* saveButton() const { return m_save; }
  QPushButton* closeButton() const { return m_close; }

 private:
  QByteArray m_html;
  QLabel* m_title;
  QScrollArea* m_area;
  QPushButton *m_save, *m_close;
};

}  // namespace cachedeck
