// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/service/parameters.h"

namespace cachedeck::sample {

/// Keys of one route. "risk:list:page:{page}:sev:{severity}" has the values in braces filled in ("all" for one that is not there);
/// parameters without a place in it are appended where they differ from what holds without them (":limit:50"), since
/// answers would else be mixed. "{hash}" is the digest of the text, together with such parameters.
///
/// The keys are those of cacheaside::filledKey(), which takes a map and reads the template anew each time. Here that is done once for each route, as
/// every hit makes a key.
class KeyTemplate {
 public:
  KeyTemplate(std::string_view text, std::span<const ParameterRule> rules);
  std::string key(const Arguments& arguments) const;

 private:
  static constexpr std::size_t hashed = mostParameters;
  struct Piece {
    std::string_view literal;  // before the value
    std::size_t rule = 0;
    bool value = false;
    bool encoded = false;  // values may need it; those of numbers and most choices do not
  };
  std::string extras(const Arguments& arguments) const;
  std::string digest(const Arguments& arguments) const;

  const std::span<const ParameterRule> m_rules;
  std::vector<Piece> m_pieces;
  std::array<bool, mostParameters> m_placed{};
  bool m_hashed = false;
};

}  // namespace cachedeck::sample
