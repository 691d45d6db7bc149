// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/undo_job.h"

#include "core/base/text.h"
#include "core/keys/same_value.h"

#include <algorithm>
#include <array>
#include <map>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds exchangeDeadline{20000};
constexpr qint64 soon = 1000;  ///< ms; no TTL that is set is shorter

/// Passes by itself, other than a server's want of memory or disk.
bool isBetweenPrimaries(const Reply& error) {
  static constexpr std::array words{"READONLY", "CLUSTERDOWN", "LOADING", "MASTERDOWN"};
  return std::ranges::any_of(words, [&](const char* word) { return error.text().startsWith(word); });
}

}  // namespace

void Undo::count(const Tally& tally) {
  m_report.restored += tally.restored;
  m_report.kept += tally.kept;
  m_report.expired += tally.expired + tally.expiredMeanwhile;
  m_report.expiredMeanwhile += tally.expiredMeanwhile;
}

/// After an answer that never came: what is there and is what was kept was put back by this undo.
Result<std::vector<const KeyImage*>> Undo::notYetBack(Images images, Tally& tally) {
  std::vector<RedisCommand> questions;
  for (const KeyImage* image : images) questions.push_back({"DUMP", image->name});
  const Result<std::vector<Reply>> dumps = m_servers.ask(questions, exchangeDeadline, m_stop);
  if (!dumps) return dumps.error();
  std::vector<const KeyImage*> left;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (isSameValue((*dumps)[i].text(), images[i]->dump)) ++tally.restored;
    else left.push_back(images[i]);
  }
  return left;
}

Result<void> Undo::restore(Images images) {
  Tally tally;
  std::vector<const KeyImage*> left(images.begin(), images.end());
  if (m_again) {
    Result<std::vector<const KeyImage*>> found = notYetBack(images, tally);
    if (!found) return found.error();
    left = std::move(*found);
  }
  std::vector<RedisCommand> commands;
  for (const KeyImage* image : left) {
    RedisCommand command{"RESTORE", image->name, QByteArray::number(std::max<qint64>(0, image->expiresAtMs)), image->dump, "ABSTTL"};
    if (image->idleSeconds >= 0) command << "IDLETIME" << QByteArray::number(image->idleSeconds);
    commands.push_back(std::move(command));
  }
  while (!commands.empty()) {
    const Result<std::vector<Reply>> replies = m_servers.ask(commands, exchangeDeadline, m_stop);
    if (!replies) return replies.error();
    // Those that a server cannot take now are tried again; of the others it is known what became of them.
    std::vector<RedisCommand> again;
    const Reply* waits = nullptr;
    bool mayMove = false;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Reply& reply = (*replies)[i];
      if (!reply.isError()) {
        ++tally.restored;
      } else if (reply.text().startsWith("BUSYKEY")) {
        ++tally.kept;
      } else if (refusalOf(reply.text()) == Refusal::Wait) {
        waits = &reply;
        mayMove |= isBetweenPrimaries(reply);
        again.push_back(std::move(commands[i]));
      } else {
        refused(reply.text());
      }
    }
    count(std::exchange(tally, {}));
    commands = std::move(again);
    if (waits)
      if (const Result<void> waited = waitFor(printable(waits->text().toByteArray()), mayMove); !waited) return waited;
  }
  count(tally);
  return {};
}

Result<void> Undo::expiries(Images images) {
  std::map<int, std::vector<const KeyImage*>> slots;
  for (const KeyImage* image : images) slots[m_servers.slot(image->name)].push_back(image);
  for (const auto& [slot, part] : slots)
    if (const Result<void> done = expiriesOfOneSlot(part); !done) return done;
  return {};
}

Result<void> Undo::expiriesOfOneSlot(Images images) {
  std::optional<Redirect> redirect;
  for (int redirects = 0; redirects <= Servers::mostRedirects; ++redirects) {
    if (redirect)
      if (const Result<void> learnt = m_servers.learn(*redirect, m_stop); !learnt) return learnt;
    const Result<RedisConnection*> connection = redirect ? m_servers.at(*redirect, m_stop) : m_servers.connectionFor(m_servers.slot(images.front()->name), m_stop);
    if (!connection) return connection.error();
    const Result<std::optional<Redirect>> next = expiriesAt({*connection, redirect && redirect->ask}, images);
    if (!next) return next.error();
    redirect = *next;
    if (!redirect) return {};
  }
  for (std::size_t i = 0; i < images.size(); ++i) refused("Sent on and on between the servers of the cluster");
  return {};
}

