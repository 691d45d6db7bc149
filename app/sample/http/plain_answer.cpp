// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/http/plain_answer.h"

#include "app/sample/http/exchange.h"

#include <sys/socket.h>

namespace cachedeck::sample {

bool sendPlainAnswer(int socket, std::string_view statusLine, int status, std::string_view message, std::string_view header) {
  const std::string body = *errorReply(status, message).body;
  std::string text = "HTTP/1.1 ";
  text.append(statusLine).append("\r\nConnection: close\r\nContent-Type: application/json\r\n").append(header);
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

}  // namespace cachedeck::sample
