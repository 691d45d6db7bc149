// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::load {

struct JsonMember;

/// A JSON value that knows its line.
struct JsonNode {
  enum class Kind { Null, Bool, Number, Text, Array, Object };
  Kind kind = Kind::Null;
  int line = 1;
  bool boolean = false;
  bool whole = false;         ///< Number: it is a whole one, and fits `integer`
  std::int64_t integer = 0;
  double number = 0;
  std::string text;           ///< Text; Number: as it was written
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;  ///< in the order of the file
};

struct JsonMember {
  std::string name;
  int line = 1;  ///< of the name
  JsonNode value;
};

/// Reads a JSON text of at most 1 MiB and a depth of 32. A name that is twice in an object is a failure. The failure begins with "line N: ".
Expected<JsonNode, std::string> parseJsonTree(std::string_view text);
/// "a text", "a number", …: what a value is, in a sentence.
const char* kindName(JsonNode::Kind kind);
/// At most `most` bytes of a text for a message; cut between characters.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace cachedeck::load
