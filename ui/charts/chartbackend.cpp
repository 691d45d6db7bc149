// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartbackend.h"

#include "core/metrics/format.h"
#include "ui/charts/plotitem.h"
#include "ui/charts/plotpainter.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"

#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QPieSeries>
#include <QtCharts/QPieSlice>

#include <QGraphicsLayout>

#include <cmath>

namespace cachedeck {

namespace {

void prepare(QGraphicsView& view) {
  view.setFrameShape(QFrame::NoFrame);
  view.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view.setAlignment(Qt::AlignLeft | Qt::AlignTop);
  view.setRenderHint(QPainter::Antialiasing, false);  // grid lines are straight; items that need it ask for it
  view.setViewportUpdateMode(QGraphicsView::MinimalViewportUpdate);
  view.setOptimizationFlag(QGraphicsView::DontAdjustForAntialiasing);
  view.setFocusPolicy(Qt::NoFocus);
  view.viewport()->setFocusPolicy(Qt::NoFocus);
  view.viewport()->setMouseTracking(true);
  view.setMinimumSize(40, 30);
}

QChart* addChart(QGraphicsScene& scene) {
  auto* chart = new QChart;
  chart->legend()->hide();
  chart->setBackgroundVisible(false);
  chart->setMargins(QMargins());
  chart->setContentsMargins(0, 0, 0, 0);
  chart->setAnimationOptions(QChart::NoAnimation);
  chart->setDropShadowEnabled(false);
  chart->setAcceptHoverEvents(false);
  scene.addItem(chart);
  return chart;
}

QCategoryAxis* addAxis(QChart& chart, Qt::Alignment edge) {
  auto* axis = new QCategoryAxis;
  axis->setRange(0, 1);
  axis->setStartValue(-1);
  axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  axis->setTruncateLabels(false);
  axis->setLabelsFont(Theme::instance().font(TextRole::Secondary));
  chart.addAxis(axis, edge);
  return axis;
}

void setAxisTicks(QCategoryAxis& axis, std::vector<Tick>& current, const std::vector<Tick>& wanted) {
  if (current == wanted) return;  // Qt Charts lays every label out anew, as HTML
  current = wanted;
  const QStringList old = axis.categoriesLabels();
  for (const QString& label : old) axis.remove(label);
  for (const Tick& tick : wanted) axis.append(tick.label, tick.at);
}

}  // namespace

struct ChartBackend::Parts {
  QGraphicsScene scene;
  QChart* chart = addChart(scene);
  QCategoryAxis* time = addAxis(*chart, Qt::AlignBottom);
  QCategoryAxis* value = addAxis(*chart, Qt::AlignLeft);
  std::vector<Tick> timeTicks, valueTicks;
};

ChartBackend::ChartBackend(QWidget* parent) : QGraphicsView(parent), m_parts(std::make_unique<Parts>()) {
  prepare(*this);
  setScene(&m_parts->scene);
  m_plot = new PlotItem(m_parts->chart);
  m_cursor = new CursorItem(*m_plot, m_parts->chart);
  m_parts->time->setGridLineVisible(false);
  restyle();
  connect(&Theme::instance(), &Theme::changed, this, &ChartBackend::restyle);
}

ChartBackend::~ChartBackend() { setScene(nullptr); }

void ChartBackend::restyle() {
  const Palette& p = Theme::instance().palette();
  setBackgroundBrush(p.card);
  for (QCategoryAxis* axis : {m_parts->time, m_parts->value}) {
    axis->setLabelsColor(p.text2);
    axis->setGridLineColor(p.grid);
    axis->setLinePen(QPen(p.axis, 1));
  }
  m_parts->value->setLinePen(QPen(Qt::NoPen));
  m_plot->update();
}

void ChartBackend::setInsets(const QMargins& insets) {
  m_insets = insets;
  layOut(size());
}

void ChartBackend::setTicks(const std::vector<Tick>& time, const std::vector<Tick>& value) {
  setAxisTicks(*m_parts->time, m_parts->timeTicks, time);
  setAxisTicks(*m_parts->value, m_parts->valueTicks, value);
}

QRectF ChartBackend::plotArea() const { return m_plot->area(); }

void ChartBackend::layOut(const QSizeF& size) {
  const QRectF whole(QPointF(), size);
  setSceneRect(whole);
  m_parts->scene.setSceneRect(whole);
  const QRectF area = whole.marginsRemoved(QMarginsF(m_insets));
  if (area.width() < 4 || area.height() < 4) return;
  // In this order: the axes are laid out by resize(), with the plot area that is set by then.
  m_parts->chart->setPlotArea(area);
  m_parts->chart->resize(size);
  m_parts->chart->layout()->invalidate();
  m_parts->chart->layout()->activate();
  m_plot->setArea(area);
}

void ChartBackend::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  layOut(size());
  Q_EMIT resized();
}

void ChartBackend::keepPicture(bool keep) {
  const auto mode = keep ? QGraphicsItem::DeviceCoordinateCache : QGraphicsItem::NoCache;
  if (m_plot->cacheMode() != mode) m_plot->setCacheMode(mode);
}

