// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/target_text.h"

#include "core/base/redactor.h"
#include "core/base/text.h"

namespace cachedeck {

QString targetName(const PromTarget& target) {
  return QStringLiteral("%1 (%2)").arg(printable(target.labels.value(QStringLiteral("job"), target.pool), 60),
                                       printable(target.labels.value(QStringLiteral("instance"), target.scrapeUrl), 80));
}

// The error may quote the target's URL with a password in it.
QString scrapeError(const PromTarget& target) { return redact(printable(target.lastError.simplified(), 200)); }

}  // namespace cachedeck
