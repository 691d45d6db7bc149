// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"
#include "ui/snapshots/pdfpages.h"
#include "ui/snapshots/render.h"

#include <QBuffer>
#include <QCoreApplication>

namespace cachedeck {

namespace {

using namespace snapshot;

QString tr(const char* text) { return QCoreApplication::translate("SnapshotPdf", text); }

struct Document {
  const Snapshot& snapshot;
  QList<ChartPanel> panels;
  ChartColours colours;
};

void addSection(PdfPages& pages, const ReportTable& table) {
  pages.addHeading(table.title);
  pages.addTable(table);
}

void addScore(PdfPages& pages, const Snapshot& snapshot) {
  const runs::Scorecard card = scorecardOf(snapshot);
  ReportTable table = scoreTable(card);
  table.title = tr("Scorecard: %1").arg(scoreSubject(snapshot).what);
  addSection(pages, table);
  pages.addText(scoreSum(card));
  for (const QString& note : card.notes) pages.addText(plainText(note));
}

void addFront(PdfPages& pages, const Snapshot& snapshot) {
  pages.addSpace(24);
  pages.addTitle(titleText(snapshot));
  pages.addText(rangeText(snapshot));
  if (const QStringList note = noteLines(snapshot); !note.isEmpty()) pages.addParagraph(note);
  pages.addSpace(8);
  for (const ReportTable& table : {aboutTable(snapshot), serversTable(snapshot)}) addSection(pages, table);
  addScore(pages, snapshot);
  addSection(pages, missingTable(snapshot));
  pages.newPage();
}

void write(PdfPages& pages, const Document& document) {
  const Snapshot& snapshot = document.snapshot;
  addFront(pages, snapshot);
  pages.addHeading(tr("Charts (times in UTC)"));
  for (const ChartPanel& panel : document.panels) pages.addChart(chartOf(snapshot, panel, 320));
  if (const ReportTable marks = marksTable(snapshot); !marks.rows.isEmpty()) addSection(pages, marks);
  for (const ReportTable& table : {figuresTable(snapshot), actionsTable(snapshot), runsTable(snapshot)}) addSection(pages, table);
  for (const FactTable& facts : snapshot.facts) addSection(pages, factsTable(facts));
}

Result<int> pagesInto(QByteArray& pdf, const Document& document, int known) {
  QBuffer buffer(&pdf);
  buffer.open(QIODevice::WriteOnly | QIODevice::Truncate);
  PdfPages pages(buffer, titleText(document.snapshot), document.colours, known);
  if (pages.isGood()) write(pages, document);
  if (!pages.isGood()) return fail(Error::Kind::Io, QStringLiteral("The document could not be drawn."));
  return pages.pages();
}

}  // namespace

Result<QByteArray> snapshotPdf(const Snapshot& snapshot, const ReportLook& look, const ReportOptions& options) {
  const auto panels = chosenPanels(snapshot, look, options);
  if (!panels) return panels.error();
  const Document document{snapshot, *panels, options.dark.value_or(false) ? look.dark : look.light};
  QByteArray pdf;
  const auto counted = pagesInto(pdf, document, 0);  // once to count them, once with their number on each
  if (!counted) return counted.error();
  if (const auto written = pagesInto(pdf, document, *counted); !written) return written.error();
  return pdf;
}

}  // namespace cachedeck
