// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/pdfpages.h"

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
constexpr double chartGap = 10, cellPadding = 4, tableText = 7.5;
constexpr int mostLines = 6;

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
  if (m_y + height > bottom) newPage();
}

/// A row of charts that has only one ends when something else follows.
void PdfPages::endRow() {
  if (m_chartInRow == 0) return;
  m_chartInRow = 0;
  m_y += m_rowHeight + chartGap;
}

double PdfPages::textHeight(const QString& text, const QFont& font, double width) const {
  return QFontMetricsF(font).boundingRect(QRectF(0, 0, width * dotsPerPoint, 1e7), Qt::TextWordWrap | Qt::TextWrapAnywhere, text).height() / dotsPerPoint;
}

void PdfPages::addTitle(const QString& text) {
  const QFont font = face(22, QFont::DemiBold);
  const double height = textHeight(text, font, contentWidth);
  need(height + 8);
  m_painter.setFont(font);
  m_painter.setPen(QColor(m_colours.text1));
  m_painter.drawText(QRectF(margin * dotsPerPoint, m_y * dotsPerPoint, contentWidth * dotsPerPoint, height * dotsPerPoint + 1), Qt::TextWordWrap | Qt::TextWrapAnywhere, text);
  m_y += height + 8;
}

void PdfPages::addHeading(const QString& text) {
  need(64);  // no heading alone at the end of a page
  m_y += m_y > margin ? 12 : 0;
  m_painter.setFont(face(12, QFont::DemiBold));
  m_painter.setPen(QColor(m_colours.text1));
  m_painter.drawText(QRectF(margin * dotsPerPoint, m_y * dotsPerPoint, contentWidth * dotsPerPoint, 16 * dotsPerPoint), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetricsF(m_painter.font()).elidedText(text, Qt::ElideRight, contentWidth * dotsPerPoint));
  m_y += 22;
}

void PdfPages::addText(const QString& text) {
  const QFont font = face(9, QFont::Normal);
  const double height = std::min(textHeight(text, font, contentWidth), bottom - margin);
  need(height + 4);
  m_painter.setFont(font);
  m_painter.setPen(QColor(m_colours.text2));
  m_painter.drawText(QRectF(margin * dotsPerPoint, m_y * dotsPerPoint, contentWidth * dotsPerPoint, height * dotsPerPoint + 1), Qt::TextWordWrap | Qt::TextWrapAnywhere, text);
  m_y += height + 4;
}

void PdfPages::addChart(const snapshot::ChartData& data) {
  const double width = (contentWidth - chartGap) / 2;
  m_rowHeight = width * drawnChart.height() / drawnChart.width();
  if (m_chartInRow == 0 && m_y + m_rowHeight > bottom) newPage();
  snapshot::ChartStyle style{m_colours, QStringLiteral("Inter"), true};
  QSvgRenderer renderer(snapshot::svgChart(data, style, drawnChart).toUtf8());
  const double left = margin + m_chartInRow * (width + chartGap);
  m_painter.save();
  renderer.render(&m_painter, QRectF(left * dotsPerPoint, m_y * dotsPerPoint, width * dotsPerPoint, m_rowHeight * dotsPerPoint));
  m_painter.restore();
  if (++m_chartInRow == 2) endRow();
}

QList<double> PdfPages::columnWidths(const snapshot::ReportTable& table) const {
  const QFontMetricsF metrics(face(tableText, QFont::Medium));
  QList<double> widths;
  for (qsizetype column = 0; column < table.heading.size(); ++column) {
    double widest = metrics.horizontalAdvance(table.heading[column]);
    for (const QStringList& row : table.rows.first(std::min<qsizetype>(300, table.rows.size()))) widest = std::max(widest, metrics.horizontalAdvance(row.value(column).left(200)));
    widths.append(widest / dotsPerPoint + 2 * cellPadding);
  }
  // Columns that are narrower than their share keep their width, the others divide what is left.
  QList<bool> fixed(widths.size(), false);
  double left = contentWidth;
  qsizetype open = widths.size();
  for (bool changed = true; changed && open > 0;) {
    changed = false;
    for (qsizetype i = 0; i < widths.size(); ++i) {
      if (fixed[i] || widths[i] > left / static_cast<double>(open)) continue;
      fixed[i] = changed = true;
      left -= widths[i];
      if (--open == 0) break;
    }
  }
  for (qsizetype i = 0; i < widths.size(); ++i)
    if (!fixed[i]) widths[i] = left / static_cast<double>(open);
  if (open == 0 && left > 0)
    for (double& width : widths) width += left * width / (contentWidth - left);
  return widths;
}

