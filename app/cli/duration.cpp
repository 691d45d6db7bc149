// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/duration.h"

#include <QRegularExpression>

namespace cachedeck {

Result<std::chrono::milliseconds> parseDuration(const QString& text, std::chrono::days longest) {
  static const QRegularExpression form(QStringLiteral("^([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d)?$"));
  const QRegularExpressionMatch match = form.match(text.trimmed());
  if (!match.hasMatch()) return fail(Error::Kind::Usage, QStringLiteral("“%1” is not a length of time. Write for example 500ms, 10s, 2m, 1h or 7d.").arg(text.left(40)));
  const QString unit = match.captured(2);
  const double scale = unit == QLatin1String("ms") ? 1
                       : unit == QLatin1String("m") ? 60e3
                       : unit == QLatin1String("h") ? 3600e3
                       : unit == QLatin1String("d") ? 86400e3
                                                    : 1e3;
  const double ms = match.captured(1).toDouble() * scale;
  const double most = static_cast<double>(std::chrono::milliseconds(longest).count());
  if (ms < 1) return fail(Error::Kind::Usage, QStringLiteral("“%1” is shorter than 1 ms.").arg(text.left(40)));
  if (ms > most) return fail(Error::Kind::Usage, QStringLiteral("“%1” is too long: at most %2.").arg(text.left(40), longest.count() == 1 ? QStringLiteral("1 day") : QStringLiteral("%1 days").arg(longest.count())));
  return std::chrono::milliseconds(static_cast<long long>(ms));
}

}  // namespace cachedeck
