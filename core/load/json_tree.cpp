// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/json_tree.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <set>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostBytes = 1024 * 1024, mostDepth = 32, mostNodes = 200'000;

/// Characters for nlohmann's parser, which copies it about: where it is stands outside.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* end, const char** at) : m_end(end), m_at(at) {}
  reference operator*() const { return **m_at; }
  Cursor& operator++() {
    ++*m_at;
    return *this;
  }
  bool operator==(const Cursor& other) const { return *m_at == other.m_end; }
  bool operator!=(const Cursor& other) const { return !(*this == other); }

 private:
  const char* m_end;
  const char** m_at;
};

/// Builds the tree from the parser's calls.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(const char* begin, const char* const* at) : m_at(at), m_counted(begin) {
    m_root.kind = JsonNode::Kind::Array;
    m_open.push_back({&m_root, {}});
  }

  bool null() override { return put(JsonNode::Kind::Null, line()); }
  bool boolean(bool value) override { return put(JsonNode::Kind::Bool, line()) && (last().boolean = value, true); }
  bool number_integer(number_integer_t value) override { return putWhole(value, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX)) return putWhole(static_cast<std::int64_t>(value), std::to_string(value));
    return putNumber(static_cast<double>(value), std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& written) override { return putNumber(value, written); }
  bool string(string_t& value) override { return put(JsonNode::Kind::Text, line()) && (last().text = std::move(value), true); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(JsonNode::Kind::Object); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::Array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override;
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override;

  std::string problem;
  JsonNode take() { return std::move(m_root.items.front()); }

 private:
  struct Open {
    JsonNode* node;
    std::set<std::string> names;
  };
  // The parser has read one character beyond a number, and of anything else exactly its last.
  int line(int beyond = 0);
  bool fail(int at, const std::string& text) {
    problem = "line " + std::to_string(at) + ": " + text;
    return false;
  }
  bool put(JsonNode::Kind kind, int at);
  bool putNumber(double value, const std::string& written) {
    if (!put(JsonNode::Kind::Number, line(1))) return false;
    last().number = value;
    last().text = written;
    return true;
  }
  bool putWhole(std::int64_t value, const std::string& written) {
    if (!putNumber(static_cast<double>(value), written)) return false;
    last().whole = true;
    last().integer = value;
    return true;
  }
  bool open(JsonNode::Kind kind);
  bool close() {
    m_open.pop_back();
    return true;
  }
  JsonNode& last() {
    JsonNode& parent = *m_open.back().node;
    return parent.kind == JsonNode::Kind::Object ? parent.members.back().value : parent.items.back();
  }

  const char* const* m_at;
  const char* m_counted;
  int m_line = 1;
  std::size_t m_nodes = 0;
  JsonNode m_root;  ///< a list that holds the value of the file
  std::vector<Open> m_open;
};

int Builder::line(int beyond) {
  const char* const upTo = std::max(m_counted, *m_at - beyond);
  m_line += static_cast<int>(std::count(m_counted, upTo, '\n'));
  m_counted = upTo;
  return m_line;
}

bool Builder::put(JsonNode::Kind kind, int at) {
  if (++m_nodes > mostNodes) return fail(at, "there are more than " + std::to_string(mostNodes) + " values");
  JsonNode& parent = *m_open.back().node;
  JsonNode& node = parent.kind == JsonNode::Kind::Object ? parent.members.back().value : parent.items.emplace_back();
  node.kind = kind;
  node.line = at;
  return true;
}

bool Builder::open(JsonNode::Kind kind) {
  const int at = line();
  if (m_open.size() > mostDepth) return fail(at, "nested deeper than " + std::to_string(mostDepth) + " levels");
  if (!put(kind, at)) return false;
  // The parent gets no further child before this one is closed, so that the pointer stays good.
  m_open.push_back({&last(), {}});
  return true;
}

bool Builder::key(string_t& name) {
  const int at = line();
  if (!m_open.back().names.insert(name).second) return fail(at, "\"" + shortened(name, 100) + "\" stands twice in this object; leave one away");
  JsonMember& member = m_open.back().node->members.emplace_back();
  member.name = std::move(name);
  member.line = at;
  return true;
}

// "[json.exception…] parse error at line 3, column 4: syntax error while parsing …" without its front, which we say ourselves.
bool Builder::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
  std::string text = error.what();
  if (const std::size_t front = text.find("] "); front != std::string::npos) text.erase(0, front + 2);
  if (const std::size_t colon = text.find(": "); text.starts_with("parse error") && colon != std::string::npos) text.erase(0, colon + 2);
  text = shortened(text, 200);
  return fail(line(1), "this is not JSON: " + text);
}

}  // namespace

Expected<JsonNode, std::string> parseJsonTree(std::string_view text) {
  if (text.size() > mostBytes) return std::string("line 1: larger than 1 MiB, which no scenario is");
  // nlohmann's parser takes a zero byte for the end.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    return "line " + std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n')) + ": this is not JSON: a zero byte";
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  Builder builder(text.data(), &at);
  if (!nlohmann::json::sax_parse(Cursor(end, &at), Cursor(end, &at), &builder)) return builder.problem;
  return builder.take();
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "…";
}

const char* kindName(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::Null: return "null";
    case JsonNode::Kind::Bool: return "true or false";
    case JsonNode::Kind::Number: return "a number";
    case JsonNode::Kind::Text: return "a text";
    case JsonNode::Kind::Array: return "a list";
    case JsonNode::Kind::Object: return "an object";
  }
  return "";
}

}  // namespace cachedeck::load
