// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/http_server.h"

#include "app/sample/http/exchange_store.h"

#include <microhttpd.h>

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace cachedeck::sample {

using namespace std::chrono_literals;

namespace {

Method methodOf(const char* name) {
  for (std::size_t i = 0; i + 1 < methodCount; ++i)
    if (methodName(static_cast<Method>(i)) == name) return static_cast<Method>(i);
  return Method::Other;
}

// For the head of a request and pieces of its body. The library overwrites all of it after each request: half of its default
// keeps more of the processor's first cache for us.
constexpr std::size_t connectionMemory = 16 * 1024;

// As many connections as there are descriptors for, with some left for Redis, PostgreSQL and the rest.
unsigned connectionLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 16384);
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<unsigned>(std::clamp<rlim_t>(limit.rlim_cur, 1024, 16384) - 512);
}

bool add(MHD_Response* response, const char* name, const char* value) { return MHD_add_response_header(response, name, value) == MHD_YES; }

}  // namespace

/// The library's callbacks.
struct HttpServer::Calls {
  static void* target(void*, const char* target, MHD_Connection* connection) { return ExchangeStore::take(connection, target); }

  static MHD_Result request(void* self, MHD_Connection*, const char*, const char* method, const char*, const char* data, std::size_t* size,
                            void** context) {
    if (!*context) return MHD_NO;
    return static_cast<HttpServer*>(self)->step(*static_cast<Exchange*>(*context), method, data, *size) ? MHD_YES : MHD_NO;
  }

  static void completed(void* self, MHD_Connection*, void** context, MHD_RequestTerminationCode) {
    if (*context) static_cast<HttpServer*>(self)->complete(static_cast<Exchange*>(*context));
    *context = nullptr;
  }
};

std::unique_ptr<HttpServer> HttpServer::start(int threads, HttpHandler& handler) {
  std::unique_ptr<HttpServer> server(new HttpServer(handler));
  // We accept ourselves: the library's own way to stop accepting (0.9.75) can abort the process when its threads are busy,
  // and all its threads wake for each new connection.
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
  server->m_daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &Calls::request, server.get(),              //
      MHD_OPTION_URI_LOG_CALLBACK, &Calls::target, static_cast<void*>(nullptr),  //
      MHD_OPTION_NOTIFY_COMPLETED, &Calls::completed, static_cast<void*>(server.get()),
      MHD_OPTION_CONNECTION_LIMIT, connectionLimit(), MHD_OPTION_CONNECTION_TIMEOUT, 75u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, connectionMemory,
      threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, static_cast<unsigned>(threads), MHD_OPTION_END);
  if (!server->m_daemon) return nullptr;
  return server;
}

void HttpServer::accept(ListenSocket socket) {
  m_acceptor.emplace(std::move(socket), [this](int descriptor, const sockaddr* address, unsigned size) {
    MHD_add_connection(m_daemon, descriptor, address, size);  // closes it when it does not take it
  });
}

HttpServer::~HttpServer() { stop(); }

void HttpServer::beginDrain() {
  m_draining.store(true);
  m_acceptor.reset();
}

bool HttpServer::waitIdle(std::chrono::steady_clock::time_point deadline) const {
  // Idle for a moment, so that requests still in the sockets of kept-alive connections are read and answered.
  for (int calm = 0; calm < 10; std::this_thread::sleep_for(5ms)) {
    calm = underWay() == 0 ? calm + 1 : 0;
    if (std::chrono::steady_clock::now() >= deadline) return calm > 0;
  }
  return true;
}

bool HttpServer::stop() {
  if (!m_daemon) return true;
  m_acceptor.reset();
  if (m_deferred.load() != 0) return false;
  MHD_stop_daemon(m_daemon);
  m_daemon = nullptr;
  return true;
}

int HttpServer::step(Exchange& exchange, const char* method, const char* data, std::size_t& size) {
  switch (exchange.m_phase) {
    case Exchange::Phase::Head: return begin(exchange, method);
    case Exchange::Phase::Body: return size > 0 ? receive(exchange, data, size) : handle(exchange);
    case Exchange::Phase::Handled: break;
  }
  resumed(exchange);
  return queue(exchange);
}

void HttpServer::resumed(Exchange& exchange) {
  if (!exchange.m_deferred || exchange.m_resumed) return;
  exchange.m_resumed = true;
  m_deferred.fetch_sub(1, std::memory_order_relaxed);
}

int HttpServer::begin(Exchange& exchange, const char* method) {
  exchange.m_phase = Exchange::Phase::Body;
  exchange.m_counted = true;
  exchange.m_deferredCount = &m_deferred;
  m_underWay.fetch_add(1, std::memory_order_relaxed);
  exchange.m_method = methodOf(method);
  if (exchange.m_method == Method::Get) return 1;
  const char* length = MHD_lookup_connection_value(exchange.m_connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
  if (!length || std::strtoull(length, nullptr, 10) <= largestBody) return 1;
  exchange.answer(errorReply(413, "The body is larger than 65536 bytes."));
  return queue(exchange);  // before the body was read: the library closes the connection
}

int HttpServer::receive(Exchange& exchange, const char* data, std::size_t& size) {
  if (exchange.m_body.size() + size > largestBody) {
    refuseAtOnce(exchange);
    return 0;
  }
  exchange.m_body.append(data, size);
  size = 0;
  return 1;
}

// The library takes no answer while a body is on its way, and a body in chunks need not end.
void HttpServer::refuseAtOnce(Exchange& exchange) {
  exchange.answer(errorReply(413, "The body is larger than 65536 bytes."));
  m_handler.answered(exchange, 413);
  const std::string& body = *exchange.m_reply.body;
  const std::string text = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body;
  const auto* info = MHD_get_connection_info(exchange.m_connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info && send(info->connect_fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) shutdown(info->connect_fd, SHUT_WR);
}

int HttpServer::handle(Exchange& exchange) {
  exchange.m_phase = Exchange::Phase::Handled;
  try {
    m_handler.handle(exchange);
  } catch (const std::exception&) {
    exchange.answer(errorReply(500, "The request could not be carried out."));
  }
  if (exchange.m_deferred) return 1;
  if (!exchange.m_answered.load(std::memory_order_relaxed)) exchange.answer(errorReply(500, "The request was not answered."));
  return queue(exchange);
}

int HttpServer::queue(Exchange& exchange) {
  const Reply& reply = exchange.m_reply;
  // The exchange keeps the body until it has been sent; the library takes a pointer without const, but only reads.
  const std::size_t size = reply.body ? reply.body->size() : 0;
  void* data = size > 0 ? const_cast<char*>(reply.body->data()) : nullptr;
  MHD_Response* response = MHD_create_response_from_buffer(size, data, MHD_RESPMEM_PERSISTENT);
  if (!response) return 0;
  if (size > 0) add(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.contentType);
  if (reply.xCache) add(response, "X-Cache", reply.xCache);
  for (const auto& [name, value] : reply.headers) add(response, name, value.c_str());
  if (m_draining.load(std::memory_order_relaxed)) add(response, MHD_HTTP_HEADER_CONNECTION, "close");
  m_handler.answered(exchange, reply.status);
  const int queued = MHD_queue_response(exchange.m_connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return queued == MHD_YES;
}

void HttpServer::complete(Exchange* exchange) {
  resumed(*exchange);  // of one whose client has left the answer is not asked for
  if (exchange->m_counted) m_underWay.fetch_sub(1, std::memory_order_relaxed);
  ExchangeStore::giveBack(exchange);
}

}  // namespace cachedeck::sample
