// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/json_answer.h"

#include <nlohmann/json.hpp>

namespace cachedeck::load {

struct JsonAnswer::Document {
  nlohmann::json json;
};

JsonAnswer::JsonAnswer(const std::string& body) : m_body(body) {}
JsonAnswer::~JsonAnswer() = default;

std::optional<std::string> JsonAnswer::at(const std::string& pointer) const {
  if (!m_document) m_document = std::make_unique<Document>(Document{nlohmann::json::parse(m_body, nullptr, false)});
  if (m_document->json.is_discarded()) return {};
  try {
    const nlohmann::json& value = m_document->json.at(nlohmann::json::json_pointer(pointer));
    if (value.is_string()) return value.get<std::string>();
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

}  // namespace cachedeck::load
