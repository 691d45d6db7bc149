// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/compareview.h"

#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/metrics/format.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/load/loadtext.h"
#include "ui/load/runcurves.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/pill.h"

#include <QDateTime>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

#define ID(text) QLatin1String(text)
#define NAMES(n) SecondNames{ID("r" n ".requests"), ID("r" n ".failed"), ID("r" n ".dropped"), ID("r" n ".mean"), ID("r" n ".p50"), ID("r" n ".p95"), ID("r" n ".p99"), ID("r" n ".max"), ID("r" n ".hits"), ID("r" n ".users"), ID("r" n ".busy")}
const SecondNames names[CompareView::mostRuns] = {NAMES("0"), NAMES("1"), NAMES("2"), NAMES("3"), NAMES("4"), NAMES("5")};
const QLatin1String groups[CompareView::mostRuns] = {ID("r0"), ID("r1"), ID("r2"), ID("r3"), ID("r4"), ID("r5")};
#undef NAMES
constexpr int colours[CompareView::mostRuns] = {8, 1, 4, 3, 2, 5};

struct OverlayRow {
  const char *id, *title, *description;
  Unit unit;
  QLatin1String SecondNames::*metric;
};
#define TR(text) QT_TRANSLATE_NOOP("Panel", text)
constexpr const char* notMeasured = TR("None of these runs measured it.");
const OverlayRow overlays[] = {
    {"compare_p95", TR("Latency p95"), TR("95th percentile of each second, of every run from its own beginning"), Unit::Seconds, &SecondNames::p95},
    {"compare_requests", TR("Throughput"), TR("Requests a second, of every run from its own beginning"), Unit::PerSecond, &SecondNames::requests},
    {"compare_hits", TR("Hit ratio"), TR("Hit ratio, of every run from its own beginning"), Unit::Percent, &SecondNames::hitRatio},
};
#undef TR
#undef ID

/// Midnight of a day without change of clocks: the axis, which shows clock times, shows the time since the beginning then.
qint64 beginning() { return QDateTime(QDate(2001, 1, 10), QTime(0, 0)).toMSecsSinceEpoch(); }

bool scenariosDiffer(const ComparedRuns& runs) {
  const QList<runs::ComparedRun>& all = runs.comparison.runs;
  return std::any_of(all.begin(), all.end(), [&](const runs::ComparedRun& run) { return run.scenario != all.first().scenario; });
}

/// "11-29 10:19:17 · redis"; where the scenarios differ "warm-cache of 11-29 …".
QString runName(const ComparedRuns& runs, qsizetype at) {
  const runs::ComparedRun& run = runs.comparison.runs[at];
  const QString when = QDateTime::fromMSecsSinceEpoch(run.startedMs).toString(QStringLiteral("MM-dd HH:mm:ss"));
  QStringList parts{scenariosDiffer(runs) ? CompareView::tr("%1 of %2").arg(printable(run.scenario, 60), when) : when};
  if (!run.cache.isEmpty()) parts << printable(run.cache, 20);
  if (runs.records[at]->engine == QLatin1String(runs::k6Engine)) parts << QStringLiteral("k6");
  return parts.join(QStringLiteral(" · "));
}

/// In a legend, which has less room: the scenario tells runs apart where each has its own.
QString legendName(const ComparedRuns& runs, qsizetype at) {
  const QList<runs::ComparedRun>& all = runs.comparison.runs;
  const QString& scenario = all[at].scenario;
  const bool alone = all.size() > 1 && std::count_if(all.begin(), all.end(), [&](const runs::ComparedRun& run) { return run.scenario == scenario; }) == 1;
  if (at == 0) return alone ? CompareView::tr("first, %1").arg(printable(scenario, 40)) : CompareView::tr("first");
  return alone ? printable(scenario, 40) : runName(runs, at);
}

QString titleOf(const ComparedRuns& runs) {
  const QList<runs::ComparedRun>& all = runs.comparison.runs;
  if (!scenariosDiffer(runs)) return CompareView::tr("%1, against the run of %2").arg(printable(all.first().scenario, 60), runName(runs, 0));
  if (all.size() == 2) return CompareView::tr("%1, against %2").arg(runName(runs, 1), runName(runs, 0));
  return CompareView::tr("%1 runs, against %2").arg(all.size() - 1).arg(runName(runs, 0));
}

