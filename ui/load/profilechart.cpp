// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/profilechart.h"

#include "core/load/schedule.h"
#include "core/metrics/format.h"
#include "ui/charts/scale.h"
#include "ui/load/loadtext.h"
#include "ui/theme/colour.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace cachedeck {

namespace {

constexpr int samples = 480, left = 44, right = 16, top = 22, bottom = 26;
constexpr double labelGap = 15;

/// Steps of the time axis, in seconds.
double stepFor(double seconds) {
  for (const double step : {0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0})
    if (seconds / step <= 8) return step;
  return 604800;
}

QString timeLabel(double seconds) { return std::fmod(seconds, 1) != 0 ? formatValue(seconds, Unit::Seconds) : clockText(static_cast<qint64>(seconds * 1000)); }

}  // namespace

ProfileChart::ProfileChart(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Course of the load"));
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ProfileChart::setScenario(const load::Scenario& scenario) {
  m_scenario = scenario;
  sample();
  QStringList words{levelText(scenario.executor), lengthText(m_length)};
  for (const load::Event& event : scenario.events) words << tr("at %1: %2").arg(lengthText(event.at), eventText(event));
  setAccessibleDescription(words.join(QStringLiteral("; ")));
  update();
}

void ProfileChart::sample() {
  const load::Executor& executor = m_scenario.executor;
  m_byIterations = executor.kind == load::ExecutorKind::SharedIterations || executor.kind == load::ExecutorKind::PerVuIterations;
  m_length = std::max(load::Millis(1), load::lengthOf(executor));
  m_levels.clear();
  for (int i = 0; i <= samples; ++i) {
    // The last one is the end of the schedule itself, where it is 0 already.
    const load::Millis at(std::min<qint64>(m_length.count() * i / samples, m_length.count() - 1));
    m_levels.push_back(m_byIterations ? executor.vus : load::isOpenModel(executor.kind) ? load::rateAt(executor, at) : load::usersAt(executor, at));
  }
  m_top = std::max(1.0, *std::max_element(m_levels.begin(), m_levels.end()));
}

double ProfileChart::xOf(const QRectF& area, load::Millis at) const { return area.left() + area.width() * static_cast<double>(at.count()) / static_cast<double>(m_length.count()); }

void ProfileChart::paintAxes(QPainter& painter, const QRectF& area) const {
  const Palette& p = Theme::instance().palette();
  const Unit unit = load::isOpenModel(m_scenario.executor.kind) ? Unit::PerSecond : Unit::Count;
  ValueScale scale(unit);
  scale.fit(0, m_top, 3);
  painter.setFont(Theme::instance().font(TextRole::Secondary));
  const auto heightOf = [&](double value) { return area.bottom() - area.height() * value / (m_top * 1.08); };
  const auto line = [&](double value, const QString& label) {
    const double y = heightOf(value);
    painter.fillRect(QRectF(area.left(), y, area.width(), 1), value == 0 ? p.axis : p.grid);
    painter.setPen(p.text2);
    painter.drawText(QRectF(0, y - 9, left - 8, 18), Qt::AlignRight | Qt::AlignVCenter, label);
  };
  line(m_top, formatNumberLike(m_top, scale.high(), unit));  // the level that is asked for has a label, whatever the steps are
  for (const Tick& tick : scale.ticks())
    if (const double value = tick.at * scale.high(); heightOf(value) - heightOf(m_top) >= labelGap) line(value, tick.label);
  const double seconds = static_cast<double>(m_length.count()) / 1000, step = stepFor(seconds);
  for (double at = 0; at <= seconds + 1e-9; at += step) {
    const double x = area.left() + area.width() * at / seconds;
    const Qt::Alignment side = at == 0 ? Qt::AlignLeft : x > area.right() - 14 ? Qt::AlignRight : Qt::AlignHCenter;
    painter.drawText(side == Qt::AlignLeft ? QRectF(x, area.bottom() + 5, 60, 18) : side == Qt::AlignRight ? QRectF(area.right() - 60, area.bottom() + 5, 60, 18) : QRectF(x - 30, area.bottom() + 5, 60, 18), side | Qt::AlignVCenter,
                     timeLabel(at));
  }
}

void ProfileChart::paintCourse(QPainter& painter, const QRectF& area) const {
  const Palette& p = Theme::instance().palette();
  QPainterPath line;
  for (int i = 0; i <= samples; ++i) {
    const QPointF at(area.left() + area.width() * i / samples, area.bottom() - area.height() * m_levels[static_cast<size_t>(i)] / (m_top * 1.08));
    if (i == 0) line.moveTo(at);
    else line.lineTo(at);
  }
  QPainterPath below = line;
  below.lineTo(area.bottomRight());
  below.lineTo(area.bottomLeft());
  QLinearGradient gradient(area.topLeft(), area.bottomLeft());
  gradient.setColorAt(0, withAlpha(p.series[0], 80));
  gradient.setColorAt(1, withAlpha(p.series[0], 4));
  painter.fillPath(below, gradient);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(p.series[0], 1.6, m_byIterations ? Qt::DashLine : Qt::SolidLine));
  painter.drawPath(line);
}

void ProfileChart::paintEvents(QPainter& painter, const QRectF& area) const {
  const Palette& p = Theme::instance().palette();
  painter.setFont(Theme::instance().font(TextRole::Mark));
  const QFontMetricsF metrics(painter.font());
  double free = 0;  // chips do not lie on each other
  for (const load::Event& event : m_scenario.events) {
    const double x = xOf(area, event.at);
    if (event.lasts.count() > 0) painter.fillRect(QRectF(x, area.top(), std::max(2.0, xOf(area, event.at + event.lasts) - x), area.height()), withAlpha(p.series[3], 40));
    painter.setPen(QPen(p.series[3], 1, Qt::DotLine));
    painter.drawLine(QPointF(x, 4), QPointF(x, area.bottom()));
    const QString text = eventText(event);
    const double wide = metrics.horizontalAdvance(text) + 12, from = std::min(x, width() - 2 - wide);
    if (from < free) continue;
    const QRectF chip(from, 2, wide, 17);
    const QColor surface = mixed(p.card, p.series[3], 0.22);
    painter.setPen(Qt::NoPen);
    painter.setBrush(surface);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setPen(readable(p.series[3], surface));
    painter.drawText(chip, Qt::AlignCenter, text);
    free = chip.right() + 4;
  }
}

void ProfileChart::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF area(left, top, width() - left - right, height() - top - bottom);
  if (m_levels.empty() || area.width() < 20 || area.height() < 20) return;
  paintAxes(painter, area);
  paintCourse(painter, area);
  paintEvents(painter, area);
  if (!m_byIterations) return;
  painter.setFont(Theme::instance().font(TextRole::Secondary));
  painter.setPen(p.text2);
  painter.drawText(area.adjusted(8, 4, -8, -4), Qt::AlignRight | Qt::AlignBottom, tr("ends when the iterations are done, at the latest here"));
}

}  // namespace cachedeck
