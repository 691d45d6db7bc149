// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/page_runner.h"

#include "core/base/text.h"
#include "core/keys/inspect.h"

#include <algorithm>
#include <array>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds exchangeDeadline{20000};
constexpr qint64 largestImage = 8 << 20;  // bytes of MEMORY USAGE

void add(BatchResult& sum, const BatchResult& part) {
  sum.done += part.done;
  sum.gone += part.gone;
  sum.changed += part.changed;
  sum.refused += part.refused;
}

const Reply* firstError(std::span<const Reply> replies) {
  const auto found = std::ranges::find_if(replies, [](const Reply& reply) { return reply.isError(); });
  return found == replies.end() ? nullptr : &*found;
}

QString shown(const Reply& error) { return printable(error.text().toByteArray()); }

}  // namespace

Refusal refusalOf(QByteArrayView error) {
  static constexpr std::array waits{"LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN"};
  const QByteArray word = error.toByteArray().split(' ').value(0);
  if (word == "NOPERM") return Refusal::Forbidden;
  return std::ranges::any_of(waits, [&](const char* one) { return word == one; }) ? Refusal::Wait : Refusal::Other;
}

Result<std::vector<Reply>> PageRunner::exchange(RedisConnection& connection, std::span<const RedisCommand> commands) const {
  return connection.pipeline(commands, Deadline(exchangeDeadline), m.now);
}

/// Absolute, KeyImage::noExpiry without one; -2: the key is not there.
qint64 PageRunner::expiryOf(const Reply& reply) const {
  const qint64 value = reply.integer();
  if (value < 0) return value;
  return m.hasExpireTime ? value : m.clock.nowMs() + value;
}

Result<PageOutcome> PageRunner::run(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  return isDirect() ? direct(connection, names, first) : watched(connection, names, first);
}

Result<PageOutcome> PageRunner::direct(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(names.size()), {});
  if (!batch) return batch.error();
  const std::vector<RedisCommand> commands = directCommands(names);
  const Result<std::vector<Reply>> replies = exchange(connection, commands);
  if (!replies) return replies.error();
  const std::size_t each = names.size() / commands.size();  // names of one command: one, or all
  PageOutcome outcome;
  outcome.counts.batch = *batch;
  for (const Reply& reply : *replies) {
    if (reply.isError()) {
      const Refusal refusal = refusalOf(reply.text());
      if (refusal == Refusal::Forbidden && each > 1) return halves(connection, names, first);
      if (refusal == Refusal::Wait) {
        outcome.waits = shown(reply);
        break;
      }
      outcome.counts.refused += static_cast<qint64>(each);
      if (outcome.refusal.isEmpty()) outcome.refusal = shown(reply);
    }
    outcome.handled += each;
    outcome.counts.done += reply.integer();
  }
  outcome.counts.gone = static_cast<qint64>(outcome.handled) - outcome.counts.done - outcome.counts.refused;
  if (const Result<void> kept = m.log.addResult(outcome.counts); !kept) return kept.error();
  return outcome;
}

/// Somebody wrote one of the keys, or the account may not touch one: the others are found by halving.
Result<PageOutcome> PageRunner::halves(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  const std::size_t middle = names.size() / 2;
  PageOutcome sum;
  for (const auto& [part, from] : {std::pair{names.first(middle), first}, std::pair{names.subspan(middle), first + static_cast<qint64>(middle)}}) {
    const Result<PageOutcome> outcome = run(connection, part, from);
    if (!outcome) return outcome;
    add(sum.counts, outcome->counts);
    sum.handled += outcome->handled;
    sum.waits = outcome->waits;
    if (sum.refusal.isEmpty()) sum.refusal = outcome->refusal;
    if (!sum.waits.isEmpty()) break;
  }
  return sum;
}

Result<PageOutcome> PageRunner::watched(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  if (static_cast<qsizetype>(names.size()) > longestWatched) return halves(connection, names, first);
  Lane lane;
  lane.connection = &connection;
  lane.page.assign(names.begin(), names.end());
  lane.first = first;
  Result<void> step = ask(lane);
  if (step) step = take(lane);
  if (step) step = keep(lane);
  if (step && lane.state == Lane::State::Ready && m.options.undo) step = m.log.sync();
  if (step) step = act(lane);
  if (step) step = conclude(lane);
  if (!step) return step.error();
  return lane.state == Lane::State::Alone ? alone(lane) : Result<PageOutcome>(std::move(lane.outcome));
}

/// A DUMP of such a key would hold the server up for long (a hash of a million fields: 0.8 s).
Result<void> PageRunner::leaveOutLarge(Lane& lane) const {
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : lane.page) questions.push_back({"MEMORY", "USAGE", name});
  const Result<std::vector<Reply>> replies = exchange(*lane.connection, questions);
  if (!replies) return replies.error();
  for (std::size_t i = 0; i < lane.page.size(); ++i) {
    if ((*replies)[i].integer() <= largestImage) {
      lane.asked.push_back(lane.page[i]);
      continue;
    }
    ++lane.outcome.counts.refused;
    lane.outcome.refusal = QStringLiteral("%1 is larger than %2 MB, which no image is kept of. Delete it without undo.").arg(escaped(lane.page[i])).arg(largestImage >> 20);
  }
  return {};
}

