// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/http_server.h"

#include "app/sample/http/exchange_store.h"
#include "app/sample/http/plain_answer.h"
#include "app/sample/log.h"
#include "core/base/rest.h"

#include <microhttpd.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

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

// For the head of a request and pieces of its body: twice the longest head, so that one that is too long still gets our answer
// and not the library's (which is HTML). The library overwrites all of it after each request: more would cost each of them.
constexpr std::size_t connectionMemory = 2 * HttpServer::longestHead;
constexpr int mostClients = 16384;

// The number below which descriptors are for clients. A new one gets the lowest that is free: when it is not below, so many are in use.
int clientDescriptors(int reserve) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(mostClients + reserve));
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  const int all = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, static_cast<rlim_t>(mostClients + reserve)));
  return std::max(all - reserve, std::min(all / 2, 64));
}

int socketOf(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

std::chrono::steady_clock::time_point after(std::chrono::milliseconds span) { return std::chrono::steady_clock::now() + span; }

bool add(MHD_Response* response, const char* name, const char* value) { return MHD_add_response_header(response, name, value) == MHD_YES; }

}  // namespace

/// The library's callbacks.
struct HttpServer::Calls {
  static void* target(void* self, const char* target, MHD_Connection* connection) { return static_cast<HttpServer*>(self)->meet(connection, target); }

  static MHD_Result request(void* self, MHD_Connection*, const char*, const char* method, const char*, const char* data, std::size_t* size,
                            void** context) {
    if (!*context) return MHD_NO;
    return static_cast<HttpServer*>(self)->step(*static_cast<Exchange*>(*context), method, data, *size) ? MHD_YES : MHD_NO;
  }

  static void completed(void* self, MHD_Connection*, void** context, MHD_RequestTerminationCode) {
    if (*context) static_cast<HttpServer*>(self)->complete(static_cast<Exchange*>(*context));
    *context = nullptr;
  }

  static void connection(void* self, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
    auto& server = *static_cast<HttpServer*>(self);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
      server.m_links.opened(socketOf(connection), after(server.m_limits.request));
    else
      server.m_links.closed(socketOf(connection));
  }
};

std::unique_ptr<HttpServer> HttpServer::start(const Limits& limits, HttpHandler& handler) {
  std::unique_ptr<HttpServer> server(new HttpServer(limits, clientDescriptors(limits.reserve), handler));
  // We accept ourselves: the library's own way to stop accepting (0.9.75) can abort the process when its threads are busy,
  // and all its threads wake for each new connection.
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
  server->m_daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &Calls::request, server.get(),              //
      MHD_OPTION_URI_LOG_CALLBACK, &Calls::target, static_cast<void*>(server.get()),  //
      MHD_OPTION_NOTIFY_COMPLETED, &Calls::completed, static_cast<void*>(server.get()),    //
      MHD_OPTION_NOTIFY_CONNECTION, &Calls::connection, static_cast<void*>(server.get()),  //
      MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(2 * mostClients), MHD_OPTION_CONNECTION_MEMORY_LIMIT, connectionMemory,
      limits.threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, static_cast<unsigned>(limits.threads), MHD_OPTION_END);
  if (!server->m_daemon) return nullptr;
  server->m_watch = std::jthread([watched = server.get()](const std::stop_token& stop) { watched->endLate(stop); });
  return server;
}

void HttpServer::accept(ListenSocket socket) {
  m_acceptor.emplace(std::move(socket), [this](int descriptor, const sockaddr* address, unsigned size) { take(descriptor, address, size); });
}

void HttpServer::take(int descriptor, const sockaddr* address, unsigned size) {
  if (descriptor >= m_clientDescriptors) return refuse(descriptor);
  MHD_add_connection(m_daemon, descriptor, address, size);  // closes it when it does not take it
}

// Instead of taking the last descriptors from Redis and PostgreSQL, for which those who are connected would have to wait.
void HttpServer::refuse(int descriptor) {
  sendPlainAnswer(descriptor, "503 Service Unavailable", 503, "Too many clients are connected.", "Retry-After: 1\r\n");
  shutdown(descriptor, SHUT_WR);
  char request[4096];
  while (recv(descriptor, request, sizeof request, MSG_DONTWAIT) > 0) continue;  // what is not read would make the kernel take the answer back
  close(descriptor);
  logSparingly("a client was refused: all " + std::to_string(m_clientDescriptors) + " descriptors for clients are in use");
}

void HttpServer::endLate(const std::stop_token& stop) {
  const std::chrono::milliseconds pause = std::clamp<std::chrono::milliseconds>(m_limits.request / 4, 10ms, 1s);
  for (; !stop.stop_requested(); restFor(pause, stop)) {
    m_links.rouseHalfClosed();
    if (const std::size_t count = m_links.endLate(std::chrono::steady_clock::now()); count > 0)
      logSparingly(std::to_string(count) + (count == 1 ? " connection was" : " connections were") + " closed, on which no whole request came in time");
  }
}

