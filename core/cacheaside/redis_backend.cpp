// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_backend.h"

#include "core/cacheaside/redis_errors.h"
#include "core/cacheaside/redis_links.h"
#include "core/cacheaside/redis_removal.h"

#include <algorithm>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;
using Status = RedisLink::Status;
using Effect = RedisLinks::Effect;

namespace {

constexpr std::size_t keysAtOnce = 128;          // of one MGET
constexpr std::size_t bytesAtOnce = 1u << 20;    // of the values of one write
constexpr std::size_t longestValue = 64u << 20;  // what one look-up may have to take

Failure noTtl() { return {Failure::Kind::Usage, "A cached value needs a time to live of at least 1 ms."}; }
Failure outOfTime(const std::string& place) {
  return {Failure::Kind::Timeout, "Redis at " + place + " has more keys than could be looked through in time. What is to be removed is not served any more, and is removed soon."};
}
Failure tooLong() { return {Failure::Kind::Usage, "A value of more than 64 MB is not cached. Cache less of it."}; }

bool isWrongType(const Reply& reply) { return reply.isError() && reply.text.starts_with("WRONGTYPE"); }

void addSet(RedisLink& link, const std::string& key, const std::string& value, std::chrono::milliseconds ttl) {
  const std::string milliseconds = std::to_string(std::min(ttl, longestTtl).count());
  link.add({"SET", key, value, "PX", milliseconds});
}

}  // namespace

class RedisBackend::Impl {
 public:
  explicit Impl(RedisSettings settings) : links(std::move(settings)) {}

  Time commandDeadline() const { return in(links.settings().commandTimeout); }

  /// What an error reply comes to; makes Redis unavailable when it means that. `key` is one that it was asked for.
  Failure refused(std::uint64_t generation, std::string_view command, const Reply& reply, const std::string& key = {}) {
    Refusal out = refusal(links.place(), command, reply.text);
    if (out.away) links.trip(generation, out.failure, key);
    return std::move(out.failure);
  }
  Failure unexpected(std::uint64_t generation) {
    const Failure failure = linkFailure(links.place(), Status::Garbage);
    links.trip(generation, failure);
    return failure;
  }

  std::optional<Failure> getSome(std::span<const std::string> keys, std::vector<std::optional<std::string>>& out);
  Outcome<std::vector<std::optional<std::string>>> getServed(std::span<const std::string> keys);
  std::optional<Failure> setSome(std::span<const Entry> entries);

  RedisLinks links;
};

RedisBackend::RedisBackend(RedisSettings settings) : m_impl(std::make_unique<Impl>(std::move(settings))) {}
RedisBackend::~RedisBackend() = default;

bool RedisBackend::available() const { return m_impl->links.open(); }

Outcome<void> RedisBackend::probe() {
  const std::uint64_t generation = m_impl->links.generation();
  const Time deadline = m_impl->commandDeadline();
  Reply reply;
  const auto exchange = [&](RedisLink& link) { return link.ask({"PING"}, reply, deadline); };
  if (std::optional<Failure> failure = m_impl->links.run(Effect::Reads, deadline, exchange)) return std::move(*failure);
  if (reply.type == Reply::Type::Status || (reply.isError() && isForbidden(reply.text))) return {};
  return reply.isError() ? m_impl->refused(generation, "PING", reply) : m_impl->unexpected(generation);
}

Outcome<std::optional<std::string>> RedisBackend::get(const std::string& key) {
  if (m_impl->links.withheld(key)) {
    std::optional<Failure> away = m_impl->links.away();
    return away ? Outcome<std::optional<std::string>>(std::move(*away)) : std::optional<std::string>();
  }
  const std::uint64_t generation = m_impl->links.generation();
  const Time deadline = m_impl->commandDeadline();
  Reply reply;
  const auto exchange = [&](RedisLink& link) { return link.ask({"GET", key}, reply, deadline); };
  if (std::optional<Failure> failure = m_impl->links.run(Effect::Reads, deadline, exchange)) return std::move(*failure);
  switch (reply.type) {
    case Reply::Type::Text: return std::optional<std::string>(std::move(reply.text));
    case Reply::Type::Nil: return std::optional<std::string>();
    case Reply::Type::Error:
      // Somebody else's list or hash under our key is nothing that we stored: a miss, as MGET has it, and the next SET replaces it.
      if (isWrongType(reply)) return std::optional<std::string>();
      return m_impl->refused(generation, "GET", reply, key);
    default: return m_impl->unexpected(generation);
  }
}

std::optional<Failure> RedisBackend::Impl::getSome(std::span<const std::string> keys, std::vector<std::optional<std::string>>& out) {
  std::vector<std::string_view> command{"MGET"};
  command.insert(command.end(), keys.begin(), keys.end());
  const std::uint64_t generation = links.generation();
  const Time deadline = commandDeadline();
  Reply reply;
  const auto exchange = [&](RedisLink& link) {
    link.add(command);
    const Status status = link.send(deadline);
    return status == Status::Done ? link.receive(reply, deadline) : status;
  };
  if (std::optional<Failure> failure = links.run(Effect::Reads, deadline, exchange)) return failure;
  if (reply.isError()) return refused(generation, "MGET", reply, keys.front());
  if (reply.elements.size() != keys.size()) return unexpected(generation);
  for (Reply& element : reply.elements)
    out.push_back(element.type == Reply::Type::Text ? std::optional<std::string>(std::move(element.text)) : std::nullopt);
  return {};
}

