// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/labels.h"

namespace cachedeck {

/// A plain label that wraps and takes the width it is given: a long word in it (a key's name, a pattern) does not widen the window.
inline QLabel* wrapLabel(TextRole role, const char* tone = "") {
  QLabel* const label = plainLabel({}, role, tone);
  label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  label->setWordWrap(true);
  return label;
}

}  // namespace cachedeck
