// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QFile>
#include <QIcon>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include <memory>

namespace cachedeck {

namespace {

QByteArray svgSource(const QString& name) {
  QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
  if (file.open(QIODevice::ReadOnly)) return file.readAll();
  qWarning("There is no icon '%s'.", qUtf8Printable(name));
  return {};
}

/// Draws the vector at whatever size and density is asked for; no bitmap is kept.
class TintedSvg : public QIconEngine {
 public:
  TintedSvg(const QByteArray& svg, const QColor& colour)
      : m_svg(std::make_shared<QSvgRenderer>(QByteArray(svg).replace("currentColor", colour.name().toLatin1()))) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    painter->save();
    if (mode == QIcon::Disabled) painter->setOpacity(painter->opacity() * 0.45);
    painter->setRenderHint(QPainter::Antialiasing);
    m_svg->render(painter, rect);
    painter->restore();
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }

  QIconEngine* clone() const override { return new TintedSvg(*this); }
  bool isNull() override { return !m_svg->isValid(); }

 private:
  std::shared_ptr<QSvgRenderer> m_svg;
};

}  // namespace

QIcon Theme::icon(const QString& name, const QColor& colour) const {
  const QByteArray svg = svgSource(name);
  return svg.isEmpty() ? QIcon() : QIcon(new TintedSvg(svg, colour));
}

}  // namespace cachedeck
