// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/failure.h"

#include <cstdint>
#include <functional>
#include <thread>

struct sockaddr;

namespace cachedeck::sample {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : m_number(number) {}
  Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int number() const { return m_number; }

 private:
  int m_number;
};

/// A TCP address that is taken, on which connections are refused until listen().
class ListenSocket {
 public:
  /// `host` is an address or a name of this machine; port 0 takes any free one. The failure says what is in the way.
  static cacheaside::Outcome<ListenSocket> bind(const std::string& host, std::uint16_t port);
  cacheaside::Outcome<void> listen();
  /// "127.0.0.1:8080"
  const std::string& address() const { return m_address; }
  int descriptor() const { return m_socket.number(); }

 private:
  ListenSocket(Descriptor socket, std::string address) : m_socket(std::move(socket)), m_address(std::move(address)) {}
  Descriptor m_socket;
  std::string m_address;
};

/// A thread that accepts connections; its destructor first takes those that already wait, then closes the socket.
class Acceptor {
 public:
  using Take = std::function<void(int descriptor, const sockaddr* address, unsigned size)>;
  Acceptor(ListenSocket socket, Take take);
  ~Acceptor();

 private:
  void run();
  bool acceptAll();
  ListenSocket m_socket;
  const Take m_take;
  Descriptor m_wake;
  std::jthread m_thread;
};

}  // namespace cachedeck::sample