QString signedText(double value, Unit unit) {
  if (std::isnan(value)) return QStringLiteral("–");
  const QString text = unit == Unit::Percent ? QString::number(value, 'f', 2) + QStringLiteral(" pt") : formatValue(value, unit);
  return (value > 0 ? QStringLiteral("+") : QString()) + text;
}

QString verdictShown(runs::Verdict verdict) { return runs::verdictText(verdict); }

RowList::Tone toneOf(const runs::Change& change) {
  if (change.verdict == runs::Verdict::NotJudged || change.verdict == runs::Verdict::WithinNoise) return RowList::Tone::Quiet;
  return change.better > 0 ? RowList::Tone::Good : change.better < 0 ? RowList::Tone::Critical : RowList::Tone::Plain;
}

void sayVerdict(Pill* pill, runs::Verdict verdict) {
  const Palette& p = Theme::instance().palette();
  const bool good = verdict == runs::Verdict::Faster, bad = verdict == runs::Verdict::Slower;
  pill->say(good ? QStringLiteral("check") : bad ? QStringLiteral("warning") : QStringLiteral("info"), verdictShown(verdict), good ? p.good : bad ? p.critical : verdict == runs::Verdict::Mixed ? p.warning : p.text2);
}

}  // namespace

CompareView::CompareView(FrameClock& clock, QWidget* parent) : QWidget(parent), m_clock(clock) {
  setAccessibleName(tr("Comparison of runs"));
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  auto* back = new QPushButton(tr("Back"));
  back->setAutoDefault(false);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(2, 0, 0, 0);
  head->addWidget(m_title, 1);
  head->addWidget(back);
  m_waiting = new Notice(Notice::Form::Full);
  m_scroll = new QScrollArea;
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addLayout(head);
  column->addWidget(m_waiting, 1);
  column->addWidget(m_scroll, 1);
  connect(back, &QPushButton::clicked, this, &CompareView::closed);
  connect(&clock, &FrameClock::frame, this, &CompareView::refresh);
  connect(&m_view, &TimeView::changed, &clock, &FrameClock::request);
}

CompareView::~CompareView() { clear(); }

QString CompareView::title() const { return m_title->text(); }

void CompareView::clear() {
  delete m_scroll->takeWidget();
  m_body = m_charts = nullptr;
  m_panels.clear();
  m_tables.clear();
  m_titles.clear();
  m_infos.clear();
  m_labels.clear();
  m_history.clear();
}

void CompareView::begin(int runs) {
  clear();
  m_title->setText(tr("Comparison"));
  m_waiting->setText({QStringLiteral("chart"), Theme::instance().palette().text3, tr("%1 runs are compared…").arg(runs), tr("Their latencies are drawn anew a thousand times, to tell a change from chance."), {}, {}});
  m_waiting->show();
  m_scroll->hide();
}

void CompareView::show(const ComparedRuns& runs) {
  clear();
  const runs::Comparison& comparison = runs.comparison;
  m_title->setText(titleOf(runs));
  m_waiting->hide();
  m_scroll->show();
  m_body = new QWidget;
  m_body->setProperty("scrollContent", true);
  m_column = new QVBoxLayout(m_body);
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(Theme::cardGap);
  buildPanels(runs);
  for (qsizetype run = 1; run < comparison.runs.size(); ++run) addTable(runs, run);
  if (!comparison.notes.isEmpty()) {
    auto* card = new Card;
    auto* notes = new RowList;
    QList<RowList::Row> rows{RowList::heading(tr("To be known before it is believed"))};
    for (const QString& note : comparison.notes) rows.append({printable(note, 400), {}, {}, QStringLiteral("info"), RowList::Tone::Warning});
    notes->setRows(rows);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
    column->addWidget(notes);
    m_column->addWidget(card);
  }
  m_column->addStretch(1);
  m_scroll->setWidget(m_body);
  m_clock.request();
}

