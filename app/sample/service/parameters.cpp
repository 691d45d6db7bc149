// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/parameters.h"

#include <algorithm>
#include <charconv>

namespace cachedeck::sample {
namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A '%' that begins no escape stands for itself, as browsers send it.
void decodeInto(std::string_view text, std::string& decoded) {
  decoded.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
}

struct Pair {
  std::string_view name, value;
};

// Takes the next name=value off the front.
Pair takePair(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('&'));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  const std::size_t equals = part.find('=');
  return {part.substr(0, equals), equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1)};
}

std::string wrongInteger(const ParameterRule& rule) {
  if (rule.most == INT64_MAX) return std::string(rule.name) + " must be a whole number from " + std::to_string(rule.least) + " on.";
  return std::string(rule.name) + " must be a whole number from " + std::to_string(rule.least) + " to " + std::to_string(rule.most) + ".";
}

std::string wrongChoice(const ParameterRule& rule) {
  std::string message = std::string(rule.name) + " must be one of";
  for (const std::string_view choice : rule.choices) message += (choice == rule.choices.front() ? " " : ", ") + std::string(choice);
  return message + ".";
}

bool checkInteger(const ParameterRule& rule, std::string& value) {
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number < rule.least || number > rule.most) return false;
  if (value.front() == '0' || value.front() == '-') value = std::to_string(number);
  return true;
}

std::optional<BadParameter> checked(const ParameterRule& rule, std::string& value) {
  switch (rule.kind) {
    case ParameterRule::Kind::Integer:
      if (!checkInteger(rule, value)) return BadParameter{rule.name, wrongInteger(rule)};
      break;
    case ParameterRule::Kind::Choice:
      if (std::find(rule.choices.begin(), rule.choices.end(), value) == rule.choices.end()) return BadParameter{rule.name, wrongChoice(rule)};
      break;
    case ParameterRule::Kind::Text:
      if (const std::int64_t length = textLength(value); length < rule.least || length > rule.most)
        return BadParameter{rule.name, std::string(rule.name) + " must be a text in UTF-8 of " + std::to_string(rule.least) + " to " +
                                           std::to_string(rule.most) + " characters."};
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<BadParameter> readArguments(std::span<const ParameterRule> rules, std::string_view id, std::string_view query, Arguments& arguments) {
  if (!id.empty()) arguments[0] = id;
  while (!query.empty()) {
    const Pair pair = takePair(query);
    for (std::size_t i = id.empty() ? 0 : 1; i < rules.size(); ++i)
      if (rules[i].name == pair.name) decodeInto(pair.value, arguments[i]);
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (arguments[i].empty() && !rules[i].required)
      arguments[i] = rules[i].fallback;
    else if (std::optional<BadParameter> bad = checked(rules[i], arguments[i]))
      return bad;
  }
  return std::nullopt;
}

std::optional<std::string> queryParameter(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  while (!query.empty()) {
    const Pair pair = takePair(query);
    if (pair.name == name) decodeInto(pair.value, found.emplace());
  }
  return found;
}

bool hasParameter(std::string_view query, std::string_view name) {
  while (!query.empty())
    if (takePair(query).name == name) return true;
  return false;
}

std::optional<std::string> boundValue(const ParameterRule& rule, const std::string& value) {
  if (value.empty()) return std::nullopt;
  if (rule.kind != ParameterRule::Kind::Text) return value;
  std::string pattern = "%";
  for (const char c : value) {
    if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c);
  }
  pattern.push_back('%');
  return pattern;
}

std::int64_t textLength(std::string_view text) {
  std::int64_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead == 0) return -1;
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || i + static_cast<std::size_t>(more) > text.size()) return -1;
    std::uint32_t point = lead & (0x3Fu >> more);
    for (int k = 0; k < more; ++k) {
      const auto next = static_cast<unsigned char>(text[i++]);
      if ((next & 0xC0) != 0x80) return -1;
      point = point << 6 | (next & 0x3Fu);
    }
    // Too long a way to write it, half of a UTF-16 pair, or beyond Unicode.
    if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000) || (point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF) return -1;
  }
  return characters;
}

}  // namespace cachedeck::sample
