// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
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
  /// When all of it was there and its answer was put off: what follows has its time from here. A client may take long to send a body.
  std::chrono::steady_clock::time_point received() const { return m_received; }

  /// The answer comes later, from any thread: `start` sees to that. It runs once the connection has been set aside, which is after the handler's
  /// return, and not at all when the client is gone by then; at once when the connection is set aside already.
  void defer(std::function<void()> start);
  /// The answer is given, or deferred, by HttpHandler::together(), with those of other requests that are on this thread at the same time.
  /// Not for one that was deferred.
  void gather() { m_phase = Phase::Gathered; }
  bool deferred() const { return m_aside; }
  /// Gives the answer; only the first counts. Of a connection that was set aside the exchange may be gone as soon as this is called.
  void answer(Reply reply);

  /// Which of the handler's labels this request is counted under.
  std::size_t label = noLabel;

 private:
  friend class HttpServer;
  friend class ExchangeStore;
  enum class Phase : std::uint8_t {
    Head,
    Body,
    Gathered,  // waits for the others of its round
    Later,     // handled, and to be set aside
    Handled,   // set aside, or answered
  };
  void begin(MHD_Connection* connection, std::string_view target);

  MHD_Connection* m_connection = nullptr;
  std::string m_target;
  std::size_t m_pathLength = 0;
  std::string m_body;
  std::chrono::steady_clock::time_point m_arrived, m_received;
  Reply m_reply;
  std::function<void()> m_start;
  std::atomic<bool> m_answered{false};
  int m_socket = -1;
  Method m_method = Method::Other;
  Phase m_phase = Phase::Head;
  bool m_aside = false;
  bool m_resumed = false;
  bool m_counted = false;
};

}  // namespace cachedeck::sample
