// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/random.h"
#include "core/load/scenario.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::load {

/// Where a text goes, which says how values in it are written: percent-encoded in a path, escaped as in a JSON string in a body; in a header as they are, and a line break is refused.
enum class TextPlace { Path, Header, Body };

/// A token of HTTP (RFC 9110, 5.6.2): the name of a header, or a method.
bool isHttpToken(std::string_view text);

/// What a rendering reads.
struct RenderContext {
  const std::vector<std::optional<std::string>>& values;  ///< by the index of the variable's name; nullopt: not set
  Random& random;
  std::int64_t iteration = 0;  ///< of this user, from 0
  int user = 1;                ///< number of the virtual user, from 1
};

/// One piece of a template. The fields that count depend on the kind.
struct TemplatePart {
  enum class Kind { Literal, Variable, Random, Pick, Iteration, User, Zipf };
  Kind kind = Kind::Literal;
  std::string text;              ///< Literal: ready to be copied; Variable: its name
  bool raw = false;              ///< Variable: copied as it is
  std::size_t variable = 0;      ///< index of its name
  std::int64_t least = 0, most = 0;   ///< Random: both included
  std::vector<std::string> choices;   ///< Pick: already written for the place
  std::vector<std::string> plainChoices;  ///< Pick: as the scenario has them
  std::shared_ptr<const ZipfDraw> zipf;
};

/// A text with ${…}, compiled once and rendered for each request:
/// ${name} a variable, ${raw:name} the same without encoding, ${random:1:1000} a whole number, ${pick:a|b|c} one of them, ${zipf:1000} a rank by Zipf 0.99, ${iteration}, ${user}.
/// $${ stands for ${ itself. A variable that is called iteration or user goes before the number of that name.
class Template {
 public:
  Template() = default;
  /// `variables`: the names that exist; their index is what RenderContext::values is read by. The failure says which part is wrong and what would be right.
  static Expected<Template, std::string> compile(std::string_view text, TextPlace place, const std::vector<std::string>& variables);

  /// Appends to `out`. The failure names the variable that is not set, or that does not fit a header.
  Expected<void, std::string> render(std::string& out, RenderContext& context) const;
  /// Nothing in it varies: literal() is all.
  bool isLiteral() const { return m_parts.empty() || (m_parts.size() == 1 && m_parts.front().kind == TemplatePart::Kind::Literal); }
  const std::string& literal() const;
  const std::vector<TemplatePart>& parts() const { return m_parts; }

 private:
  TextPlace m_place = TextPlace::Path;
  std::vector<TemplatePart> m_parts;  ///< no two literals in a row
};

/// Names that templates of a scenario may use: variables, secret variables, what setup and steps extract. Each once.
std::vector<std::string> variableNames(const Scenario& scenario);

/// As ${name} is written in a body: the inside of a JSON string.
std::string jsonEscaped(std::string_view text);

}  // namespace cachedeck::load
