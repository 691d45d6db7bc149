// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QIcon>

namespace cachedeck {

/// Gives a button or action an icon in a colour of the palette, and again whenever the colours change.
template <typename Target>
void keepIcon(Target* target, const QString& name, QColor Palette::*colour) {
  const auto renew = [target, name, colour] {
    target->setIcon(Theme::instance().icon(name, Theme::instance().palette().*colour));
  };
  QObject::connect(&Theme::instance(), &Theme::changed, target, renew);
  renew();
}

}  // namespace cachedeck
