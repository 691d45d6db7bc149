// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

/// A server on a free loopback port, a thread a connection, that answers as a test wants.
class LoadServer {
 public:
  /// Gets the head of a request and the socket; what it returns is sent. "" closes the connection.
  using Behaviour = std::function<std::string(const std::string& head, int fd)>;

  explicit LoadServer(Behaviour behaviour) : m_behaviour(std::move(behaviour)), m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(m_listener, 1024);
    getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
  }
  ~LoadServer() {
    m_over = true;
    shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    close(m_listener);
    {
      const std::lock_guard lock(m_mutex);
      for (const int fd : m_open) shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : m_threads) thread.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
  int port() const { return m_port; }
  std::atomic<int> requests{0}, connections{0};
  bool over() const { return m_over; }

 private:
  void accept() {
    for (;;) {
      const int fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ++connections;
      const std::lock_guard lock(m_mutex);
      m_open.push_back(fd);
      m_threads.emplace_back([this, fd] { serve(fd); });
    }
  }
  void serve(int fd) {
    std::string data;
    char piece[4096];
    for (bool open = true; open;) {
      const std::size_t end = data.find("\r\n\r\n");
      if (end == std::string::npos) {
        const ssize_t count = recv(fd, piece, sizeof piece, 0);
        if (count <= 0) break;
        data.append(piece, static_cast<std::size_t>(count));
        continue;
      }
      const std::string head = data.substr(0, end + 4);
      data.erase(0, end + 4);
      ++requests;
      const std::string answer = m_behaviour(head, fd);
      open = !answer.empty() && send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(answer.size());
    }
    const std::lock_guard lock(m_mutex);
    std::erase(m_open, fd);
    close(fd);
  }

  const Behaviour m_behaviour;
  const int m_listener;
  int m_port = 0;
  std::atomic<bool> m_over{false};
  std::mutex m_mutex;
  std::vector<int> m_open;
  std::vector<std::thread> m_threads;
  std::thread m_acceptor;
};

inline std::string httpOk(const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
