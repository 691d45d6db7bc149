// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/figures.h"
#include "core/snapshot/html_page.h"
#include "core/snapshot/report_formats.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/scorecards.h"
#include "core/snapshot/svg_chart.h"

namespace cachedeck::snapshot {

namespace {

// What a lead asks for first, in this order; those that were measured.
struct Tile {
  const char* metric;
  const char* name;
};
constexpr Tile tiles[] = {{"redis.hit_ratio", "Hit ratio"},           {"redis.ops", "Redis operations"}, {"redis.memory_used", "Redis memory"},  {"postgres.connections", "PostgreSQL connections"},
                          {"postgres.query_mean", "Query time, mean"}, {"app.requests", "Requests"},      {"app.latency_p95", "Latency p95"}, {"app.error_ratio", "Error ratio"}};

void addTiles(HtmlPage& page, const Snapshot& snapshot) {
  for (const Tile& tile : tiles) {
    const Figure figure = figureOf(snapshot, *findMetric(QLatin1String(tile.metric)));
    if (!figure.measured()) continue;
    const QString range = QStringLiteral("%1 to %2").arg(valueText(figure.min, figure.metric->unit), valueText(figure.max, figure.metric->unit));
    page.addTile(QString::fromLatin1(tile.name), valueText(figure.mean, figure.metric->unit), figure.judged ? range + QStringLiteral(" · ") + bandText(figure) : range, figure.judged ? std::optional(figure.worst) : std::nullopt);
  }
}

void addScorecard(HtmlPage& page, const Snapshot& snapshot) {
  const runs::Scorecard card = scorecardOf(snapshot);
  ReportTable table = scoreTable(card);
  table.title += QStringLiteral(": ") + scoreSubject(snapshot).what;
  page.addTable(table);
  page.addText(scoreSum(card));
  for (const QString& note : card.notes) page.addNote(note);
}

}  // namespace

QByteArray snapshotHtml(const Snapshot& snapshot, const ReportLook& look, std::optional<bool> dark) {
  HtmlPage page(titleText(snapshot), look, dark);
  QStringList facts;
  for (const QStringList& row : aboutTable(snapshot).rows) facts.append(row.join(QStringLiteral(": ")));
  page.addFacts(facts);
  page.addLines(noteLines(snapshot));
  addTiles(page, snapshot);
  for (const ChartPanel& panel : panelsOf(snapshot, look)) page.addChart(chartOf(snapshot, panel, static_cast<int>(plotWidth(chartSize))));
  if (const ReportTable marks = marksTable(snapshot); !marks.rows.isEmpty()) page.addFolded(marks, marks.rows.size() <= 12);  // the load runs stand in a table of their own
  addScorecard(page, snapshot);
  page.addTable(figuresTable(snapshot));
  for (const ReportTable& table : {actionsTable(snapshot), runsTable(snapshot), serversTable(snapshot)}) page.addTable(table);
  if (!snapshot.facts.isEmpty()) page.addHeading(QStringLiteral("Facts"));
  for (const FactTable& table : snapshot.facts) page.addFolded(factsTable(table), isOfAlerts(table));
  page.addTable(missingTable(snapshot));
  return page.html();
}

}  // namespace cachedeck::snapshot
