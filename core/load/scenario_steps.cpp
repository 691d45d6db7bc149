// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of a scenario file.
#include "core/load/scenario_reader.h"
#include "core/load/template_text.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostSteps = 200;

bool sameWithoutCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool isPointer(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return false;
  for (std::size_t at = 0; (at = pointer.find('~', at)) != std::string_view::npos; ++at)
    if (at + 1 == pointer.size() || (pointer[at + 1] != '0' && pointer[at + 1] != '1')) return false;
  return true;
}

bool isStatus(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '5') return false;
  return text.substr(1) == "xx" || (text[1] >= '0' && text[1] <= '9' && text[2] >= '0' && text[2] <= '9');
}

constexpr const char* pointerRule = "is no JSON pointer; write e.g. \"/data/0/id\"";

// The inside of ${…} stays as it is: it is a template's, whose value is escaped when it is known.
void appendTemplateText(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find("${"), text.size());
    const bool escaped = dollar > 0 && dollar < text.size() && text[dollar - 1] == '$';
    const std::size_t end = escaped || dollar == text.size() ? std::string_view::npos : text.find('}', dollar);
    const std::size_t plain = end == std::string_view::npos ? std::min(text.size(), dollar + 2) : dollar;
    out += jsonEscaped(text.substr(0, plain));
    text.remove_prefix(plain);
    if (end == std::string_view::npos) continue;
    out += text.substr(0, end + 1 - plain);
    text.remove_prefix(end + 1 - plain);
  }
  out += '"';
}

void appendJson(std::string& out, const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::Null: out += "null"; break;
    case JsonNode::Kind::Bool: out += node.boolean ? "true" : "false"; break;
    case JsonNode::Kind::Number: out += node.text; break;
    case JsonNode::Kind::Text: appendTemplateText(out, node.text); break;
    case JsonNode::Kind::Array:
      out += '[';
      for (const JsonNode& item : node.items) {
        if (&item != node.items.data()) out += ',';
        appendJson(out, item);
      }
      out += ']';
      break;
    case JsonNode::Kind::Object:
      out += '{';
      for (const JsonMember& member : node.members) {
        if (&member != node.members.data()) out += ',';
        appendTemplateText(out, member.name);
        out += ':';
        appendJson(out, member.value);
      }
      out += '}';
      break;
  }
}

void readPath(ObjectReader& object, Step& step, std::vector<PendingText>& texts) {
  const std::string example = "\"/api/v1/risks\"";
  if (!object.require("path", example)) return;
  const JsonNode* const node = object.find("path", JsonNode::Kind::Text, example);
  if (!node) return;
  const std::string_view text = node->text;
  const bool fits = text.starts_with('/') || text.starts_with("http://") || text.starts_with("https://") || text.starts_with("${");
  if (!fits) object.wrong(*node, "path", shown(*node) + " is no path; write e.g. " + example + ", or a whole URL with http:// or https://");
  step.path = text;
  texts.push_back({node->line, object.pathOf("path"), step.path, PendingText::Kind::Path});
}

void readHeaders(ObjectReader& object, Step& step, std::vector<PendingText>& texts) {
  readTexts(object, "headers", [&](const JsonMember& header, const std::string& path) {
    Problems& problems = object.problems();
    if (!isHttpToken(header.name)) return problems.add(header.line, path, "is no name of a header; write e.g. \"Authorization\"");
    for (const char* own : {"Content-Length", "Transfer-Encoding", "Connection", "Host"})
      if (sameWithoutCase(header.name, own)) return problems.add(header.line, path, "is set by the engine; leave it away");
    for (const auto& [name, value] : step.headers)
      if (sameWithoutCase(name, header.name)) return problems.add(header.line, path, "stands twice, as " + name + "; leave one away");
    step.headers.emplace_back(header.name, header.value.text);
    texts.push_back({header.value.line, path, header.value.text, PendingText::Kind::Header});
  });
}

void readBody(ObjectReader& object, Step& step, std::vector<PendingText>& texts) {
  const JsonNode* const node = object.find("body");
  if (!node) return;
  if (node->kind == JsonNode::Kind::Text) {
    step.body = node->text;
  } else {
    appendJson(step.body, *node);
    const bool typed = std::any_of(step.headers.begin(), step.headers.end(), [](const auto& header) { return sameWithoutCase(header.first, "Content-Type"); });
    if (!typed) step.headers.emplace_back("Content-Type", "application/json");
  }
  texts.push_back({node->line, object.pathOf("body"), step.body, PendingText::Kind::Body});
}

void readThinkTime(ObjectReader& object, Step& step) {
  const JsonNode* const node = object.find("thinkTime");
  if (!node) return;
  if (node->kind != JsonNode::Kind::Object) {
    if (const auto pause = readDuration(*node, object.pathOf("thinkTime"), object.problems())) step.think = {*pause, *pause};
    return;
  }
  ObjectReader range(*node, object.pathOf("thinkTime"), "a think time", object.problems());
  range.require("min", "\"300ms\"");
  range.require("max", "\"1s\"");
  range.duration("min", step.think.least);
  range.duration("max", step.think.most);
  if (step.think.most < step.think.least) range.wrong("min is longer than max; exchange them");
}

