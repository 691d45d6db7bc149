// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/svgpicture.h"

#include <QPainter>
#include <QSvgRenderer>

namespace cachedeck {

SvgPicture::SvgPicture(const QByteArray& svg, QWidget* parent) : QWidget(parent), m_renderer(new QSvgRenderer(svg, this)) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

QSize SvgPicture::sizeHint() const { return m_renderer->defaultSize(); }

int SvgPicture::heightForWidth(int width) const {
  const QSize size = m_renderer->defaultSize();
  return size.width() > 0 ? width * size.height() / size.width() : 0;
}

void SvgPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  m_renderer->render(&painter, QRectF(0, 0, width(), heightForWidth(width())));
}

}  // namespace cachedeck
