// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/compare_tables.h"
#include "core/snapshot/html_page.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cachedeck::snapshot {

namespace {

/// What changed for better or worse, the largest changes first: more would be no headline.
void addTiles(HtmlPage& page, const SnapshotComparison& comparison) {
  constexpr size_t most = 8;
  std::vector<const ComparedFigure*> changed;
  for (const ComparedFigure& figure : comparison.figures)
    if (figure.outcome == Outcome::Better || figure.outcome == Outcome::Worse) changed.push_back(&figure);
  std::ranges::stable_sort(changed, std::ranges::greater{}, [](const ComparedFigure* figure) { return std::isfinite(figure->percent) ? std::abs(figure->percent) : 1e300; });
  changed.resize(std::min(most, changed.size()));
  for (const ComparedFigure* figure : changed) {
    const MetricInfo& metric = *figure->before.metric;
    page.addTile(QString(metric.id), percentText(figure->percent), QStringLiteral("%1 → %2 · %3").arg(valueText(figure->before.mean, metric.unit), valueText(figure->after.mean, metric.unit), outcomeText(figure->outcome)),
                 figure->outcome == Outcome::Worse ? std::optional(Level::Critical) : std::optional(Level::Good));
  }
}

void addCharts(HtmlPage& page, const Snapshot& before, const Snapshot& after, const ReportLook& look) {
  const QList<ChartPanel> panels = panelsOf(after, look);
  if (panels.isEmpty()) return;
  page.addHeading(QStringLiteral("Charts: the first dotted, the second solid"));
  for (const ChartPanel& panel : panels) page.addChart(overlaidChart(before, after, panel, static_cast<int>(plotWidth(chartSize))));
}

}  // namespace

QByteArray comparisonHtml(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after, const ReportLook& look, std::optional<bool> dark) {
  HtmlPage page(QStringLiteral("%1 against %2").arg(titleText(after), titleText(before)), look, dark);
  page.addFacts(comparisonSides(before, after) + QStringList{comparisonSum(comparison)});
  for (const QString& note : comparison.notes) page.addNote(note);
  addTiles(page, comparison);
  page.addTable(comparedScoreTable(comparison));
  page.addText(QStringLiteral("%1 Before: %2; after: %3.").arg(scoreSum(comparison.scorecard), comparison.subjectBefore, comparison.subjectAfter));
  for (const QString& note : comparison.scorecard.notes) page.addNote(note);
  addCharts(page, before, after, look);
  page.addTable(comparedFiguresTable(comparison));
  page.addHeading(QStringLiteral("Settings"));
  if (const QString sentence = settingsSentence(comparison); !sentence.isEmpty()) page.addText(sentence);
  for (const TableChanges& changes : changedTables(comparison)) page.addFolded(changesTable(changes, {}), true);
  if (comparison.statements) {
    page.addHeading(QStringLiteral("Statements"));
    page.addFolded(changesTable(*comparison.statements, QStringLiteral("None changed by a fifth.")), comparison.statements->rows.size() <= 30);
  }
  return page.html();
}

}  // namespace cachedeck::snapshot
