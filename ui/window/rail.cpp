// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/rail.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QIcon>
#include <QPainter>
#include <QShortcut>

namespace cachedeck {

namespace {

constexpr int buttonSize = 40, glyphSize = 20, logoSize = 28;

}  // namespace

RailButton::RailButton(const QString& iconName, const QString& name, QWidget* parent)
    : QAbstractButton(parent), m_icon(iconName) {
  setAccessibleName(name);
  setFocusPolicy(Qt::TabFocus);  // a click leaves no ring behind
  setAttribute(Qt::WA_Hover);
  setFixedSize(sizeHint());
}

void RailButton::setIconName(const QString& iconName) {
  m_icon = iconName;
  update();
}

QSize RailButton::sizeHint() const { return {Theme::railWidth - 1, buttonSize}; }

void RailButton::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRect tile((width() - buttonSize) / 2, 0, buttonSize, buttonSize);
  painter.setPen(Qt::NoPen);
  if (isChecked() || underMouse() || isDown()) {
    painter.setBrush(isChecked() ? mixed(p.rail, p.accent, 0.20) : p.raised);
    painter.drawRoundedRect(tile, Theme::radius, Theme::radius);
  }
  if (isChecked()) {
    painter.setBrush(p.accent);
    painter.drawRoundedRect(QRectF(-2, tile.center().y() - 9, 5, 20), 2, 2);
  }
  const QRect place(tile.x() + (buttonSize - glyphSize) / 2, (buttonSize - glyphSize) / 2, glyphSize, glyphSize);
  Theme::instance().icon(m_icon, isChecked() ? p.accent : underMouse() ? p.text1 : p.text2).paint(&painter, place);
  if (hasFocus()) drawFocusRing(painter, tile, Theme::radius);
}

Rail::Rail(QWidget* parent) : QWidget(parent) {
  setFixedWidth(Theme::railWidth);
  m_column = new QVBoxLayout(this);
  m_column->setContentsMargins(0, Theme::topBarHeight + Theme::pageMargin, 1, Theme::pageMargin);
  m_column->setSpacing(2 * Theme::grid);
  m_column->addStretch(1);
  m_scheme = new RailButton({}, tr("Dark or light colours"), this);
  connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+T")), this), &QShortcut::activated, m_scheme, &RailButton::click);
  m_column->addWidget(m_scheme);
  connect(m_scheme, &QAbstractButton::clicked, this, &Rail::schemeToggled);
  connect(&Theme::instance(), &Theme::changed, this, [this] {
    updateSchemeButton();
    update();
  });
  updateSchemeButton();
}

void Rail::updateSchemeButton() {
  const bool dark = Theme::instance().isDark();
  m_scheme->setIconName(dark ? QStringLiteral("sun") : QStringLiteral("moon"));
  m_scheme->setToolTip(dark ? tr("Light colours (Ctrl+T)") : tr("Dark colours (Ctrl+T)"));
}

RailButton* Rail::addPage(const QString& id, const QString& title, const QString& iconName) {
  auto* button = new RailButton(iconName, title, this);
  button->setCheckable(true);
  const qsizetype number = m_entries.size() + 1;
  button->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(number));
  // Not the button's own shortcut, which clicks a tenth of a second later.
  auto* shortcut = new QShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number)), this);
  connect(shortcut, &QShortcut::activated, button, &RailButton::click);
  m_column->insertWidget(static_cast<int>(m_entries.size()), button);
  m_entries += Entry{id, button};
  setTabOrder(button, m_scheme);
  connect(button, &QAbstractButton::clicked, this, [this, id] {
    setCurrent(id);  // a click on the current page must not unmark it
    Q_EMIT pageChosen(id);
  });
  return button;
}

void Rail::setCurrent(const QString& id) {
  for (const Entry& entry : std::as_const(m_entries)) entry.button->setChecked(entry.id == id);
}

void Rail::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.fillRect(rect(), p.rail);
  painter.fillRect(width() - 1, 0, 1, height(), p.border);
  const QRect logo((width() - logoSize) / 2, (Theme::topBarHeight - logoSize) / 2, logoSize, logoSize);
  Theme::instance().icon(QStringLiteral("logo"), p.accent).paint(&painter, logo);
}

}  // namespace cachedeck
