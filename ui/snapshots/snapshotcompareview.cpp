// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/snapshotcompareview.h"

#include "core/base/text.h"
#include "ui/snapshots/svgpicture.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr int chartColumns = 2;

RowList::Tone toneOf(const QString& word) {
  if (word.startsWith(QLatin1String("critical")) || word.startsWith(QLatin1String("worse"))) return RowList::Tone::Critical;
  if (word.startsWith(QLatin1String("warning"))) return RowList::Tone::Warning;
  return word.startsWith(QLatin1String("good")) || word.startsWith(QLatin1String("better")) ? RowList::Tone::Good : RowList::Tone::Plain;
}

void addTable(QVBoxLayout& column, const snapshot::ReportTable& table) {
  column.addWidget(plainLabel(table.title, TextRole::CardTitle));
  if (table.rows.isEmpty()) {
    column.addWidget(plainLabel(table.empty, TextRole::Label, "secondary"));
    return;
  }
  QSet<int> words;
  for (int i = 1; i < table.heading.size(); ++i)
    if (!table.right.value(i)) words.insert(i);
  QList<CellTableModel::Row> rows;
  for (const QStringList& cells : table.rows) {
    CellTableModel::Row row;
    for (const QString& cell : cells) row << CellTableModel::Cell{printable(cell, 200), toneOf(snapshot::worstOf(cell))};
    rows << row;
  }
  auto* shown = new CellTable(table.title);
  shown->setTable(table.heading, rows, words);
  column.addWidget(shown);
}

}  // namespace

SnapshotCompareView::SnapshotCompareView(QWidget* parent) : Card(parent) {
  m_title = plainLabel({}, TextRole::Label, "secondary");
  m_title->setWordWrap(true);
  m_save = new QPushButton(tr("Save as HTML…"));
  m_close = new QPushButton(tr("Back"));
  for (QPushButton* const button : {m_save, m_close}) button->setAutoDefault(false);
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addWidget(m_title, 1, Qt::AlignTop);
  head->addWidget(m_save, 0, Qt::AlignTop);
  head->addWidget(m_close, 0, Qt::AlignTop);
  m_area = new QScrollArea;
  m_area->setWidgetResizable(true);
  m_area->setFrameShape(QFrame::NoFrame);
  m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_area->setStyleSheet(QStringLiteral("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(2 * Theme::grid);
  column->addLayout(head);
  column->addWidget(m_area, 1);
}

void SnapshotCompareView::show(const ComparedSnapshots& compared) {
  m_html = compared.html;
  m_title->setText((compared.sides + QStringList{compared.sum}).join(QLatin1Char('\n')));
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 8, 0);
  column->setSpacing(2 * Theme::grid);
  auto* notes = plainLabel(compared.notes.join(QLatin1Char('\n')), TextRole::Label, "secondary");
  notes->setWordWrap(true);
  column->addWidget(notes);
  if (!compared.tables.isEmpty()) addTable(*column, compared.tables.front());
  if (!compared.charts.isEmpty()) {
    column->addWidget(plainLabel(tr("Charts: the first dotted, the second solid"), TextRole::CardTitle));
    auto* grid = new QGridLayout;
    grid->setSpacing(Theme::cardGap);
    for (int i = 0; i < compared.charts.size(); ++i) grid->addWidget(new SvgPicture(compared.charts[i]), i / chartColumns, i % chartColumns);
    column->addLayout(grid);
  }
  for (const snapshot::ReportTable& table : compared.tables.mid(1)) addTable(*column, table);
  column->addStretch(1);
  m_area->setWidget(content);
}

}  // namespace cachedeck
