// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/pdfpages.h"

#include "ui/snapshots/pdfcolumns.h"
#include "ui/snapshots/pdftext.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPageLayout>
#include <QPageSize>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

// Points of A4; the device has ten dots each, so that glyphs stand where they belong.
constexpr double pageWidth = 595, pageHeight = 842, margin = 40, foot = 30, contentWidth = pageWidth - 2 * margin, bottom = pageHeight - margin - foot;
constexpr int dotsPerPoint = 10;
constexpr QSizeF drawnChart{400, 236};
constexpr double chartGap = 10, cellPadding = 4, tableText = 7.5, rowGap = 5, headingHeight = 22, headingGap = 12;
constexpr int mostLines = 12;  // of a cell

QString tr(const char* text) { return QCoreApplication::translate("SnapshotPdf", text); }

}  // namespace

QFont PdfPages::face(double points, int weight) {
  QFont font(QStringLiteral("Inter"));
  font.setStyleHint(QFont::SansSerif);
  font.setStyleStrategy(QFont::PreferNoShaping);  // the typeface's own forms of ":" between digits cannot be searched for or copied
  font.setHintingPreference(QFont::PreferNoHinting);
  font.setWeight(static_cast<QFont::Weight>(weight));
  font.setPixelSize(static_cast<int>(std::lround(points * dotsPerPoint)));  // of the device: whole dots are fine enough
  return font;
}

PdfPages::PdfPages(QIODevice& device, const QString& title, const snapshot::ChartColours& colours, int pages) : m_writer(&device), m_title(title), m_colours(colours), m_total(pages) {
  m_writer.setPageSize(QPageSize(QPageSize::A4));
  m_writer.setPageMargins(QMarginsF(0, 0, 0, 0));
  m_writer.setResolution(72 * dotsPerPoint);
  m_writer.setTitle(title);
  m_writer.setCreator(QStringLiteral("Cachedeck"));
  m_good = m_painter.begin(&m_writer);
  if (m_good) beginPage();
}

PdfPages::~PdfPages() = default;

void PdfPages::beginPage() {
  ++m_page;
  m_y = margin;
  m_chartInRow = 0;
  m_painter.fillRect(QRectF(0, 0, pageWidth * dotsPerPoint, pageHeight * dotsPerPoint), QColor(m_colours.card));
  m_painter.setFont(face(7.5, QFont::Normal));
  m_painter.setPen(QColor(m_colours.text3));
  const QRectF line(margin * dotsPerPoint, (pageHeight - margin - 10) * dotsPerPoint, contentWidth * dotsPerPoint, 12 * dotsPerPoint);
  m_painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(m_painter.font()).elidedText(m_title, Qt::ElideRight, line.width() * 0.7));
  m_painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, m_total > 0 ? tr("Page %1 of %2").arg(m_page).arg(m_total) : tr("Page %1").arg(m_page));
}

void PdfPages::newPage() {
  if (!m_good) return;
  m_good = m_writer.newPage();
  beginPage();
}

void PdfPages::need(double height) {
  endRow();
  const double heading = m_heading.isEmpty() ? 0 : headingHeight + headingGap;
  if (m_y + heading + height > bottom && m_y > margin) newPage();
  drawHeading();
}

/// A row of charts that has only one ends when something else follows.
void PdfPages::endRow() {
  if (m_chartInRow == 0) return;
  m_chartInRow = 0;
  m_y += m_rowHeight + chartGap;
}

/// Line by line, over as many pages as it takes.
void PdfPages::addLines(const QString& text, const QFont& font, const QString& colour) {
  const QFontMetricsF metrics(font);
  const double height = metrics.lineSpacing() / dotsPerPoint;
  const QStringList lines = brokenLines(text, metrics, contentWidth * dotsPerPoint, 200);
  need(height * static_cast<double>(std::min<qsizetype>(3, lines.size())));
  for (const QString& line : lines) {
    need(height);
    m_painter.setFont(font);
    m_painter.setPen(QColor(colour));
    m_painter.drawText(QPointF(margin * dotsPerPoint, m_y * dotsPerPoint + metrics.ascent()), line);
    m_y += height;
  }
}

void PdfPages::addTitle(const QString& text) {
  addLines(text, face(22, QFont::DemiBold), m_colours.text1);
  m_y += 8;
}

void PdfPages::addHeading(const QString& text) { m_heading = text; }

void PdfPages::drawHeading() {
  if (m_heading.isEmpty()) return;
  m_y += m_y > margin ? headingGap : 0;
  m_painter.setFont(face(12, QFont::DemiBold));
  m_painter.setPen(QColor(m_colours.text1));
  m_painter.drawText(QRectF(margin * dotsPerPoint, m_y * dotsPerPoint, contentWidth * dotsPerPoint, 16 * dotsPerPoint), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetricsF(m_painter.font()).elidedText(m_heading, Qt::ElideRight, contentWidth * dotsPerPoint));
  m_y += headingHeight;
  m_heading.clear();
}

void PdfPages::addText(const QString& text) {
  addLines(text, face(9, QFont::Normal), m_colours.text2);
  m_y += 4;
}