/// Without the keys that are withheld.
Outcome<std::vector<std::optional<std::string>>> RedisBackend::Impl::getServed(std::span<const std::string> keys) {
  if (std::optional<Failure> away = links.away()) return std::move(*away);
  std::vector<std::string> served;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (!links.withheld(keys[i])) {
      served.push_back(keys[i]);
      places.push_back(i);
    }
  std::vector<std::optional<std::string>> found, out(keys.size());
  for (std::span<const std::string> left = served; !left.empty(); left = left.subspan(std::min(left.size(), keysAtOnce)))
    if (std::optional<Failure> failure = getSome(left.first(std::min(left.size(), keysAtOnce)), found)) return std::move(*failure);
  for (std::size_t i = 0; i < found.size(); ++i) out[places[i]] = std::move(found[i]);
  return out;
}

Outcome<std::vector<std::optional<std::string>>> RedisBackend::getMany(std::span<const std::string> keys) {
  if (m_impl->links.withholdsAny()) return m_impl->getServed(keys);
  std::vector<std::optional<std::string>> out;
  out.reserve(keys.size());
  for (; !keys.empty(); keys = keys.subspan(std::min(keys.size(), keysAtOnce)))
    if (std::optional<Failure> failure = m_impl->getSome(keys.first(std::min(keys.size(), keysAtOnce)), out)) return std::move(*failure);
  return out;
}

Outcome<void> RedisBackend::set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) {
  if (ttl.count() <= 0) return noTtl();
  if (value.size() > longestValue) return tooLong();
  const std::uint64_t generation = m_impl->links.generation();
  const Time deadline = m_impl->commandDeadline();
  Reply reply;
  const auto exchange = [&](RedisLink& link) {
    addSet(link, key, value, ttl);
    const Status status = link.send(deadline);
    return status == Status::Done ? link.receive(reply, deadline) : status;
  };
  if (std::optional<Failure> failure = m_impl->links.run(Effect::Stores, deadline, exchange)) return std::move(*failure);
  if (reply.isError()) return m_impl->refused(generation, "SET", reply, key);
  return {};
}

/// All of them in one write. A refusal; the others may have been stored.
std::optional<Failure> RedisBackend::Impl::setSome(std::span<const Entry> entries) {
  const std::uint64_t generation = links.generation();
  const Time deadline = commandDeadline();
  Reply refusedReply;
  std::string refusedKey;
  const auto exchange = [&](RedisLink& link) {
    for (const Entry& entry : entries) addSet(link, entry.key, entry.value, entry.ttl);
    Status status = link.send(deadline);
    for (std::size_t i = 0; i < entries.size() && status == Status::Done; ++i) {
      Reply reply;
      status = link.receive(reply, deadline);
      if (!reply.isError() || (refusedReply.isError() && !isForbidden(refusedReply.text))) continue;
      refusedReply = std::move(reply);  // one about Redis as a whole rather than one about some key
      refusedKey = entries[i].key;
    }
    return status;
  };
  if (std::optional<Failure> failure = links.run(Effect::Stores, deadline, exchange)) return failure;
  if (refusedReply.isError()) return refused(generation, "SET", refusedReply, refusedKey);
  return {};
}

Outcome<void> RedisBackend::setMany(std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    if (entry.ttl.count() <= 0) return noTtl();
    if (entry.value.size() > longestValue) return tooLong();
  }
  while (!entries.empty()) {
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < std::min(entries.size(), keysAtOnce) && bytes < bytesAtOnce; ++count) bytes += entries[count].value.size();
    if (std::optional<Failure> failure = m_impl->setSome(entries.first(count))) return std::move(*failure);
    entries = entries.subspan(count);
  }
  return {};
}

Outcome<std::vector<std::uint64_t>> RedisBackend::removeBy(std::span<const std::string> patterns, Time deadline) {
  if (patterns.empty()) return std::vector<std::uint64_t>();
  RedisLinks& links = m_impl->links;
  const std::uint64_t generation = links.generation();
  RedisRemoval removal(links.settings(), patterns, [&] { return links.generation() == generation; });
  const Time connectBy = m_impl->commandDeadline(), until = std::max(deadline, connectBy);
  const auto exchange = [&](RedisLink& link) { return removal.run(link, until); };
  const std::optional<Failure> failed = links.run(Effect::Reads, connectBy, exchange);
  if (!failed && removal.forbidden()) return *removal.forbidden();  // not remembered: who may not touch a key has not stored it
  if (!failed) return removal.takeCounts();
  links.remember(patterns);
  if (removal.outOfTime()) return outOfTime(links.place());
  Failure failure = removal.refused().value_or(*failed);
  if (failure.kind == Failure::Kind::Query) failure.kind = Failure::Kind::Unavailable;  // whatever Redis said: it is not used until they are removed
  if (removal.refused()) links.trip(generation, failure);  // broken links have done so already
  return failure;
}

}  // namespace cachedeck::cacheaside