Result<void> PageRunner::ask(Lane& lane) {
  lane.outcome.handled = lane.page.size();
  if (m.mayBeLarge && m.action.deletes()) {
    if (const Result<void> left = leaveOutLarge(lane); !left) return left;
  } else {
    lane.asked = lane.page;
  }
  if (lane.asked.empty()) {
    lane.state = Lane::State::Over;
    return {};
  }
  std::vector<RedisCommand> commands{{"WATCH"}};
  for (const QByteArray& name : lane.asked) commands.front().append(name);
  for (const QByteArray& name : lane.asked) ask(name, commands);
  return lane.connection->send(commands);
}

Result<void> PageRunner::take(Lane& lane) {
  if (lane.state != Lane::State::Asked) return {};
  const std::size_t each = questions();
  const Result<std::vector<Reply>> replies = lane.connection->collect(1 + lane.asked.size() * each, Deadline(exchangeDeadline), m.now);
  if (!replies) return replies.error();
  lane.state = Lane::State::Over;
  if (const Reply* error = firstError(*replies)) {
    if (refusalOf(error->text()) == Refusal::Wait) {
      lane.outcome.waits = shown(*error);
      lane.outcome.handled = 0;
    } else if (lane.page.size() > 1) {
      lane.state = Lane::State::Alone;
    } else {
      lane.outcome.refusal = shown(*error);
      lane.outcome.counts.refused = 1;
    }
    return unwatch(lane);
  }
  for (std::size_t i = 0; i < lane.asked.size(); ++i) {
    Seen seen = look(lane.asked[i], std::span(*replies).subspan(1 + i * each, each));
    if (seen.what == Seen::What::Act) lane.images.push_back(std::move(seen.image));
    if (seen.what == Seen::What::Gone) ++lane.outcome.counts.gone;
  }
  if (lane.images.empty()) return unwatch(lane);
  lane.state = Lane::State::Ready;
  return {};
}

Result<void> PageRunner::unwatch(Lane& lane) const {
  const Result<std::vector<Reply>> replies = exchange(*lane.connection, std::vector<RedisCommand>{{"UNWATCH"}});
  return replies ? Result<void>() : Result<void>(replies.error());
}

/// Into the log before anything is touched: whatever happens then, the key is in the server or in the log. Pages that wait or stand alone too, so that none is passed over.
Result<void> PageRunner::keep(Lane& lane) {
  if (lane.state == Lane::State::Over && lane.outcome.handled > 0) return logOver(lane);
  const bool kept = lane.state == Lane::State::Ready && m.options.undo;
  const Result<qint64> batch = m.log.addBatch(lane.first, static_cast<qint64>(lane.page.size()), kept ? std::span<const KeyImage>(lane.images) : std::span<const KeyImage>());
  if (!batch) return batch.error();
  lane.batch = *batch;
  lane.outcome.counts.batch = *batch;
  return {};
}

/// A page of which nothing is touched.
Result<void> PageRunner::logOver(Lane& lane) {
  const Result<qint64> batch = m.log.addBatch(lane.first, static_cast<qint64>(lane.page.size()), {});
  if (!batch) return batch.error();
  lane.outcome.counts.batch = *batch;
  return m.log.addResult(lane.outcome.counts);
}

Result<void> PageRunner::act(Lane& lane) {
  if (lane.state != Lane::State::Ready) return {};
  std::vector<RedisCommand> transaction{{"MULTI"}};
  for (RedisCommand& command : commands(lane.images)) transaction.push_back(std::move(command));
  transaction.push_back({"EXEC"});
  lane.replies = transaction.size();
  return lane.connection->send(transaction);
}

Result<void> PageRunner::conclude(Lane& lane) {
  if (lane.state != Lane::State::Ready) return {};
  const Result<std::vector<Reply>> replies = lane.connection->collect(lane.replies, Deadline(exchangeDeadline), m.now);
  if (!replies) return replies.error();
  const Reply& exec = replies->back();
  if (exec.type() != Reply::Type::Array) {  // nothing was done
    const Reply* error = firstError(*replies);
    const bool waits = error && refusalOf(error->text()) == Refusal::Wait;
    if (waits || lane.page.size() > 1) {  // the batch stays open until one that is tried later stands in for it
      lane.state = waits ? Lane::State::Over : Lane::State::Alone;
      if (waits) lane.outcome = PageOutcome{{}, 0, shown(*error), {}};
      return {};
    }
    ++(error ? lane.outcome.counts.refused : lane.outcome.counts.changed);
    if (error) lane.outcome.refusal = shown(*error);
    lane.state = Lane::State::Over;
    BatchResult result = lane.outcome.counts;
    result.batch = lane.batch;
    for (std::uint32_t i = 0; m.options.undo && i < lane.images.size(); ++i) result.notDone.push_back(i);
    return m.log.addResult(result);
  }
  BatchResult& counts = lane.outcome.counts;
  qint64 done = 0, refused = 0;
  for (const Reply::Item item : exec.root()) {
    done += item.integer();
    refused += item.isError();
  }
  counts.done += done;
  counts.refused += refused;
  counts.gone += static_cast<qint64>(lane.images.size()) - done - refused;  // expired between the look and the act
  return m.log.addResult(counts);
}

/// Each part has a batch of its own in the log, which stands in for the lane's.
Result<PageOutcome> PageRunner::alone(Lane& lane) { return halves(*lane.connection, lane.page, lane.first); }

}  // namespace cachedeck::keys