// The request line is there.
Exchange* HttpServer::meet(MHD_Connection* connection, const char* target) {
  Exchange* exchange = ExchangeStore::take(connection, target);
  exchange->m_socket = socketOf(connection);
  m_links.owesRequest(exchange->m_socket, exchange->arrived() + m_limits.request);
  // We read the query ourselves. The library would put each parameter into the connection's memory, and after too many of them close it without
  // an answer (0.9.75); the text is its own buffer, and it looks for parameters only after this.
  if (const char* query = std::strchr(target, '?')) const_cast<char*>(query)[1] = '\0';
  return exchange;
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
  m_watch = std::jthread();
  MHD_stop_daemon(m_daemon);
  m_daemon = nullptr;
  return true;
}

int HttpServer::step(Exchange& exchange, const char* method, const char* data, std::size_t& size) {
  switch (exchange.m_phase) {
    case Exchange::Phase::Head: return begin(exchange, method);
    case Exchange::Phase::Body: return size > 0 ? receive(exchange, data, size) : handle(exchange);
    case Exchange::Phase::Gathered: return together(exchange);
    case Exchange::Phase::Later: return setAside(exchange);
    case Exchange::Phase::Handled: break;
  }
  resumed(exchange);
  return queue(exchange);
}

void HttpServer::resumed(Exchange& exchange) {
  if (!exchange.m_aside || exchange.m_resumed) return;
  exchange.m_resumed = true;
  m_deferred.fetch_sub(1, std::memory_order_relaxed);
}

int HttpServer::begin(Exchange& exchange, const char* method) {
  exchange.m_phase = Exchange::Phase::Body;
  exchange.m_counted = true;
  m_underWay.fetch_add(1, std::memory_order_relaxed);
  exchange.m_method = methodOf(method);
  std::optional<Reply> refused = refusal(exchange);
  if (!refused) return 1;
  exchange.answer(std::move(*refused));
  return queue(exchange);  // before a body was read: the library then closes the connection
}

std::optional<Reply> HttpServer::refusal(Exchange& exchange) const {
  if (exchange.m_target.size() > longestTarget) return errorReply(414, "The path and query are longer than 8192 bytes.");
  if (const auto* head = MHD_get_connection_info(exchange.m_connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE); head && head->header_size > longestHead)
    return errorReply(431, "The request line and headers are longer than 16384 bytes.");
  if (exchange.m_method == Method::Get) return std::nullopt;
  const char* length = MHD_lookup_connection_value(exchange.m_connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
  if (!length || std::strtoull(length, nullptr, 10) <= largestBody) return std::nullopt;
  return errorReply(413, "The body is larger than 65536 bytes.");
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
  if (sendPlainAnswer(exchange.m_socket, "413 Content Too Large", 413, "The body is larger than 65536 bytes.")) shutdown(exchange.m_socket, SHUT_WR);
}

int HttpServer::handle(Exchange& exchange) {
  if (!m_links.owesNothing(exchange.m_socket)) return 0;
  exchange.m_phase = Exchange::Phase::Handled;
  carryOut(exchange, [&] { m_handler.handle(exchange); });
  if (exchange.m_phase == Exchange::Phase::Gathered) return 1;
  if (!exchange.m_start) return queue(exchange);
  exchange.m_phase = Exchange::Phase::Later;
  return 1;
}

// The library first makes the calls for all connections of the thread on which something has come, and then at once another for each whole request that has
// no answer yet. So with the first of these all that came together are there.
int HttpServer::together(Exchange& exchange) {
  const bool first = !exchange.m_answered.load(std::memory_order_relaxed) && !exchange.m_start;
  exchange.m_phase = Exchange::Phase::Handled;
  if (first) carryOut(exchange, [&] { m_handler.together(); });
  return exchange.m_start ? setAside(exchange) : queue(exchange);
}

// What is neither answered, deferred nor gathered by `work`, gets an answer all the same.
void HttpServer::carryOut(Exchange& exchange, const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception&) {
    exchange.m_start = nullptr;
    exchange.m_phase = Exchange::Phase::Handled;
    exchange.answer(errorReply(500, "The request could not be carried out."));
  }
  const bool waits = exchange.m_start || exchange.m_phase == Exchange::Phase::Gathered;
  if (!waits && !exchange.m_answered.load(std::memory_order_relaxed)) exchange.answer(errorReply(500, "The request was not answered."));
}

// In a call of its own: set aside in the first one, a connection is read from before
// its answer is sent (0.9.75), and a client that has closed its half after the request, as it may, would get no answer.
int HttpServer::setAside(Exchange& exchange) {
  exchange.m_phase = Exchange::Phase::Handled;
  exchange.m_received = std::chrono::steady_clock::now();
  exchange.m_aside = true;
  m_deferred.fetch_add(1, std::memory_order_relaxed);
  MHD_suspend_connection(exchange.m_connection);
  const std::function<void()> start = std::exchange(exchange.m_start, nullptr);
  try {
    start();
  } catch (const std::exception&) {
    exchange.answer(errorReply(500, "The request could not be carried out."));
  }
  return 1;
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
  m_links.owesNext(exchange.m_socket, after(m_limits.idle));
  const int queued = MHD_queue_response(exchange.m_connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return queued == MHD_YES;
}

void HttpServer::complete(Exchange* exchange) {
  if (exchange->m_phase == Exchange::Phase::Gathered) m_handler.left(*exchange);
  resumed(*exchange);  // of one whose client has left the answer is not asked for
  if (exchange->m_counted) m_underWay.fetch_sub(1, std::memory_order_relaxed);
  ExchangeStore::giveBack(exchange);
}

}  // namespace cachedeck::sample
