// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/rule_threshold.h"

#include <array>
#include <cmath>
#include <limits>

namespace cachedeck {

namespace {

constexpr qsizetype longestExpression = 20'000;

bool isWordPart(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char(':'); }

/// For each character whether it stands outside of strings, brackets and comments.
std::vector<bool> topLevel(const QString& text) {
  std::vector<bool> top(static_cast<size_t>(text.size()), false);
  int depth = 0;
  QChar quote;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (!quote.isNull()) {
      if (c == QLatin1Char('\\') && quote != QLatin1Char('`')) ++i;
      else if (c == quote) quote = QChar();
    } else if (c == QLatin1Char('"') || c == QLatin1Char('\'') || c == QLatin1Char('`')) {
      quote = c;
    } else if (c == QLatin1Char('#')) {
      while (i + 1 < text.size() && text[i + 1] != QLatin1Char('\n')) ++i;
    } else if (c == QLatin1Char('(') || c == QLatin1Char('[') || c == QLatin1Char('{')) {
      ++depth;
    } else if (c == QLatin1Char(')') || c == QLatin1Char(']') || c == QLatin1Char('}')) {
      --depth;
    } else {
      top[static_cast<size_t>(i)] = depth == 0;
    }
  }
  return top;
}

/// An expression of operands that words join: "and" and "unless" bind alike and from the left, "or" binds less.
struct Operands {
  QString first;
  QString withouts;  ///< " unless on (x) b unless c"
  bool hasOr = false;
};

Operands operandsOf(const QString& text, const std::vector<bool>& top) {
  Operands operands{text, {}, false};
  qsizetype joint = -1, without = -1;  // where the last word, and the "unless" whose operand is not over, stand
  const auto close = [&](qsizetype end) {
    if (without >= 0) operands.withouts += QLatin1Char(' ') + text.mid(without, end - without).trimmed();
    without = -1;
  };
  for (qsizetype at = 0; at < text.size(); ++at) {
    const auto is = [&](QLatin1String word) {
      const qsizetype end = at + word.size();
      return QStringView(text).sliced(at).startsWith(word, Qt::CaseInsensitive) && (end == text.size() || !isWordPart(text[end]));
    };
    if (!top[static_cast<size_t>(at)] || (at > 0 && isWordPart(text[at - 1]))) continue;
    operands.hasOr |= is(QLatin1String("or"));
    const bool isWithout = is(QLatin1String("unless"));
    if (!isWithout && !is(QLatin1String("and"))) continue;
    if (joint < 0) operands.first = text.first(at).trimmed();
    close(joint = at);
    if (isWithout) without = at;
  }
  close(text.size());
  return operands;
}

/// Without the brackets around all of it.
QString unwrapped(QString text) {
  while (text.startsWith(QLatin1Char('(')) && text.endsWith(QLatin1Char(')'))) {
    const QString inner = text.mid(1, text.size() - 2);
    int depth = 0;
    bool whole = true;
    for (const QChar c : inner) {
      depth += (c == QLatin1Char('(')) - (c == QLatin1Char(')'));
      whole &= depth >= 0;
    }
    if (!whole) return text;
    text = inner.trimmed();
  }
  return text;
}

struct Operator {
  const char* text;
  RuleThreshold::Way way;
};
constexpr std::array operators{Operator{">=", RuleThreshold::Way::Above}, Operator{"<=", RuleThreshold::Way::Below}, Operator{"==", RuleThreshold::Way::Equal},
                               Operator{">", RuleThreshold::Way::Above},  Operator{"<", RuleThreshold::Way::Below}};

}  // namespace

double RuleThreshold::reach(double value) const {
  if (std::isnan(value)) return value;
  if (way == Way::Equal) return value == bound ? 1 : 0;
  if (way == Way::Above) return bound > 0 ? std::max(0.0, value / bound) : value > bound ? 1 : std::numeric_limits<double>::quiet_NaN();
  if (bound <= 0) return value < bound ? 1 : std::numeric_limits<double>::quiet_NaN();
  return value <= 0 ? std::numeric_limits<double>::infinity() : bound / value;
}

std::optional<RuleThreshold> thresholdOf(const QString& expression) {
  if (expression.size() > longestExpression) return std::nullopt;
  QString text = unwrapped(expression.trimmed()), withouts;
  std::vector<bool> top = topLevel(text);
  for (Operands operands = operandsOf(text, top);; operands = operandsOf(text, top)) {
    if (operands.hasOr) return std::nullopt;  // what fires by one of two comparisons has no one threshold
    if (operands.first == text) break;
    withouts = operands.withouts + withouts;
    text = unwrapped(operands.first);
    top = topLevel(text);
  }
  for (qsizetype at = text.size() - 1; at > 0; --at) {
    if (!top[static_cast<size_t>(at)]) continue;
    for (const Operator& one : operators) {
      const QLatin1String sign(one.text);
      if (!QStringView(text).sliced(at).startsWith(sign) || (at > 0 && (text[at - 1] == QLatin1Char('=') || text[at - 1] == QLatin1Char('!') || text[at - 1] == QLatin1Char('>') || text[at - 1] == QLatin1Char('<')))) continue;
      QString right = text.sliced(at + sign.size()).trimmed();
      if (right.startsWith(QLatin1String("bool "))) right = right.sliced(5).trimmed();
      bool isNumber = false;
      const double bound = right.toDouble(&isNumber);
      const QString measured = text.first(at).trimmed();
      if (isNumber && std::isfinite(bound) && !measured.isEmpty()) return RuleThreshold{measured + withouts, one.way, bound, QStringLiteral("%1 %2").arg(sign, right)};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace cachedeck
