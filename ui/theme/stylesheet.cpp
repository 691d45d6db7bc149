// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/stylesheet.h"

#include "ui/theme/colour.h"

namespace cachedeck {

namespace {

// @words are replaced by colours of the palette. A drop-down is a plain list (combobox-popup: 0): as a menu it does
// not count its own frame and padding, and scrolls.
const char template_[] = R"(
QMainWindow, QDialog, QMessageBox { background: @window; }
QToolTip { background: @raised; color: @text1; border: 1px solid @axis; border-radius: 6px; padding: 5px 8px; font-size: 12px; }
QLabel { background: transparent; }
QLabel[tone="secondary"] { color: @text2; }
QLabel[tone="quiet"] { color: @text3; }
QLabel[tone="good"] { color: @goodtext; }
QLabel[tone="warning"] { color: @warningtext; }
QLabel[tone="critical"] { color: @criticaltext; }

QPushButton, QToolButton[kind="button"] { background: @raised; color: @text1; border: 1px solid @axis; border-radius: 8px; padding: 5px 13px; min-height: 18px; font-weight: 500; }
QPushButton:hover, QToolButton[kind="button"]:hover { background: @hover; border-color: @text3; }
QPushButton:pressed, QToolButton[kind="button"]:pressed { background: @border; }
QPushButton:focus, QToolButton[kind="button"]:focus { border: 2px solid @accent; padding: 4px 12px; }
QPushButton:disabled { color: @text3; background: @card; border-color: @border; }
QPushButton:checked { background: @accentsoft; border-color: @accent; }
QPushButton[kind="primary"] { background: @accent; color: @onaccent; border-color: @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accenthover; border-color: @accenthover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text1; }
QPushButton[kind="primary"]:disabled { background: @raised; color: @text3; border-color: @border; }
QPushButton[kind="danger"] { color: @criticaltext; border-color: @critical; background: @criticalsoft; }
QPushButton[kind="danger"]:disabled { color: @text3; border-color: @border; background: @card; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: @accent; }
QPushButton[kind="quiet"]:hover { background: @raised; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent; }
QPushButton[kind="pill"] { border-radius: 14px; background: @card; border-color: @border; }
QPushButton::menu-indicator { image: url(:/icons/qss-chevron-down.svg); width: 12px; height: 12px; subcontrol-origin: padding; subcontrol-position: right center; right: 8px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 4px; color: @text1; }
QToolButton:hover { background: @raised; }
QToolButton:checked { background: @accentsoft; }
QToolButton:focus { border: 2px solid @accent; padding: 3px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: @field; color: @text1; border: 1px solid @axis; border-radius: 8px; padding: 5px 10px; min-height: 18px; selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:hover, QPlainTextEdit:hover, QSpinBox:hover, QComboBox:hover { border-color: @text3; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: 2px solid @accent; padding: 4px 9px; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border-color: @critical; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: @text3; background: @card; border-color: @border; }
QComboBox { background: @card; padding-right: 26px; combobox-popup: 0; }
QComboBox:focus { padding-right: 25px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(:/icons/qss-chevron-down.svg); width: 13px; height: 13px; }
QComboBox QAbstractItemView { background: @raised; color: @text1; border: 1px solid @axis; border-radius: 0; padding: 0; outline: none; selection-background-color: @accentsoft; selection-color: @text1; qproperty-spacing: 4; }
QComboBox QAbstractItemView:focus { border-color: @axis; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 18px; background: transparent; }
QSpinBox::up-arrow { image: url(:/icons/qss-chevron-up.svg); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url(:/icons/qss-chevron-down.svg); width: 10px; height: 10px; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; color: @text1; padding: 3px 2px; border: 1px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QCheckBox::indicator, QRadioButton::indicator { width: 15px; height: 15px; border: 1px solid @text3; border-radius: 4px; background: @field; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked { background: @accentfill; border-color: @accentfill; image: url(:/icons/qss-check.svg); }
QRadioButton::indicator:checked { background: @accentfill; border-color: @accentfill; image: url(:/icons/qss-dot.svg); }
QCheckBox:disabled, QRadioButton:disabled { color: @text3; }

QMenu { background: @raised; color: @text1; border: 1px solid @axis; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: @accentsoft; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @border; margin: 5px 6px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::icon { padding-left: 8px; }

QScrollArea, QScrollArea > QWidget > QWidget[scrollContent="true"] { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @axis; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView, QTreeView, QListView, QListWidget { background: @card; alternate-background-color: @raised; color: @text1; border: 1px solid @border; border-radius: 8px; gridline-color: @grid; outline: none; selection-background-color: @accentsoft; selection-color: @text1; }
QTableView:focus, QTreeView:focus, QListView:focus { border-color: @accent; }
QHeaderView { background: @card; border: none; }
QHeaderView::section { background: @card; color: @text2; border: none; border-bottom: 1px solid @border; padding: 6px 8px; font-weight: 600; }
QTableCornerButton::section { background: @card; border: none; }

QGroupBox { background: @card; border: 1px solid @border; border-radius: 10px; margin-top: 0; padding: 14px; }
QTabWidget::pane { border: 1px solid @border; border-radius: 8px; }
QTabBar::tab { background: transparent; color: @text2; padding: 7px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text1; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; }
QProgressBar { background: @raised; border: none; border-radius: 3px; max-height: 6px; text-align: center; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSplitter::handle { background: @border; }
QStatusBar { background: @rail; color: @text2; }
)";

}  // namespace

QString styleSheet(const Palette& p) {
  const QColor labelSurface = p.isDark() ? p.raised : p.window;  // where contrast is least
  const std::pair<const char*, QColor> words[] = {
      // Longer words first where one is the beginning of another.
      {"@accenthover", mixed(p.accent, p.text1, 0.15)},
      {"@accentsoft", mixed(p.raised, p.accent, 0.22)},
      {"@accentfill", mixed(p.accent, QColor(Qt::black), 0.12)},
      {"@accent", p.accent},
      {"@onaccent", p.onAccent()},
      {"@criticalsoft", mixed(p.card, p.critical, 0.10)},
      {"@criticaltext", readable(p.critical, labelSurface)},
      {"@critical", p.critical},
      {"@warningtext", readable(p.warning, labelSurface)},
      {"@goodtext", readable(p.good, labelSurface)},
      {"@window", p.window},
      {"@rail", p.rail},
      {"@card", p.card},
      {"@raised", p.raised},
      {"@field", p.isDark() ? p.rail : p.card},
      {"@hover", mixed(p.raised, p.text1, 0.06)},
      {"@border", p.border},
      {"@grid", p.grid},
      {"@axis", p.axis},
      {"@text1", p.text1},
      {"@text2", p.text2},
      {"@text3", p.text3},
  };
  QString sheet = QString::fromLatin1(template_);
  for (const auto& [word, colour] : words) sheet.replace(QLatin1String(word), colour.name());
  return sheet;
}

}  // namespace cachedeck
