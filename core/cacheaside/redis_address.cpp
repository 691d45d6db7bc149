// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_address.h"

#include <netdb.h>
#include <sys/un.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

namespace cachedeck::cacheaside {

namespace {

std::vector<Address> lookedUp(const std::string& host, int port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  std::vector<Address> out;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list) != 0) return out;
  for (const addrinfo* item = list; item; item = item->ai_next) {
    Address address;
    std::memcpy(&address.bytes, item->ai_addr, item->ai_addrlen);
    address.size = item->ai_addrlen;
    out.push_back(address);
  }
  freeaddrinfo(list);
  return out;
}

std::vector<Address> socketAddress(const std::string& path) {
  sockaddr_un un{};
  if (path.size() >= sizeof un.sun_path) return {};
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path, path.c_str(), path.size() + 1);
  Address address;
  std::memcpy(&address.bytes, &un, sizeof un);
  address.size = sizeof un;
  return {address};
}

}  // namespace

std::string placeOf(const RedisSettings& settings) {
  if (!settings.socket.empty()) return settings.socket;
  const bool v6 = settings.host.find(':') != std::string::npos;
  return (v6 ? "[" + settings.host + "]" : settings.host) + ":" + std::to_string(settings.port);
}

struct AddressBook::State {
  std::string host;
  int port = 0;
  bool fixed = false;  // nothing to look up
  std::mutex mutex;
  std::condition_variable done;
  bool underWay = false;
  std::vector<Address> addresses;
};

AddressBook::AddressBook(const RedisSettings& settings) : m_state(std::make_shared<State>()) {
  m_state->host = settings.host;
  m_state->port = settings.port;
  m_state->addresses = settings.socket.empty() ? lookedUp(settings.host, settings.port, AI_NUMERICHOST) : socketAddress(settings.socket);
  m_state->fixed = !settings.socket.empty() || !m_state->addresses.empty();
}

AddressBook::~AddressBook() = default;

void AddressBook::refresh(Time deadline) {
  if (m_state->fixed) return;
  std::unique_lock lock(m_state->mutex);
  if (!m_state->underWay) {
    m_state->underWay = true;
    try {
      std::thread([state = m_state] {
        std::vector<Address> found = lookedUp(state->host, state->port, AI_ADDRCONFIG);
        const std::scoped_lock guard(state->mutex);
        if (!found.empty()) state->addresses = std::move(found);
        state->underWay = false;
        state->done.notify_all();
      }).detach();
    } catch (const std::system_error&) {  // no thread to be had: the next attempt may find one
      m_state->underWay = false;
    }
  }
  m_state->done.wait_until(lock, deadline, [this] { return !m_state->underWay; });
}

std::vector<Address> AddressBook::addresses() const {
  const std::scoped_lock lock(m_state->mutex);
  return m_state->addresses;
}

}  // namespace cachedeck::cacheaside
