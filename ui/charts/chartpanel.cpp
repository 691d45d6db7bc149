// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartpanel.h"

#include "core/metrics/format.h"
#include "ui/charts/chartbackend.h"
#include "ui/charts/eventmarks.h"
#include "ui/charts/gaugerow.h"
#include "ui/charts/legend.h"
#include "ui/charts/plotinput.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill.h"

#include <QCoreApplication>
#include <QPainter>

namespace cachedeck {

void ChartPanel::setSource(const PanelSource& source) {
  for (PanelSource& own : m_sources)
    if (own.id == source.id) own = source;
}

bool ChartPanel::isSeen() const { return isVisible() && !visibleRegion().isEmpty(); }

bool ChartPanel::isUnchanged() {
  Drawn now;
  now.span = m_view.span();
  for (const SeriesInfo& series : m_info.series) {
    now.lastMs = std::max(now.lastMs, m_history.lastMs(series.metric));
    now.firstMs = std::max(now.firstMs, m_history.firstMs(series.metric));
  }
  now.marks = m_view.marksRevision();
  now.stale = m_status.stale;
  now.following = m_view.isFollowing();
  now.area = m_backend->plotArea();
  if (m_drawn && *m_drawn == now) return true;
  m_drawn = now;
  return false;
}

void ChartPanel::refresh(qint64 nowMs) {
  if (!isSeen()) return;
  const bool wasStale = m_status.stale;
  updateStatus(nowMs);
  if (m_status.stale != wasStale) m_drawn.reset();
  if (!isUnchanged()) updatePlot();
  updateSubtitle();
  updateGauge();
  updateLegend();
  updateCursor();
  describe();
}

void ChartPanel::updateStatus(qint64 nowMs) {
  bool hasData = false, known = false;
  const TimeSpan span = m_view.span();
  for (const SeriesInfo& series : m_info.series) {
    known = known || m_history.lastMs(series.metric) > 0;
    hasData = hasData || m_history.summary(series.metric, span.fromMs, span.toMs).count > 0;
  }
  const bool gone = !m_info.onlyWith.isEmpty() && !std::isfinite(m_history.last(m_info.onlyWith));
  m_status = panelStatus(m_sources, hasData, known, nowMs, &m_info, gone);
  updatePill();
  const bool covered = m_status.body == PanelStatus::Body::Covered, banner = m_status.body == PanelStatus::Body::Banner;
  if (covered) m_cover->setText(m_status.notice);
  if (banner) m_banner->setText(m_status.notice);
  m_body->setVisible(!covered);
  if (!m_gauge) m_legend->setVisible(!covered);
  m_cover->setVisible(covered);
  m_banner->setVisible(banner);
  placeNotices();
}

void ChartPanel::updatePill() {
  const Palette& p = Theme::instance().palette();
  const MetricInfo* judged = m_info.judged.isEmpty() ? nullptr : findMetric(m_info.judged);
  Level level = Level::Good;
  if (judged && !m_status.stale) level = judge(*judged, m_info.judgedValue ? m_info.judgedValue(m_history, m_view.span()) : m_history.last(judged->id));
  setEdge(std::max(level, m_status.edge));
  if (!m_status.pillText.isEmpty()) m_pill->say(m_status.pillIcon, m_status.pillText, m_status.pillLevel == Level::Good ? p.text2 : levelColour(m_status.pillLevel));
  else if (level != Level::Good) m_pill->say(QStringLiteral("warning"), levelWord(level), levelColour(level));
  else if (m_view.isPaused()) m_pill->say(QStringLiteral("pause"), tr("paused"), p.text2);
  else m_pill->say({}, {}, p.text2);
}

void ChartPanel::updatePlot() {
  const QRectF area = m_backend->plotArea();
  if (area.width() < 8 || m_status.body == PanelStatus::Body::Covered) return;
  PlotData data = buildPlot(m_info, m_history, m_view.span(), area.width(), m_hidden);
  data.stale = m_status.stale;
  data.following = m_view.isFollowing();
  markActions(data, m_view.actions(), area.width());
  markAlerts(data, m_view.alerts(), m_info);
  updateTicks(data);
  m_backend->plot().setData(std::move(data));
}

void ChartPanel::updateTicks(PlotData& data) {
  const QRectF area = m_backend->plotArea();
  fitScale(data, m_info, m_scale, std::clamp(static_cast<int>(area.height() / 40), 3, 6));
  std::vector<Tick> value = m_scale.ticks();
  if (value.size() > 2 && area.height() / static_cast<double>(value.size() - 1) < 16) value = {value.front(), value.back()};
  m_backend->setTicks(timeTicks(data.span, data.following, area.width()), value);
}

void ChartPanel::updateSubtitle() {
  QStringList parts;
  if (const QString text = QCoreApplication::translate("Panel", m_info.subtitle); !text.isEmpty()) parts << text;
  const QString note = m_info.note ? m_info.note(m_history, m_view.span()) : QString();
  if (!note.isEmpty()) parts << note;
  const QString unit = m_info.unit == Unit::Percent || m_scale.high() <= 0 ? QString() : unitLike(m_scale.high(), m_info.unit);
  if (!unit.isEmpty() && !note.endsWith(unit) && m_status.body != PanelStatus::Body::Covered) parts << unit;
  m_subtitle->setText(parts.join(QStringLiteral(" · ")));
}

bool ChartPanel::hasUnitOfAxis(double value) const {
  return std::isnan(value) || formatQuantity(value, m_info.unit).unit == unitLike(m_scale.high(), m_info.unit);
}

void ChartPanel::updateLegend() {
  const std::optional<qint64> cursor = m_view.cursor();
  std::vector<double> values;
  for (const SeriesInfo& series : m_info.series)
    // Where the pointer stands in any panel, else the end of what is shown.
    values.push_back(cursor ? m_history.at(series.metric, *cursor)
                     : m_view.isFollowing() ? m_history.last(series.metric) : m_history.at(series.metric, m_view.span().toMs));
  // The subtitle says the unit of the axis; as soon as one value is of another size, each says its own.
  const bool oneUnit = std::all_of(values.begin(), values.end(), [this](double value) { return hasUnitOfAxis(value); });
  for (size_t i = 0; i < m_info.series.size(); ++i) {
    const QLatin1String metric = m_info.series[i].metric;
    const Quantity quantity = formatQuantity(values[i], m_info.unit);
    m_legend->entries()[i]->setValue(oneUnit ? quantity.number : quantity.text(), m_status.stale);
    if (m_info.series[i].onlyWhenSeen) m_legend->setShown(i, m_history.summary(metric, m_view.span().fromMs, m_view.span().toMs).max > 0);
  }
}

void ChartPanel::updateGauge() {
  if (m_gauge && m_info.gauge) m_gauge->setData(m_info.gauge(m_history, m_view.span()), m_status.stale);
}

std::vector<CursorItem::Row> ChartPanel::cursorRows(qint64 wallMs) const {
  std::vector<CursorItem::Row> rows;
  double stacked = 0;
  for (const SeriesInfo& series : m_info.series) {
    if (m_hidden.contains(series.metric)) continue;
    const double value = m_history.at(series.metric, wallMs);
    if (series.style == SeriesStyle::Stacked && std::isfinite(value)) stacked += value;
    rows.push_back({seriesLabel(series), formatValue(value, m_info.unit), series.style == SeriesStyle::Stacked && std::isfinite(value) ? stacked : value, series.colour});
  }
  // From top to bottom as the lines stand.
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.plotValue > b.plotValue; });
  return rows;
}

