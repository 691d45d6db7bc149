// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/runview.h"

#include "core/base/amounts.h"
#include "core/load/schedule.h"
#include "core/load/step_latency.h"
#include "core/metrics/format.h"
#include "core/runs/reports.h"
#include "core/runs/scorecard.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/load/figuretile.h"
#include "ui/load/judgement.h"
#include "ui/load/keptruns.h"
#include "ui/load/loadtext.h"
#include "ui/load/rungrid.h"
#include "ui/load/runhead.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QCoreApplication>
#include <QStackedWidget>

#include <cmath>

namespace cachedeck {

using load::RunFigures;
using load::StepFigures;

namespace {

/// How much of the axis a run of such a length takes: steps, so that the axis does not move with every second.
qint64 axisFor(qint64 elapsedMs, qint64 lengthMs) {
  qint64 axis = 15'000;
  while (axis < elapsedMs) axis *= 2;
  return lengthMs > 0 && lengthMs < axis ? std::max(elapsedMs, std::max<qint64>(lengthMs, 4000)) : axis;
}

double percentileMs(const StepFigures& step, double percent) { return load::isTimed(step) ? load::percentileNs(step, percent) / 1e6 : NAN; }

double errorPercent(const StepFigures& figures) { return figures.requests ? 100.0 * static_cast<double>(figures.failed) / static_cast<double>(figures.requests) : NAN; }

/// The rows of the last seconds, which is what "now" means of a rate.
struct Recent {
  double perSecond = NAN, p95Ms = NAN, errorPercent = NAN, hitPercent = NAN;
};
Recent recentOf(const RunFigures& figures) {
  Recent recent;
  if (figures.seconds.empty()) return recent;
  double requests = 0, failed = 0, hits = 0, looked = 0, ms = 0;
  const std::size_t count = std::min<std::size_t>(3, figures.seconds.size());
  for (std::size_t i = figures.seconds.size() - count; i < figures.seconds.size(); ++i) {
    const load::SecondFigures& second = figures.seconds[i];
    requests += static_cast<double>(second.requests);
    failed += static_cast<double>(second.failed);
    hits += static_cast<double>(second.hits);
    looked += static_cast<double>(second.hits + second.misses);
    ms += static_cast<double>(second.widthMs);
    if (second.requests > 0 && second.p95Ms > 0) recent.p95Ms = second.p95Ms;
  }
  recent.perSecond = ms > 0 ? 1000 * requests / ms : NAN;
  if (requests > 0) recent.errorPercent = 100 * failed / requests;
  if (looked > 0) recent.hitPercent = 100 * hits / looked;
  return recent;
}

const char* const courses[] = {"load.requests", "load.p95", "load.failed", "load.hit_ratio", "load.users", "load.dropped"};

}  // namespace

void RunView::begin(const runs::RunRecord& record, const load::Scenario& scenario, double levelCap) {
  m_live = true;
  m_record.reset();
  m_byK6 = record.engine == QLatin1String(runs::k6Engine);
  m_curves.begin(record.figures.startedMs, record.engine);
  m_startedMs = record.figures.startedMs;
  m_elapsedMs = 0;
  m_lengthMs = load::lengthOf(scenario.executor).count();
  m_window.reset();
  m_view.resetZoom();
  m_view.setActions({});
  m_head->begin(record, scenario, levelCap);
  m_banner->hide();
  m_tabRow->hide();
  setTab(Curves);
  showTiles(record.figures);
  showJudgement(record.figures);
  setSources();
  layOut();
  showWindow();
}

void RunView::move(const FiguresShot& figures) {
  if (!m_live || !figures) return;
  m_startedMs = figures->startedMs;
  m_elapsedMs = figures->elapsedMs;
  m_curves.add(*figures);
  m_head->move(*figures);
  showTiles(*figures);
  showJudgement(*figures);
  showWindow();
}

void RunView::show(const RecordShot& record, bool fresh) {
  m_live = false;
  m_byK6 = record->engine == QLatin1String(runs::k6Engine);
  m_record = record;
  m_startedMs = record->figures.startedMs;
  m_elapsedMs = record->figures.elapsedMs;
  m_lengthMs = record->figures.elapsedMs;
  if (fresh) m_curves.add(record->figures);
  else m_curves.show(*record);
  m_window.reset();
  m_view.resetZoom();
  m_head->show(*record);
  m_tabRow->setVisible(!measuredNothing());
  if (measuredNothing()) setTab(Curves);
  showTiles(record->figures);
  showJudgement(record->figures);
  showNothing();
  showPercentiles(record->figures);
  showScorecard();
  setSources();
  layOut();
  showWindow();
}

void RunView::clear() {
  m_live = false;
  m_record.reset();
}

// The window of the run, unless the operator looks at a part of it.
void RunView::showWindow() {
  const TimeSpan wanted{m_startedMs, m_startedMs + (m_live ? axisFor(m_elapsedMs, m_lengthMs) : std::max<qint64>(m_elapsedMs, 4000))};
  const bool zoomed = m_view.isZoomed() && m_window && !(m_view.span() == *m_window);
  if (!zoomed && !(m_view.isZoomed() && m_window == wanted)) {
    m_window = wanted;
    m_view.zoom(wanted.fromMs, wanted.toMs);
  }
  m_clock.request();
}

void RunView::refresh(qint64 nowMs) {
  if (m_live) m_curves.follow(m_servers);
  if (!isVisible()) return;
  if (!m_view.isZoomed()) showWindow();  // left by a double click
  for (ChartPanel* const panel : m_panels) panel->refresh(nowMs);
}

void RunView::showTiles(const RunFigures& figures) {
  const Recent recent = m_live ? recentOf(figures) : Recent{figures.perSecond(), percentileMs(figures.all, 95), errorPercent(figures.all), figures.hitRatio() < 0 ? NAN : 100 * figures.hitRatio()};
  const auto latency = [&](double percent) { return millisText(percentileMs(figures.all, percent)); };
  const auto count = [](std::uint64_t number) { return shortCount(static_cast<qint64>(number)); };
  const QString whole = m_live ? tr("whole run %1") : QStringLiteral("%1");
  m_tiles[0]->setFigure(formatQuantity(recent.perSecond, Unit::PerSecond), m_live ? whole.arg(formatValue(figures.perSecond(), Unit::PerSecond)) : tr("%1 requests").arg(count(figures.all.requests)));
  m_tiles[1]->setFigure(formatQuantity(recent.p95Ms / 1000, Unit::Seconds), m_live ? whole.arg(latency(95)) : tr("p99 %1 · p50 %2").arg(latency(99), latency(50)));
  m_tiles[2]->setFigure(formatQuantity(recent.errorPercent, Unit::Percent), tr("%1 of %2").arg(count(figures.all.failed), count(figures.all.requests)), figures.all.failed > 0 && !(errorPercent(figures.all) < 1) ? Level::Warning : Level::Good);
  m_tiles[3]->setFigure(formatQuantity(recent.hitPercent, Unit::Percent), figures.hitRatio() < 0 ? (m_live && m_byK6 ? tr("k6 tells it at the end") : tr("no answer said")) : tr("%1 hits").arg(count(figures.all.hits)));
  m_tiles[4]->setFigure({countText(m_live ? figures.users : figures.mostUsers), {}}, m_live ? tr("at most %1").arg(countText(figures.mostUsers)) : tr("at most"));
  const std::uint64_t due = figures.iterations + figures.dropped;
  m_tiles[5]->setFigure({count(figures.dropped), {}}, due == 0 ? tr("no iteration") : tr("of %1 iterations").arg(count(due)), figures.dropped > 0 ? Level::Warning : Level::Good);
  for (std::size_t i = 0; i < m_tiles.size(); ++i) {
    const QLatin1String metric(courses[i]);
    const TimeSpan span{m_startedMs, m_startedMs + std::max<qint64>(m_elapsedMs, 2000)};
    m_tiles[i]->setCourse(m_curves.history().window(metric, span.fromMs, span.toMs, 60), span);
  }
}

void RunView::showJudgement(const RunFigures& figures) {
  const int before = m_judgement->sizeHint().height();
  m_judgement->setRows(judgementRows(figures));
  if (m_judgement->sizeHint().height() != before) layOut();
  const QString doubts = doubtsOf(figures);
  const bool broken = !figures.problem.empty();
  const Palette& p = Theme::instance().palette();
  if (!doubts.isEmpty()) m_banner->setText({broken ? QStringLiteral("failed") : QStringLiteral("warning"), broken ? p.critical : p.warning, broken ? (figures.all.requests > figures.all.failed ? tr("The run broke off") : tr("The run came to nothing")) : tr("The result is not valid"), doubts, {}, {}});
  m_banner->setVisible(!doubts.isEmpty() && !measuredNothing());
}

bool RunView::measuredNothing() const { return !m_live && m_record && m_record->figures.all.requests == 0; }

// Nine empty charts would each wait for figures that never come.
void RunView::showNothing() {
  if (!measuredNothing()) return;
  const Palette& p = Theme::instance().palette();
  const RunFigures& figures = m_record->figures;
  const bool stopped = figures.end == RunFigures::End::Stopped, failed = !figures.problem.empty();
  const bool waited = figures.interrupted > 0;
  const QString why = failed ? engineText(figures.problem, 600)
                      : stopped ? (waited ? tr("It was stopped before its first answer.") : tr("It was stopped before its first request."))
                                : (waited ? tr("It ended before its first answer.") : tr("It ended before its first request."));
  m_instead->setText({failed ? QStringLiteral("failed") : QStringLiteral("chart"), failed ? p.critical : p.text3, waited ? tr("No request of this run was answered") : tr("This run made no requests"), why, {}, {}});
}

void RunView::showPercentiles(const RunFigures& figures) {
  const QStringList headings{tr("Step"), tr("Requests"), tr("Failed"), tr("Hit ratio"), tr("Mean"), tr("p50"), tr("p90"), tr("p95"), tr("p99"), tr("p99.9"), tr("Max")};
  QList<CellTableModel::Row> rows;
  const auto add = [&](const QString& name, const StepFigures& step) {
    const double looked = static_cast<double>(step.hits + step.misses);
    CellTableModel::Row row{{name}, {countText(static_cast<qint64>(step.requests))}, {countText(static_cast<qint64>(step.failed)), step.failed > 0 ? RowList::Tone::Critical : RowList::Tone::Quiet},
                            {ratioText(looked > 0 ? static_cast<double>(step.hits) / looked : -1), RowList::Tone::Quiet}, {millisText(load::isTimed(step) ? load::meanNs(step) / 1e6 : NAN)}};
    for (const double percent : {50.0, 90.0, 95.0, 99.0, 99.9}) row.append({millisText(percentileMs(step, percent))});
    row.append({millisText(load::isTimed(step) ? load::maxNs(step) / 1e6 : NAN)});
    rows.append(row);
  };
  add(tr("all"), figures.all);
  for (const StepFigures& step : figures.steps) add(engineText(step.name, 80), step);
  m_percentiles->setTable(headings, rows);
  QList<RowList::Row> facts{RowList::heading(tr("The machine that made the load"))};
  const auto fact = [&](const QString& name, const QString& value) {
    if (!value.isEmpty()) facts.append({name, {}, value, {}, RowList::Tone::Plain});
  };
  if (m_record) fact(tr("Machine"), m_record->host.name.isEmpty() ? QString() : tr("%1, %2 processors").arg(m_record->host.name, QString::number(m_record->host.cpus)));
  if (m_byK6) fact(tr("Load by"), tr("k6, which leaves no histogram"));
  if (m_record && isWithoutHistogram(*m_record)) fact(tr("Histogram"), tr("too large for the snapshot"));
  fact(tr("Processor time"), m_byK6 ? QStringLiteral("–") : formatValue(figures.cpuSeconds, Unit::Seconds));
  fact(tr("Sends were late by, p99"), m_byK6 ? QStringLiteral("–") : millisText(figures.lateP99Ms));
  fact(tr("Received"), formatValue(static_cast<double>(figures.all.bytesIn), Unit::Bytes));
  fact(tr("Iterations"), countText(static_cast<qint64>(figures.iterations)));
  QStringList statuses;
  for (const auto& [status, count] : figures.statuses) statuses << QStringLiteral("%1 × %2").arg(status).arg(shortCount(static_cast<qint64>(count)));
  fact(tr("Answers by status"), statuses.join(QStringLiteral(", ")));
  m_facts->setRows(facts);
}

void RunView::showScorecard() {
  const runs::Scorecard card = runs::scorecard(*m_record);
  using Tone = RowList::Tone;
  QList<CellTableModel::Row> rows;
  const auto orDash = [](const char* text) { return *text ? QString::fromUtf8(text) : QStringLiteral("–"); };
  for (const runs::ScoreLine& line : card.lines) {
    const Tone tone = !line.measured() ? Tone::Quiet : line.level == Level::Critical ? Tone::Critical : line.level == Level::Warning ? Tone::Warning : line.met ? Tone::Good : Tone::Plain;
    rows.append({{QCoreApplication::translate("Runs", line.row->name), Tone::Plain, {}, QCoreApplication::translate("Runs", line.row->source)},
                 {orDash(line.row->before), Tone::Quiet},
                 {orDash(line.row->after), Tone::Quiet},
                 {orDash(line.row->target)},
                 {line.measured() ? formatValue(line.value, line.row->unit) : tr("not measured"), tone},
                 {!line.measured() ? QStringLiteral("–") : line.met ? tr("met") : tr("missed"), !line.measured() ? Tone::Quiet : line.met ? Tone::Good : Tone::Critical,
                  !line.measured() ? QString() : line.met ? QStringLiteral("check") : QStringLiteral("cross")},
                 {line.banded ? levelWord(line.level) : QStringLiteral("–"), line.banded ? tone : Tone::Quiet}});
  }
  m_scorecard->setTable({tr("Figure"), tr("Without cache"), tr("With it"), tr("Target"), tr("This run"), tr("Target met"), tr("Band")}, rows, {6});
  QList<RowList::Row> notes{RowList::heading(tr("%1 of %2 measured targets are met").arg(card.met).arg(card.measured), tr("%1 not measured").arg(card.lines.size() - card.measured))};
  for (const QString& note : card.notes) notes.append({note, {}, {}, QStringLiteral("info"), Tone::Quiet});
  m_scoreNotes->setRows(notes);
}

void RunView::setSource(const QString& id, const SourceState& state, const QString& title) {
  auto& [name, known] = m_sources[id];
  if (!title.isEmpty()) name = title;
  known = state;
  if (m_live) setSources();
}

// While it runs the servers stand as they stand; of a run of the past, what was recorded is all there is.
void RunView::setSources() {
  SourceState live;
  live.kind = SourceState::Kind::Live;
  live.sinceMs = m_live ? m_startedMs : 1;
  for (ChartPanel* const panel : m_panels) {
    panel->setSource({QStringLiteral("load"), tr("the run"), live});
    for (const auto& [id, title] : {std::pair{QStringLiteral("redis"), QStringLiteral("Redis")}, std::pair{QStringLiteral("postgres"), QStringLiteral("PostgreSQL")}}) {
      const auto found = m_sources.find(id);
      const bool known = found != m_sources.end();
      panel->setSource({id, known && !found->second.first.isEmpty() ? found->second.first : title, m_live ? (known ? found->second.second : SourceState{}) : live});
    }
  }
}

}  // namespace cachedeck