void CompareView::buildPanels(const ComparedRuns& runs) {
  const qint64 start = beginning();
  const int count = std::min<int>(mostRuns, static_cast<int>(runs.records.size()));
  qint64 longest = 4000;
  for (int run = 0; run < count; ++run) {
    const load::RunFigures& figures = runs.records[run]->figures;
    appendSeconds(m_history, groups[run], names[run], start, figures.seconds, 0, runs.records[run]->engine == QLatin1String(runs::k6Engine));
    longest = std::max<qint64>(longest, figures.elapsedMs);
    m_labels.push_back(legendName(runs, run).toUtf8());
  }
  m_window = TimeSpan{start, start + longest};
  m_view.zoom(m_window->fromMs, m_window->toMs);
  m_charts = new QWidget;
  auto* row = new QHBoxLayout(m_charts);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::cardGap);
  for (const OverlayRow& overlay : overlays) {
    PanelInfo info{.id = QLatin1String(overlay.id), .title = overlay.title, .subtitle = "", .description = overlay.description, .kind = PanelInfo::Kind::Chart, .unit = overlay.unit, .sources = {QLatin1String("load")}, .series = {}, .idle = notMeasured};
    for (int run = 0; run < count; ++run) info.series.push_back({names[run].*overlay.metric, colours[run], run == 0 ? SeriesStyle::Dashed : SeriesStyle::Line, m_labels[static_cast<std::size_t>(run)].constData()});
    m_infos.push_back(std::move(info));
    auto* panel = new ChartPanel(m_infos.back(), m_history, m_view);
    SourceState live;
    live.kind = SourceState::Kind::Live;
    panel->setSource({QStringLiteral("load"), tr("the runs"), live});
    panel->setMinimumHeight(250);
    connect(panel, &ChartPanel::frameWanted, &m_clock, &FrameClock::request);
    row->addWidget(panel, 1);
    m_panels.push_back(panel);
  }
  m_column->addWidget(m_charts);
}

void CompareView::addTable(const ComparedRuns& runs, qsizetype run) {
  const runs::Comparison& comparison = runs.comparison;
  const runs::ComparedRun& other = comparison.runs[run];
  auto* card = new Card;
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding - 2, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(2 * Theme::grid);
  auto* head = new QHBoxLayout;
  auto* pill = new Pill;
  sayVerdict(pill, other.verdict);
  m_titles << (scenariosDiffer(runs) ? runName(runs, run) : tr("Run of %1").arg(runName(runs, run)));
  head->addWidget(plainLabel(m_titles.last(), TextRole::CardTitle));
  head->addWidget(pill);
  auto* note = new ElidedLabel(TextRole::Secondary, 2);
  note->setText(printableLines(other.note, 300));
  head->addWidget(note, 1);
  column->addLayout(head);
  QList<CellTableModel::Row> rows;
  for (const runs::ComparedMetric& metric : comparison.metrics) {
    const runs::Change& change = metric.runs[run];
    const QString interval = std::isnan(change.low) ? QStringLiteral("–") : QStringLiteral("%1 … %2").arg(signedText(change.low, metric.unit), signedText(change.high, metric.unit));
    const RowList::Tone tone = toneOf(change);
    rows.append({{metric.name},
                 {formatValue(metric.runs.first().value, metric.unit), RowList::Tone::Quiet},
                 {formatValue(change.value, metric.unit)},
                 {signedText(change.difference, metric.unit), tone},
                 {std::isnan(change.percent) ? QStringLiteral("–") : QStringLiteral("%1%2 %").arg(change.percent > 0 ? QStringLiteral("+") : QString()).arg(change.percent, 0, 'f', 1), tone},
                 {interval, RowList::Tone::Quiet, {}, change.reason},
                 {verdictShown(change.verdict), tone, change.better > 0 ? QStringLiteral("check") : change.better < 0 ? QStringLiteral("warning") : QStringLiteral("info"), change.reason}});
  }
  auto* table = new CellTable(tr("What changed"));
  table->setTable({tr("Figure"), tr("First run"), tr("This run"), tr("Change"), tr("In percent"), tr("95 % interval of the change"), tr("Verdict")}, rows);
  column->addWidget(table);
  m_tables.push_back(table);
  m_column->addWidget(card);
}

void CompareView::refresh(qint64 nowMs) {
  if (!isVisible() || !m_body) return;
  if (!m_view.isZoomed() && m_window) m_view.zoom(m_window->fromMs, m_window->toMs);
  for (ChartPanel* const panel : m_panels) panel->refresh(nowMs);
}

}  // namespace cachedeck
