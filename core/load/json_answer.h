// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace cachedeck::load {

/// The JSON of an answer, parsed when it is first asked for.
class JsonAnswer {
 public:
  explicit JsonAnswer(const std::string& body);
  ~JsonAnswer();
  /// The value at an RFC 6901 pointer as text: a string without quotes, else as JSON writes it. Nothing where there is none, or the body is not JSON.
  std::optional<std::string> at(const std::string& pointer) const;

 private:
  struct Document;
  const std::string& m_body;
  mutable std::unique_ptr<Document> m_document;
};

}  // namespace cachedeck::load
