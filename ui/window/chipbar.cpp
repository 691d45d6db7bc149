// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/chipbar.h"

#include "ui/theme/theme.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr int gap = 6, tall = 28;

}  // namespace

ChipBar::ChipBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

SourceChip* ChipBar::chip(const QString& id) const {
  for (SourceChip* const chip : m_chips)
    if (chip->id() == id) return chip;
  return nullptr;
}

bool ChipBar::isAnyLive() const {
  return std::ranges::any_of(m_chips, [](const SourceChip* chip) { return chip->state().kind == SourceState::Kind::Live; });
}

void ChipBar::setSource(const QString& id, const QString& title, const SourceState& state, qint64 nowMs) {
  SourceChip* found = chip(id);
  if (!found) {
    found = new SourceChip(id, this);
    m_chips += found;
    connect(found, &QAbstractButton::clicked, this, [this, id] { Q_EMIT clicked(id); });
    found->show();
  }
  found->setState(title, state, nowMs);
  arrange();
  Q_EMIT changed();
}

void ChipBar::clear() {
  qDeleteAll(m_chips);
  m_chips.clear();
  updateGeometry();
  Q_EMIT changed();
}

void ChipBar::refresh(qint64 nowMs) {
  for (SourceChip* const chip : m_chips) chip->setState(chip->title(), chip->state(), nowMs);
  arrange();
}

int ChipBar::widthAt(SourceChip::Density density) const {
  int width = 0;
  for (const SourceChip* const chip : m_chips) width += chip->widthAt(density) + gap;
  return qMax(0, width - gap);
}

QSize ChipBar::sizeHint() const { return {widthAt(SourceChip::Density::Full), tall}; }

QSize ChipBar::minimumSizeHint() const { return {widthAt(SourceChip::Density::Mark), tall}; }

// The last chips say less first, and those in trouble after all others.
void ChipBar::chooseDensities() {
  using Density = SourceChip::Density;
  int wanted = widthAt(Density::Full);
  QHash<SourceChip*, Density> chosen;
  for (const bool trouble : {false, true})
    for (const Density density : {Density::Name, Density::Mark})
      for (auto chip = m_chips.rbegin(); chip != m_chips.rend() && wanted > width(); ++chip) {
        if ((*chip)->isTrouble() != trouble) continue;
        wanted += (*chip)->widthAt(density) - (*chip)->widthAt(chosen.value(*chip, Density::Full));
        chosen[*chip] = density;
      }
  for (SourceChip* const chip : m_chips) chip->setDensity(chosen.value(chip, Density::Full));
}

void ChipBar::arrange() {
  chooseDensities();
  int x = 0;
  for (SourceChip* const chip : m_chips) {
    chip->setGeometry(x, (height() - tall) / 2, chip->sizeHint().width(), tall);
    x += chip->width() + gap;
  }
  updateGeometry();
}

void ChipBar::resizeEvent(QResizeEvent*) { arrange(); }

}  // namespace cachedeck
