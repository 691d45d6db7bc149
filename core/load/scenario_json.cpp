// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/scenario_json.h"

#include "core/load/scenario_reader.h"
#include "core/load/template_text.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr const char* nameRule = "a name has 1 to 100 letters, digits, - and _, e.g. \"warm-cache\"";

void readName(ObjectReader& file, Scenario& scenario) {
  const JsonNode* const node = file.require("name", "\"warm-cache\"");
  file.text("name", scenario.name, "\"warm-cache\"");
  if (!node || node->kind != JsonNode::Kind::Text) return;
  const bool fits = !scenario.name.empty() && scenario.name.size() <= 100 && std::all_of(scenario.name.begin(), scenario.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!fits) file.wrong(*node, "name", shown(*node) + " does not fit; " + nameRule);
}

void readVariables(ObjectReader& file, Scenario& scenario) {
  readTexts(file, "variables", [&](const JsonMember& member, const std::string& path) {
    if (isName(member.name)) scenario.variables[member.name] = member.value.text;
    else file.problems().add(member.line, path, "a variable's name is a letter, then letters, digits and _");
  });
  file.list("secretVariables", 100, [&](const JsonNode& node, const std::string& path) {
    std::vector<std::string>& names = scenario.secretVariables;
    const auto wrong = [&](const char* what) { file.problems().add(node.line, path, shown(node) + what); };
    if (node.kind != JsonNode::Kind::Text || !isName(node.text)) return wrong(" is no name of a variable: a letter, then letters, digits and _");
    if (scenario.variables.contains(node.text)) return wrong(" has a value in variables; a secret must have none in the file");
    if (std::find(names.begin(), names.end(), node.text) != names.end()) return wrong(" stands twice; leave one away");
    names.push_back(node.text);
  });
}

void readCache(ObjectReader& file, Scenario& scenario) {
  file.choice("cache", {"none", "flushed", "warmed"}, [&](std::size_t index) { scenario.cache = static_cast<CachePreparation>(index); });
  file.list("preparedPrefixes", 100, [&](const JsonNode& node, const std::string& path) {
    if (node.kind == JsonNode::Kind::Text && !node.text.empty()) scenario.preparedPrefixes.push_back(node.text);
    else file.problems().add(node.line, path, shown(node) + " is no beginning of keys; write e.g. \"risk:\"");
  });
  const JsonNode* const cache = file.find("cache");
  const bool flushesNothing = scenario.target == Target::Http && scenario.cache == CachePreparation::Flushed && !file.find("preparedPrefixes");
  if (cache && flushesNothing) file.wrong(*cache, "cache", "\"flushed\" needs preparedPrefixes, the beginnings of the keys that are removed, e.g. [\"risk:\"]");
}

TextPlace placeOf(PendingText::Kind kind) {
  return kind == PendingText::Kind::Path ? TextPlace::Path : kind == PendingText::Kind::Header ? TextPlace::Header : TextPlace::Body;
}

void checkTexts(const std::vector<PendingText>& texts, const std::vector<std::string>& names, Problems& problems) {
  for (const PendingText& text : texts)
    if (const auto compiled = Template::compile(text.text, placeOf(text.kind), names); !compiled) problems.add(text.line, text.path, compiled.error());
}

void readHttp(ObjectReader& file, Scenario& scenario) {
  std::set<std::string> names;
  std::vector<PendingText> ofSetup, ofSteps;
  readSteps(file, "setup", names, scenario.setup, ofSetup);
  const JsonNode* const steps = file.require("steps", "[{\"name\": \"list\", \"path\": \"/api/v1/risks\"}]");
  readSteps(file, "steps", names, scenario.steps, ofSteps);
  if (steps && steps->kind == JsonNode::Kind::Array && steps->items.empty())
    file.wrong(*steps, "steps", "there is none; write at least one, e.g. {\"name\": \"list\", \"path\": \"/api/v1/risks\"}");
  Scenario beforeSteps = scenario;
  beforeSteps.steps.clear();
  checkTexts(ofSetup, variableNames(beforeSteps), file.problems());
  checkTexts(ofSteps, variableNames(scenario), file.problems());
  file.choice("order", {"sequence", "random"}, [&](std::size_t index) { scenario.order = static_cast<StepOrder>(index); });
  file.whole("maxRedirects", scenario.maxRedirects, 0, 100);
}

void refuse(ObjectReader& file, const std::vector<const char*>& names, const std::string& why) {
  for (const char* name : names)
    if (const JsonNode* const node = file.find(name)) file.wrong(*node, name, why);
}

void readTarget(ObjectReader& file, Scenario& scenario) {
  file.choice("target", {"http", "cache-aside"}, [&](std::size_t index) { scenario.target = static_cast<Target>(index); });
  if (scenario.target == Target::Http) {
    readHttp(file, scenario);
    refuse(file, {"workload"}, "belongs to \"target\": \"cache-aside\"; leave it away, or set the target");
  } else {
    readWorkload(file, scenario.workload);
    refuse(file, {"setup", "steps", "order", "maxRedirects"}, "belongs to \"target\": \"http\"; a cache-aside run has a workload instead");
  }
}

void readScenario(ObjectReader& file, Scenario& scenario) {
  if (!file.isObject()) return;
  readName(file, scenario);
  file.text("title", scenario.title, "\"Warm cache\"");
  file.text("description", scenario.description, "\"What it looks at\"");
  readExecutor(file, scenario.executor);
  readVariables(file, scenario);
  readTarget(file, scenario);
  file.duration("timeout", scenario.timeout, Millis{1});
  readCache(file, scenario);
  readEvents(file, scenario.executor, scenario.events);
  readThresholds(file, scenario, scenario.thresholds);
  readTags(file, false, scenario.tags);
}

}  // namespace

Expected<Scenario, std::string> parseScenario(std::string_view text) {
  const Expected<JsonNode, std::string> tree = parseJsonTree(text);
  if (!tree) return tree.error();
  Problems problems;
  Scenario scenario;
  {
    ObjectReader file(*tree, {}, "a scenario", problems);
    readScenario(file, scenario);
  }
  if (problems.any()) return problems.text();
  return scenario;
}

}  // namespace cachedeck::load
