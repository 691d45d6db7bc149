// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/snapshotview.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "core/sources/source.h"
#include "ui/snapshots/facttables.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QCoreApplication>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr qsizetype longestNote = 20'000;  // as one may be taken with; it scrolls with the figures

RowList::Tone toneOf(Level level) { return level == Level::Critical ? RowList::Tone::Critical : level == Level::Warning ? RowList::Tone::Warning : RowList::Tone::Good; }

CellTableModel::Row rowOf(const snapshot::Figure& figure) {
  const auto text = [&](double value) { return CellTableModel::Cell{formatValue(value, figure.metric->unit)}; };
  CellTableModel::Cell band{snapshot::bandText(figure), RowList::Tone::Plain};
  if (figure.judged) band.tone = toneOf(figure.worst);
  const SourceInfo* source = findSource(QString(sourceOf(*figure.metric)));
  const bool ofService = figure.metric->id.startsWith(QLatin1String("app."));
  const QString name = QStringLiteral("%1 · %2").arg(ofService ? SnapshotView::tr("service") : source ? QString(QLatin1String(source->title)) : QString(), QCoreApplication::translate("Metric", figure.metric->name));
  return {{name, RowList::Tone::Plain, {}, plainTip(QLatin1String(figure.metric->id) + QLatin1Char('\n') + QCoreApplication::translate("Metric", figure.metric->description))},
          text(figure.min), text(figure.mean), text(figure.p95), text(figure.max), text(figure.last), band};
}

}  // namespace

SnapshotView::SnapshotView(QWidget* parent) : Card(parent) {
  m_nothing = new Notice(Notice::Form::Full);
  m_body = build();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 2, 2, 8);  // rows that scroll end within the border and its round corners
  column->addWidget(m_nothing);
  column->addWidget(m_body);
  setNothing();
}

QWidget* SnapshotView::build() {
  m_title = plainLabel({}, TextRole::CardTitle);
  m_title->setWordWrap(true);
  m_facts = plainLabel({}, TextRole::Label, "secondary");
  m_facts->setWordWrap(true);
  m_note = plainLabel({}, TextRole::Label);
  m_note->setWordWrap(true);
  m_missing = plainLabel({}, TextRole::Label, "warning");
  m_missing->setWordWrap(true);
  m_open = new QPushButton;
  m_open->setProperty("kind", QStringLiteral("primary"));
  m_export = new QPushButton(tr("Export"));
  m_verify = new QPushButton(tr("Verify"));
  m_verify->setToolTip(plainTip(tr("Is every part of the file as it was written?")));
  for (QPushButton* const button : {m_open, m_export, m_verify}) button->setAutoDefault(false);
  m_figures = new CellTable(tr("Figures"));
  m_tables = new FactTables;
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addWidget(m_title, 1, Qt::AlignTop);
  for (QPushButton* const button : {m_verify, m_export, m_open}) head->addWidget(button, 0, Qt::AlignTop);
  auto* content = new QWidget;
  auto* figures = new QVBoxLayout(content);
  figures->setContentsMargins(16, 12, 16, 14);
  figures->setSpacing(2 * Theme::grid);
  for (QLabel* const label : {m_note, m_missing}) figures->addWidget(label);
  figures->addWidget(m_figures);
  figures->addStretch(1);
  auto* area = new QScrollArea;
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setStyleSheet(QStringLiteral("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"));
  area->setWidget(content);
  m_tables->setFirst(tr("Figures"), area);
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(2 * Theme::grid);
  auto* words = new QVBoxLayout;
  words->setContentsMargins(16, 0, 16, 0);
  words->setSpacing(2 * Theme::grid);
  words->addLayout(head);
  words->addWidget(m_facts);
  column->addLayout(words);
  column->addWidget(m_tables, 1);
  connect(m_open, &QPushButton::clicked, this, [this] {
    if (m_kept) Q_EMIT closeRequested();
    else Q_EMIT openRequested();
  });
  connect(m_verify, &QPushButton::clicked, this, &SnapshotView::verifyRequested);
  return body;
}

void SnapshotView::setNothing() {
  m_file.clear();
  m_nothing->setText({QStringLiteral("camera"), Theme::instance().palette().text3, tr("No snapshot is chosen"), tr("A snapshot keeps all figures of a stretch of time in one file, which opens here again."), {}, {}});
  m_nothing->setVisible(true);
  m_body->setVisible(false);
}

void SnapshotView::show(const SnapshotEntry& entry) {
  const bool another = m_file != entry.file;
  m_file = entry.file;
  const bool broken = !entry.problem.isEmpty();
  m_nothing->setVisible(broken);
  m_body->setVisible(!broken);
  if (broken) return m_nothing->setText({QStringLiteral("warning"), Theme::instance().palette().warning, tr("This file cannot be read"), entry.problem, {}, {}});
  const snapshot::Manifest& manifest = entry.manifest;
  m_title->setText(manifest.title.isEmpty() ? stretchText(manifest.fromMs, manifest.toMs) : printable(manifest.title, 200));
  QStringList servers;
  for (const snapshot::ServerFacts& server : manifest.servers) servers << printable(QStringLiteral("%1 %2 (%3)").arg(server.product, server.version.section(QLatin1Char(' '), 0, 0), server.endpoint), 160);
  QStringList lines{tr("taken at %1 by Cachedeck %2").arg(instantText(manifest.takenMs), printable(manifest.console, 40))};
  if (!manifest.title.isEmpty()) lines.front().prepend(stretchText(manifest.fromMs, manifest.toMs) + QStringLiteral(", "));  // without a title the range is its heading
  if (!manifest.profile.isEmpty()) lines << tr("Profile %1, %2").arg(printable(manifest.profile, 80), printable(manifest.environment, 40));
  if (!servers.isEmpty()) lines << servers.join(QStringLiteral(" · "));
  lines << tr("%1 metrics, %2 rows, %3 actions, %4 load runs").arg(countText(manifest.counts.metrics), countText(manifest.counts.rows), countText(manifest.counts.journal), countText(manifest.counts.runs));
  m_facts->setText(lines.join(QLatin1Char('\n')));
  m_note->setText(printableLines(manifest.note, longestNote));
  m_note->setVisible(!manifest.note.isEmpty());
  QStringList missing;
  for (const QString& sentence : manifest.missing) missing << printable(sentence, 400);
  m_missing->setText(missing.join(QLatin1Char('\n')));
  m_missing->setVisible(!missing.isEmpty());
  if (another) setFigures({}, {});
}

void SnapshotView::setFigures(const QList<snapshot::Figure>& figures, const QList<snapshot::FactTable>& facts) {
  QList<CellTableModel::Row> rows;
  for (const snapshot::Figure& figure : figures)
    if (figure.measured()) rows << rowOf(figure);
  m_figures->setTable({tr("Metric"), tr("Min"), tr("Mean"), tr("p95"), tr("Max"), tr("Last"), tr("Band")}, rows, {6});
  m_tables->setTables(facts);
}

void SnapshotView::setKept(bool kept) {
  m_kept = kept;
  m_open->setText(kept ? tr("Close it") : tr("Open"));
  m_open->setToolTip(plainTip(kept ? tr("Back to the servers.") : tr("Show its charts in place of the servers', with the same zoom and cursor.")));
}

}  // namespace cachedeck
