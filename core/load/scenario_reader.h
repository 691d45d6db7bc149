// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/json_tree.h"
#include "core/load/scenario.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cachedeck::load {

/// What is wrong with a scenario file, in the order of its lines.
class Problems {
 public:
  void add(int line, const std::string& path, const std::string& what);
  bool any() const { return !m_found.empty(); }
  /// One a line, at most ten.
  std::string text() const;

 private:
  struct Problem {
    int line;
    std::string text;
  };
  std::vector<Problem> m_found;
};

/// Reads the fields of one object: asks for each by name, notes what is wrong, and at the end whatever nobody asked for.
class ObjectReader {
 public:
  /// `path`: of the object, empty for the file itself; `what`: "a step", for messages.
  ObjectReader(const JsonNode& node, std::string path, std::string what, Problems& problems);
  /// Notes the fields that no call has named. Does nothing where the value is no object.
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  /// nullptr: the field is not there.
  const JsonNode* find(std::string_view name);
  /// The same, of one kind; another kind is noted, and nullptr.
  const JsonNode* find(std::string_view name, JsonNode::Kind kind, const std::string& example);
  /// Notes that it is missing.
  const JsonNode* require(std::string_view name, const std::string& example);

  // Each leaves `value` alone where the field is missing or wrong.
  void text(std::string_view name, std::string& value, const std::string& example);
  void boolean(std::string_view name, bool& value);
  void number(std::string_view name, double& value, double least, double most);
  void whole(std::string_view name, int& value, int least, int most);
  void whole(std::string_view name, std::int64_t& value, std::int64_t least, std::int64_t most);
  void duration(std::string_view name, Millis& value, Millis least = Millis{0});
  /// "a", "b" or "c": the index of what stands there.
  void choice(std::string_view name, const std::vector<std::string>& choices, const std::function<void(std::size_t)>& set);
  /// Each element of a list, with its path.
  void list(std::string_view name, std::size_t most, const std::function<void(const JsonNode&, const std::string&)>& each);
  /// Each member of an object, with its path.
  void members(std::string_view name, const std::function<void(const JsonMember&, const std::string&)>& each);

  /// Notes something about a field, or about the object.
  void wrong(const JsonNode& at, std::string_view name, const std::string& what) { m_problems.add(at.line, pathOf(name), what); }
  void wrong(const std::string& what) { m_problems.add(m_node.line, m_path, what); }
  std::string pathOf(std::string_view name) const;
  Problems& problems() { return m_problems; }
  bool isObject() const { return m_node.kind == JsonNode::Kind::Object; }

 private:
  const JsonNode& m_node;
  const std::string m_path, m_what;
  Problems& m_problems;
  std::vector<std::string> m_asked;
};

/// The value as a sentence shows it: "\"-5s\"", "true", "a list".
std::string shown(const JsonNode& node);
/// A length of time from a value; what is wrong is noted.
std::optional<Millis> readDuration(const JsonNode& node, const std::string& path, Problems& problems);
/// A letter, then letters, digits and _: names of variables and tags.
bool isName(std::string_view name);
/// What the name of a step or a tag's value may be: 1 to 100 bytes that a selector {tag:value} can hold.
bool isLabel(std::string_view text);
void readTags(ObjectReader& object, bool ofStep, std::map<std::string, std::string>& tags);

/// A text with ${…} that can be checked only when all names of variables are known.
struct PendingText {
  int line;
  std::string path, text;
  enum class Kind { Path, Header, Body } kind;
};
/// setup, steps. `names`: of the steps so far.
void readSteps(ObjectReader& file, std::string_view field, std::set<std::string>& names, std::vector<Step>& steps, std::vector<PendingText>& texts);
/// executor, stages, vus and so on.
void readExecutor(ObjectReader& file, Executor& executor);
/// workload, events, thresholds.
void readWorkload(ObjectReader& file, CacheAsideWorkload& workload);
void readEvents(ObjectReader& file, const Executor& executor, std::vector<Event>& events);
void readThresholds(ObjectReader& file, const Scenario& scenario, std::vector<ThresholdRule>& rules);
/// Fields whose value is a text: variables, headers, tags.
void readTexts(ObjectReader& object, std::string_view field, const std::function<void(const JsonMember&, const std::string& path)>& each);

}  // namespace cachedeck::load
