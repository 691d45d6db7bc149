// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/risk_body.h"

#include "app/sample/service/parameters.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cachedeck::sample {
namespace {

using Json = nlohmann::json;

struct Field {
  std::string_view name;
  enum class Kind : std::uint8_t { Text, Choice, Number } kind;
  std::int64_t least = 0, most = 0;
  std::array<std::string_view, 4> choices{};
  const char* fallback = nullptr;  // for one that may be left out
  bool onlyWhenNew = false;        // … but not when a risk is replaced
};

constexpr std::array<Field, 7> fields{{
    {"title", Field::Kind::Text, 1, 200},
    {"description", Field::Kind::Text, 0, 4000, {}, ""},
    {"severity", Field::Kind::Choice, 0, 0, {"low", "medium", "high", "critical"}},
    {"status", Field::Kind::Choice, 0, 0, {"open", "mitigating", "accepted", "closed"}, "open", true},
    {"likelihood", Field::Kind::Number, 1, 5},
    {"impact", Field::Kind::Number, 1, 5},
    {"owner", Field::Kind::Text, 1, 100},
}};

Reply badField(std::string_view name, const std::string& message) { return errorReply(400, message, "field", name); }

Expected<Json, Reply> parsedObject(const std::string& body) {
  try {
    Json json = Json::parse(body);
    if (!json.is_object()) return errorReply(400, "The body must be a JSON object.");
    return json;
  } catch (const Json::parse_error& error) {
    return errorReply(400, "The body is not JSON: it is wrong at byte " + std::to_string(error.byte) + ".", "position", error.byte);
  }
}

Expected<std::string, Reply> text(const Json& value, const Field& field) {
  const std::string* found = value.get_ptr<const std::string*>();
  const std::int64_t length = found ? textLength(*found) : -1;
  const bool blank = found && field.least > 0 && found->find_first_not_of(" \t\r\n") == std::string::npos;
  if (length < field.least || length > field.most || blank)
    return badField(field.name, std::string(field.name) + " must be a text of " + std::to_string(field.least) + " to " + std::to_string(field.most) +
                                    " characters" + (field.least > 0 ? ", not all blank." : "."));
  return *found;
}

Expected<std::string, Reply> choice(const Json& value, const Field& field) {
  const std::string* found = value.get_ptr<const std::string*>();
  if (found && std::find(field.choices.begin(), field.choices.end(), *found) != field.choices.end()) return *found;
  std::string message = std::string(field.name) + " must be one of";
  for (const std::string_view one : field.choices) message += (one == field.choices.front() ? " " : ", ") + std::string(one);
  return badField(field.name, message + ".");
}

Expected<std::string, Reply> number(const Json& value, const Field& field) {
  const bool fits = value.is_number_integer() && value >= field.least && value <= field.most;
  if (fits) return std::to_string(value.get<std::int64_t>());
  return badField(field.name, std::string(field.name) + " must be a whole number from " + std::to_string(field.least) + " to " +
                                  std::to_string(field.most) + ".");
}

Expected<std::string, Reply> read(const Json& json, const Field& field, bool isNew) {
  const auto found = json.find(field.name);
  if (found == json.end()) {
    if (field.fallback && (isNew || !field.onlyWhenNew)) return std::string(field.fallback);
    return badField(field.name, std::string(field.name) + " is missing.");
  }
  switch (field.kind) {
    case Field::Kind::Text: return text(*found, field);
    case Field::Kind::Choice: return choice(*found, field);
    case Field::Kind::Number: break;
  }
  return number(*found, field);
}

std::optional<Reply> unknownField(const Json& json, std::initializer_list<std::string_view> more = {}) {
  for (const auto& [name, value] : json.items()) {
    const auto known = [&name = name](const Field& field) { return field.name == name; };
    const bool found = more.size() > 0 ? std::find(more.begin(), more.end(), name) != more.end() : std::any_of(fields.begin(), fields.end(), known);
    if (!found) return badField(name, "There is no field \"" + name.substr(0, 100) + "\" here.");
  }
  return std::nullopt;
}

}  // namespace

Expected<RiskFields, Reply> readRisk(const std::string& body, bool isNew) {
  Expected<Json, Reply> json = parsedObject(body);
  if (!json) return json.error();
  if (std::optional<Reply> unknown = unknownField(*json)) return std::move(*unknown);
  RiskFields values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Expected<std::string, Reply> value = read(*json, fields[i], isNew);
    if (!value) return value.error();
    values[i] = std::move(*value);
  }
  return values;
}

Expected<LoginBody, Reply> readLogin(const std::string& body) {
  Expected<Json, Reply> json = parsedObject(body);
  if (!json) return json.error();
  if (std::optional<Reply> unknown = unknownField(*json, {"username", "email", "password"})) return std::move(*unknown);
  if (!json->contains("username") && !json->contains("email")) return badField("username", "username (or email) is missing.");
  const std::string name = json->contains("username") ? "username" : "email";
  const Field nameField{name, Field::Kind::Text, 1, 200}, passwordField{"password", Field::Kind::Text, 1, 200};
  Expected<std::string, Reply> user = read(*json, nameField, true), password = read(*json, passwordField, true);
  if (!user) return user.error();
  if (!password) return password.error();
  return LoginBody{std::move(*user), std::move(*password)};
}

}  // namespace cachedeck::sample
