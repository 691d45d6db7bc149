// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::sample {

/// What a parameter of a route may be.
struct ParameterRule {
  enum class Kind : std::uint8_t { Integer, Choice, Text };
  std::string_view name;
  Kind kind = Kind::Integer;
  std::int64_t least = 1, most = 1;  ///< of an integer; of a text's length in characters
  std::string_view fallback{};       ///< when it is not given; empty: then it is not there
  std::span<const std::string_view> choices{};
  bool required = false;
};

/// Values in the order of the rules, checked and in one way of writing ("007" is "7"). Empty: not there.
constexpr std::size_t mostParameters = 6;
using Arguments = std::array<std::string, mostParameters>;

struct BadParameter {
  std::string_view name;
  std::string message;  ///< says what it must be
};

/// Reads a query string by the rules; the first rule takes `id` when there is one. What no rule names is ignored; of a parameter that
/// comes twice the last counts.
std::optional<BadParameter> readArguments(std::span<const ParameterRule> rules, std::string_view id, std::string_view query, Arguments& arguments);

/// One parameter of a query string, decoded; nothing when it is not there.
std::optional<std::string> queryParameter(std::string_view query, std::string_view name);
bool hasParameter(std::string_view query, std::string_view name);

/// A value for a statement: a text as a pattern of LIKE that finds it anywhere, one that is not there as NULL.
std::optional<std::string> boundValue(const ParameterRule& rule, const std::string& value);

/// Characters in UTF-8; -1 when it is none, or has a NUL, which PostgreSQL does not store.
std::int64_t textLength(std::string_view text);

}  // namespace cachedeck::sample
