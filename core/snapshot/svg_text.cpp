// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/svg_text.h"

#include "core/snapshot/report_text.h"

#include <algorithm>
#include <cmath>

namespace cachedeck::snapshot {

namespace {

double letterWidth(QChar c) {
  static const QString narrow = QStringLiteral(" .,:;|!'`ijl()[]/·"), wide = QStringLiteral("mwMW%@—…");
  if (narrow.contains(c)) return 0.3;
  if (wide.contains(c)) return 0.92;
  if (c.unicode() >= 0x2E80) return 1;  // east Asian
  return c.isUpper() ? 0.67 : c.isDigit() ? 0.62 : 0.55;
}

QString attribute(const char* name, const QString& value) { return QLatin1Char(' ') + QLatin1String(name) + QStringLiteral("=\"") + value + QLatin1Char('"'); }
QString attribute(const char* name, double value) { return attribute(name, SvgText::number(value)); }
QString opacityOf(const char* name, double opacity) { return opacity < 1 ? attribute(name, opacity) : QString(); }

QString strokeOf(const SvgText::Stroke& stroke) {
  if (stroke.colour.isEmpty()) return {};
  return attribute("stroke", stroke.colour) + attribute("stroke-width", stroke.width) + opacityOf("stroke-opacity", stroke.opacity) +
         (stroke.dashes.isEmpty() ? QString() : attribute("stroke-dasharray", stroke.dashes));
}

}  // namespace

double textWidth(const QString& text, double size) {
  double width = 0;
  for (const QChar c : text) width += letterWidth(c);
  return width * size;
}

QString fitText(const QString& text, double size, double width) {
  if (textWidth(text, size) <= width) return text;
  QString cut = text;
  while (!cut.isEmpty() && textWidth(cut, size) + size > width) cut.chop(cut.back().isLowSurrogate() && cut.size() > 1 ? 2 : 1);
  return cut.trimmed() + QChar(0x2026);
}

QString SvgText::number(double value) {
  if (!std::isfinite(value)) return QStringLiteral("0");
  QString text = QString::number(std::clamp(value, -1e6, 1e6), 'f', 2);
  while (text.endsWith(QLatin1Char('0'))) text.chop(1);
  if (text.endsWith(QLatin1Char('.'))) text.chop(1);
  return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

void SvgText::line(double x1, double y1, double x2, double y2, const Stroke& stroke) {
  m_svg += QStringLiteral("<line") + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) + strokeOf(stroke) + QStringLiteral("/>\n");
}

void SvgText::rect(double x, double y, double width, double height, const QString& fill, double opacity, double radius, const Stroke& border) {
  m_svg += QStringLiteral("<rect") + attribute("x", x) + attribute("y", y) + attribute("width", std::max(0.0, width)) + attribute("height", std::max(0.0, height)) +
           (radius > 0 ? attribute("rx", radius) : QString()) + attribute("fill", fill) + opacityOf("fill-opacity", opacity) + strokeOf(border) + QStringLiteral("/>\n");
}

void SvgText::circle(double x, double y, double radius, const QString& fill, double opacity, const Stroke& border) {
  m_svg += QStringLiteral("<circle") + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + attribute("fill", fill) + opacityOf("fill-opacity", opacity) + strokeOf(border) + QStringLiteral("/>\n");
}

// The weight is always written: Qt's renderer keeps that of the text before.
void SvgText::text(double x, double y, const QString& words, const Face& face) {
  const QString anchor = face.anchor == Anchor::Start ? QString() : attribute("text-anchor", face.anchor == Anchor::End ? QStringLiteral("end") : QStringLiteral("middle"));
  m_svg += QStringLiteral("<text") + attribute("x", x) + attribute("y", y) + attribute("fill", face.colour) + attribute("font-family", m_font) + attribute("font-size", face.size) +
           attribute("font-weight", face.weight) + anchor + QLatin1Char('>') + markupText(words) + QStringLiteral("</text>\n");
}

void SvgText::fill(const QString& path, const QString& colour, double opacity) {
  if (!path.isEmpty()) m_svg += QStringLiteral("<path") + attribute("d", path) + attribute("fill", colour) + opacityOf("fill-opacity", opacity) + QStringLiteral("/>\n");
}

void SvgText::stroke(const QString& path, const Stroke& stroke) {
  if (!path.isEmpty()) m_svg += QStringLiteral("<path") + attribute("d", path) + attribute("fill", QStringLiteral("none")) + strokeOf(stroke) + QStringLiteral(" stroke-linejoin=\"round\"/>\n");
}

}  // namespace cachedeck::snapshot