void PdfPages::addParagraph(const QStringList& lines) {
  constexpr qsizetype piece = 2000;  // a longer one would be cut
  const QFont font = face(9, QFont::Normal);
  for (QString line : lines) {
    while (line.size() > piece) {
      const qsizetype space = line.lastIndexOf(QLatin1Char(' '), piece);
      const qsizetype count = space > 0 ? space : piece - (line[piece].isLowSurrogate() ? 1 : 0);
      addLines(line.left(count), font, m_colours.text2);
      line = line.mid(count);
    }
    addLines(line, font, m_colours.text2);
  }
  m_y += 4;
}

void PdfPages::addChart(const snapshot::ChartData& data) {
  const double width = (contentWidth - chartGap) / 2;
  m_rowHeight = width * drawnChart.height() / drawnChart.width();
  if (m_chartInRow == 0) need(m_rowHeight);
  snapshot::ChartStyle style{m_colours, QStringLiteral("Inter"), true};
  QSvgRenderer renderer(snapshot::svgChart(data, style, drawnChart).toUtf8());
  const double left = margin + m_chartInRow * (width + chartGap);
  m_painter.save();
  renderer.render(&m_painter, QRectF(left * dotsPerPoint, m_y * dotsPerPoint, width * dotsPerPoint, m_rowHeight * dotsPerPoint));
  m_painter.restore();
  if (++m_chartInRow == 2) endRow();
}

QList<QStringList> PdfPages::rowOf(const QStringList& cells, const QList<double>& widths, const QFont& font) const {
  const QFontMetricsF metrics(font);
  QList<QStringList> row;
  for (qsizetype i = 0; i < widths.size(); ++i) row.append(brokenLines(cells.value(i), metrics, (widths[i] - 2 * cellPadding) * dotsPerPoint, mostLines));
  return row;
}

double PdfPages::heightOf(const QList<QStringList>& row, const QFont& font) {
  qsizetype lines = 1;
  for (const QStringList& cell : row) lines = std::max(lines, cell.size());
  return static_cast<double>(lines) * QFontMetricsF(font).lineSpacing() / dotsPerPoint + rowGap;
}

QColor PdfPages::cellColour(const snapshot::ReportTable& table, qsizetype column, const QStringList& lines) const {
  if (column != table.band) return QColor(column == 0 ? m_colours.text1 : m_colours.text2);
  const QString level = snapshot::worstOf(lines.join(QLatin1Char(' ')));
  return QColor(level.startsWith(QLatin1String("good")) ? m_colours.good : level.startsWith(QLatin1String("warning")) ? m_colours.warning : level.startsWith(QLatin1String("critical")) ? m_colours.critical : m_colours.text3);
}

void PdfPages::drawRow(const QList<QStringList>& row, const snapshot::ReportTable& table, const QList<double>& widths, bool heading) {
  const QFont font = face(tableText, heading ? QFont::Medium : QFont::Normal);
  const QFontMetricsF metrics(font);
  m_painter.setFont(font);
  double left = margin;
  for (qsizetype i = 0; i < widths.size(); ++i) {
    m_painter.setPen(heading ? QColor(m_colours.text2) : cellColour(table, i, row[i]));
    double baseline = (m_y + rowGap / 2) * dotsPerPoint + metrics.ascent();
    for (const QString& line : row[i]) {
      const double x = table.right.value(i) ? (left + widths[i] - cellPadding) * dotsPerPoint - metrics.horizontalAdvance(line) : (left + cellPadding) * dotsPerPoint;
      m_painter.drawText(QPointF(x, baseline), line);
      baseline += metrics.lineSpacing();
    }
    left += widths[i];
  }
  m_y += heightOf(row, font);
  m_painter.setPen(QPen(QColor(heading ? m_colours.axis : m_colours.grid), heading ? 8 : 5));
  m_painter.drawLine(QPointF(margin * dotsPerPoint, m_y * dotsPerPoint), QPointF((margin + contentWidth) * dotsPerPoint, m_y * dotsPerPoint));
}

void PdfPages::addTable(const snapshot::ReportTable& table) {
  constexpr qsizetype mostRows = 250;  // a document, not an archive
  if (table.rows.isEmpty()) return addText(table.empty);
  const QFont font = face(tableText, QFont::Normal), strong = face(tableText, QFont::Medium);
  QList<double> widths = columnWidths(table, QFontMetricsF(strong), contentWidth * dotsPerPoint, 2 * cellPadding * dotsPerPoint + 1);
  for (double& width : widths) width /= dotsPerPoint;
  const QList<QStringList> head = rowOf(table.heading, widths, strong);
  int page = 0;
  for (const QStringList& cells : table.rows.first(std::min(mostRows, table.rows.size()))) {
    const QList<QStringList> row = rowOf(cells, widths, font);
    need(heightOf(row, font) + (page == 0 ? heightOf(head, strong) : 0));
    if (page != m_page) drawRow(head, table, widths, true);
    page = m_page;
    drawRow(row, table, widths, false);
  }
  m_y += 6;
  if (table.rows.size() > mostRows) addText(tr("%1 further rows stand in the snapshot.").arg(table.rows.size() - mostRows));
}

}  // namespace cachedeck
