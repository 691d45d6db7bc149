// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/scenario_reader.h"

#include "core/load/duration_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostProblems = 10;

std::string numberText(double number) {
  if (std::abs(number) < 1e15 && number == std::floor(number)) return std::to_string(static_cast<std::int64_t>(number));
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

std::string bounds(double least, double most) { return "from " + numberText(least) + " to " + numberText(most); }

std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string hint(const std::string& name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  std::size_t least = 3;
  if (name.size() < 60)
    for (const std::string& one : known)
      if (const std::size_t distance = editDistance(name, one); distance < least) least = distance, best = &one;
  return best ? "did you mean " + *best + "?" : "there are " + joined(known);
}

}  // namespace

void Problems::add(int line, const std::string& path, const std::string& what) {
  m_found.push_back({line, "line " + std::to_string(line) + ": " + (path.empty() ? "" : shortened(path, 200) + ": ") + what});
}

std::string Problems::text() const {
  std::vector<Problem> sorted = m_found;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
  std::string all;
  for (std::size_t i = 0; i < std::min(sorted.size(), mostProblems); ++i) all += (i ? "\n" : "") + sorted[i].text;
  if (sorted.size() > mostProblems) all += "\nand " + std::to_string(sorted.size() - mostProblems) + " more";
  return all;
}

std::string shown(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::Text: return "\"" + shortened(node.text, 60) + "\"";
    case JsonNode::Kind::Number: return shortened(node.text, 60);
    case JsonNode::Kind::Bool: return node.boolean ? "true" : "false";
    default: return kindName(node.kind);
  }
}

bool isName(std::string_view name) {
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || name.size() > 100 || !isLetter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool isLabel(std::string_view text) {
  if (text.empty() || text.size() > 100 || text.front() == ' ' || text.back() == ' ') return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || std::string_view("{},:\"'").find(c) != std::string_view::npos;
  });
}

std::optional<Millis> readDuration(const JsonNode& node, const std::string& path, Problems& problems) {
  const std::optional<Millis> read = node.kind == JsonNode::Kind::Text ? parseDuration(node.text) : std::nullopt;
  if (!read) problems.add(node.line, path, shown(node) + " is not a length of time; write e.g. \"30s\", \"1m30s\" or \"300ms\", at most a year");
  return read;
}

ObjectReader::ObjectReader(const JsonNode& node, std::string path, std::string what, Problems& problems)
    : m_node(node), m_path(std::move(path)), m_what(std::move(what)), m_problems(problems) {
  if (!isObject()) wrong(shown(m_node) + " is not " + m_what + "; write an object: {…}");
}

ObjectReader::~ObjectReader() {
  if (!isObject()) return;
  for (const JsonMember& member : m_node.members)
    if (std::find(m_asked.begin(), m_asked.end(), member.name) == m_asked.end())
      m_problems.add(member.line, pathOf(shortened(member.name, 60)), "not a field of " + m_what + "; " + hint(member.name, m_asked));
}

std::string ObjectReader::pathOf(std::string_view name) const { return m_path.empty() ? std::string(name) : m_path + "." + std::string(name); }

const JsonNode* ObjectReader::find(std::string_view name) {
  m_asked.emplace_back(name);
  for (const JsonMember& member : m_node.members)
    if (member.name == name) return &member.value;
  return nullptr;
}

const JsonNode* ObjectReader::find(std::string_view name, JsonNode::Kind kind, const std::string& example) {
  const JsonNode* const node = find(name);
  if (!node || node->kind == kind) return node;
  wrong(*node, name, shown(*node) + " is not " + kindName(kind) + "; write e.g. " + example);
  return nullptr;
}

const JsonNode* ObjectReader::require(std::string_view name, const std::string& example) {
  const JsonNode* const node = find(name);
  if (!node && isObject()) wrong(m_node, name, "missing; " + m_what + " needs it, e.g. " + example);
  return node;
}

void ObjectReader::text(std::string_view name, std::string& value, const std::string& example) {
  if (const JsonNode* const node = find(name, JsonNode::Kind::Text, example)) value = node->text;
}

