// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/key_template.h"

#include "core/cacheaside/key.h"

#include <algorithm>
#include <stdexcept>

namespace cachedeck::sample {
namespace {

std::size_t indexOf(std::span<const ParameterRule> rules, std::string_view name) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].name == name) return i;
  throw std::logic_error("a key names a parameter that its route does not have");
}

bool mayNeedEncoding(const ParameterRule& rule) {
  if (rule.kind != ParameterRule::Kind::Choice) return rule.kind == ParameterRule::Kind::Text;
  return std::any_of(rule.choices.begin(), rule.choices.end(), [](std::string_view one) { return cacheaside::encodedValue(one) != one; });
}

}  // namespace

KeyTemplate::KeyTemplate(std::string_view text, std::span<const ParameterRule> rules) : m_rules(rules) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    Piece piece{text.substr(0, open), 0, open != std::string_view::npos};
    text.remove_prefix(piece.literal.size());
    if (piece.value) {
      const std::size_t close = text.find('}');
      const std::string_view name = text.substr(1, close - 1);
      m_hashed = m_hashed || name == "hash";
      piece.rule = name == "hash" ? hashed : indexOf(rules, name);
      if (piece.rule != hashed) {
        m_placed[piece.rule] = true;
        piece.encoded = mayNeedEncoding(rules[piece.rule]);
      }
      text.remove_prefix(close + 1);
    }
    m_pieces.push_back(piece);
  }
}

std::string KeyTemplate::key(const Arguments& arguments) const {
  std::string key;
  key.reserve(96);
  for (const Piece& piece : m_pieces) {
    key += piece.literal;
    if (!piece.value) continue;
    if (piece.rule == hashed)
      key += digest(arguments);
    else if (arguments[piece.rule].empty())
      key += "all";
    else if (piece.encoded)
      key += cacheaside::encodedValue(arguments[piece.rule]);
    else
      key += arguments[piece.rule];
  }
  return m_hashed ? key : key + extras(arguments);
}

std::string KeyTemplate::extras(const Arguments& arguments) const {
  std::string text;
  for (std::size_t i = 0; i < m_rules.size(); ++i) {
    const ParameterRule& rule = m_rules[i];
    if (m_placed[i] || rule.kind == ParameterRule::Kind::Text || arguments[i] == rule.fallback) continue;
    text.append(":").append(rule.name).append(":").append(arguments[i]);
  }
  return text;
}

std::string KeyTemplate::digest(const Arguments& arguments) const {
  std::string text;
  for (std::size_t i = 0; i < m_rules.size(); ++i)
    if (m_rules[i].kind == ParameterRule::Kind::Text) text += arguments[i];
  // A NUL is in no text, so that no text can look like another one with parameters.
  if (const std::string more = extras(arguments); !more.empty()) text.append(1, '\0').append(more);
  return cacheaside::textHash(text);
}

}  // namespace cachedeck::sample
