// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QString>

#include <array>

class QIcon;

namespace cachedeck {

/// The colours of one scheme; no other place in the program names a colour.
struct Palette {
  QColor window, rail, card, raised;
  QColor border, grid, axis;
  QColor text1, text2, text3;
  QColor accent, good, warning, critical, info, stale;
  std::array<QColor, 8> series;

  bool isDark() const { return window.lightness() < 128; }
  /// Text on a surface of the accent colour.
  QColor onAccent() const { return isDark() ? window : card; }
};

/// What a text is, which decides its font.
enum class TextRole { PageTitle, CardTitle, Kpi, Gauge, Label, LabelStrong, Secondary, Mark };

/// The look: palette, fonts and spacing. One instance, on the window's thread.
class Theme : public QObject {
  Q_OBJECT
 public:
  enum class Scheme { Dark, Light, System };
  static Theme& instance();

  void setScheme(Scheme scheme);
  Scheme scheme() const { return m_scheme; }
  bool isDark() const { return m_dark; }
  const Palette& palette() const { return paletteOf(m_dark); }
  static const Palette& paletteOf(bool isDark);
  QFont font(TextRole role) const;
  /// Application-wide style sheet and QPalette; call once after QApplication, again by itself on setScheme().
  void apply();
  /// An SVG icon of resources/icons in one colour; disabled ones are drawn fainter.
  QIcon icon(const QString& name, const QColor& colour) const;

  static constexpr int grid = 4, pageMargin = 16, cardGap = 12, cardPadding = 16, radius = 10, railWidth = 60,
                       topBarHeight = 56, tileHeight = 104;

 Q_SIGNALS:
  void changed();

 private:
  Theme();
  Scheme m_scheme = Scheme::Dark;
  bool m_dark = true;
  bool m_applied = false;
};

}  // namespace cachedeck
