// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/resolve.h"

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <thread>

namespace cachedeck::load {

namespace {

struct LookUp {
  std::mutex mutex;
  std::condition_variable_any done;
  bool isDone = false;
  int error = 0;
  std::vector<Address> addresses;
};

void lookUp(const std::shared_ptr<LookUp>& state, const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  std::vector<Address> addresses;
  for (const addrinfo* one = found; one && error == 0; one = one->ai_next) {
    if (one->ai_addrlen > sizeof(sockaddr_storage)) continue;
    Address address;
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    addresses.push_back(address);
  }
  if (found) freeaddrinfo(found);
  const std::lock_guard lock(state->mutex);
  state->error = error;
  state->addresses = std::move(addresses);
  state->isDone = true;
  state->done.notify_all();
}

}  // namespace

Expected<std::vector<Address>, std::string> resolve(const std::string& host, std::uint16_t port, std::chrono::milliseconds most, const std::stop_token& stop) {
  const auto state = std::make_shared<LookUp>();
  std::thread(lookUp, state, host, port).detach();
  std::unique_lock lock(state->mutex);
  if (!state->done.wait_for(lock, stop, most, [&] { return state->isDone; }))
    return stop.stop_requested() ? std::string("Stopped while \"" + host + "\" was looked up.")
                                 : "The name \"" + host + "\" was not resolved within " + std::to_string(most.count() / 1000) + " s. Check the resolver, or write the address.";
  if (state->error != 0 || state->addresses.empty())
    return "The host \"" + host + "\" is not known: " + (state->error ? gai_strerror(state->error) : "no address") + ". Check the name in the URL.";
  return state->addresses;
}

}  // namespace cachedeck::load