std::vector<RedisCommand> Undo::expiryChanges(Images images, std::span<const Reply> now, Tally& tally) const {
  const bool exact = m_servers.mark().hasExpireTime();
  const auto same = [exact](qint64 one, qint64 other) { return std::abs(one - other) <= (exact || one < 0 || other < 0 ? 0 : 1000); };
  std::vector<RedisCommand> commands;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const KeyImage& image = *images[i];
    const qint64 value = now[i].integer(), expiry = value < 0 || exact ? value : m_clock->nowMs() + value;
    if (value == -2) ++tally.expired;
    else if (!same(expiry, image.newExpiresAtMs)) ++(m_again && same(expiry, image.expiresAtMs) ? tally.restored : tally.kept);
    else if (image.expiresAtMs == KeyImage::noExpiry) commands.push_back({"PERSIST", image.name});
    else if (image.expiresAtMs <= m_clock->nowMs() + soon) ++tally.expiredMeanwhile;  // its old end has passed: to set it would delete the key, which nobody asked for
    else commands.push_back({"PEXPIREAT", image.name, QByteArray::number(image.expiresAtMs)});
  }
  tally.restored += static_cast<qint64>(commands.size());
  return commands;
}

/// Only where the expiry is still the one that was set. Where another server has the keys: which.
Result<std::optional<Redirect>> Undo::expiriesAt(const Way& way, Images images) {
  const auto exchange = [&](std::vector<RedisCommand> commands) -> Result<std::vector<Reply>> {
    std::vector<RedisCommand> marked;
    for (RedisCommand& command : commands) {
      if (way.asking) marked.push_back({"ASKING"});
      marked.push_back(std::move(command));
    }
    Result<std::vector<Reply>> replies = way.connection->pipeline(marked, Deadline(exchangeDeadline), m_stop);
    if (!replies || !way.asking) return replies;
    std::vector<Reply> answers;
    for (std::size_t i = 1; i < marked.size(); i += 2) answers.push_back(std::move((*replies)[i]));
    return answers;
  };
  // What stands in the way of all: one key at a time shows of which.
  const auto stopped = [&](const Reply& error) -> Result<std::optional<Redirect>> {
    const std::optional<Redirect> redirect = redirectOf(error.text(), way.connection->options().host);
    if (redirect && !(redirect->ask && images.size() > 1)) return redirect;
    if (error.isError() && refusalOf(error.text()) == Refusal::Wait) {
      if (const Result<void> waited = waitFor(printable(error.text().toByteArray()), isBetweenPrimaries(error)); !waited) return waited.error();
      if (const Result<void> done = expiriesOfOneSlot(images); !done) return done.error();
      return std::optional<Redirect>();
    }
    if (images.size() == 1) {
      if (error.isError()) refused(error.text());
      else ++m_report.kept;
      return std::optional<Redirect>();
    }
    for (const Images part : {images.first(images.size() / 2), images.subspan(images.size() / 2)})
      if (const Result<void> done = expiriesOfOneSlot(part); !done) return done.error();
    return std::optional<Redirect>();
  };
  std::vector<RedisCommand> commands{{"WATCH"}};
  for (const KeyImage* image : images) commands.front().append(image->name);
  for (const KeyImage* image : images) commands.push_back({m_servers.mark().hasExpireTime() ? "PEXPIRETIME" : "PTTL", image->name});
  commands.push_back({"MULTI"});  // answered before a write leaves
  const Result<std::vector<Reply>> seen = exchange(std::move(commands));
  if (!seen) return seen.error();
  const bool open = !seen->back().isError();
  const auto free = [&](const char* command) -> Result<void> {
    const Result<std::vector<Reply>> freed = exchange({{command}});
    if (!freed) return freed.error();
    return freed->back().isError() ? way.connection->open(m_stop) : Result<void>();
  };
  Tally tally;
  const auto error = std::ranges::find_if(*seen, [](const Reply& reply) { return reply.isError(); });
  std::vector<RedisCommand> changes = error == seen->end() ? expiryChanges(images, std::span(*seen).subspan(1), tally) : std::vector<RedisCommand>();
  if (changes.empty()) {
    if (open || !seen->front().isError())
      if (const Result<void> freed = free(open ? "DISCARD" : "UNWATCH"); !freed) return freed.error();
    if (error != seen->end()) return stopped(*error);
  } else {
    changes.push_back({"EXEC"});
    const Result<std::vector<Reply>> replies = way.connection->pipeline(changes, Deadline(exchangeDeadline), m_stop);  // ASKING in front of MULTI was good for all of it
    if (!replies) return replies.error();
    if (replies->back().type() != Reply::Type::Array) {
      if (replies->back().isError() && replies->back().text().startsWith("NOPERM"))
        if (const Result<void> freed = free("DISCARD"); !freed) return freed.error();
      const auto cause = std::ranges::find_if(*replies, [](const Reply& reply) { return reply.isError(); });
      return stopped(cause == replies->end() ? replies->back() : *cause);
    }
  }
  count(tally);
  return std::optional<Redirect>();
}

}  // namespace cachedeck::keys
