// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/template_text.h"

#include <algorithm>
#include <charconv>

namespace cachedeck::load {

namespace {

using Kind = TemplatePart::Kind;

// What JavaScript's numbers hold exactly, so that an exported script draws the same.
constexpr std::int64_t largest = 9'007'199'254'740'991;
constexpr double zipfSkew = 0.99;

bool isPlainInPath(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~'; }

void appendPercentEncoded(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (isPlainInPath(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

void appendJsonEscaped(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(c) >> 4];
          out += digits[c & 15];
        }
    }
  }
}

bool breaksLine(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos; }

// What would end the path within the request line.
bool endsPath(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void appendFor(TextPlace place, std::string& out, std::string_view text) {
  switch (place) {
    case TextPlace::Path: return appendPercentEncoded(out, text);
    case TextPlace::Body: return appendJsonEscaped(out, text);
    case TextPlace::Header: out += text;
  }
}

void appendNumber(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > largest || number < -largest) return std::nullopt;
  return number;
}

std::string quoted(std::string_view inside) { return "${" + std::string(inside.substr(0, 60)) + (inside.size() > 60 ? "…" : "") + "}"; }

using Part = Expected<TemplatePart, std::string>;

Part randomPart(std::string_view inside, std::string_view bounds) {
  const std::size_t colon = bounds.find(':');
  const auto least = wholeNumber(bounds.substr(0, colon));
  const auto most = colon == std::string_view::npos ? std::nullopt : wholeNumber(bounds.substr(colon + 1));
  if (!least || !most || *least > *most) return quoted(inside) + " needs two whole numbers, the smaller first: ${random:1:1000}";
  TemplatePart part;
  part.kind = Kind::Random;
  part.least = *least;
  part.most = *most;
  return part;
}

Part pickPart(std::string_view inside, std::string_view list, TextPlace place) {
  TemplatePart part;
  part.kind = Kind::Pick;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t bar = std::min(list.find('|', from), list.size());
    part.plainChoices.emplace_back(list.substr(from, bar - from));
    appendFor(place, part.choices.emplace_back(), part.plainChoices.back());
    from = bar + 1;
  }
  if (list.empty()) return quoted(inside) + " has nothing to pick from; write e.g. ${pick:low|high}";
  if (place == TextPlace::Header && breaksLine(list)) return std::string("a header must not hold a line break");
  return part;
}

Part zipfPart(std::string_view inside, std::string_view count) {
  const auto ranks = wholeNumber(count);
  if (!ranks || *ranks < 1) return quoted(inside) + " needs the number of ranks: ${zipf:1000}";
  TemplatePart part;
  part.kind = Kind::Zipf;
  part.most = *ranks;
  part.zipf = std::make_shared<const ZipfDraw>(*ranks, zipfSkew);
  return part;
}

std::string unknown(std::string_view name, const std::vector<std::string>& variables) {
  std::string text = quoted(name) + " is set by nothing: name it in variables or secretVariables, or extract it in a step";
  if (variables.empty()) return text;
  text += " (there are";
  for (std::size_t i = 0; i < std::min<std::size_t>(variables.size(), 10); ++i) text += (i ? ", " : " ") + variables[i];
  return text + (variables.size() > 10 ? ", …)" : ")");
}

Part variablePart(std::string_view name, bool raw, const std::vector<std::string>& variables) {
  TemplatePart part;
  const auto at = std::find(variables.begin(), variables.end(), name);
  if (at != variables.end()) {
    part.kind = Kind::Variable;
    part.text = name;
    part.raw = raw;
    part.variable = static_cast<std::size_t>(at - variables.begin());
    return part;
  }
  if (name != "iteration" && name != "user") return unknown(name, variables);
  part.kind = name == "user" ? Kind::User : Kind::Iteration;
  return part;
}

Part partOf(std::string_view inside, TextPlace place, const std::vector<std::string>& variables) {
  const std::size_t colon = inside.find(':');
  if (colon == std::string_view::npos) return variablePart(inside, false, variables);
  const std::string_view word = inside.substr(0, colon), rest = inside.substr(colon + 1);
  if (word == "raw") return variablePart(rest, true, variables);
  if (word == "random") return randomPart(inside, rest);
  if (word == "pick") return pickPart(inside, rest, place);
  if (word == "zipf") return zipfPart(inside, rest);
  return quoted(inside) + " is not known; there are ${name}, ${raw:name}, ${random:1:1000}, ${pick:a|b|c}, ${zipf:1000}, ${iteration}, ${user}";
}

void appendLiteral(std::vector<TemplatePart>& parts, std::string_view text) {
  if (text.empty()) return;
  if (parts.empty() || parts.back().kind != Kind::Literal) parts.emplace_back();
  parts.back().text += text;
}

}  // namespace

