// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/redis_backend.h"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

namespace cachedeck::cacheaside {

/// Where a socket can be connected to.
struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

/// "host:port" or the socket's path, for messages.
std::string placeOf(const RedisSettings& settings);

/// The addresses of a Redis. Names are looked up on a thread of their own, since a name server that does not answer would hold the caller for ten
/// seconds and more; numbers and socket paths need no look-up.
class AddressBook {
 public:
  explicit AddressBook(const RedisSettings& settings);
  ~AddressBook();

  /// Looks the name up (again) unless that is under way, and waits for the result at most until the deadline.
  void refresh(Time deadline);
  /// As last looked up; empty when it never succeeded.
  std::vector<Address> addresses() const;

 private:
  struct State;
  std::shared_ptr<State> m_state;  // shared with the look-up, which may outlive this
};

}  // namespace cachedeck::cacheaside
