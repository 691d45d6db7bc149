// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/promqlchart.h"

#include "ui/charts/frameclock.h"
#include "ui/charts/ownedpanel.h"

#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr qint64 shortestMs = 60'000;

}  // namespace

PromqlChart::PromqlChart(FrameClock& clock, QWidget* parent) : QWidget(parent), m_clock(clock) {
  setMinimumHeight(230);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  connect(&clock, &FrameClock::frame, this, [this](qint64 nowMs) {
    if (!isVisible() || !m_panel) return;
    if (!m_view.isZoomed()) m_view.zoom(m_span.fromMs, m_span.toMs);  // a zoom that was left
    m_panel->refresh(nowMs);
  });
  connect(&m_view, &TimeView::changed, &clock, &FrameClock::request);
}

PromqlChart::~PromqlChart() {
  delete m_panel;  // before the history that it reads
}

void PromqlChart::setAnswer(const PromqlAnswer& answer, Unit unit, bool fits) {
  m_history.clear();
  if (answer.past) m_history.adopt(answer.past);  // which takes what is in it
  m_span = answer.span;
  qint64 first = 0;
  for (qsizetype i = 0; i < answer.lines.size(); ++i)
    if (const qint64 one = m_history.firstMs(QLatin1String("promql." + QByteArray::number(i))); one > 0) first = first > 0 ? std::min(first, one) : one;
  if (fits && first > m_span.fromMs) m_span.fromMs = std::max(m_span.fromMs, std::min(first, m_span.toMs - shortestMs));
  m_view.zoom(m_span.fromMs, m_span.toMs);
  m_lines = answer.lines;
  m_note = answer.chartNote;
  setUnit(unit);
}

void PromqlChart::setUnit(Unit unit) {
  if (m_panel) {
    m_panel->hide();
    m_panel->deleteLater();
  }
  OwnPanelText text;
  text.id = QStringLiteral("promql");
  text.title = tr("Over time");
  text.subtitle = m_lines.isEmpty() ? QString() : m_note;
  text.description = tr("The query over the window's range of time");
  text.idle = m_note;
  text.source = QStringLiteral("prometheus");
  text.unit = unit;
  for (qsizetype i = 0; i < m_lines.size(); ++i) text.lines.push_back({"promql." + QByteArray::number(i), m_lines[i]});
  m_panel = new OwnedPanel(text, m_history, m_view, this);
  SourceState live;
  live.kind = SourceState::Kind::Live;
  m_panel->setSource({QStringLiteral("prometheus"), QStringLiteral("Prometheus"), live});
  connect(m_panel, &ChartPanel::frameWanted, &m_clock, &FrameClock::request);
  layout()->addWidget(m_panel);
  m_panel->show();
  m_clock.request();
}

}  // namespace cachedeck
