// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/promqltext.h"

#include "core/metrics/format.h"
#include "ui/promql/querytokens.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace cachedeck {

namespace {

const QStringList& functions() {
  static const QStringList words = QStringLiteral(
      "abs absent absent_over_time acos acosh asin asinh atan atanh avg avg_over_time bottomk ceil changes clamp clamp_max clamp_min cos cosh count count_over_time count_values "
      "day_of_month day_of_week day_of_year days_in_month deg delta deriv exp floor group histogram_count histogram_fraction histogram_quantile histogram_sum hour idelta increase irate label_join label_replace last_over_time ln log10 log2 "
      "max max_over_time min min_over_time minute month pi predict_linear present_over_time quantile quantile_over_time rad rate resets round scalar sgn sin sinh sort sort_desc sqrt "
      "stddev stddev_over_time stdvar stdvar_over_time sum sum_over_time tan tanh time timestamp topk vector year").split(QLatin1Char(' '));
  return words;
}

}  // namespace

const QStringList& promqlWords() {
  static const QStringList words = [] {
    QStringList all = functions() + QStringLiteral("and atan2 bool by group_left group_right ignoring offset on or unless without").split(QLatin1Char(' '));
    all.sort();
    return all;
  }();
  return words;
}

std::optional<int> parseErrorAt(const QString& message, const QString& query) {
  static const QRegularExpression place(QStringLiteral("(\\d{1,6}):(\\d{1,6}): parse error"));
  const QRegularExpressionMatch match = place.match(message);
  if (!match.hasMatch()) return std::nullopt;
  int line = match.captured(1).toInt(), start = 0;
  while (--line > 0) {
    start = static_cast<int>(query.indexOf(QLatin1Char('\n'), start)) + 1;
    if (start == 0) return std::nullopt;
  }
  // The server counts bytes from one.
  const QByteArray bytes = query.mid(start).toUtf8().left(std::max(0, match.captured(2).toInt() - 1));
  return std::min(static_cast<int>(query.size()), start + static_cast<int>(QString::fromUtf8(bytes).size()));
}

TextPart partAt(const QString& query, int position) {
  const int size = static_cast<int>(query.size());
  if (size == 0) return {};
  position = std::clamp(position, 0, size - 1);
  while (position > 0 && query[position].isSpace()) --position;
  if (!isQueryWordPart(query[position])) return {position, 1};
  int end = position;
  while (position > 0 && isQueryWordPart(query[position - 1])) --position;
  while (end < size && isQueryWordPart(query[end])) ++end;
  return {position, end - position};
}

Unit likelyUnit(const QString& query) {
  static const QRegularExpression rate(QStringLiteral("\\b(rate|irate|deriv)\\s*\\(")), quantile(QStringLiteral("\\bhistogram_quantile\\s*\\(")), counting(QStringLiteral("^\\s*count\\b"));
  static const QRegularExpression bytes(QStringLiteral("_bytes(_total)?\\b")), seconds(QStringLiteral("_seconds(_total|_sum|_bucket)?\\b")), percent(QStringLiteral("_percent(age)?\\b|\\b100\\s*\\*|\\*\\s*100\\b"));
  if (counting.match(query).hasMatch()) return Unit::Count;
  if (percent.match(query).hasMatch()) return Unit::Percent;
  if (quantile.match(query).hasMatch()) return seconds.match(query).hasMatch() ? Unit::Seconds : Unit::None;
  if (query.contains(QLatin1Char('/'))) return Unit::None;  // of what it is, only the person knows
  const bool perSecond = rate.match(query).hasMatch();
  if (bytes.match(query).hasMatch()) return perSecond ? Unit::BytesPerSecond : Unit::Bytes;
  if (perSecond) return seconds.match(query).hasMatch() ? Unit::None : Unit::PerSecond;
  if (seconds.match(query).hasMatch()) return Unit::Seconds;
  return query.contains(QLatin1String("_total")) ? Unit::Count : Unit::None;
}

QString valueText(double value, Unit unit) {
  if (std::isnan(value)) return QStringLiteral("NaN");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("+Inf") : QStringLiteral("-Inf");
  return unit == Unit::None ? QString::number(value, 'g', 10) : formatValue(value, unit);
}

}  // namespace cachedeck
