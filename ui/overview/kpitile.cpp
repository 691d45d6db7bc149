// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/kpitile.h"

#include "ui/charts/plotpainter.h"
#include "ui/charts/sparkline.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"

#include <QCoreApplication>
#include <QIcon>
#include <QPainter>

#include <cmath>

namespace cachedeck {

namespace {
constexpr double pad = Theme::cardPadding, valueBaseline = 62, footerBaseline = 85, sparkTop = 34, sparkHeight = 32;
constexpr double leastSpark = 22, mostSpark = 98;
constexpr int shapeSize = 15, narrow = 200;
}  // namespace

KpiTile::KpiTile(const TileInfo& info, QWidget* parent) : Card(parent), m_info(info), m_source{info.source, info.source, {}} {
  setObjectName(QLatin1String("tile_") + info.id);
  setFixedHeight(Theme::tileHeight);
  setMinimumWidth(150);
  setAccessibleName(QCoreApplication::translate("Tile", info.title));
  if (const MetricInfo* metric = findMetric(info.metric)) {
    const QString words = QCoreApplication::translate("Metric", metric->description);
    setToolTip(QLatin1String("<p>") + words.toHtmlEscaped() + QLatin1String("</p>"));
  }
}

void KpiTile::setSource(const PanelSource& source) {
  if (source.id == m_info.source) m_source = source;
}

void KpiTile::refresh(const History& history, const TimeSpan& span, qint64 nowMs) {
  m_figures = tileFigures(m_info, history, span, 96);
  m_span = span;
  const PanelStatus status = panelStatus({m_source}, m_figures.isKnown, m_figures.isKnown, nowMs);
  m_blank = !m_figures.isKnown || m_source.state.kind == SourceState::Kind::Failed || m_source.state.kind == SourceState::Kind::Idle;
  m_stale = status.stale || m_blank;
  if (m_stale) m_figures.level = Level::Good;
  m_shape = !status.pillIcon.isEmpty() ? status.pillIcon : m_figures.level != Level::Good ? QStringLiteral("warning") : QString();
  setEdge(m_blank ? Level::Good : m_figures.level);
  updateFooter(status);
  setAccessibleDescription((m_blank ? QString() : m_figures.value.text() + QLatin1Char(' ') + m_figures.limit + QLatin1String("; ")) + m_footer);
  update();
}

void KpiTile::updateFooter(const PanelStatus& status) {
  if (m_blank) m_footer = m_source.state.kind == SourceState::Kind::Kept ? tr("not in this snapshot")
                        : m_source.state.kind == SourceState::Kind::Live ? tr("no data yet")
                        : m_source.state.kind == SourceState::Kind::Connecting ? tr("connecting") : tr("no connection");
  else if (m_stale) m_footer = status.pillText;
  else m_footer = QStringList{m_figures.delta, m_figures.detail}.join(QLatin1Char(' ')).trimmed();
}

void KpiTile::paintEvent(QPaintEvent* event) {
  Card::paintEvent(event);
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(Theme::instance().font(TextRole::Label));
  painter.setPen(p.text2);
  painter.drawText(QPointF(pad, 26), accessibleName());
  paintShape(painter);
  const double end = paintValue(painter);
  const double sparkLeft = std::max(end + (width() < narrow ? 10 : 14), width() - pad - 4 - mostSpark);
  const QRectF spark(sparkLeft, sparkTop, width() - pad - 4 - sparkLeft, sparkHeight);
  const bool hasSpark = !m_blank && spark.width() >= leastSpark;
  if (hasSpark) paintSparkline(painter, spark, {m_figures.spark, m_span, m_info.colour, m_stale, !m_stale});
  const bool hasBar = !m_blank && std::isfinite(m_figures.usedPercent) && spark.width() >= leastSpark;
  const double barLeft = width() < narrow ? std::max(spark.left(), spark.right() - 30) : spark.left();
  if (hasBar) paintUse(painter, QRectF(barLeft, 79, spark.right() + 4 - barLeft, 4));
  paintFooter(painter, hasBar ? barLeft - (width() < narrow ? 5 : 8) : width() - (width() < narrow ? 10 : pad));
}

void KpiTile::paintShape(QPainter& painter) const {
  if (m_shape.isEmpty()) return;
  const Palette& p = Theme::instance().palette();
  const QColor colour = m_source.state.kind == SourceState::Kind::Failed ? p.critical : m_stale ? p.text2 : levelColour(m_figures.level);
  Theme::instance().icon(m_shape, colour).paint(&painter, QRect(width() - static_cast<int>(pad) - shapeSize, 13, shapeSize, shapeSize));
}

double KpiTile::paintValue(QPainter& painter) const {
  const Palette& p = Theme::instance().palette();
  const QString number = m_blank ? QStringLiteral("–") : m_figures.value.number;
  QFont big = Theme::instance().font(TextRole::Kpi), small = Theme::instance().font(TextRole::Label);
  if (width() < narrow) big.setPixelSize(24);  // all tiles of a row alike, so that a figure with its limit leaves room for its course
  small.setPixelSize(width() < narrow ? 12 : 13);
  painter.setFont(big);
  painter.setPen(m_blank ? p.text3 : m_stale ? p.text3 : p.text1);
  drawFigures(painter, {pad - 1, valueBaseline}, number);
  double x = pad + figureWidth(number, big) + 4;
  if (m_blank) return x;
  painter.setFont(small);
  painter.setPen(p.text2);
  const QString behind = m_figures.limit.isEmpty() ? m_figures.value.unit : m_figures.limit;
  drawFigures(painter, {x, valueBaseline}, behind);
  return x + figureWidth(behind, small);
}

void KpiTile::paintFooter(QPainter& painter, double right) const {
  const Palette& p = Theme::instance().palette();
  const double baseline = footerBaseline;
  double x = pad;
  QString quiet = m_footer;
  if (!m_stale && !m_figures.delta.isEmpty()) {
    const QColor colour = m_figures.trend == TileFigures::Trend::Steady || !m_figures.trendJudged ? p.text2
                          : m_figures.trendLevel == Level::Good ? p.good : p.warning;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const double top = baseline - 7, middle = x + 3.5;
    if (m_figures.trend == TileFigures::Trend::Up) painter.drawPolygon(QPolygonF({{x, top + 6}, {x + 7, top + 6}, {middle, top}}));
    else if (m_figures.trend == TileFigures::Trend::Down) painter.drawPolygon(QPolygonF({{x, top}, {x + 7, top}, {middle, top + 6}}));
    else painter.drawRect(QRectF(x, top + 3, 7, 1.6));
    x += 12;
    painter.setFont(Theme::instance().font(TextRole::LabelStrong));
    painter.setPen(readable(colour, p.card));
    drawFigures(painter, {x, baseline}, m_figures.delta);
    x += figureWidth(m_figures.delta, painter.font()) + (width() < narrow ? 4 : 6);
    quiet = m_figures.detail;
  }
  painter.setFont(m_stale ? Theme::instance().font(TextRole::Label) : Theme::instance().font(TextRole::Secondary));
  painter.setPen(m_stale ? p.text2 : p.text3);
  const QFontMetricsF metrics(painter.font());
  if (figureWidth(quiet, painter.font()) <= right - x) drawFigures(painter, {x, baseline}, quiet);
  else if (x == pad) painter.drawText(QPointF(x, baseline), metrics.elidedText(quiet, Qt::ElideRight, right - x));  // behind a change, half of a figure or time is worse than none
}

void KpiTile::paintUse(QPainter& painter, const QRectF& track) const {
  const Palette& p = Theme::instance().palette();
  painter.setPen(Qt::NoPen);
  painter.setBrush(p.raised);
  painter.drawRoundedRect(track, 2, 2);
  const double share = std::clamp(m_figures.usedPercent / 100, 0.0, 1.0);
  const QColor level = m_figures.level == Level::Good ? seriesColour(p, m_info.colour, m_stale) : levelColour(m_figures.level);
  painter.setBrush(level);
  painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), 2, 2);
  if (const MetricInfo* metric = findMetric(m_info.usedPercent); metric && std::isfinite(metric->critical)) {
    const double x = track.left() + track.width() * metric->critical / 100;
    painter.fillRect(QRectF(x, track.top() - 3, 1, track.height() + 6), p.text3);
  }
}

}  // namespace cachedeck
