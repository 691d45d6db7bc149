// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_json.h"

#include <QJsonDocument>

namespace cachedeck::keys {

namespace {

// Indents multiply: 8 MB of "[[[[…1,1,1" would become gigabytes.
constexpr qsizetype longest = 16 << 20;

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Puts line breaks and indents into text that is known to be JSON.
class Indenter {
 public:
  explicit Indenter(const QByteArray& json) : m_json(json) {}

  std::optional<QByteArray> run() {
    while (m_at < m_json.size() && m_out.size() <= longest) step();
    if (m_out.size() > longest) return std::nullopt;
    return m_out;
  }

 private:
  void step() {
    const char c = m_json[m_at];
    if (c == '"') return copyString();
    ++m_at;
    if (isSpace(c)) return;
    if (c == '{' || c == '[') return open(c);
    if (c == '}' || c == ']') {
      --m_depth;
      newLine();
    }
    m_out += c;
    if (c == ',') newLine();
    if (c == ':') m_out += ' ';
  }

  void open(char c) {
    m_out += c;
    while (m_at < m_json.size() && isSpace(m_json[m_at])) ++m_at;
    if (m_at < m_json.size() && m_json[m_at] == (c == '{' ? '}' : ']')) {
      m_out += m_json[m_at++];
      return;
    }
    ++m_depth;
    newLine();
  }

  void copyString() {
    const qsizetype begin = m_at++;
    while (m_at < m_json.size() && m_json[m_at] != '"') m_at += m_json[m_at] == '\\' ? 2 : 1;
    m_at = qMin(m_at + 1, m_json.size());
    m_out.append(m_json.constData() + begin, m_at - begin);
  }

  void newLine() {
    m_out += '\n';
    m_out.append(2 * qMax<qsizetype>(m_depth, 0), ' ');
  }

  const QByteArray& m_json;
  QByteArray m_out;
  qsizetype m_at = 0, m_depth = 0;
};

}  // namespace

std::optional<QByteArray> indentedJson(const QByteArray& bytes) {
  qsizetype begin = bytes.startsWith("\xEF\xBB\xBF") ? 3 : 0;
  while (begin < bytes.size() && isSpace(bytes[begin])) ++begin;
  if (begin == bytes.size() || (bytes[begin] != '{' && bytes[begin] != '[')) return std::nullopt;
  QJsonParseError error;
  QJsonDocument::fromJson(bytes, &error);
  if (error.error != QJsonParseError::NoError) return std::nullopt;
  return Indenter(bytes).run();
}

}  // namespace cachedeck::keys
