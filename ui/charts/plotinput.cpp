// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotinput.h"

#include "ui/charts/chartbackend.h"
#include "ui/charts/eventmarks.h"
#include "ui/charts/plotitem.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {
constexpr double dragPixels = 5;  // less is a click with a shaky hand
}

PlotInput::PlotInput(ChartBackend& backend, TimeView& view, QObject* parent) : QObject(parent), m_backend(backend), m_view(view) {
  backend.viewport()->installEventFilter(this);
}

qint64 PlotInput::timeAt(double x) const {
  const QRectF area = m_backend.plotArea();
  const double share = area.width() > 0 ? std::clamp((x - area.left()) / area.width(), 0.0, 1.0) : 0;
  // What is drawn, not what the view would show next: the two differ for one frame.
  const TimeSpan span = m_backend.plot().data().span;
  return span.fromMs + std::llround(share * static_cast<double>(span.toMs - span.fromMs));
}

bool PlotInput::eventFilter(QObject*, QEvent* event) {
  switch (event->type()) {
    case QEvent::MouseMove: move(*static_cast<QMouseEvent*>(event)); return true;
    case QEvent::MouseButtonPress: press(*static_cast<QMouseEvent*>(event)); return true;
    case QEvent::MouseButtonRelease: release(*static_cast<QMouseEvent*>(event)); return true;
    case QEvent::MouseButtonDblClick: m_dragFrom.reset(); m_dragTo.reset(); m_view.resetZoom(); return true;
    case QEvent::Leave: leave(); return false;
    case QEvent::ToolTip: showMarks(*static_cast<QHelpEvent*>(event)); return true;
    case QEvent::Wheel: event->ignore(); return true;  // the page scrolls
    default: return false;
  }
}

void PlotInput::press(const QMouseEvent& event) {
  if (event.button() == Qt::LeftButton && m_backend.plotArea().adjusted(-4, -4, 4, 4).contains(event.position())) m_dragFrom = event.position().x();
}

void PlotInput::move(const QMouseEvent& event) {
  const bool inside = m_backend.plotArea().adjusted(-2, -2, 2, 2).contains(event.position());
  if (m_dragFrom && std::abs(event.position().x() - *m_dragFrom) >= dragPixels) {
    m_dragTo = event.position().x();
    showDrag();
    return;
  }
  m_active = inside;
  m_view.setCursor(inside ? std::optional(timeAt(event.position().x())) : std::nullopt);
}

bool PlotInput::showDrag() {
  if (!m_dragFrom || !m_dragTo) return false;
  m_backend.cursor().showDrag(timeAt(*m_dragFrom), timeAt(*m_dragTo));
  return true;
}

void PlotInput::release(const QMouseEvent& event) {
  if (!m_dragFrom || event.button() != Qt::LeftButton) return;
  const double from = *m_dragFrom, to = event.position().x();
  m_dragFrom.reset();
  m_dragTo.reset();
  m_backend.cursor().clear();
  if (std::abs(to - from) >= dragPixels) m_view.zoom(timeAt(from), timeAt(to));
}

void PlotInput::showMarks(const QHelpEvent& event) const {
  const PlotItem& plot = m_backend.plot();
  const QStringList marks = marksAt(plot.data(), plot.area(), QFontMetricsF(Theme::instance().font(TextRole::Mark)), event.pos());
  if (marks.isEmpty()) QToolTip::hideText();
  else QToolTip::showText(event.globalPos(), markToolTip(marks), m_backend.viewport());
}

void PlotInput::leave() {
  if (!m_active) return;
  m_active = false;
  m_view.setCursor(std::nullopt);
}

void PlotInput::step(qint64 byMs) {
  const TimeSpan span = m_view.span();
  m_active = true;
  m_view.setCursor(std::clamp(m_view.cursor().value_or(span.toMs) + byMs, span.fromMs, span.toMs));
}

bool PlotInput::handleKey(const QKeyEvent& event) {
  const TimeSpan span = m_view.span();
  const qint64 hundredth = std::max<qint64>(1000, (span.toMs - span.fromMs) / 100);
  const qint64 stride = event.modifiers() & Qt::ShiftModifier ? 10 * hundredth : hundredth;
  switch (event.key()) {
    case Qt::Key_Left: step(-stride); return true;
    case Qt::Key_Right: step(stride); return true;
    case Qt::Key_Home: step(span.fromMs - span.toMs); return true;
    case Qt::Key_End: step(span.toMs - span.fromMs); return true;
    case Qt::Key_Escape: leave(); m_view.resetZoom(); return true;
    default: return false;
  }
}

}  // namespace cachedeck
