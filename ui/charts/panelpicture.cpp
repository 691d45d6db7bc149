// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/panelpicture.h"

#include <QBuffer>
#include <QImage>
#include <QMimeData>
#include <QPainter>
#include <QSvgGenerator>

namespace cachedeck {

namespace {

constexpr int dots = 2;  // for one of a window: sharp on paper and in a ticket

QImage imageOf(const Drawing& drawing, QSize size) {
  QImage image(size * dots, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(dots);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  drawing(painter);
  return image;
}

}  // namespace

QByteArray pictureOf(const Drawing& drawing, QSize size, PictureForm form, const QString& title) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (form == PictureForm::Png) {
    imageOf(drawing, size).save(&buffer, "PNG");
    return bytes;
  }
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setSize(size);
  svg.setViewBox(QRect(QPoint(), size));
  svg.setTitle(title);
  QPainter painter(&svg);
  painter.setRenderHint(QPainter::Antialiasing);
  drawing(painter);
  painter.end();
  return bytes;
}

QMimeData* pictureForClipboard(const Drawing& drawing, QSize size, const QString& title) {
  auto* data = new QMimeData;
  data->setImageData(imageOf(drawing, size));
  data->setData(QStringLiteral("image/svg+xml"), pictureOf(drawing, size, PictureForm::Svg, title));
  return data;
}

PictureForm pictureFormOf(const QString& file) { return file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive) ? PictureForm::Svg : PictureForm::Png; }

}  // namespace cachedeck
