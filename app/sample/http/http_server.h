// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/acceptor.h"
#include "app/sample/http/exchange.h"

#include <atomic>
#include <optional>

struct MHD_Daemon;

namespace cachedeck::sample {

/// What answers requests. Both functions are called on threads of the server, which serve many connections each.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// A whole request. Answers at once, or defers and answers later; never blocks for long.
  virtual void handle(Exchange& exchange) = 0;
  /// The answer is about to be sent.
  virtual void answered(Exchange& exchange, int status) = 0;
};

/// HTTP/1.1 by libmicrohttpd: epoll, few threads, thousands of connections.
class HttpServer {
 public:
  static constexpr std::size_t largestBody = 64 * 1024;  ///< bytes; a larger one gets 413

  /// Nothing when the threads or descriptors that it needs are not to be had.
  static std::unique_ptr<HttpServer> start(int threads, HttpHandler& handler);
  ~HttpServer();
  void accept(ListenSocket socket);

  /// Requests whose head has arrived and whose answer is not sent yet.
  int underWay() const { return m_underWay.load(std::memory_order_relaxed); }

  /// No further connection is accepted, and each answer closes its connection.
  void beginDrain();
  /// Waits until nothing is under way; false when the deadline came first.
  bool waitIdle(std::chrono::steady_clock::time_point deadline) const;
  /// Ends the threads and all connections. False, and nothing done, while deferred exchanges are not answered.
  bool stop();

 private:
  struct Calls;
  explicit HttpServer(HttpHandler& handler) : m_handler(handler) {}
  int step(Exchange& exchange, const char* method, const char* data, std::size_t& size);
  int begin(Exchange& exchange, const char* method);
  int receive(Exchange& exchange, const char* data, std::size_t& size);
  int handle(Exchange& exchange);
  int queue(Exchange& exchange);
  void resumed(Exchange& exchange);
  void refuseAtOnce(Exchange& exchange);
  void complete(Exchange* exchange);

  HttpHandler& m_handler;
  MHD_Daemon* m_daemon = nullptr;
  std::optional<Acceptor> m_acceptor;
  std::atomic<int> m_underWay{0};
  std::atomic<int> m_deferred{0};
  std::atomic<bool> m_draining{false};
};

}  // namespace cachedeck::sample
