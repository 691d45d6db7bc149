// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/topbar.h"

#include "core/metrics/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/window/chipbar.h"
#include "ui/window/environmentmark.h"
#include "ui/window/livebutton.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPainter>
#include <QSignalBlocker>

namespace cachedeck {

namespace {

// Seconds; 0 follows what is known.
constexpr int ranges[] = {0, 300, 900, 3600, 10800, 21600, 86400};

}  // namespace

TopBar::TopBar(QWidget* parent) : QWidget(parent) {
  setFixedHeight(Theme::topBarHeight);
  m_title = plainLabel({}, TextRole::PageTitle, "", this);
  m_profile = new ProfileButton(this);
  m_chips = new ChipBar(this);
  m_live = new LiveButton(this);
  m_range = new QComboBox(this);
  m_range->setAccessibleName(tr("Time range"));
  m_range->setToolTip(tr("How much time the charts show"));
  for (const int seconds : ranges)
    m_range->addItem(seconds == 0 ? tr("Auto range") : tr("Last %1").arg(seconds % 3600 == 0 ? tr("%1 h").arg(seconds / 3600) : formatDuration(seconds)), seconds);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::pageMargin + Theme::grid, 0, Theme::pageMargin, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_title);
  row->addSpacing(2 * Theme::grid);
  row->addWidget(m_profile);
  row->addSpacing(Theme::grid);
  row->addWidget(m_chips, 1);
  row->addSpacing(Theme::grid);
  row->addWidget(m_live);
  row->addWidget(m_range);
  connect(m_chips, &ChipBar::changed, this, [this] { m_live->setLive(m_chips->isAnyLive()); });
  connect(m_live, &QAbstractButton::toggled, this, &TopBar::pauseToggled);
  connect(m_range, &QComboBox::currentIndexChanged, this, [this] { Q_EMIT rangeChosen(m_range->currentData().toInt()); });
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TopBar::setTitle(const QString& title) { m_title->setText(title); }

void TopBar::setViewControlsVisible(bool visible) {
  m_live->setVisible(visible);
  m_range->setVisible(visible);
}

void TopBar::setRangeVisible(bool visible) { m_range->setVisible(visible); }

void TopBar::setProfile(const std::optional<ProfileEntry>& entry) {
  m_profile->setCurrent(entry);
  update();
}

void TopBar::setRange(int seconds) {
  const QSignalBlocker silent(m_range);
  m_range->setCurrentIndex(qMax(0, m_range->findData(seconds)));
}

void TopBar::setPaused(bool paused) {
  const QSignalBlocker silent(m_live);
  m_live->setChecked(paused);
  m_live->update();
}

void TopBar::setKept(bool kept) { m_live->setKept(kept); }

void TopBar::paintEvent(QPaintEvent*) {
  const Palette& p = Theme::instance().palette();
  QPainter painter(this);
  painter.fillRect(rect(), p.rail);
  const auto& profile = m_profile->current();
  const bool isKnown = profile && profile->environment;
  const int edge = isKnown ? 2 : 1;
  painter.fillRect(0, height() - edge, width(), edge, isKnown ? environmentColour(*profile->environment) : p.border);
}

}  // namespace cachedeck
