// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/queryplace.h"

#include "ui/promql/querytokens.h"

#include <algorithm>

namespace cachedeck {

namespace {

using Tokens = std::vector<QueryToken>;
using TokenKind = QueryToken::Kind;

// A question about more than these would be too long to ask.
constexpr qsizetype mostSelectors = 8;

/// Reads what stands around one place of a query.
class Reader {
 public:
  Reader(const QString& query, int position) : m_query(query), m_position(position), m_tokens(queryTokens(query)) {
    std::erase_if(m_tokens, [this](const QueryToken& token) {
      const bool isComment = token.kind == TokenKind::Comment;
      m_inComment = m_inComment || (isComment && token.from < m_position && m_position <= token.to);
      return isComment;
    });
  }

  QueryPlace place() const {
    if (m_inComment) return {};
    const int count = static_cast<int>(m_tokens.size());
    int before = 0;  // tokens that are over before the place
    while (before < count && m_tokens[at(before)].from < m_position && !isOpenAt(m_tokens[at(before)])) ++before;
    const QueryToken* const in = before < count && m_tokens[at(before)].from < m_position ? &m_tokens[at(before)] : nullptr;
    if (in && in->kind == TokenKind::Number) return {};
    const int open = innermost(before);
    const QChar sign = open < 0 ? QChar() : m_query[m_tokens[at(open)].from];
    if (sign == QLatin1Char('[')) return {};
    if (sign == QLatin1Char('{')) return inBraces(open, in);
    if (sign == QLatin1Char('(') && isLabelList(open)) return in && !in->isWord() ? QueryPlace{} : inList(open, before, in);
    if (in && !in->isWord()) return {};
    return begun(QueryPlace::Kind::Name, in);
  }

 private:
  static size_t at(int index) { return static_cast<size_t>(index); }

  /// Whether what is typed at the place goes on with the token.
  bool isOpenAt(const QueryToken& token) const {
    if (token.kind == TokenKind::Sign) return false;
    if (token.kind == TokenKind::Text) return m_position < token.to || (m_position == token.to && !token.isClosed);
    return m_position <= token.to;
  }

  QueryPlace begun(QueryPlace::Kind kind, const QueryToken* in) const {
    QueryPlace place;
    place.kind = kind;
    place.begun = in ? TextPart{in->from, m_position - in->from} : TextPart{m_position, 0};
    return place;
  }

  bool isSign(int index, char sign) const { return index >= 0 && at(index) < m_tokens.size() && m_tokens[at(index)].kind == TokenKind::Sign && m_query[m_tokens[at(index)].from] == QLatin1Char(sign); }
  QString word(int index) const { return index >= 0 && at(index) < m_tokens.size() && m_tokens[at(index)].isWord() ? m_tokens[at(index)].of(m_query) : QString(); }
  /// A word of the language; those that are no functions are read in capitals too.
  static bool isKnown(const QString& word) { return promqlWords().contains(word.toLower()) || word.toLower() == QLatin1String("inf") || word.toLower() == QLatin1String("nan"); }
  bool isName(int index) const { return !word(index).isEmpty() && !isKnown(word(index)); }
  bool isMetric(int index) const { return isName(index) && !isSign(index + 1, '('); }

  /// The bracket that is open behind so many tokens, or -1.
  int innermost(int count) const {
    std::vector<int> open;
    for (int i = 0; i < count; ++i)
      for (const char* pair : {"()", "{}", "[]"}) {
        if (isSign(i, pair[0])) open.push_back(i);
        // What closes another one was forgotten to be closed itself.
        const auto partner = isSign(i, pair[1]) ? std::find_if(open.rbegin(), open.rend(), [&](int one) { return isSign(one, pair[0]); }) : open.rend();
        if (partner != open.rend()) open.erase(std::next(partner).base(), open.end());
      }
    return open.empty() ? -1 : open.back();
  }

  /// The index behind what closes a bracket, or of the end.
  int behind(int open, char opens, char closes) const {
    int depth = 0, i = open;
    for (; at(i) < m_tokens.size(); ++i) {
      if (isSign(i, opens)) ++depth;
      if (isSign(i, closes) && --depth == 0) return i + 1;
    }
    return i;
  }

  bool isLabelList(int open) const {
    const QString before = word(open - 1).toLower();
    return before == QLatin1String("by") || before == QLatin1String("without") || before == QLatin1String("on") || before == QLatin1String("ignoring") || before.startsWith(QLatin1String("group_"));
  }

  QueryPlace inBraces(int open, const QueryToken* in) const {
    QueryPlace place;
    QStringList whole;
    int first = open + 1;
    for (bool more = true; more;) {
      int end = first;
      while (at(end) < m_tokens.size() && !isSign(end, ',') && !isEndOfBraces(end)) ++end;
      const bool isHere = m_position >= m_tokens[at(first - 1)].to && (at(end) == m_tokens.size() || m_position <= m_tokens[at(end)].from);
      if (isHere) place = inMatcher(first, end, in);
      else if (isMatcher(first, end)) whole << m_query.mid(m_tokens[at(first)].from, m_tokens[at(end - 1)].to - m_tokens[at(first)].from);
      more = isSign(end, ',');
      first = end + 1;
    }
    if (place.kind == QueryPlace::Kind::None) return place;
    const QString metric = isName(open - 1) ? word(open - 1) : QString();
    if (!metric.isEmpty()) place.taken << QStringLiteral("__name__");
    const QString selector = whole.isEmpty() ? metric : metric + QLatin1Char('{') + whole.join(QLatin1Char(',')) + QLatin1Char('}');
    if (!selector.isEmpty()) place.question.selectors << selector;
    return place;
  }

