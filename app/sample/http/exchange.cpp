// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/exchange.h"

#include <microhttpd.h>
#include <nlohmann/json.hpp>

#include <array>

namespace cachedeck::sample {

namespace {

nlohmann::ordered_json errorJson(int status, std::string_view message) { return {{"status", status}, {"error", message}}; }

Reply errorReply(int status, const nlohmann::ordered_json& json) {
  // What a client sent may stand in the message, in whatever encoding.
  return jsonReply(status, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

std::string_view methodName(Method method) {
  static constexpr std::array<std::string_view, methodCount> names{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "other"};
  return names[static_cast<std::size_t>(method)];
}

Reply jsonReply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::make_shared<const std::string>(std::move(body));
  return reply;
}

Reply errorReply(int status, std::string_view message, std::string_view culpritKind, std::string_view culprit) {
  nlohmann::ordered_json json = errorJson(status, message);
  if (!culpritKind.empty()) json[std::string(culpritKind)] = culprit;
  return errorReply(status, json);
}

Reply errorReply(int status, std::string_view message, std::string_view culpritKind, std::size_t culprit) {
  nlohmann::ordered_json json = errorJson(status, message);
  json[std::string(culpritKind)] = culprit;
  return errorReply(status, json);
}

Reply busyReply(std::string_view message) {
  Reply reply = errorReply(503, message);
  reply.headers.emplace_back(MHD_HTTP_HEADER_RETRY_AFTER, "1");
  return reply;
}

void Exchange::begin(MHD_Connection* connection, std::string_view target) {
  m_connection = connection;
  m_target.assign(target);
  const std::size_t mark = target.find('?');
  m_pathLength = mark == std::string_view::npos ? target.size() : mark;
  m_body.clear();
  m_arrived = std::chrono::steady_clock::now();
  m_reply = Reply();
  m_start = nullptr;
  m_answered.store(false, std::memory_order_relaxed);
  m_method = Method::Other;
  m_phase = Phase::Head;
  m_aside = m_resumed = m_counted = false;
  label = noLabel;
}

std::string_view Exchange::path() const { return std::string_view(m_target).substr(0, m_pathLength); }

std::string_view Exchange::query() const {
  return m_pathLength == m_target.size() ? std::string_view() : std::string_view(m_target).substr(m_pathLength + 1);
}

std::string_view Exchange::authorization() const {
  const char* value = nullptr;
  std::size_t size = 0;
  constexpr std::string_view name = MHD_HTTP_HEADER_AUTHORIZATION;
  if (MHD_lookup_connection_value_n(m_connection, MHD_HEADER_KIND, name.data(), name.size(), &value, &size) != MHD_YES || !value) return {};
  return {value, size};
}

void Exchange::defer(std::function<void()> start) {
  if (m_aside) return start();
  m_start = std::move(start);
}

void Exchange::answer(Reply reply) {
  if (m_answered.exchange(true)) return;
  m_reply = std::move(reply);
  if (m_aside) MHD_resume_connection(m_connection);
}

}  // namespace cachedeck::sample
