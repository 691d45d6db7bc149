// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck::snapshot {

/// How wide a text is in the typeface of the window, estimated by classes of letters: core knows no fonts. Rather too wide.
double textWidth(const QString& text, double size);
/// The text, or as much of it as fits with an ellipsis.
QString fitText(const QString& text, double size, double width);

/// Writes elements of SVG that a browser and Qt's renderer of SVG Tiny draw alike: attributes only, no style sheet, no clipping.
class SvgText {
 public:
  explicit SvgText(QString font) : m_font(std::move(font)) {}
  struct Stroke {
    QString colour;
    double width = 1, opacity = 1;
    QString dashes = {};
  };
  static Stroke none() { return {}; }
  enum class Anchor { Start, Middle, End };
  /// Weights as of CSS: 400, 500, 600.
  struct Face {
    QString colour;
    double size = 11;
    int weight = 400;
    Anchor anchor = Anchor::Start;
  };
  void line(double x1, double y1, double x2, double y2, const Stroke& stroke);
  void rect(double x, double y, double width, double height, const QString& fill, double opacity = 1, double radius = 0, const Stroke& border = none());
  void circle(double x, double y, double radius, const QString& fill, double opacity = 1, const Stroke& border = none());
  void text(double x, double y, const QString& words, const Face& face);
  /// `path` in SVG's path language.
  void fill(const QString& path, const QString& colour, double opacity = 1);
  void stroke(const QString& path, const Stroke& stroke);
  /// Markup that is already right.
  void raw(const QString& markup) { m_svg += markup; }
  const QString& svg() const { return m_svg; }

  /// A number of SVG: two decimals at most, no exponent.
  static QString number(double value);

 private:
  QString m_font, m_svg;
};

}  // namespace cachedeck::snapshot
