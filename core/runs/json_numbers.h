// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

namespace cachedeck::runs {

/// A number as T: the nearest that T can hold, 0 for NaN.
template <typename T>
T fitted(double value) {
  if constexpr (std::floating_point<T>) {
    return std::isfinite(value) ? static_cast<T>(value) : T{0};
  } else {
    constexpr double most = 9007199254740992.0;  // 2^53: JSON readers keep whole numbers up to it
    const double low = std::is_signed_v<T> ? std::max(-most, static_cast<double>(std::numeric_limits<T>::min())) : 0;
    const double high = std::min(most, static_cast<double>(std::numeric_limits<T>::max()));
    if (std::isnan(value)) return 0;
    return static_cast<T>(std::min(std::max(value, low), high));
  }
}

inline QJsonValue countValue(std::uint64_t count) {
  return static_cast<qint64>(std::min<std::uint64_t>(count, std::uint64_t{1} << 53));
}
inline std::uint64_t countOf(const QJsonValue& value) { return fitted<std::uint64_t>(value.toDouble()); }
inline std::int64_t wholeOf(const QJsonValue& value) { return fitted<std::int64_t>(value.toDouble()); }
inline double numberOf(const QJsonValue& value) { return fitted<double>(value.toDouble()); }
/// null where it is no number, since JSON has no NaN.
inline QJsonValue numberValue(double value) { return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null); }
inline QString textOf(const std::string& text) { return QString::fromStdString(text); }

}  // namespace cachedeck::runs
