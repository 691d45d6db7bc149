// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct MHD_Connection;

namespace cachedeck::sample {

enum class Method : std::uint8_t { Get, Head, Post, Put, Delete, Patch, Options, Other };
constexpr std::size_t methodCount = 8;
/// "GET"; "other" for those that no route knows.
std::string_view methodName(Method method);

/// What a request is answered with.
struct Reply {
  int status = 200;
  std::shared_ptr<const std::string> body{};  ///< sent as it is, never copied; may be null
  const char* contentType = "application/json";
  const char* xCache = nullptr;                              ///< "HIT", "MISS"; a literal
  std::vector<std::pair<const char*, std::string>> headers{};  ///< further ones; the names are literals
};

Reply jsonReply(int status, std::string body);
/// {"status":404,"error":"…"}, and what was wrong by its name: {"parameter":"page"}.
Reply errorReply(int status, std::string_view message, std::string_view culpritKind = {}, std::string_view culprit = {});
/// … or how many bytes of it were right: {"position":17}.
Reply errorReply(int status, std::string_view message, std::string_view culpritKind, std::size_t culprit);
/// The same with Retry-After, for what may work in a moment.
Reply busyReply(std::string_view message);

/// One request and its answer. It lives from the request line until the answer has been sent.
class Exchange {
 public:
  static constexpr std::size_t noLabel = static_cast<std::size_t>(-1);

  Method method() const { return m_method; }
  /// As they came, still percent-encoded.
  std::string_view path() const;
  std::string_view query() const;
  const std::string& body() const { return m_body; }
  /// The value of Authorization; empty when there is none. To be called on the server's thread, before defer().
  std::string_view authorization() const;
  std::chrono::steady_clock::time_point arrived() const { return m_arrived; }

  /// On the server's thread: the answer comes later, from any thread.
  void defer();
  bool deferred() const { return m_deferred; }
  /// Gives the answer; only the first counts. After defer() the exchange may be gone as soon as this is called.
  void answer(Reply reply);

  /// Which of the handler's labels this request is counted under.
  std::size_t label = noLabel;

 private:
  friend class HttpServer;
  friend class ExchangeStore;
  enum class Phase : std::uint8_t { Head, Body, Handled };
  void begin(MHD_Connection* connection, std::string_view target);

  MHD_Connection* m_connection = nullptr;
  std::string m_target;
  std::size_t m_pathLength = 0;
  std::string m_body;
  std::chrono::steady_clock::time_point m_arrived;
  Reply m_reply;
  std::atomic<int>* m_deferredCount = nullptr;
  std::atomic<bool> m_answered{false};
  Method m_method = Method::Other;
  Phase m_phase = Phase::Head;
  bool m_deferred = false;
  bool m_resumed = false;
  bool m_counted = false;
};

}  // namespace cachedeck::sample
