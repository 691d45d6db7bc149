// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/chart_data.h"
#include "core/snapshot/report_tables.h"
#include "core/snapshot/svg_chart.h"

#include <QFont>
#include <QPainter>
#include <QPdfWriter>

#include <memory>

namespace cachedeck {

/// Fills A4 pages from top to bottom, in points; tables go on over pages with their heading repeated. Each page has a foot with its number.
class PdfPages {
 public:
  /// `pages`: how many there will be, for the foot; 0 while nobody knows.
  PdfPages(QIODevice& device, const QString& title, const snapshot::ChartColours& colours, int pages);
  ~PdfPages();
  int pages() const { return m_page; }
  bool isGood() const { return m_good; }

  void addTitle(const QString& text);
  /// Stands above what comes next, on the same page.
  void addHeading(const QString& text);
  void addText(const QString& text);
  /// All of them, each on a line of its own or several.
  void addParagraph(const QStringList& lines);
  void addSpace(double points) { m_y += points; }
  /// Two charts a row.
  void addChart(const snapshot::ChartData& data);
  void addTable(const snapshot::ReportTable& table);
  void newPage();

 private:
  void beginPage();
  void need(double height);
  void drawHeading();
  void endRow();
  void addLines(const QString& text, const QFont& font, const QString& colour);
  /// The lines of each cell of a row.
  QList<QStringList> rowOf(const QStringList& cells, const QList<double>& widths, const QFont& font) const;
  static double heightOf(const QList<QStringList>& row, const QFont& font);
  void drawRow(const QList<QStringList>& row, const snapshot::ReportTable& table, const QList<double>& widths, bool heading);
  QColor cellColour(const snapshot::ReportTable& table, qsizetype column, const QStringList& lines) const;
  static QFont face(double points, int weight);

  QPdfWriter m_writer;
  QPainter m_painter;
  const QString m_title;
  QString m_heading;  ///< that waits for what comes next
  const snapshot::ChartColours m_colours;
  const int m_total;
  int m_page = 0;
  bool m_good = false;
  double m_y = 0, m_rowHeight = 0;
  int m_chartInRow = 0;
};

}  // namespace cachedeck
