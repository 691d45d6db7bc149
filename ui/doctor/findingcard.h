// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/finding.h"
#include "ui/widgets/card.h"

namespace cachedeck {

/// One finding: what is the matter, what it was seen by, what to do. Texts can be selected.
class FindingCard : public Card {
  Q_OBJECT
 public:
  explicit FindingCard(const doctor::Finding& finding, QWidget* parent = nullptr);
};

/// Shape, word and colour of a severity.
struct SeverityLook {
  QString icon, word;
  QColor colour;
};
SeverityLook severityLook(doctor::Severity severity);

}  // namespace cachedeck
