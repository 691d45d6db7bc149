// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/render.h"

#include "core/snapshot/svg_chart.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr int dotsPerPixel = 2;

QImage drawn(const QByteArray& svg) {
  QSvgRenderer renderer(svg);
  QImage image(renderer.defaultSize() * dotsPerPixel, QImage::Format_ARGB32_Premultiplied);
  if (image.isNull()) return image;
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  renderer.render(&painter);
  return image;
}

}  // namespace

Result<QByteArray> snapshotPng(const snapshot::Snapshot& snapshot, const snapshot::ReportLook& look, const snapshot::ReportOptions& options) {
  Result<QByteArray> svg = snapshot::snapshotSvg(snapshot, look, options);
  if (!svg) return svg;
  svg->replace("Inter, system-ui, sans-serif", "Inter");  // Qt takes the whole list for one name
  QByteArray png;
  QBuffer buffer(&png);
  buffer.open(QIODevice::WriteOnly);
  if (!drawn(*svg).save(&buffer, "PNG")) return fail(Error::Kind::Io, QStringLiteral("The picture could not be drawn: there is not enough memory for its size. Export one panel at a time."));
  return png;
}

const std::vector<snapshot::ReportFormat>& reportFormats() {
#define TR(text) QT_TRANSLATE_NOOP("Snapshots", text)
  static const std::vector<snapshot::ReportFormat> formats = [] {
    std::vector<snapshot::ReportFormat> all;
    all.push_back({"pdf", TR("Document to print (PDF)"), ".pdf", false, false, snapshotPdf});
    all.push_back({"png", TR("Picture of the charts (PNG)"), ".png", false, true, snapshotPng});
    const auto texts = snapshot::textFormats();
    all.insert(all.begin(), texts.begin(), texts.begin() + 1);  // the report to read comes first, then what is printed
    all.insert(all.end(), texts.begin() + 1, texts.end());
    return all;
  }();
#undef TR
  return formats;
}

const snapshot::ReportFormat* findReportFormat(const QString& id) {
  const auto& formats = reportFormats();
  const auto row = std::ranges::find_if(formats, [&](const snapshot::ReportFormat& format) { return id == QLatin1String(format.id); });
  return row == formats.end() ? nullptr : &*row;
}

}  // namespace cachedeck