void ObjectReader::boolean(std::string_view name, bool& value) {
  if (const JsonNode* const node = find(name, JsonNode::Kind::Bool, "true")) value = node->boolean;
}

void ObjectReader::number(std::string_view name, double& value, double least, double most) {
  const JsonNode* const node = find(name);
  if (!node) return;
  if (node->kind == JsonNode::Kind::Number && node->number >= least && node->number <= most) value = node->number;
  else wrong(*node, name, shown(*node) + " does not fit; write a number " + bounds(least, most));
}

void ObjectReader::whole(std::string_view name, std::int64_t& value, std::int64_t least, std::int64_t most) {
  const JsonNode* const node = find(name);
  if (!node) return;
  if (node->whole && node->integer >= least && node->integer <= most) value = node->integer;
  else wrong(*node, name, shown(*node) + " does not fit; write a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

void ObjectReader::whole(std::string_view name, int& value, int least, int most) {
  std::int64_t wide = value;
  whole(name, wide, least, most);
  value = static_cast<int>(wide);
}

void ObjectReader::duration(std::string_view name, Millis& value, Millis least) {
  const JsonNode* const node = find(name);
  const std::optional<Millis> read = node ? readDuration(*node, pathOf(name), m_problems) : std::nullopt;
  if (!read) return;
  if (*read >= least) value = *read;
  else wrong(*node, name, shown(*node) + " is too short; write at least \"" + durationText(least) + "\"");
}

void ObjectReader::choice(std::string_view name, const std::vector<std::string>& choices, const std::function<void(std::size_t)>& set) {
  const JsonNode* const node = find(name);
  if (!node) return;
  const auto at = node->kind == JsonNode::Kind::Text ? std::find(choices.begin(), choices.end(), node->text) : choices.end();
  if (at != choices.end()) return set(static_cast<std::size_t>(at - choices.begin()));
  wrong(*node, name, shown(*node) + " is not known; " + (node->kind == JsonNode::Kind::Text ? hint(node->text, choices) : "there are " + joined(choices)));
}

void ObjectReader::list(std::string_view name, std::size_t most, const std::function<void(const JsonNode&, const std::string&)>& each) {
  const JsonNode* const node = find(name, JsonNode::Kind::Array, "[…]");
  if (!node) return;
  if (node->items.size() > most) return wrong(*node, name, "has " + std::to_string(node->items.size()) + " elements; at most " + std::to_string(most) + " are taken");
  for (std::size_t i = 0; i < node->items.size(); ++i) each(node->items[i], pathOf(name) + "[" + std::to_string(i) + "]");
}

void ObjectReader::members(std::string_view name, const std::function<void(const JsonMember&, const std::string&)>& each) {
  const JsonNode* const node = find(name, JsonNode::Kind::Object, "{…}");
  if (!node) return;
  for (const JsonMember& member : node->members) each(member, pathOf(name) + "." + shortened(member.name, 60));
}

void readTexts(ObjectReader& object, std::string_view field, const std::function<void(const JsonMember&, const std::string& path)>& each) {
  object.members(field, [&](const JsonMember& member, const std::string& path) {
    if (member.value.kind != JsonNode::Kind::Text) object.problems().add(member.value.line, path, shown(member.value) + " is not a text; write it in quotes");
    else each(member, path);
  });
}

void readTags(ObjectReader& object, bool ofStep, std::map<std::string, std::string>& tags) {
  readTexts(object, "tags", [&](const JsonMember& tag, const std::string& path) {
    if (ofStep && tag.name == "step") object.problems().add(tag.line, path, "a step always has this tag, which is its name; leave it away");
    else if (!isName(tag.name)) object.problems().add(tag.line, path, "a tag's name is a letter, then letters, digits and _");
    else if (!isLabel(tag.value.text)) object.problems().add(tag.value.line, path, shown(tag.value) + " does not fit; a tag's value has 1 to 100 characters, none of them {},:\"'");
    else tags[tag.name] = tag.value.text;
  });
}

}  // namespace cachedeck::load
