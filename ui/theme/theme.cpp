// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/stylesheet.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>

static void loadResources() { Q_INIT_RESOURCE(cachedeck); }  // a static library has to ask for its resources

namespace cachedeck {

namespace {

bool systemIsDark() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
  if (scheme != Qt::ColorScheme::Unknown) return scheme == Qt::ColorScheme::Dark;
#endif
  // Read once, before apply() puts our own palette in place of the desktop's.
  static const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
  return dark;
}

struct FontRow {
  int pixels;
  QFont::Weight weight;
};

FontRow fontRow(TextRole role) {
  switch (role) {
    case TextRole::PageTitle: return {15, QFont::DemiBold};
    case TextRole::CardTitle: return {13, QFont::DemiBold};
    case TextRole::Kpi: return {28, QFont::DemiBold};
    case TextRole::Gauge: return {34, QFont::DemiBold};
    case TextRole::Label: return {12, QFont::Medium};
    case TextRole::LabelStrong: return {12, QFont::DemiBold};
    case TextRole::Secondary: return {11, QFont::Normal};
    case TextRole::Mark: return {10, QFont::DemiBold};
  }
  return {12, QFont::Normal};
}

QPalette widgetPalette(const Palette& p) {
  QPalette palette;
  palette.setColor(QPalette::Window, p.window);
  palette.setColor(QPalette::WindowText, p.text1);
  palette.setColor(QPalette::Base, p.card);
  palette.setColor(QPalette::AlternateBase, p.raised);
  palette.setColor(QPalette::Text, p.text1);
  palette.setColor(QPalette::PlaceholderText, p.text3);
  palette.setColor(QPalette::Button, p.raised);
  palette.setColor(QPalette::ButtonText, p.text1);
  palette.setColor(QPalette::BrightText, p.critical);
  palette.setColor(QPalette::Highlight, p.accent);
  palette.setColor(QPalette::HighlightedText, p.onAccent());
  palette.setColor(QPalette::Link, p.accent);
  palette.setColor(QPalette::LinkVisited, p.accent);
  palette.setColor(QPalette::ToolTipBase, p.raised);
  palette.setColor(QPalette::ToolTipText, p.text1);
  palette.setColor(QPalette::Light, p.raised);
  palette.setColor(QPalette::Midlight, p.border);
  palette.setColor(QPalette::Mid, p.border);
  palette.setColor(QPalette::Dark, p.axis);
  palette.setColor(QPalette::Shadow, p.window);
  for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, p.text3);
  return palette;
}

}  // namespace

Theme::Theme() { loadResources(); }

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

void Theme::setScheme(Scheme scheme) {
  const bool system = systemIsDark();  // asked before our own palette hides the answer
  const bool dark = scheme == Scheme::System ? system : scheme == Scheme::Dark;
  m_scheme = scheme;
  if (m_dark == dark && m_applied) return;
  m_dark = dark;
  apply();
  Q_EMIT changed();
}

QFont Theme::font(TextRole role) const {
  static const QStringList families{QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"),
                                    QStringLiteral("sans-serif")};
  const FontRow row = fontRow(role);
  QFont font;
  font.setFamilies(families);
  font.setPixelSize(row.pixels);
  font.setWeight(row.weight);
  return font;
}

void Theme::apply() {
  systemIsDark();
  const Palette& p = palette();
  // Once: under a style sheet the application's style has no name that would tell.
  if (!m_applied) QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  m_applied = true;
  QApplication::setPalette(widgetPalette(p));
  QApplication::setFont(font(TextRole::Label));
  qApp->setStyleSheet(styleSheet(p));
}

}  // namespace cachedeck
