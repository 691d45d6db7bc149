// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sample/bare_server.h"

#include <microhttpd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <string>

namespace {

enum MHD_Result answer(void* body, MHD_Connection* connection, const char*, const char*, const char*, const char*, std::size_t*, void** seen) {
  if (!*seen) {  // an answer before the request was read would close the connection
    *seen = body;
    return MHD_YES;
  }
  const auto& text = *static_cast<const std::string*>(body);
  MHD_Response* response = MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()), MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(response, "Content-Type", "application/json");
  MHD_add_response_header(response, "X-Cache", "HIT");
  const MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

int serveBare(std::size_t size, unsigned threads) {
  std::string body = "{\"items\":\"" + std::string(size > 12 ? size - 12 : 0, 'x') + "\"}";
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, nullptr);  // before MHD's threads inherit the mask
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  MHD_Daemon* daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &answer, &body,
                                        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END);
  if (!daemon) return 1;
  std::printf("listening on http://127.0.0.1:%d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  MHD_stop_daemon(daemon);
  return 0;
}
