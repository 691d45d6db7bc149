// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/classes.h"

#include "core/cacheaside/key.h"
#include "core/cacheaside/time_span.h"

#include <algorithm>
#include <array>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view idMark = "{id}";
constexpr std::chrono::milliseconds longestLife = 24h * 3650;  // so that no sum of it overflows

constexpr std::array<std::string_view, 3> allRisks{"risk:*", "report:*", "dashboard:*"};
constexpr std::array<std::string_view, 5> oneRisk{"risk:id:{id}", "risk:list:*", "risk:search:*", "report:*", "dashboard:*"};
constexpr std::array<std::string_view, 1> dashboard{"dashboard:*"};
constexpr std::array<std::string_view, 2> marketplace{"connector:*", "marketplace:app:*"};
constexpr std::array<std::string_view, 2> oneConnector{"connector:id:{id}", "connector:list:*"};

constexpr std::array cascades{
    Cascade{"all-risks", allRisks}, Cascade{"risk", oneRisk},          Cascade{"dashboard", dashboard},
    Cascade{"marketplace", marketplace}, Cascade{"connector", oneConnector},
};

Failure usage(std::string message) { return {Failure::Kind::Usage, std::move(message)}; }

template <typename Range>
std::string names(const Range& range) {
  std::string out;
  for (const auto& item : range) {
    if (!out.empty()) out += ", ";
    out += item.name;
  }
  return out;
}

}  // namespace

std::vector<ClassPolicy> referenceClasses() {
  return {{"risk", 5min, 0.1}, {"dashboard", 10min, 0.1}, {"connector", 15min, 0.1}, {"marketplace", 20min, 0.1}};
}

Outcome<void> overrideTtl(std::vector<ClassPolicy>& classes, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string name(assignment.substr(0, equals));
  if (equals == std::string_view::npos || name.empty())
    return usage("A TTL is given as class=seconds, for example risk=30. The classes are " + names(classes) + ".");
  const auto found = std::ranges::find(classes, name, &ClassPolicy::name);
  if (found == classes.end()) return usage("There is no cache class “" + name + "”. The classes are " + names(classes) + ".");
  const std::optional<std::chrono::milliseconds> ttl = timeSpan(assignment.substr(equals + 1), longestLife);
  if (!ttl || *ttl <= 0ms)
    return usage("The TTL of the class “" + name + "” has to be more than nothing and at most ten years: 30 (seconds), 500ms, 30s, 5min or 2h.");
  found->ttl = *ttl;
  return {};
}

std::span<const Cascade> referenceCascades() { return cascades; }

Outcome<std::vector<std::string>> cascadePatterns(std::string_view name, std::string_view id) {
  const auto cascade = std::ranges::find(cascades, name, &Cascade::name);
  if (cascade == cascades.end())
    return usage("There is no cascade “" + std::string(name) + "”. The cascades are " + names(cascades) + ".");
  std::vector<std::string> out;
  for (const std::string_view pattern : cascade->patterns) {
    const std::size_t mark = pattern.find(idMark);
    if (mark == std::string_view::npos) {
      out.emplace_back(pattern);
      continue;
    }
    if (id.empty()) return usage("The cascade “" + std::string(name) + "” needs the id of what changed.");
    out.push_back(std::string(pattern.substr(0, mark)) + encodedValue(id) + std::string(pattern.substr(mark + idMark.size())));
  }
  return out;
}

}  // namespace cachedeck::cacheaside