void ChartBackend::draw(QPainter& painter, const QSizeF& wanted) {
  const bool cursorShown = m_cursor->isVisible();
  m_cursor->hide();
  layOut(wanted);
  m_parts->scene.render(&painter, QRectF(QPointF(), wanted), QRectF(QPointF(), wanted));
  layOut(size());
  m_cursor->setVisible(cursorShown);
}

struct GaugeBackend::Parts {
  QGraphicsScene scene;
  QChart* chart = addChart(scene);
  struct Ring {
    QPieSeries* pie;
    QPieSlice* value;
    QPieSlice* rest;
  };
  std::vector<Ring> rings;
  std::vector<GaugeData::Ring> data;
  QString caption;
  bool stale = false;

  void addRing();
};

void GaugeBackend::Parts::addRing() {
  const double outer = 0.97 - 0.19 * static_cast<double>(rings.size());
  auto* pie = new QPieSeries;
  pie->setPieStartAngle(-135);
  pie->setPieEndAngle(135);
  pie->setPieSize(outer);
  pie->setHoleSize(outer - (rings.empty() ? 0.14 : 0.075));
  Ring ring{pie, pie->append(QString(), 0), pie->append(QString(), 100)};
  for (QPieSlice* slice : {ring.value, ring.rest}) slice->setPen(Qt::NoPen);
  chart->addSeries(pie);
  rings.push_back(ring);
}

GaugeBackend::GaugeBackend(QWidget* parent) : QGraphicsView(parent), m_parts(std::make_unique<Parts>()) {
  prepare(*this);
  setScene(&m_parts->scene);
  setRenderHint(QPainter::Antialiasing);
  restyle();
  connect(&Theme::instance(), &Theme::changed, this, &GaugeBackend::restyle);
}

GaugeBackend::~GaugeBackend() { setScene(nullptr); }

void GaugeBackend::setRings(const std::vector<GaugeData::Ring>& data, const QString& caption, bool stale) {
  while (m_parts->rings.size() < data.size()) m_parts->addRing();
  for (size_t i = 0; i < data.size(); ++i) {
    // A tenth of a percent is less than the eye sees: a slice that stays is not built anew.
    const double percent = std::isfinite(data[i].percent) ? std::round(std::clamp(data[i].percent, 0.0, 100.0) * 10) / 10 : 0;
    if (m_parts->rings[i].value->value() == percent) continue;
    m_parts->rings[i].value->setValue(percent);
    m_parts->rings[i].rest->setValue(100 - percent);
  }
  m_parts->data = data;
  m_parts->caption = caption;
  m_parts->stale = stale;
  restyle();
}

void GaugeBackend::restyle() {
  const Palette& p = Theme::instance().palette();
  setBackgroundBrush(p.card);
  for (size_t i = 0; i < m_parts->rings.size() && i < m_parts->data.size(); ++i) {
    const QColor colour = seriesColour(p, m_parts->data[i].colour, m_parts->stale);
    if (m_parts->rings[i].value->color() != colour) m_parts->rings[i].value->setColor(colour);
    if (m_parts->rings[i].rest->color() != p.raised) m_parts->rings[i].rest->setColor(p.raised);
  }
  viewport()->update();
}

void GaugeBackend::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  const QRectF whole{QPointF(), QSizeF(size())};
  setSceneRect(whole);
  m_parts->chart->resize(whole.size());
  m_parts->chart->setPlotArea(whole);
}

void GaugeBackend::drawForeground(QPainter* painter, const QRectF&) {
  if (m_parts->data.empty()) return;
  const Palette& p = Theme::instance().palette();
  const double side = std::min(width(), height());
  const Quantity value = formatQuantity(m_parts->data.front().percent, Unit::Percent);
  QFont big = Theme::instance().font(TextRole::Gauge), small = Theme::instance().font(TextRole::Label);
  if (side < 190) big.setPixelSize(static_cast<int>(std::max(16.0, side * 0.178)));
  const double wide = figureWidth(value.number, big), unitWide = 4 + QFontMetricsF(small).horizontalAdvance(value.unit);
  const QPointF centre(width() / 2.0, height() / 2.0);
  const double left = centre.x() - (wide + unitWide) / 2, baseline = centre.y() + big.pixelSize() * 0.34;
  painter->setFont(big);
  painter->setPen(m_parts->stale ? p.text3 : p.text1);
  drawFigures(*painter, {left, baseline}, value.number);
  painter->setFont(small);
  painter->setPen(p.text2);
  painter->drawText(QPointF(left + wide + 4, baseline), value.unit);
  if (side < 136) return;  // there is no room for it inside the rings
  painter->setFont(Theme::instance().font(TextRole::Secondary));
  const QRectF caption(centre.x() - side / 2, baseline + 6, side, 18);
  painter->drawText(caption, Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine, m_parts->caption);
}

}  // namespace cachedeck
