// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_removal.h"

#include "core/cacheaside/glob.h"
#include "core/cacheaside/redis_errors.h"

#include <algorithm>

namespace cachedeck::cacheaside {

using namespace std::chrono_literals;
using Status = RedisLink::Status;

namespace {

constexpr std::size_t page = 500;

/// A pattern for what all of the patterns match: the one, or their common begin.
std::string commonMatch(std::span<const std::string> patterns, std::span<const std::size_t> indexes) {
  if (indexes.size() == 1) return patterns[indexes.front()];
  std::string common = globPrefix(patterns[indexes.front()]);
  for (const std::size_t index : indexes) {
    const std::string prefix = globPrefix(patterns[index]);
    common.erase(std::ranges::mismatch(common, prefix).in1, common.end());
  }
  return common.empty() ? common : globEscaped(common) + "*";
}

}  // namespace

RedisRemoval::RedisRemoval(const RedisSettings& settings, std::span<const std::string> patterns, std::function<bool()> goOn)
    : m_place(placeOf(settings)),
      m_patterns(patterns),
      m_goOn(std::move(goOn)),
      m_stepTimeout(std::max<std::chrono::milliseconds>(settings.commandTimeout, 1s)) {
  for (std::size_t i = 0; i < patterns.size(); ++i)
    if (!isLiteral(patterns[i])) m_globs.push_back(i);
  if (!m_globs.empty()) m_match = commonMatch(patterns, m_globs);
}

Status RedisRemoval::run(RedisLink& link, Time deadline) {
  m_counts.assign(m_patterns.size(), 0);
  m_unlinks.clear();
  m_oneByOne.clear();
  m_forbidden.reset();
  m_outOfTime = false;
  const Status status = removeLiterals(link, deadline);
  return status == Status::Done && !m_globs.empty() ? removeMatches(link, deadline) : status;
}

Status RedisRemoval::removeLiterals(RedisLink& link, Time deadline) {
  for (std::size_t i = 0; i < m_patterns.size(); ++i) {
    if (!isLiteral(m_patterns[i])) continue;
    const std::string key = globLiteral(m_patterns[i]);
    addUnlink(link, i, {key});  // one command a key, to count for each
    if (m_unlinks.size() < page) continue;
    if (const Status status = exchange(link, deadline, nullptr); status != Status::Done) return status;
  }
  // What is left goes with the first SCAN, if there is one.
  return m_globs.empty() && !m_unlinks.empty() ? exchange(link, deadline, nullptr) : Status::Done;
}

Status RedisRemoval::removeMatches(RedisLink& link, Time deadline) {
  addScan(link, "0");
  Reply last;  // m_unlinks has its keys
  while (true) {
    Reply scanned;
    if (const Status status = exchange(link, deadline, &scanned); status != Status::Done) return status;
    last = std::move(scanned);
    const std::string& cursor = last.elements[0].text;
    addUnlinks(link, last.elements[1].elements);
    if (cursor == "0") return m_unlinks.empty() ? Status::Done : exchange(link, deadline, nullptr);
    addScan(link, cursor);
  }
}

Status RedisRemoval::exchange(RedisLink& link, Time deadline, Reply* scanned) {
  const Status status = step(link, deadline, scanned);
  if (status != Status::Done || m_oneByOne.empty()) return status;
  for (const Unlink& unlink : std::exchange(m_oneByOne, {}))
    for (const std::string_view key : unlink.keys) addUnlink(link, unlink.pattern, {key});
  return step(link, deadline, nullptr);
}

Status RedisRemoval::step(RedisLink& link, Time deadline, Reply* scanned) {
  if (!m_goOn()) return Status::Stopped;
  const Time now = std::chrono::steady_clock::now(), wholeStep = now + m_stepTimeout;
  const Status status = now < deadline ? transfer(link, std::min(deadline, wholeStep), scanned) : Status::TimedOut;
  m_outOfTime = status == Status::TimedOut && deadline < wholeStep;  // a Redis that hangs would have had less than its time
  return m_outOfTime ? Status::Stopped : status;
}

/// Sends what was added and reads the replies: to the UNLINKs, then to the SCAN if there is one.
Status RedisRemoval::transfer(RedisLink& link, Time stepBy, Reply* scanned) {
  if (const Status status = link.send(stepBy); status != Status::Done) return status;
  for (Unlink& unlink : std::exchange(m_unlinks, {})) {
    Reply reply;
    if (const Status status = link.receive(reply, stepBy); status != Status::Done) return status;
    read(std::move(unlink), reply);
  }
  if (scanned) {
    if (const Status status = link.receive(*scanned, stepBy); status != Status::Done) return status;
    if (scanned->isError()) return refuse("SCAN", *scanned);
    const std::vector<Reply>& parts = scanned->elements;
    if (parts.size() != 2 || parts[0].type != Reply::Type::Text || parts[1].type != Reply::Type::Array) return Status::Garbage;
  }
  return m_refused ? Status::Stopped : Status::Done;
}

void RedisRemoval::read(Unlink unlink, const Reply& reply) {
  m_counts[unlink.pattern] += static_cast<std::uint64_t>(std::max(0LL, reply.integer));
  if (!reply.isError()) return;
  if (!areKeysForbidden(reply.text)) {
    if (!m_refused) refuse("UNLINK", reply);  // the others are still to be read
  } else if (unlink.keys.size() > 1) {
    m_oneByOne.push_back(std::move(unlink));
  } else if (!m_forbidden) {
    m_forbidden = refusal(m_place, "UNLINK", reply.text).failure;
  }
}

Status RedisRemoval::refuse(std::string_view command, const Reply& reply) {
  m_refused = refusal(m_place, command, reply.text).failure;
  return Status::Stopped;
}

void RedisRemoval::addUnlink(RedisLink& link, std::size_t pattern, std::vector<std::string_view> keys) {
  std::vector<std::string_view> parts{"UNLINK"};
  parts.insert(parts.end(), keys.begin(), keys.end());
  link.add(parts);
  m_unlinks.push_back({pattern, std::move(keys)});
}

void RedisRemoval::addScan(RedisLink& link, std::string_view cursor) {
  static const std::string count = std::to_string(page);
  if (m_match.empty())
    link.add({"SCAN", cursor, "COUNT", count});
  else
    link.add({"SCAN", cursor, "MATCH", m_match, "COUNT", count});
}

void RedisRemoval::addUnlinks(RedisLink& link, const std::vector<Reply>& keys) {
  std::vector<std::vector<std::string_view>> found(m_globs.size());
  for (const Reply& key : keys) {
    // The server has matched a single pattern itself; several it knows only by their common begin.
    const auto glob = m_globs.size() == 1 ? m_globs.begin()
                                          : std::ranges::find_if(m_globs, [&](std::size_t i) { return globMatches(m_patterns[i], key.text); });
    if (glob != m_globs.end()) found[static_cast<std::size_t>(glob - m_globs.begin())].push_back(key.text);
  }
  for (std::size_t i = 0; i < found.size(); ++i)
    if (!found[i].empty()) addUnlink(link, m_globs[i], std::move(found[i]));
}

}  // namespace cachedeck::cacheaside
