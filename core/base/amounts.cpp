// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace cachedeck {

namespace {

constexpr double longestMs = 10.0 * 365 * 86'400'000;

QString tr(const char* text) { return QCoreApplication::translate("Amounts", text); }

Error wrongSpan(const QString& text) {
  return fail(Error::Kind::Usage, tr("“%1” is not a time. Write for example 90s, 10m, 2h or 7d.").arg(text.left(40)));
}

}  // namespace

QString countText(qint64 count) { return QLocale(QLocale::English, QLocale::UnitedStates).toString(count); }

QString commandSpan(qint64 ms) {
  for (const auto& [unit, word] : {std::pair{86'400'000LL, "d"}, std::pair{3'600'000LL, "h"}, std::pair{60'000LL, "m"}, std::pair{1000LL, "s"}})
    if (ms % unit == 0) return QString::number(ms / unit) + QLatin1String(word);
  return QStringLiteral("%1ms").arg(ms);
}

Result<qint64> parseSpan(const QString& text, bool signedToo) {
  static const QRegularExpression form(QStringLiteral("^([-+]?)\\s*([0-9]{1,12}(?:\\.[0-9]{1,6})?)\\s*(ms|s|sec|m|min|h|d|)$"));
  const QRegularExpressionMatch match = form.match(text.trimmed());
  if (!match.hasMatch() || (!signedToo && match.captured(1) == QLatin1String("-"))) return wrongSpan(text);
  const QString unit = match.captured(3);
  const double scale = unit == QLatin1String("ms") ? 1 : unit.startsWith(QLatin1Char('m')) ? 60e3 : unit == QLatin1String("h") ? 3600e3 : unit == QLatin1String("d") ? 86400e3 : 1e3;
  const double ms = match.captured(2).toDouble() * scale;
  if (ms > longestMs) return wrongSpan(text);
  return static_cast<qint64>(std::llround(ms)) * (match.captured(1) == QLatin1String("-") ? -1 : 1);
}

Result<qint64> parseSize(const QString& text) {
  static const QRegularExpression form(QStringLiteral("^([0-9]{1,15}(?:\\.[0-9]{1,6})?)\\s*([kmgt]?)i?b?$"), QRegularExpression::CaseInsensitiveOption);
  const QRegularExpressionMatch match = form.match(text.trimmed());
  if (!match.hasMatch()) return fail(Error::Kind::Usage, tr("“%1” is not a size. Write for example 512, 10k or 2M.").arg(text.left(40)));
  const QString unit = match.captured(2).toLower();
  const int power = unit.isEmpty() ? 0 : static_cast<int>(QStringLiteral("kmgt").indexOf(unit)) + 1;
  const double bytes = match.captured(1).toDouble() * std::pow(1024.0, power);
  if (bytes > 1e15) return fail(Error::Kind::Usage, tr("“%1” is more than any key has.").arg(text.left(40)));
  return static_cast<qint64>(bytes);
}

Result<double> parseShare(const QString& text) {
  static const QRegularExpression form(QStringLiteral("^([0-9]{1,3}(?:\\.[0-9]{1,6})?)\\s*(%?)$"));
  const QRegularExpressionMatch match = form.match(text.trimmed());
  if (!match.hasMatch()) return fail(Error::Kind::Usage, tr("“%1” is not a share. Write for example 10%.").arg(text.left(40)));
  const double value = match.captured(1).toDouble();
  return match.captured(2).isEmpty() && value < 1 ? value : value / 100;
}

}  // namespace cachedeck
