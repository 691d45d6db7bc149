// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/noticebar.h"

#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace cachedeck {

namespace {

constexpr qsizetype longestText = 1000;

QColor barColour(Level level) { return level == Level::Good ? Theme::instance().palette().info : levelColour(level); }

}  // namespace

NoticeBar::NoticeBar(Level level, const QString& text, QWidget* parent) : QFrame(parent), m_level(level) {
  m_icon = new QLabel(this);
  m_text = plainLabel(text.left(longestText), TextRole::Label, "", this);
  m_text->setWordWrap(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* close = new QToolButton(this);
  keepIcon(close, QStringLiteral("cross"), &Palette::text2);
  close->setObjectName(QStringLiteral("close"));
  close->setAccessibleName(tr("Close this message"));
  close->setToolTip(tr("Close this message"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::pageMargin, Theme::grid, Theme::pageMargin, Theme::grid);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_icon, 0, Qt::AlignVCenter);
  row->addWidget(m_text, 1);
  row->addWidget(close, 0, Qt::AlignTop);
  setAccessibleName(m_text->text());
  connect(close, &QToolButton::clicked, this, &QObject::deleteLater);
  connect(&Theme::instance(), &Theme::changed, this, &NoticeBar::recolour);
  recolour();
}

QString NoticeBar::text() const { return m_text->text(); }

void NoticeBar::recolour() {
  const QString icon = m_level == Level::Good ? QStringLiteral("info") : QStringLiteral("warning");
  m_icon->setPixmap(Theme::instance().icon(icon, barColour(m_level)).pixmap(QSize(16, 16), devicePixelRatioF()));
  update();
}

void NoticeBar::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.fillRect(rect(), mixed(p.window, barColour(m_level), 0.10));
  painter.fillRect(0, height() - 1, width(), 1, p.border);
}

}  // namespace cachedeck
