// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_resolver.h"

#include "core/cacheaside/pg_text.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace cachedeck::cacheaside {

namespace {

struct Answer {
  bool ready = false;
  int code = 0;  ///< as getaddrinfo returns it
  std::vector<std::string> addresses;
};

/// The look-ups under way. One thread a name, whoever asks: a name server that is away must not gather threads.
struct Lookups {
  std::mutex mutex;
  std::condition_variable_any answered;
  std::map<std::string, std::shared_ptr<Answer>> underWay;
};

std::vector<std::string> numeric(const addrinfo* list) {
  std::vector<std::string> texts;
  for (const addrinfo* at = list; at; at = at->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(texts.begin(), texts.end(), text.data()) == texts.end()) texts.emplace_back(text.data());
  }
  return texts;
}

Answer lookUp(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  Answer answer;
  answer.ready = true;
  answer.code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (answer.code == 0) {
    answer.addresses = numeric(list);
    freeaddrinfo(list);
  }
  return answer;
}

std::shared_ptr<Answer> join(const std::shared_ptr<Lookups>& all, const std::string& host) {
  auto& answer = all->underWay[host];
  if (answer) return answer;
  answer = std::make_shared<Answer>();
  try {
    std::thread([all, host, into = answer] {
      Answer found = lookUp(host, 0);
      const std::lock_guard lock(all->mutex);
      *into = std::move(found);
      all->underWay.erase(host);
      all->answered.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    *answer = {true, EAI_MEMORY, {}};
    const auto failed = answer;
    all->underWay.erase(host);
    return failed;
  }
  return answer;
}

}  // namespace

Outcome<std::vector<std::string>> resolveHost(const std::string& host, Time deadline, const std::stop_token& stop) {
  if (Answer literal = lookUp(host, AI_NUMERICHOST); literal.code == 0) return std::vector<std::string>{host};

  static const auto all = std::make_shared<Lookups>();  // shared with threads that may outlive main()
  std::unique_lock lock(all->mutex);
  const auto answer = join(all, host);
  const bool ready = all->answered.wait_until(lock, stop, deadline, [&] { return answer->ready; });
  const std::string name = "“" + printable(host, 100) + "”";
  if (stop.stop_requested()) return Failure{Failure::Kind::Closed, "Stopped while the host name " + name + " was looked up."};
  if (!ready)
    return Failure{Failure::Kind::Timeout, "The host name " + name + " could not be resolved in time. Check the name server, or give an address."};
  if (answer->addresses.empty())
    return Failure{Failure::Kind::Unavailable, "The host name " + name + " is not known: " + gai_strerror(answer->code) + ". Check its spelling."};
  return answer->addresses;
}

}  // namespace cachedeck::cacheaside
