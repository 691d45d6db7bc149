// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/examplequeries.h"

#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QPushButton>
#include <QSet>

#include <memory>

namespace cachedeck {

namespace {

constexpr qsizetype mostShown = 6;

struct Example {
  const char* title;
  const char* metric;  ///< without it there is no answer
  const char* query;
};
constexpr Example examples[] = {
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Requests a second, by route"), "http_requests_total", "sum by (route) (rate(http_requests_total[1m]))"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Latency that 99 % stay below, by route"), "http_request_duration_seconds_bucket",
     "histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket[5m])))"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Commonest Redis commands"), "redis_commands_total", "topk(5, sum by (cmd) (rate(redis_commands_total[1m])))"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Redis hit ratio"), "redis_keyspace_hits_total",
     "100 * sum(rate(redis_keyspace_hits_total[5m])) / (sum(rate(redis_keyspace_hits_total[5m])) + sum(rate(redis_keyspace_misses_total[5m])))"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "PostgreSQL sessions, by state"), "pg_stat_activity_count", "sum by (state) (pg_stat_activity_count)"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Redis memory"), "redis_memory_used_bytes", "redis_memory_used_bytes"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "Slowest scrapes"), "scrape_duration_seconds", "topk(5, scrape_duration_seconds)"},
    {QT_TRANSLATE_NOOP("cachedeck::ExampleQueries", "What Prometheus reaches"), "up", "up"}};

}  // namespace

ExampleQueries::ExampleQueries(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(3 * Theme::grid);
  m_grid->setVerticalSpacing(Theme::grid);
  m_grid->setColumnStretch(1, 1);
  hide();
}

void ExampleQueries::setNames(const QStringList& names) {
  const QSet<QString> known(names.begin(), names.end());
  QStringList queries;
  for (const Example& one : examples)
    if (queries.size() < mostShown && known.contains(QLatin1String(one.metric))) queries << QLatin1String(one.query);
  if (m_queries == queries) return;
  m_queries = queries;
  build();
}

void ExampleQueries::build() {
  while (const std::unique_ptr<QLayoutItem> item{m_grid->takeAt(0)}) item->widget()->deleteLater();
  const QString fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
  for (const Example& one : examples) {
    const QString query = QLatin1String(one.query);
    if (!m_queries.contains(query)) continue;
    auto* button = new QPushButton(tr(one.title));
    button->setAutoDefault(false);
    button->setStyleSheet(QStringLiteral("text-align: left;"));
    button->setAccessibleDescription(query);
    connect(button, &QPushButton::clicked, this, [this, query] { Q_EMIT chosen(query); });
    auto* text = plainLabel(query, TextRole::Secondary, "secondary");
    text->setStyleSheet(QStringLiteral("font-family: \"%1\"; font-size: 12px;").arg(fixed));
    text->setWordWrap(true);
    const int row = m_grid->rowCount();
    m_grid->addWidget(button, row, 0);
    m_grid->addWidget(text, row, 1);
  }
  setVisible(!m_queries.isEmpty());
}

}  // namespace cachedeck