void ChartPanel::updateCursor() {
  const std::optional<qint64> at = m_view.cursor();
  const TimeSpan span = m_backend->plot().data().span;
  m_backend->keepPicture(at.has_value());
  if (m_input->showDrag()) return;  // the rectangle stays until the button is released
  if (at && *at >= span.fromMs && *at <= span.toMs) m_backend->cursor().showAt(*at, cursorRows(*at), m_input->isActive());
  else m_backend->cursor().clear();
}

void ChartPanel::describe() {
  QStringList parts{QCoreApplication::translate("Panel", m_info.description)};
  if (!m_status.pillText.isEmpty()) parts << m_status.pillText;
  if (m_status.body != PanelStatus::Body::Chart) parts << m_status.notice.title << m_status.notice.sentence;
  for (const LegendEntry* entry : m_legend->entries()) parts << entry->accessibleName() + QLatin1Char(' ') + entry->value();
  for (const PlotData::Mark& mark : m_backend->plot().data().marks)
    if (!mark.label.isEmpty()) parts << mark.label;
  for (const PlotData::Alert& alert : m_backend->plot().data().alerts)
    if (alert.isAbout) parts << alert.said;
  const QString text = parts.join(QStringLiteral("; "));
  if (text != accessibleDescription()) setAccessibleDescription(text);
}

void ChartPanel::drawing(QPainter& painter, const QSizeF& size) {
  const Palette& p = Theme::instance().palette();
  const double pad = Theme::cardPadding;
  painter.fillRect(QRectF(QPointF(), size), p.card);
  painter.setFont(Theme::instance().font(TextRole::CardTitle));
  painter.setPen(p.text1);
  painter.drawText(QPointF(pad, pad + 12), m_title->text());
  const double titleWidth = QFontMetricsF(painter.font()).horizontalAdvance(m_title->text());
  painter.setFont(Theme::instance().font(TextRole::Secondary));
  painter.setPen(p.text3);
  painter.drawText(QPointF(pad + titleWidth + 8, pad + 12), m_subtitle->text());
  painter.save();
  painter.translate(0, pad + 24);
  m_backend->draw(painter, {size.width(), size.height() - pad - 24});
  painter.restore();
}

}  // namespace cachedeck