void readExtractions(ObjectReader& object, Step& step) {
  readTexts(object, "extract", [&](const JsonMember& member, const std::string& path) {
    if (!isName(member.name)) object.problems().add(member.line, path, "a variable's name is a letter, then letters, digits and _");
    else if (!isPointer(member.value.text)) object.problems().add(member.value.line, path, shown(member.value) + " " + pointerRule);
    else step.extract.push_back({member.name, member.value.text});
  });
}

// A value that an answer is compared with, as text.
void readExpected(ObjectReader& object, std::string& value) {
  const JsonNode* const node = object.require("is", "\"HIT\"");
  if (!node) return;
  switch (node->kind) {
    case JsonNode::Kind::Text:
    case JsonNode::Kind::Number: value = node->text; break;
    case JsonNode::Kind::Bool: value = node->boolean ? "true" : "false"; break;
    case JsonNode::Kind::Null: value = "null"; break;
    default: object.wrong(*node, "is", shown(*node) + " cannot be compared with; write a text, a number, true, false or null");
  }
}

void readStatus(ObjectReader& object, Check& check) {
  const JsonNode* const node = object.find("status");
  check.kind = Check::Kind::Status;
  check.value = node->text;
  const bool scalar = node->kind == JsonNode::Kind::Text || node->kind == JsonNode::Kind::Number;
  if (!scalar || !isStatus(node->text)) object.wrong(*node, "status", shown(*node) + " is no status; write e.g. \"200\" or \"2xx\"");
}

std::string defaultName(const Check& check) {
  switch (check.kind) {
    case Check::Kind::Status: return "status is " + check.value;
    case Check::Kind::Header: return check.subject + " is " + check.value;
    case Check::Kind::BodyContains: return "body contains " + shortened(check.value, 60);
    case Check::Kind::Json: return check.subject + " is " + shortened(check.value, 60);
  }
  return {};
}

bool readCheckKind(ObjectReader& object, Check& check) {
  const JsonNode* const status = object.find("status");
  const JsonNode* const header = object.find("header");
  const JsonNode* const body = object.find("bodyContains");
  const JsonNode* const json = object.find("json");
  if ((status ? 1 : 0) + (header ? 1 : 0) + (body ? 1 : 0) + (json ? 1 : 0) != 1) {
    object.find("is");
    object.wrong("a check has exactly one of status, header, bodyContains, json; write e.g. {\"status\": \"200\"}");
    return false;
  }
  if (status) {
    readStatus(object, check);
  } else if (header) {
    check.kind = Check::Kind::Header;
    object.text("header", check.subject, "\"X-Cache\"");
    if (header->kind == JsonNode::Kind::Text && !isHttpToken(check.subject)) object.wrong(*header, "header", shown(*header) + " is no name of a header; write e.g. \"X-Cache\"");
  } else if (body) {
    check.kind = Check::Kind::BodyContains;
    object.text("bodyContains", check.value, "\"items\"");
    if (body->kind == JsonNode::Kind::Text && check.value.empty()) object.wrong(*body, "bodyContains", "is empty; write what the body should hold");
  } else {
    check.kind = Check::Kind::Json;
    object.text("json", check.subject, "\"/items/0/id\"");
    if (json->kind == JsonNode::Kind::Text && !isPointer(check.subject)) object.wrong(*json, "json", shown(*json) + " " + pointerRule);
  }
  if (header || json) readExpected(object, check.value);
  return true;
}

void readChecks(ObjectReader& object, Step& step) {
  object.list("checks", 100, [&](const JsonNode& node, const std::string& path) {
    ObjectReader one(node, path, "a check", object.problems());
    Check check;
    one.text("name", check.name, "\"is a hit\"");
    if (!one.isObject() || !readCheckKind(one, check)) return;
    if (check.name.empty()) check.name = defaultName(check);
    step.checks.push_back(std::move(check));
  });
}

void readName(ObjectReader& object, Step& step, std::set<std::string>& names) {
  const JsonNode* const node = object.require("name", "\"list\"");
  object.text("name", step.name, "\"list\"");
  if (!node || node->kind != JsonNode::Kind::Text) return;
  if (!isLabel(step.name)) object.wrong(*node, "name", shown(*node) + " does not fit; a name has 1 to 100 characters, none of them {},:\"'");
  else if (!names.insert(step.name).second) object.wrong(*node, "name", shown(*node) + " is the name of a step before; names are unique, since figures go by them");
}

Step readStep(const JsonNode& node, const std::string& path, Problems& problems, std::set<std::string>& names, std::vector<PendingText>& texts) {
  ObjectReader object(node, path, "a step", problems);
  Step step;
  if (!object.isObject()) return step;
  readName(object, step, names);
  const std::vector<std::string> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  object.choice("method", methods, [&](std::size_t index) { step.method = methods[index]; });
  readPath(object, step, texts);
  readHeaders(object, step, texts);
  readBody(object, step, texts);
  readThinkTime(object, step);
  readExtractions(object, step);
  readTags(object, true, step.tags);
  readChecks(object, step);
  object.number("weight", step.weight, 0.001, 1e6);
  return step;
}

}  // namespace

void readSteps(ObjectReader& file, std::string_view field, std::set<std::string>& names, std::vector<Step>& steps, std::vector<PendingText>& texts) {
  file.list(field, mostSteps, [&](const JsonNode& node, const std::string& path) { steps.push_back(readStep(node, path, file.problems(), names, texts)); });
}

}  // namespace cachedeck::load