bool isHttpToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

Expected<Template, std::string> Template::compile(std::string_view text, TextPlace place, const std::vector<std::string>& variables) {
  if (place == TextPlace::Header && breaksLine(text)) return std::string("a header must not hold a line break");
  Template result;
  result.m_place = place;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    appendLiteral(result.m_parts, text.substr(0, dollar));
    text.remove_prefix(dollar);
    if (text.starts_with("$${")) {
      appendLiteral(result.m_parts, "${");
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) return "\"" + std::string(text.substr(0, 40)) + "\" has no closing }; $${ stands for ${ itself";
      Part part = partOf(text.substr(2, end - 2), place, variables);
      if (!part) return part.error();
      result.m_parts.push_back(std::move(*part));
      text.remove_prefix(end + 1);
    } else if (!text.empty()) {
      appendLiteral(result.m_parts, text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
  if (place == TextPlace::Path)
    for (const TemplatePart& part : result.m_parts)
      if (part.kind == Kind::Literal && (endsPath(part.text) || part.text.find('#') != std::string::npos || !isAscii(part.text)))
        return std::string("a path must not hold spaces, #, control or other than ASCII characters; write them as %20, %23 and so on");
  return result;
}

const std::string& Template::literal() const {
  static const std::string nothing;
  return m_parts.empty() ? nothing : m_parts.front().text;
}

Expected<void, std::string> Template::render(std::string& out, RenderContext& context) const {
  for (const TemplatePart& part : m_parts) {
    switch (part.kind) {
      case Kind::Literal: out += part.text; break;
      case Kind::Variable: {
        const auto& value = context.values[part.variable];
        if (!value) return "${" + part.text + "} has no value: no step extracted it, and none was given";
        if (m_place == TextPlace::Header && breaksLine(*value)) return "${" + part.text + "} has a line break, which a header must not hold";
        if (m_place == TextPlace::Path && part.raw && endsPath(*value)) return "${raw:" + part.text + "} has a space or control character, which a path must not hold";
        if (part.raw) out += *value;
        else appendFor(m_place, out, *value);
        break;
      }
      case Kind::Random: appendNumber(out, part.least + static_cast<std::int64_t>(context.random.below(static_cast<std::uint64_t>(part.most - part.least) + 1))); break;
      case Kind::Pick: out += part.choices[static_cast<std::size_t>(context.random.below(part.choices.size()))]; break;
      case Kind::Iteration: appendNumber(out, context.iteration); break;
      case Kind::User: appendNumber(out, context.user); break;
      case Kind::Zipf: appendNumber(out, (*part.zipf)(context.random)); break;
    }
  }
  return {};
}

std::vector<std::string> variableNames(const Scenario& scenario) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& [name, value] : scenario.variables) add(name);
  for (const std::string& name : scenario.secretVariables) add(name);
  for (const auto* steps : {&scenario.setup, &scenario.steps})
    for (const Step& step : *steps)
      for (const Extraction& extraction : step.extract) add(extraction.variable);
  return names;
}

std::string jsonEscaped(std::string_view text) {
  std::string out;
  appendJsonEscaped(out, text);
  return out;
}

}  // namespace cachedeck::load
