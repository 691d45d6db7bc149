// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/cliff_text.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/keys/key_text.h"
#include "core/metrics/format.h"

#include <QCoreApplication>

namespace cachedeck {

QString cliffText(const keys::TtlCliff& cliff, qint64 nowMs) {
  return QCoreApplication::translate("Keys", "%1 %2* expire within %3 at %4")
      .arg(countText(cliff.keys), shownKey(cliff.prefix, 60), formatDuration(static_cast<double>(cliff.spanMs) / 1000), shortInstant(cliff.fromMs, nowMs));
}

}  // namespace cachedeck