  /// What cannot stand within braces: they were not closed.
  bool isEndOfBraces(int index) const {
    for (const char sign : {'}', '{', '(', ')', '[', ']'})
      if (isSign(index, sign)) return true;
    return false;
  }

  bool isComparison(int index) const {
    const QString sign = m_tokens[at(index)].of(m_query);
    return sign == QLatin1String("=") || sign == QLatin1String("!=") || sign == QLatin1String("=~") || sign == QLatin1String("!~");
  }

  /// Whether a server could read it: `label="value"`, or a quoted metric alone.
  bool isMatcher(int first, int end) const {
    if (end == first) return false;
    const QueryToken& last = m_tokens[at(end - 1)];
    const bool named = end - first == 3 && (m_tokens[at(first)].isWord() || m_tokens[at(first)].kind == TokenKind::Text) && isComparison(first + 1);
    return (named || end - first == 1) && last.kind == TokenKind::Text && last.isClosed;
  }

  QueryPlace inMatcher(int first, int end, const QueryToken* in) const {
    const bool isFirst = in ? in == &m_tokens[at(first)] && in->isWord() : end == first || m_tokens[at(first)].from >= m_position;
    if (isFirst) return begun(QueryPlace::Kind::Label, in);
    if (!in || in->kind != TokenKind::Text || end - first < 3 || in != &m_tokens[at(first + 2)] || word(first).isEmpty() || !isComparison(first + 1)) return {};
    QueryPlace place;
    place.kind = QueryPlace::Kind::Value;
    place.question.label = word(first);
    place.quote = m_query[in->from];
    place.isClosed = in->isClosed;
    place.isRegex = m_tokens[at(first + 1)].of(m_query).endsWith(QLatin1Char('~'));
    int from = in->from + 1;
    if (place.isRegex)  // each alternative is a value of its own
      for (int i = from; i < m_position; ++i) {
        if (m_query[i] == QLatin1Char('\\')) ++i;
        else if (m_query[i] == QLatin1Char('|') || m_query[i] == QLatin1Char('(')) from = i + 1;
      }
    place.begun = {from, m_position - from};
    return place;
  }

  QueryPlace inList(int open, int before, const QueryToken* in) const {
    if (before != open + 1 && !isSign(before - 1, ',')) return {};
    QueryPlace place = begun(QueryPlace::Kind::Label, in);
    const int end = behind(open, '(', ')');
    for (int i = open + 1; i < end && at(i) < m_tokens.size(); ++i)
      if (i != before || !in) place.taken << word(i);
    place.taken.removeAll(QString());
    place.question.selectors = operands(open, end);
    return place;
  }

  /// The series that an aggregation is over; of the whole query where it has none, or joins.
  QStringList operands(int open, int end) const {
    const QString keyword = word(open - 1).toLower();
    QStringList selectors;
    if (keyword == QLatin1String("by") || keyword == QLatin1String("without")) {
      if (isSign(open - 2, ')')) {
        int depth = 0, from = open - 2;
        for (; from >= 0; --from) {
          if (isSign(from, ')')) ++depth;
          if (isSign(from, '(') && --depth == 0) break;
        }
        selectors = selectorsIn(std::max(0, from), open - 2);
      } else if (isSign(end, '(')) {
        selectors = selectorsIn(end, behind(end, '(', ')'));
      }
    }
    return selectors.isEmpty() ? selectorsIn(0, static_cast<int>(m_tokens.size())) : selectors;
  }

  QStringList selectorsIn(int first, int last) const {
    QStringList found;
    for (int i = first; i < last && found.size() < mostSelectors; ++i) {
      if (isSign(i, '(') && isLabelList(i)) {
        i = behind(i, '(', ')') - 1;
        continue;
      }
      if (!isMetric(i) && !isSign(i, '{')) continue;
      const int braces = isMetric(i) ? i + 1 : i;
      int end = braces;  // of the braces, where there are some
      if (isSign(braces, '{'))
        for (++end; at(end) < m_tokens.size() && !isEndOfBraces(end);) ++end;
      const bool isWhole = end > braces + 1 && isSign(end, '}');
      const int from = m_tokens[at(i)].from, to = isWhole ? m_tokens[at(end)].to : isMetric(i) ? m_tokens[at(i)].to : from;
      const QString selector = m_query.mid(from, to - from);
      if (!selector.isEmpty() && !found.contains(selector)) found << selector;
      i = std::max(i, end - 1);
    }
    return found;
  }

  const QString& m_query;
  const int m_position;
  bool m_inComment = false;
  Tokens m_tokens;
};

bool isRegexSign(QChar c) { return QLatin1String("\\.+*?()|[]{}^$").contains(c); }

}  // namespace

QueryPlace queryPlace(const QString& query, int position) {
  return Reader(query, std::clamp(position, 0, static_cast<int>(query.size()))).place();
}

QString plainValue(const QString& begun, const QueryPlace& place) {
  const auto unescaped = [](const QString& text) {
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
      if (text[i] == QLatin1Char('\\') && i + 1 < text.size()) ++i;
      plain += text[i];
    }
    return plain;
  };
  const QString text = place.quote == QLatin1Char('`') ? begun : unescaped(begun);
  return place.isRegex ? unescaped(text) : text;
}

QString writtenValue(const QString& value, const QueryPlace& place) {
  QString text;
  for (const QChar c : value) {
    if (place.isRegex && isRegexSign(c)) text += QLatin1Char('\\');
    text += c;
  }
  if (place.quote == QLatin1Char('`')) return text;  // which has no escapes
  return text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(place.quote, QLatin1Char('\\') + QString(place.quote));
}

}  // namespace cachedeck