int PdfPages::linesOf(const QStringList& cells, const QList<double>& widths, const QFont& font) const {
  const QFontMetricsF metrics(font);
  double lines = 1;
  for (qsizetype i = 0; i < widths.size(); ++i) {
    const double height = metrics.boundingRect(QRectF(0, 0, (widths[i] - 2 * cellPadding) * dotsPerPoint, 1e7), Qt::TextWordWrap | Qt::TextWrapAnywhere, cells.value(i).left(1000)).height();
    lines = std::max(lines, std::round(height / metrics.lineSpacing()));
  }
  return static_cast<int>(std::min<double>(mostLines, lines));
}

double PdfPages::drawRow(const QStringList& cells, const snapshot::ReportTable& table, const QList<double>& widths, bool heading, int lines) {
  const QFont font = face(tableText, heading ? QFont::Medium : QFont::Normal);
  const QFontMetricsF metrics(font);
  const double height = lines * metrics.lineSpacing() / dotsPerPoint + 5;
  double left = margin;
  for (qsizetype i = 0; i < widths.size(); ++i) {
    const QRectF cell((left + cellPadding) * dotsPerPoint, (m_y + 2.5) * dotsPerPoint, (widths[i] - 2 * cellPadding) * dotsPerPoint + 2, (height - 5) * dotsPerPoint + 2);
    QColor colour(heading ? m_colours.text2 : i == 0 ? m_colours.text1 : m_colours.text2);
    const QString text = cells.value(i).left(1000);
    if (!heading && i == table.band)
      colour = QColor(text.startsWith(QLatin1String("good")) ? m_colours.good : text.startsWith(QLatin1String("warning")) ? m_colours.warning : text.startsWith(QLatin1String("critical")) ? m_colours.critical : m_colours.text3);
    m_painter.setFont(font);
    m_painter.setPen(colour);
    m_painter.save();
    m_painter.setClipRect(cell);
    m_painter.drawText(cell, (table.right.value(i) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop | Qt::TextWordWrap | Qt::TextWrapAnywhere, text);
    m_painter.restore();
    left += widths[i];
  }
  m_y += height;
  m_painter.setPen(QPen(QColor(heading ? m_colours.axis : m_colours.grid), heading ? 8 : 5));
  m_painter.drawLine(QPointF(margin * dotsPerPoint, m_y * dotsPerPoint), QPointF((margin + contentWidth) * dotsPerPoint, m_y * dotsPerPoint));
  return height;
}

void PdfPages::addTable(const snapshot::ReportTable& table) {
  constexpr qsizetype mostRows = 250;  // a document, not an archive
  if (table.rows.isEmpty()) return addText(table.empty);
  const QList<double> widths = columnWidths(table);
  const QFont font = face(tableText, QFont::Normal);
  const double lineHeight = QFontMetricsF(font).lineSpacing() / dotsPerPoint;
  const int headLines = linesOf(table.heading, widths, face(tableText, QFont::Medium));
  bool begun = false;
  for (const QStringList& row : table.rows.first(std::min(mostRows, table.rows.size()))) {
    const int lines = linesOf(row, widths, font);
    const double height = lines * lineHeight + 5 + (begun ? 0 : headLines * lineHeight + 5);
    endRow();
    if (m_y + height > bottom) {
      newPage();
      begun = false;
    }
    if (!begun) drawRow(table.heading, table, widths, true, headLines);
    begun = true;
    drawRow(row, table, widths, false, lines);
  }
  m_y += 6;
  if (table.rows.size() > mostRows) addText(tr("%1 further rows stand in the snapshot.").arg(table.rows.size() - mostRows));
}

}  // namespace cachedeck
