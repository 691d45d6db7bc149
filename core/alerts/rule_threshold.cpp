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

/// Where a word stands at top level; -1: nowhere.
qsizetype wordAt(const QString& text, const std::vector<bool>& top, QLatin1String word) {
  for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0; at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
    const bool begins = at == 0 || !isWordPart(text[at - 1]), ends = at + word.size() == text.size() || !isWordPart(text[at + word.size()]);
    if (begins && ends && top[static_cast<size_t>(at)]) return at;
  }
  return -1;
}

QString firstOperand(const QString& text) {
  const qsizetype at = wordAt(text, topLevel(text), QLatin1String("and"));
  return text.first(at < 0 ? text.size() : at).trimmed();
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
  const QString text = unwrapped(firstOperand(unwrapped(expression.trimmed())));
  const std::vector<bool> top = topLevel(text);
  // With "unless" the comparison may hold all the time, and the alert be about something else.
  if (wordAt(text, top, QLatin1String("or")) >= 0 || wordAt(text, top, QLatin1String("unless")) >= 0) return std::nullopt;
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
      if (isNumber && std::isfinite(bound) && !measured.isEmpty()) return RuleThreshold{measured, one.way, bound, QStringLiteral("%1 %2").arg(sign, right)};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace cachedeck
