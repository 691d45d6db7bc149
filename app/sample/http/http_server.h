// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/acceptor.h"
#include "app/sample/http/exchange.h"
#include "app/sample/http/links.h"

#include <atomic>
#include <optional>

struct MHD_Daemon;

namespace cachedeck::sample {

/// What answers requests. All functions are called on threads of the server, which serve many connections each.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// A whole request. Answers at once, or defers and answers later; never blocks for long.
  virtual void handle(Exchange& exchange) = 0;
  /// Answers or defers those that were gathered on this thread since the last time (Exchange::gather()).
  virtual void together() {}
  /// One that was gathered is none any more: its client has left.
  virtual void left(Exchange&) {}
  /// The answer is about to be sent.
  virtual void answered(Exchange& exchange, int status) = 0;
};

/// HTTP/1.1 by libmicrohttpd: epoll, few threads, thousands of connections.
class HttpServer {
 public:
  static constexpr std::size_t largestBody = 64 * 1024;   ///< bytes; a larger one gets 413
  static constexpr std::size_t longestTarget = 8 * 1024;  ///< bytes; a longer one gets 414
  static constexpr std::size_t longestHead = 16 * 1024;   ///< bytes of the request line and headers together; a longer one gets 431

  struct Limits {
    int threads = 4;
    int reserve = 64;                         ///< descriptors that no client gets, for what else the process opens
    std::chrono::milliseconds request{30000};  ///< from a connection's begin to its first request line, and from a request line to the request's end
    std::chrono::milliseconds idle{75000};     ///< from an answer to the next request line
  };
  /// Nothing when the threads or descriptors that it needs are not to be had.
  static std::unique_ptr<HttpServer> start(const Limits& limits, HttpHandler& handler);
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
  HttpServer(const Limits& limits, int clientDescriptors, HttpHandler& handler)
      : m_limits(limits), m_clientDescriptors(clientDescriptors), m_handler(handler), m_links(clientDescriptors) {}
  void take(int descriptor, const sockaddr* address, unsigned size);
  void refuse(int descriptor);
  void endLate(const std::stop_token& stop);
  Exchange* meet(MHD_Connection* connection, const char* target);
  int step(Exchange& exchange, const char* method, const char* data, std::size_t& size);
  int begin(Exchange& exchange, const char* method);
  int receive(Exchange& exchange, const char* data, std::size_t& size);
  std::optional<Reply> refusal(Exchange& exchange) const;
  int handle(Exchange& exchange);
  void carryOut(Exchange& exchange, const std::function<void()>& work);
  int together(Exchange& exchange);
  int setAside(Exchange& exchange);
  int queue(Exchange& exchange);
  void resumed(Exchange& exchange);
  void refuseAtOnce(Exchange& exchange);
  void complete(Exchange* exchange);

  const Limits m_limits;
  const int m_clientDescriptors;  // those of clients are below this
  HttpHandler& m_handler;
  Links m_links;
  MHD_Daemon* m_daemon = nullptr;
  std::optional<Acceptor> m_acceptor;
  std::atomic<int> m_underWay{0};
  std::atomic<int> m_deferred{0};
  std::atomic<bool> m_draining{false};
  std::jthread m_watch;  // last: ends first
};

}  // namespace cachedeck::sample
