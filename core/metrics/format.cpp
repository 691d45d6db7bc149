// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/format.h"

#include "core/base/amounts.h"

#include <QStringList>

#include <array>
#include <cmath>
#include <cstdlib>
#include <span>

namespace cachedeck {

namespace {

struct Scale {
  double factor;
  const char* unit;
};

constexpr Scale plain[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}};
constexpr Scale perSecond[] = {{1e9, "G/s"}, {1e6, "M/s"}, {1e3, "k/s"}, {1, "/s"}};
constexpr Scale bytes[] = {{1099511627776.0, "TiB"}, {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}, {1, "B"}};
constexpr Scale bytesPerSecond[] = {
    {1099511627776.0, "TiB/s"}, {1073741824.0, "GiB/s"}, {1048576.0, "MiB/s"}, {1024.0, "KiB/s"}, {1, "B/s"}};
constexpr Scale seconds[] = {{3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}};
constexpr Scale percent[] = {{1, "%"}};
constexpr Scale none[] = {{1, ""}};

std::span<const Scale> scalesOf(Unit unit) {
  switch (unit) {
    case Unit::None: return none;
    case Unit::Count: return plain;
    case Unit::PerSecond: return perSecond;
    case Unit::Percent: return percent;
    case Unit::Bytes: return bytes;
    case Unit::BytesPerSecond: return bytesPerSecond;
    case Unit::Seconds: return seconds;
  }
  return none;
}

const Scale& scaleFor(double value, Unit unit) {
  const std::span<const Scale> scales = scalesOf(unit);
  const double size = std::abs(value);
  if (size == 0 || !std::isfinite(size)) {
    for (const Scale& scale : scales)
      if (scale.factor == 1) return scale;
  }
  for (const Scale& scale : scales)
    if (size / scale.factor >= 0.9995) return scale;  // three digits would round up to it
  // Below one: a fraction of the smallest unit, but 0.4 operations is not 400 of a thousandth.
  return scales.back();
}

QString threeDigits(double value, bool whole) {
  const double size = std::abs(value);
  int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  if (size == 0 || (whole && value == std::floor(value))) decimals = 0;
  return QString::number(value, 'f', decimals);
}

bool countsThings(Unit unit) { return unit == Unit::Count || unit == Unit::Bytes || unit == Unit::PerSecond || unit == Unit::BytesPerSecond; }

}  // namespace

Quantity formatQuantity(double value, Unit unit) {
  if (std::isnan(value)) return {QStringLiteral("–"), {}};
  if (std::isinf(value)) return {value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞"), QString::fromUtf8(scaleFor(0, unit).unit)};
  const Scale& scale = scaleFor(value, unit);
  return {threeDigits(value / scale.factor, scale.factor == 1 && countsThings(unit)), QString::fromUtf8(scale.unit)};
}

QString formatNumberLike(double value, double reference, Unit unit) {
  if (std::isnan(value)) return QStringLiteral("–");
  const Scale& scale = scaleFor(reference, unit);
  QString text = threeDigits(value / scale.factor, false);
  if (text.contains(QLatin1Char('.'))) {
    while (text.endsWith(QLatin1Char('0'))) text.chop(1);
    if (text.endsWith(QLatin1Char('.'))) text.chop(1);
  }
  return text;
}

QString unitLike(double reference, Unit unit) { return QString::fromUtf8(scaleFor(reference, unit).unit); }

QString formatDuration(double total) {
  const auto whole = static_cast<qint64>(std::max(0.0, std::round(total)));
  const qint64 days = whole / 86400, hours = whole / 3600 % 24, minutes = whole / 60 % 60, secs = whole % 60;
  const auto two = [](qint64 a, const char* ua, qint64 b, const char* ub) {
    QString text = QString::number(a) + QLatin1Char(' ') + QLatin1String(ua);
    if (b > 0) text += QLatin1Char(' ') + QString::number(b) + QLatin1Char(' ') + QLatin1String(ub);
    return text;
  };
  if (days > 0) return two(days, "d", hours, "h");
  if (hours > 0) return two(hours, "h", minutes, "min");
  if (minutes > 0) return two(minutes, "min", secs, "s");
  return two(secs, "s", 0, "");
}

QString shortCount(qint64 count) { return count < 10'000 ? countText(count) : formatValue(static_cast<double>(count), Unit::Count); }

QString bytesText(qint64 bytes) { return bytes < 0 ? QStringLiteral("–") : formatValue(static_cast<double>(bytes), Unit::Bytes); }

}  // namespace cachedeck
