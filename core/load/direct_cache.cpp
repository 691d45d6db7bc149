// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/direct_cache.h"

#include "core/cacheaside/redis_backend.h"
#include "core/cacheaside/redis_errors.h"
#include "core/cacheaside/redis_removal.h"

#include <algorithm>

namespace cachedeck::load {

using namespace std::chrono_literals;
using cacheaside::in;
using cacheaside::RedisLink;
using cacheaside::Reply;
using cacheaside::Time;
using Status = RedisLink::Status;

namespace {

constexpr Millis patience = 5s, slice = 200ms, longestStep = 1s;
constexpr std::size_t bytesAtOnce = 128 * 1024, commandsAtOnce = 500;
constexpr char stopped[] = "Stopped.";

bool isOver(Time time) { return std::chrono::steady_clock::now() >= time; }

}  // namespace

std::string directKey(std::int64_t key) { return directPrefix + std::to_string(key); }

std::string directValue(std::int64_t key, int bytes) {
  const std::string digits = std::to_string(key);
  const auto size = static_cast<std::size_t>(bytes);
  return size > digits.size() ? std::string(size - digits.size(), '0') + digits : digits.substr(0, size);
}

DirectCache::DirectCache(cacheaside::RedisSettings settings, std::stop_token stop) : m_settings(std::move(settings)), m_stop(std::move(stop)) {}
DirectCache::~DirectCache() = default;

std::string DirectCache::lookUp(Time by) {
  cacheaside::AddressBook book(m_settings);
  while (book.addresses().empty() && !isOver(by) && !m_stop.stop_requested()) book.refresh(std::min(by, in(slice)));
  m_addresses = book.addresses();
  if (!m_addresses.empty()) return {};
  return m_settings.socket.empty() ? "The name of Redis at " + cacheaside::placeOf(m_settings) + " could not be looked up. Check the host name and the name server."
                                   : "The path of Redis's socket is longer than the system allows.";
}

std::string DirectCache::open(Time by) {
  if (std::string problem = lookUp(by); !problem.empty()) return problem;
  while (!m_link) {
    if (m_stop.stop_requested()) return stopped;
    const Time stepBy = std::min(by, in(longestStep));
    auto link = RedisLink::open(m_settings, m_addresses, stepBy, stepBy);
    if (link) m_link = std::move(*link);
    else if (link.error().kind != cacheaside::Failure::Kind::Timeout || isOver(by)) return link.error().message;
  }
  const std::string probe = std::string(directPrefix) + "probe";
  m_link->add({"SET", probe, "1", "PX", "1000"});
  if (std::string problem = exchange(1, "SET", by); !problem.empty()) return problem;
  m_link->add({"GET", probe});
  if (std::string problem = exchange(1, "GET", by); !problem.empty()) return problem;
  m_link->add({"UNLINK", probe});
  return exchange(1, "UNLINK", by);
}

// In slices, so that a stop is seen.
std::string DirectCache::receive(Reply& reply, Time by) {
  Status status = Status::TimedOut;
  while (status == Status::TimedOut && !isOver(by)) {
    if (m_stop.stop_requested()) return stopped;
    status = m_link->receive(reply, std::min(by, in(slice)));
  }
  return status == Status::Done ? std::string() : cacheaside::linkFailure(cacheaside::placeOf(m_settings), status).message;
}

// Sends what was added; the first error.
std::string DirectCache::exchange(std::size_t commands, std::string_view command, Time by) {
  const std::string place = cacheaside::placeOf(m_settings);
  if (const Status status = m_link->send(in(longestStep)); status != Status::Done) return cacheaside::linkFailure(place, status).message;
  std::string problem;
  for (std::size_t i = 0; i < commands; ++i) {
    Reply reply;
    if (std::string failure = receive(reply, by); !failure.empty()) return failure;
    if (reply.isError() && problem.empty()) problem = cacheaside::refusal(place, command, reply.text).failure.message;
  }
  return problem;
}

std::string DirectCache::flush(Time deadline) {
  const std::vector<std::string> patterns{std::string(directPrefix) + "*"};
  cacheaside::RedisRemoval removal(m_settings, patterns, [this] { return !m_stop.stop_requested(); });
  const Status status = removal.run(*m_link, deadline);
  if (removal.refused()) return removal.refused()->message;
  if (removal.forbidden()) return removal.forbidden()->message;
  if (removal.outOfTime()) return "Redis at " + cacheaside::placeOf(m_settings) + " has more keys than could be looked through in time.";
  if (status == Status::Stopped) return stopped;
  return status == Status::Done ? std::string() : cacheaside::linkFailure(cacheaside::placeOf(m_settings), status).message;
}

std::string DirectCache::warm(const CacheAsideWorkload& workload) {
  const std::string ttl = std::to_string(std::min(workload.ttl, std::chrono::duration_cast<Millis>(std::chrono::hours(24 * 3650))).count());
  const std::size_t atOnce = std::clamp<std::size_t>(bytesAtOnce / static_cast<std::size_t>(workload.valueBytes), 1, commandsAtOnce);
  for (std::int64_t key = workload.keys; key > 0;) {
    std::size_t count = 0;
    for (; key > 0 && count < atOnce; --key, ++count) m_link->add({"SET", directKey(key), directValue(key, workload.valueBytes), "PX", ttl});
    if (std::string problem = exchange(count, "SET", in(patience)); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace cachedeck::load
