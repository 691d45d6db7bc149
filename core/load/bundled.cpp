// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/bundled.h"

#include "core/load/scenario_json.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostBytes = 1024 * 1024;

std::pair<bool, Millis> rankOf(const BundledScenario& bundled) {
  const Expected<Scenario, std::string> scenario = parseScenario(bundled.json);
  return scenario ? std::pair(scenario->target != Target::Http, lengthOf(scenario->executor)) : std::pair(true, Millis::max());
}

std::vector<BundledScenario> sorted() {
  std::vector<std::pair<std::pair<bool, Millis>, BundledScenario>> ranked;
  for (BundledScenario& bundled : embeddedScenarios()) ranked.emplace_back(rankOf(bundled), std::move(bundled));
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<BundledScenario> all;
  for (auto& [rank, bundled] : ranked) all.push_back(std::move(bundled));
  return all;
}

std::string named(const std::string& file, const std::string& problems) {
  std::string text = file + ", ";
  for (const char c : problems) text += c == '\n' ? "\n" + file + ", " : std::string(1, c);
  return text;
}

std::string notThere(const std::string& name) {
  std::string text = "There is no scenario and no file \"" + name + "\". Bundled are";
  for (const BundledScenario& bundled : bundledScenarios()) text += (&bundled == bundledScenarios().data() ? " " : ", ") + bundled.name;
  return text + ".";
}

struct FileText {
  std::string text, problem;
};

FileText textOf(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) return {{}, "Cannot read " + file + ": it is a folder. Name a scenario file."};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {{}, "Cannot read " + file + ": " + std::strerror(errno) + "."};
  FileText result;
  result.text.resize(mostBytes + 1);
  stream.read(result.text.data(), static_cast<std::streamsize>(result.text.size()));
  result.text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) result.problem = "Cannot read " + file + ": " + std::strerror(errno) + ".";
  return result;
}

}  // namespace

const std::vector<BundledScenario>& bundledScenarios() {
  static const std::vector<BundledScenario> all = sorted();
  return all;
}

Expected<Scenario, std::string> loadScenario(const std::string& nameOrFile) {
  for (const BundledScenario& bundled : bundledScenarios())
    if (bundled.name == nameOrFile) return parseScenario(bundled.json);
  std::error_code error;
  if (nameOrFile.empty() || !std::filesystem::exists(nameOrFile, error)) return notThere(nameOrFile);
  const FileText file = textOf(nameOrFile);
  if (!file.problem.empty()) return file.problem;
  Expected<Scenario, std::string> scenario = parseScenario(file.text);
  if (!scenario) return named(nameOrFile, scenario.error());
  return scenario;
}

}  // namespace cachedeck::load
